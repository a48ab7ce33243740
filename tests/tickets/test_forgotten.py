"""Tickets whose words a purge has forgotten: what can still be done to them, and what is refused with the reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from database.care import purge
from tests.tickets.builder import Desk
from tests.tickets.test_workflow import LAMP, ROAD, act, take_back
from tickets.errors import Incomplete
from tickets.steps import Accept, Close, Reject, Reopen, Step


def forget(desk: Desk) -> None:
    """As the purge leaves a store a year later."""
    desk.later(60 * 24 * 365)
    purge(desk.engine, desk.now - timedelta(days=30), desk.now)


@pytest.mark.parametrize("steps", [(Reject("too_little"),), (Accept(), Close())], ids=("rejected", "closed"))
def test_it_is_not_reopened_for_there_is_nothing_left_to_decide_on(desk: Desk, steps: tuple[Step, ...]) -> None:
    desk.tell(LAMP)
    for step in steps:
        act(desk, 1, step)
    before = desk.ticket(1)["status"]
    forget(desk)
    with pytest.raises(Incomplete, match="words_are_forgotten"):
        act(desk, 1, Reopen("masih mati"))
    assert desk.ticket(1)["status"] == before


def test_its_verdict_can_be_taken_back_and_what_it_said_stays_as_it_was(desk: Desk) -> None:
    desk.tell(LAMP)
    title = desk.ticket(1)["title"]
    done = act(desk, 1, Reject("too_little"))
    forget(desk)
    take_back(desk, done)
    assert (desk.ticket(1)["status"], desk.ticket(1)["title"]) == ("belum_terverifikasi", title)
    act(desk, 1, Accept())
    assert desk.ticket(1)["status"] == "dalam_proses"


def test_what_still_has_its_words_is_reopened_as_ever(desk: Desk) -> None:
    desk.tell(LAMP, ROAD)
    act(desk, 1, Reject("too_little"))
    forget(desk)
    act(desk, 2, Reject("too_little"))
    act(desk, 2, Reopen("ternyata jelas"))
    assert desk.ticket(2)["status"] == "belum_terverifikasi"
