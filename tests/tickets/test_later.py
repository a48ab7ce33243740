"""Putting a draft off: out of the queue, back by itself, undone like everything else. And tags."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from city import City
from city.calendar import is_working_day, next_opening
from database.engine import reading
from tests.tickets.builder import NOON, Desk
from tests.tickets.test_workflow import ADMIN, BUDI, act, state, take_back
from tickets.census import Census
from tickets.errors import ChangedMeanwhile, Incomplete, NotAllowed, NothingToUndo
from tickets.later import wake
from tickets.search import NOT_PUT_OFF, Search, page
from tickets.steps import Accept, Later, Reject, Reopen, Resume, SendBack, Tag
from tickets.undoing import undoable

SEMARANG = ZoneInfo("Asia/Jakarta")
TOMORROW = NOON + timedelta(days=1)
LAMP, ROAD = "lampu mati di jl. Gajah", "lubang di jl. Merak"


def listed(desk: Desk, **chosen: tuple[str, ...]) -> list[str]:
    with reading(desk.engine) as connection:
        found = page(connection, Search(statuses=("belum_terverifikasi",), **chosen), "urgent", limit=50)  # type: ignore[arg-type]
        return [view.row["text"] for view in found]


def queue(desk: Desk) -> list[str]:
    return listed(desk, later=(NOT_PUT_OFF,))


def test_a_draft_that_is_put_off_waits_in_a_queue_of_its_reason_and_comes_back_by_itself(desk: Desk) -> None:
    desk.tell(LAMP, ROAD)
    act(desk, 1, Later("photo", TOMORROW))
    assert (queue(desk), listed(desk, later=("photo",)), listed(desk, later=("unsure",))) == ([ROAD], [LAMP], [])
    with reading(desk.engine) as connection:
        counted = Census().facets(connection, Search(statuses=("belum_terverifikasi",), later=(NOT_PUT_OFF,)))
    assert (counted.total, counted.counts["later"].get("photo")) == (1, 1)
    desk.later(60 * 24 - 1)
    wake(desk.engine, desk.now)
    assert queue(desk) == [ROAD]
    desk.later(1)
    wake(desk.engine, desk.now)
    assert sorted(queue(desk)) == [LAMP, ROAD]
    line = desk.history(1)[-1]
    assert (line["actor"], line["action"], line["before"]["later"]) == ("simak", "resume", "photo")
    wake(desk.engine, desk.now)
    assert desk.history(1)[-1]["id"] == line["id"], "once"


def test_putting_off_is_undone_and_what_came_back_by_itself_needs_no_undoing(desk: Desk) -> None:
    desk.tell(LAMP)
    before = state(desk)
    take_back(desk, act(desk, 1, Later("ask_opd", TOMORROW)))
    assert state(desk) == before
    done = act(desk, 1, Later("ask_opd", TOMORROW))
    desk.later(60 * 25)
    wake(desk.engine, desk.now)
    assert state(desk) == before
    with reading(desk.engine) as connection:
        assert undoable(connection, ADMIN) == []
    with pytest.raises(NothingToUndo, match="undone_already"):
        take_back(desk, done)


def test_a_new_post_brings_it_back_at_once(desk: Desk) -> None:
    desk.tell(LAMP)
    act(desk, 1, Later("photo", TOMORROW))
    desk.post("lampu jl. Gajah masih mati, ini fotonya", "warga0", minutes=5)
    desk.read()
    assert (desk.ticket(1)["post_count"], desk.ticket(1)["later"]) == (2, None)
    assert len(queue(desk)) == 1


@pytest.mark.parametrize("step", [Accept(), Reject("too_little"), SendBack("bukan kami")])
def test_a_verdict_ends_the_waiting_and_undoing_it_begins_it_again(
    desk: Desk, step: Accept | Reject | SendBack
) -> None:
    desk.tell(LAMP)
    act(desk, 1, Later("unsure", TOMORROW))
    put_off = state(desk)
    done = act(desk, 1, step)
    assert (desk.ticket(1)["later"], desk.ticket(1)["later_until"]) == (None, None)
    take_back(desk, done)
    assert state(desk) == put_off


def test_it_can_be_put_back_by_hand_and_only_a_draft_is_put_off_to_a_moment_to_come(desk: Desk) -> None:
    desk.tell(LAMP)
    with pytest.raises(Incomplete, match="not_put_off"):
        act(desk, 1, Resume())
    with pytest.raises(Incomplete, match="later_is_past"):
        act(desk, 1, Later("unsure", desk.now))
    act(desk, 1, Later("unsure", TOMORROW))
    act(desk, 1, Resume())
    assert queue(desk) == [LAMP]
    act(desk, 1, Accept())
    with pytest.raises(NotAllowed, match="not_in_this_status"):
        act(desk, 1, Later("unsure", TOMORROW))


def test_a_tag_is_one_word_found_by_it_and_undone(desk: Desk) -> None:
    desk.tell(LAMP, ROAD)
    for wrong in ("dua kata", "Rapat", "-", "a" * 41, "=1+1", ""):
        with pytest.raises(Incomplete, match="tag_is_one_word"):
            act(desk, 1, Tag(wrong))
    before = state(desk)
    first = act(desk, 1, Tag("rapat-senin"))
    assert (listed(desk, tags=("rapat-senin",)), listed(desk, tags=("lain",))) == ([LAMP], [])
    with pytest.raises(Incomplete, match="tagged_already"):
        act(desk, 1, Tag("rapat-senin"))
    second = act(desk, 1, Tag("banjir"), BUDI)
    with pytest.raises(ChangedMeanwhile):
        take_back(desk, first)
    take_back(desk, second)
    take_back(desk, first)
    assert state(desk) == before


def test_a_tag_stays_through_every_status(desk: Desk) -> None:
    desk.tell(LAMP)
    act(desk, 1, Tag("rapat"))
    act(desk, 1, Reject("too_little"))
    act(desk, 1, Tag("kembali"))
    act(desk, 1, Reopen("keliru"))
    assert (desk.ticket(1)["tag"], desk.ticket(1)["status"]) == ("kembali", "belum_terverifikasi")


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-24 09:40", "2026-11-25 07:30"),  # a Tuesday
        ("2026-11-24 03:00", "2026-11-24 07:30"),  # who is up at night finds it in the morning
        ("2026-11-27 16:00", "2026-11-30 07:30"),  # over the weekend
        ("2026-12-24 09:00", "2026-12-28 07:30"),  # Christmas, joint leave and the weekend after it
    ],
)
def test_the_next_working_morning_is_that_of_the_citys_calendar(city: City, now: str, opening: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=SEMARANG)
    found = next_opening(city, moment, SEMARANG)
    assert f"{found:%Y-%m-%d %H:%M}" == opening
    assert is_working_day(city, found.date())
