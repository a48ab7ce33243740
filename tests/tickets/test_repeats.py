"""Reposts, and quotes with nothing of their own to say: they weigh on the ticket of what they repeat, and draft
nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from database.engine import writing
from database.tables import post_versions
from tests.tickets.builder import Desk
from tests.tickets.test_workflow import ADMIN, act
from tickets.ledger import ledger
from tickets.steps import Accept, Merge, Split
from tickets.undoing import undo

LAMP, FLOOD = "lampu mati di jl. Gajah", "banjir di jl. Merak"


def repost(desk: Desk, of: str, **columns: object) -> int:
    text = columns.pop("text", LAMP)
    return desk.post(str(text), f"penerus{desk._serial}", is_repost=True, repeats=of, **columns)


def quote(desk: Desk, of: str, text: str = "tuh kan, baca ini", **columns: object) -> int:
    return desk.post(text, f"pengutip{desk._serial}", repeats=of, parent_text=LAMP, **columns)


def repeated(desk: Desk, post_id: int) -> int:
    return int(desk.ticket_of(post_id)["repeated"])


def test_reposts_and_bare_quotes_weigh_on_the_ticket_and_are_no_drafts(desk: Desk) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    for _ in range(3):
        repost(desk, "100")
    quote(desk, "100")
    desk.read()
    assert [row["repeated"] for row in desk.alive()] == [4]
    assert desk.ticket_of(lamp)["post_count"] == 1


def test_a_quote_with_a_complaint_of_its_own_is_a_post_of_its_own(desk: Desk) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    own = quote(desk, "100", "di sini juga, banjir di jl. Merak")
    desk.read()
    assert repeated(desk, lamp) == 0
    assert desk.ticket_of(own)["id"] != desk.ticket_of(lamp)["id"]


def test_it_does_not_matter_which_came_first_nor_in_how_many_batches(desk: Desk) -> None:
    early = [repost(desk, "100"), quote(desk, "100")]
    desk.read(batch=1)
    assert [desk.row(post_id)["outcome"] for post_id in early] == ["filtered", "filtered"]
    lamp = desk.post(LAMP, "warga", source_id="100")
    desk.read()
    assert repeated(desk, lamp) == 2
    repost(desk, "100")
    desk.read()
    assert repeated(desk, lamp) == 3


def test_what_is_repeated_by_a_later_version_of_the_post_counts_once(desk: Desk) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    with writing(desk.engine) as connection:
        connection.execute(insert(post_versions).values(channel="x", version_id="101", source_id="100"))
    repost(desk, "101")
    repost(desk, "100")
    desk.read()
    assert repeated(desk, lamp) == 2


def test_the_same_id_of_another_channel_is_another_post(desk: Desk) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    repost(desk, "100", channel="file")
    desk.read()
    assert repeated(desk, lamp) == 0


def test_the_citys_own_reposts_are_no_weight(desk: Desk) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    desk.post(LAMP, "sapambakita", is_repost=True, repeats="100")
    desk.read()
    assert repeated(desk, lamp) == 0


def test_a_repost_that_is_taken_back_weighs_no_more(desk: Desk) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    taken_back, stays = repost(desk, "100"), quote(desk, "100")
    desk.read()
    desk.remove(taken_back)
    desk.read()
    assert repeated(desk, lamp) == 1
    desk.edit(stays, "nah, sampah di jl. Naga juga menumpuk")
    desk.read()
    assert repeated(desk, lamp) == 0, "edited, it complains of something itself"
    assert desk.ticket_of(stays)["id"] != desk.ticket_of(lamp)["id"]


def test_the_weight_goes_where_the_post_goes(desk: Desk) -> None:
    lamp, flood = desk.post(LAMP, "a", source_id="100"), desk.post(FLOOD, "b", source_id="200")
    for of in ("100", "100", "200"):
        repost(desk, of)
    desk.read()
    home, away = desk.ticket_of(flood)["id"], desk.ticket_of(lamp)["id"]
    assert (repeated(desk, lamp), repeated(desk, flood)) == (2, 1)

    merged = act(desk, away, Merge(into=home))
    assert (desk.ticket(home)["repeated"], desk.ticket(away)["repeated"]) == (3, 0)

    split = act(desk, home, Split(frozenset({lamp})))
    assert split.opened is not None
    assert (desk.ticket(home)["repeated"], desk.ticket(split.opened)["repeated"]) == (1, 2)

    with writing(desk.engine) as connection:
        undo(connection, desk.city, split.audit_id, ADMIN, desk.now)
    assert (desk.ticket(home)["repeated"], desk.ticket(split.opened)["repeated"]) == (3, 0)
    with writing(desk.engine) as connection:
        undo(connection, desk.city, merged.audit_id, ADMIN, desk.now)
    assert (desk.ticket(home)["repeated"], desk.ticket(away)["repeated"]) == (1, 2)


def test_drafts_that_the_machine_joins_weigh_together(desk: Desk) -> None:
    first, second = desk.post(LAMP, "a", source_id="100"), desk.post(LAMP, "b", source_id="200", minutes=5)
    repost(desk, "100")
    repost(desk, "200")
    desk.read()
    assert desk.ticket_of(first)["id"] == desk.ticket_of(second)["id"]
    assert repeated(desk, first) == 2


@pytest.mark.parametrize("decided", [False, True])
def test_weight_that_comes_after_a_verdict_is_counted_and_sets_nobody_back(desk: Desk, decided: bool) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    desk.read()
    if decided:
        act(desk, desk.ticket_of(lamp)["id"], Accept())
    seen = desk.ticket_of(lamp)["version"]
    repost(desk, "100")
    desk.read()
    assert (repeated(desk, lamp), desk.ticket_of(lamp)["version"]) == (1, seen), (
        "who decides just now need not look again"
    )


def test_the_ledger_balances_as_before(desk: Desk) -> None:
    desk.post(LAMP, "warga", source_id="100")
    repost(desk, "100")
    quote(desk, "100")
    desk.read()
    counts = ledger(desk.engine).totals
    assert (counts.drafted, counts.filtered, counts.posts) == (1, 2, 3)


def test_a_post_that_leaves_its_draft_takes_its_weight_along(desk: Desk) -> None:
    lamp = desk.post(LAMP, "warga", source_id="100")
    twin = desk.post("lampu jl. Gajah mati lagi", "warga2", source_id="200", minutes=3)
    repost(desk, "200")
    desk.read()
    assert desk.ticket_of(lamp)["id"] == desk.ticket_of(twin)["id"]
    desk.edit(twin, FLOOD)
    desk.read()
    assert (repeated(desk, lamp), repeated(desk, twin)) == (0, 1)
