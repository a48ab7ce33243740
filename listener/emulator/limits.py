"""Rate limits: so many requests an endpoint and 15 minutes, told in the headers of each answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from listener.emulator.refusals import too_many_requests

WINDOW = timedelta(minutes=15)
DAY = timedelta(hours=24)

# Requests an app may make in 15 minutes; of `create`, an account. That of `usage` is documented nowhere.
LIMITS = {
    "search": 450,
    "mentions": 450,
    "posts": 3500,
    "users_by": 300,
    "users": 300,
    "counts": 300,
    "usage": 50,
    "create": 100,
}


@dataclass
class Limits:
    """Windows begin with the first request after the last one's end. `allowed` may be changed at any time."""

    allowed: dict[str, int] = field(default_factory=lambda: dict(LIMITS))
    _windows: dict[str, tuple[datetime, int]] = field(default_factory=dict)  # its end, and how many were asked

    def take(self, endpoint: str, now: datetime) -> dict[str, str]:
        """Count one request; returns the headers of its answer. Raises Refusal (429) when there were too many."""
        end, asked = self._windows.get(endpoint, (now, 0))
        if end <= now:
            end, asked = now + WINDOW, 0
        allowed = self.allowed[endpoint]
        self._windows[endpoint] = end, min(asked + 1, allowed)
        headers = rate_headers(allowed, max(allowed - asked - 1, 0), end)
        if asked >= allowed:
            raise too_many_requests(headers)
        return headers


def rate_headers(allowed: int, remaining: int, reset: datetime) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(allowed),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(reset.timestamp())),
    }


def day_headers(reset: datetime) -> dict[str, str]:
    """Nothing left of the day, though the window is healthy."""
    return {
        "x-app-limit-24hour-limit": "10000",
        "x-app-limit-24hour-remaining": "0",
        "x-app-limit-24hour-reset": str(int(reset.timestamp())),
    }
