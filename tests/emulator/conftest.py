"""What the stories about the emulator share: a clock to move, a running X, and the real tweepy client before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import tweepy

from listener.emulator import Emulator, HandClock
from tests.emulator.client import client_of

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MONDAY)


@pytest.fixture
def x(clock: HandClock) -> Iterator[Emulator]:
    with Emulator(clock, token="the-right-token") as emulator:
        yield emulator


@pytest.fixture
def client(x: Emulator) -> Iterator[tweepy.Client]:
    client = client_of(x)
    yield client
    client.session.close()
