"""The emulator's clock is handed to it: the world's for a demo, one that is moved by hand for a story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def world_clock() -> datetime:
    return datetime.now(UTC)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> datetime:
        self._now += by
        return self._now
