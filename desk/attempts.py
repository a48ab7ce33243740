"""How often somebody may try to log in: a guesser is slowed down, a forgetful colleague is not locked out for long.

Kept in memory: one process serves the desk.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

WITHIN = timedelta(minutes=15)
PER_NAME = 6
PER_ADDRESS = 30  # an office shares one
_MOST_REMEMBERED = 10_000


class Attempts:
    """Failed logins of the last quarter of an hour, by account name and by network address."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], deque[datetime]] = {}
        self._lock = Lock()

    def too_many(self, name: str, address: str, now: datetime) -> bool:
        with self._lock:
            by_name, by_address = self._recent(("name", name), now), self._recent(("address", address), now)
        return by_name >= PER_NAME or by_address >= PER_ADDRESS

    def failed(self, name: str, address: str, now: datetime) -> None:
        with self._lock:
            if len(self._failed) >= _MOST_REMEMBERED:
                self._failed.pop(next(iter(self._failed)))  # the one first heard of
            for key in (("name", name), ("address", address)):
                self._failed.setdefault(key, deque()).append(now)

    def succeeded(self, name: str) -> None:
        with self._lock:
            self._failed.pop(("name", name), None)

    def _recent(self, key: tuple[str, str], now: datetime) -> int:
        times = self._failed.get(key)
        while times and times[0] <= now - WITHIN:
            times.popleft()
        if times is not None and not times:
            del self._failed[key]
        return len(times or ())
