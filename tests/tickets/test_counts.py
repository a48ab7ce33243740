"""The city's numbers: what the store counts up is what one counts by hand."""

from __future__ import annotations

import random
from datetime import timedelta
from statistics import median

import pytest

from database.engine import reading
from tests.tickets.builder import Desk
from tests.tickets.test_workflow import act
from tickets.counts import Waiting, count
from tickets.queue import Filter
from tickets.steps import Accept


def by_hand(waits: list[timedelta]) -> Waiting:
    hours = [wait // timedelta(minutes=1) / 60 for wait in waits]
    return Waiting(len(hours), round(median(hours), 1), round(max(hours), 1))


@pytest.mark.parametrize("drafts", [7, 8])  # with one in the middle, and with two
def test_hours_waited_are_those_of_the_tickets_one_by_one(desk: Desk, drafts: int) -> None:
    rng = random.Random(drafts)
    for number in range(2 * drafts):
        desk.later(rng.randrange(1, 500))
        desk.tell(f"sampah menumpuk di jl. {'ABCDEFGHIJKLMNOP'[number]}andu")
    for ticket in range(1, drafts + 1):
        desk.later(rng.randrange(1, 500))
        act(desk, ticket, Accept())
    with reading(desk.engine) as connection:
        counted = count(connection, desk.city, Filter(), desk.now)
    waiting = [desk.now - row["created_at"] for row in desk.alive() if row["decided_at"] is None]
    decided = [row["decided_at"] - row["created_at"] for row in desk.alive() if row["decided_at"] is not None]
    assert (len(waiting), len(decided)) == (drafts, drafts)
    assert (counted.drafts, counted.decided) == (by_hand(waiting), by_hand(decided))
