"""Killed at any moment of capture and reading, and started again: nothing lost, nothing doubled."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener.emulator import Emulator, read_bundle
from listener.emulator.bundle import POSTS
from tests.end_to_end.conftest import Program, balances, incidents

KILLS = 8
PAGE = 100


@pytest.fixture
def x() -> Iterator[Emulator]:
    """Two months of bundled posts, those of the last week within reach; nothing new arrives meanwhile."""
    with Emulator(now=lambda: datetime.now(UTC)) as emulator:
        past = [post for post in read_bundle(POSTS) if post.offset.total_seconds() < -120]
        emulator.publish_bundle(past, datetime.now(UTC))
        yield emulator


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_a_listener_killed_at_random_moments_ends_with_the_same_tickets(
    x: Emulator, program: Program, tmp_path: Path
) -> None:
    # Given a run that nobody disturbs,
    calm = program.with_settings(
        SIMAK_DATABASE_URL=f"sqlite:///{tmp_path / 'calm.db'}", SIMAK_X_API_URL=x.url, SIMAK_X_BEARER_TOKEN=x.token
    )
    begun = time.monotonic()
    undisturbed = calm.listen()
    length = time.monotonic() - begun
    assert undisturbed.json["status"] == "complete", undisturbed.err
    # when another is killed again and again, and then left to end,
    torn = calm.with_settings(SIMAK_DATABASE_URL=f"sqlite:///{tmp_path / 'torn.db'}")
    moments = random.Random(20260302)
    for _ in range(KILLS):
        process = torn.start("run_listener.py", "--once", "--json")
        time.sleep(moments.uniform(0.3, length))
        process.kill()
        process.communicate()
    last = torn.listen()
    # then it has the same posts in the same tickets, its ledger balances, and little was read twice.
    assert last.json["status"] == "complete", last.err
    assert last.json["gaps"] == []
    assert incidents(torn.tickets()) == incidents(calm.tickets())
    totals = torn.ledger()
    assert balances(totals)
    assert totals["waiting"] == 0
    stored = totals["seen"] - totals["duplicate"] - totals["updated"]
    assert stored == undisturbed.json["seen"] - undisturbed.json["duplicate"]
    assert torn.run("-m", "database", "check").code == 0
