"""The emulator's own clocks."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class RunningClock:
    """Begins at `start` and goes `speed` times as fast as the world's (60: an hour a minute)."""

    def __init__(self, start: datetime, speed: float = 1, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._start, self._speed, self._elapsed = start, speed, elapsed
        self._begun = elapsed()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=(self._elapsed() - self._begun) * self._speed)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> datetime:
        self._now += by
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now
