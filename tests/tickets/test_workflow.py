"""What people do to tickets, through the one door."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from database.engine import reading, writing
from database.tables import labels
from tests.tickets.builder import NOON, Desk
from tickets.errors import ChangedMeanwhile, Incomplete, NoSuchTicket, NotAllowed, NothingToUndo
from tickets.moves import MOVES, Action, allowed
from tickets.steps import (
    ACTIONS,
    Accept,
    Actor,
    Close,
    Correct,
    Later,
    Merge,
    Prioritise,
    Reject,
    Reopen,
    Resume,
    Retitle,
    SendBack,
    Split,
    Step,
    Tag,
)
from tickets.undoing import undo, undoable
from tickets.workflow import Done, look, perform

ADMIN = Actor("ratna", "city_admin", origin="desk 10.0.0.7")
BUDI = Actor("budi", "city_admin")
DPU = Actor("joko", "opd_admin", "dpu")
VIEWER = Actor("tamu", "viewer")

LAMP, ROAD, UNSURE = "lampu mati di jl. Gajah", "lubang di jl. Merak", "ada yang aneh ini"


def act(desk: Desk, ticket_id: int, step: Step, by: Actor = ADMIN, version: int | None = None) -> Done:
    seen = desk.ticket(ticket_id)["version"] if version is None else version
    with writing(desk.engine) as connection:
        return perform(connection, desk.city, ticket_id, step, by, desk.now, version=seen)


def take_back(desk: Desk, done: Done, by: Actor = ADMIN) -> Done:
    with writing(desk.engine) as connection:
        return undo(connection, desk.city, done.audit_id, by, desk.now)


def taught(desk: Desk) -> list[Any]:
    with reading(desk.engine) as connection:
        query = select(labels).where(labels.c.withdrawn_at.is_(None)).order_by(labels.c.id)
        return list(connection.execute(query).all())


def state(desk: Desk) -> list[dict[str, Any]]:
    """Everything that counts of every ticket and post, but for the marks that say something happened."""
    marks = ("version", "updated_at")
    found = [{name: value for name, value in ticket.items() if name not in marks} for ticket in desk.alive()]
    return [*found, {"posts": sorted(map(sorted, desk.partition()))}]


def test_accepting_takes_it_to_its_office_and_teaches_the_model(desk: Desk) -> None:
    desk.tell(LAMP)
    done = act(desk, 1, Accept())
    ticket = desk.ticket(1)
    assert (ticket["status"], ticket["decided_at"], ticket["version"]) == ("dalam_proses", desk.now, 2)
    (label,) = taught(desk)
    assert (label.text, label.actionable, label.category, label.opd) == (LAMP, True, "pju", "disperkim")
    assert (label.reviewer, label.saw_prediction, label.model) == ("ratna", True, "rules-1")
    line = desk.history(1)[-1]
    assert (line["id"], line["actor"], line["origin"]) == (done.audit_id, "ratna", "desk 10.0.0.7")
    assert line["before"] == {"status": "belum_terverifikasi", "decided_at": None}, "only what changed"


def test_a_draft_without_an_office_is_corrected_first(desk: Desk) -> None:
    desk.tell("listrik padam di jl. Gajah")
    with pytest.raises(Incomplete, match="opd_missing"):
        act(desk, 1, Accept())
    act(desk, 1, Correct(category="pju", opd="disperkim"))
    ticket = desk.ticket(1)
    assert (ticket["queue"], ticket["opd_p"]) == ("disperkim", None)
    assert ticket["title"] == "Lampu penerangan jalan umum di Jl. Gajah", "a person said so: it is no supposition"
    act(desk, 1, Accept())
    assert [(label.category, label.opd) for label in taught(desk)] == [("pju", "disperkim")] * 2


def test_a_new_post_does_not_override_what_a_person_chose(desk: Desk) -> None:
    desk.post(LAMP, "siti", minutes=9)
    desk.read()
    act(desk, 1, Correct(opd="dishub"))
    act(desk, 1, Retitle("  Lampu taman padam  "))
    desk.post("lampu jl. Gajah mati bahaya", "tono", minutes=2)
    desk.read()
    ticket = desk.ticket(1)
    assert (ticket["opd"], ticket["queue"], ticket["title"]) == ("dishub", "dishub", "Lampu taman padam")
    assert (ticket["text"], ticket["priority"], ticket["post_count"]) == ("lampu jl. Gajah mati bahaya", "tinggi", 2)


@pytest.mark.parametrize(
    ("step", "label", "column"),
    [
        (Reject("no_complaint", "hanya bercanda"), (False, None, None), ("opd", "disperkim")),
        (Reject("not_ours", authority="pln"), (True, "bukan_kewenangan", "pln"), ("opd", "pln")),
        (Reject("too_little"), None, ("rejection", "too_little")),
    ],
)
def test_each_way_of_rejecting_says_why_and_teaches_what_it_can(
    desk: Desk, step: Reject, label: tuple[bool, str | None, str | None] | None, column: tuple[str, str]
) -> None:
    desk.tell(LAMP)
    act(desk, 1, step)
    ticket = desk.ticket(1)
    assert (ticket["status"], ticket["rejection"], ticket["queue"]) == ("ditolak", step.rejection, None)
    assert (ticket[column[0]], ticket["reason"]) == (column[1], step.reason)
    assert [(each.actionable, each.category, each.opd) for each in taught(desk)] == ([label] if label else [])


def test_a_ticket_is_closed_with_a_condition_and_reopened_with_a_reason(desk: Desk) -> None:
    desk.tell(LAMP)
    act(desk, 1, Accept())
    act(desk, 1, Close("menunggu anggaran 2027"))
    assert (desk.ticket(1)["status"], desk.ticket(1)["condition"]) == ("selesai", "menunggu anggaran 2027")
    with pytest.raises(Incomplete, match="reason_missing"):
        act(desk, 1, Reopen("  "))
    act(desk, 1, Reopen("masih padam"))
    assert (desk.ticket(1)["status"], desk.ticket(1)["condition"]) == ("dalam_proses", None)


def test_an_office_sends_back_what_is_not_its_own_and_sees_nothing_else(desk: Desk) -> None:
    desk.tell(LAMP, ROAD)
    with pytest.raises(NoSuchTicket):
        act(desk, 1, SendBack("bukan kami"), DPU)
    with pytest.raises(NotAllowed, match="send_it_back_instead"):
        act(desk, 2, Correct(opd="disperkim"), DPU)
    act(desk, 2, SendBack("jalan lingkungan, bukan kami"), DPU)
    ticket = desk.ticket(2)
    assert (ticket["opd"], ticket["queue"], ticket["category"]) == (None, None, "jalan_rusak")
    assert [line["reason"] for line in desk.history(2) if line["actor"] == "joko"] == ["jalan lingkungan, bukan kami"]


def test_who_is_second_is_told_who_was_first_and_what_changed(desk: Desk) -> None:
    desk.tell(LAMP)
    seen = desk.ticket(1)["version"]
    act(desk, 1, Correct(opd="dishub"), BUDI)
    with pytest.raises(ChangedMeanwhile) as told:
        act(desk, 1, Accept(), ADMIN, version=seen)
    assert (told.value.who, told.value.action, "opd" in told.value.fields) == ("budi", "correct", True)
    assert desk.ticket(1)["status"] == "belum_terverifikasi"


def test_merging_moves_the_posts_and_the_number_points_on(desk: Desk) -> None:
    first, second = desk.tell(LAMP, ROAD)
    act(desk, 2, Merge(into=1))
    assert {desk.row(first)["ticket_id"], desk.row(second)["ticket_id"]} == {1}
    assert (desk.ticket(2)["merged_into"], desk.ticket(1)["post_count"]) == (1, 2)
    with pytest.raises(NotAllowed, match="merged"):
        act(desk, 2, Accept())
    with pytest.raises(Incomplete, match="no_ticket_to_merge_into"):
        act(desk, 1, Merge(into=2))


def test_an_accepted_ticket_is_never_merged_into_a_draft(desk: Desk) -> None:
    desk.tell(LAMP, ROAD)
    act(desk, 1, Accept())
    with pytest.raises(NotAllowed, match="cannot_merge_into_this_status"):
        act(desk, 1, Merge(into=2))
    act(desk, 2, Merge(into=1))
    assert desk.ticket(1)["post_count"] == 2


def test_the_machine_never_joins_again_what_a_person_split(desk: Desk) -> None:
    first, second = desk.tell("lampu mati jl. Gajah", "lampu jl. Gajah mati")
    done = act(desk, 1, Split(frozenset({second})))
    assert done.opened == desk.row(second)["ticket_id"] != desk.row(first)["ticket_id"]
    desk.tell("lampu di jl. Gajah mati semua")
    assert [ticket["post_count"] for ticket in desk.alive()] == [2, 1]


def test_a_split_takes_some_posts_not_all(desk: Desk) -> None:
    first, second = desk.tell("lampu mati jl. Gajah", "lampu jl. Gajah mati")
    for chosen in (set(), {first, second}, {first, 999}):
        with pytest.raises(Incomplete, match="some_posts_not_all"):
            act(desk, 1, Split(frozenset(chosen)))


def test_undo_brings_back_what_was_withdraws_the_label_and_can_itself_be_undone(desk: Desk) -> None:
    desk.tell(LAMP)
    before = state(desk)
    done = act(desk, 1, Accept())
    accepted = state(desk)
    taken_back = take_back(desk, done)
    assert state(desk) == before
    assert taught(desk) == []
    assert desk.history(1)[-1]["undoes"] == done.audit_id
    with pytest.raises(NothingToUndo, match="undone_already"):
        take_back(desk, done)
    take_back(desk, taken_back)
    assert state(desk) == accepted
    assert len(taught(desk)) == 1


def test_only_the_newest_change_of_a_ticket_is_taken_back(desk: Desk) -> None:
    desk.tell(LAMP)
    corrected = act(desk, 1, Correct(opd="dishub"))
    act(desk, 1, Accept(), BUDI)
    with pytest.raises(ChangedMeanwhile) as told:
        take_back(desk, corrected)
    assert (told.value.who, told.value.action) == ("budi", "accept")


def test_people_undo_their_own_and_a_city_admin_anyones(desk: Desk) -> None:
    desk.tell(ROAD)
    done = act(desk, 1, Accept(), ADMIN)
    with pytest.raises(NotAllowed, match="not_yours_to_undo"):
        take_back(desk, done, DPU)
    take_back(desk, done, BUDI)
    with pytest.raises(NothingToUndo, match="not_undoable"), writing(desk.engine) as connection:
        undo(connection, desk.city, desk.history(1)[0]["id"], ADMIN, desk.now)


def test_the_last_changes_of_a_person_lie_open_newest_first(desk: Desk) -> None:
    desk.tell(LAMP, ROAD)
    act(desk, 1, Accept())
    act(desk, 2, Merge(into=1))
    take_back(desk, act(desk, 1, Close()))
    act(desk, 1, Retitle("x"), BUDI)
    with reading(desk.engine) as connection:
        assert [(each.action, each.number) for each in undoable(connection, ADMIN)] == [
            ("merge", "2026-000002"),
            ("accept", "2026-000001"),
        ]


@pytest.mark.parametrize("seed", range(5))
def test_a_day_of_any_steps_undone_ends_where_it_began(desk: Desk, seed: int) -> None:
    rng = random.Random(seed)
    desk.tell("lampu mati jl. Gajah", "lampu jl. Gajah mati", "lampu mati semua jl. Gajah", ROAD, "banjir kel. Wonodri")
    before, taught_before = state(desk), taught(desk)
    done: list[Done] = []
    for _ in range(60):
        desk.later(1)
        ticket = rng.choice(desk.alive())
        step = rng.choice(any_steps(desk, ticket["id"], rng))
        if ACTIONS[type(step)] in allowed(ticket["status"], "city_admin"):
            try:
                done.append(act(desk, ticket["id"], step))
            except (Incomplete, NotAllowed):
                continue
    assert len(done) > 4
    for each in reversed(done):
        take_back(desk, each)
    assert state(desk) == before
    assert taught(desk) == taught_before


def any_steps(desk: Desk, ticket_id: int, rng: random.Random) -> list[Step]:
    others = [ticket["id"] for ticket in desk.alive() if ticket["id"] != ticket_id]
    theirs = [row["id"] for row in desk.posts() if row["ticket_id"] == ticket_id]
    return [
        Accept(), Correct(opd=rng.choice(["dpu", "dishub"])), Correct(category="pju"), Reject("no_complaint"),
        Reject("not_ours", authority="pln"), Close(), Reopen("masih"), Merge(rng.choice([*others, ticket_id])),
        Split(frozenset(rng.sample(theirs, k=len(theirs) // 2))), Retitle("judul"), SendBack("bukan kami"),
        Later("unsure", desk.now + timedelta(hours=1)), Resume(), Tag(rng.choice(["rapat", "banjir", None])),
        Prioritise(rng.choice(["darurat", "tinggi", "biasa"])),
    ]  # fmt: skip


ONE_OF_EACH: tuple[Step, ...] = (
    Accept(), Correct(opd="dpu"), Reject("too_little"), Close(), Reopen("x"), Merge(2), Split(frozenset({1})),
    Retitle("x"), SendBack("x"), Later("photo", NOON + timedelta(days=1)), Resume(), Tag("rapat"),
    Prioritise("tinggi"),
)  # fmt: skip


# ── The table ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_step_has_its_moves_and_no_move_stands_twice() -> None:
    assert {move.action for move in MOVES} == set(ACTIONS.values())
    assert len({(move.action, move.at) for move in MOVES}) == len(MOVES)
    assert not any(move.roles & {"data_team", "viewer"} for move in MOVES)


@pytest.mark.parametrize("action", sorted(set(ACTIONS.values())))
def test_what_the_table_does_not_allow_is_refused(desk: Desk, action: Action) -> None:
    desk.tell(LAMP)
    step = next(step for step in ONE_OF_EACH if ACTIONS[type(step)] == action)
    with pytest.raises(NotAllowed):
        act(desk, 1, step, VIEWER)
    with reading(desk.engine) as connection:
        assert look(connection, "2026-000001", VIEWER).may == ()
        assert (action in look(connection, "2026-000001", ADMIN).may) == (action not in ("close", "reopen"))
