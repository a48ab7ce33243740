"""One act on many tickets: what was looked at is done, piece by piece, and all of it is taken back at once."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from database.engine import reading, writing
from database.tables import audit, labels
from tests.tickets.builder import NOON, Desk
from tests.tickets.test_workflow import ADMIN, BUDI, DPU, VIEWER, act, state, taught
from tickets.batches import BatchView, BulkStep, batch_of, earliest, items, matching, numbered, prepare, standing
from tickets.bulk import a_piece, begin, begin_undo, carry_on
from tickets.errors import Incomplete, NoSuchBatch, NotAllowed, NothingToUndo
from tickets.exports import label_table
from tickets.queue import Filter
from tickets.steps import Accept, Actor, Correct, Later, Merge, Reject, Retitle, Tag
from tickets.undoing import undo, undoable
from tickets.workflow import look, perform

HOME = Path(__file__).resolve().parents[2]
DRAFTS = Filter(statuses=("belum_terverifikasi",))
STREETS = ("Gajah", "Merak", "Kijang", "Rusa", "Cendrawasih", "Kutilang", "Bangau", "Kasuari")


def eight(desk: Desk) -> None:
    desk.tell(*(f"{'lubang' if number % 2 else 'lampu mati'} di jl. {street}" for number, street in enumerate(STREETS)))
    assert len(desk.alive()) == len(STREETS)


def prepared(desk: Desk, step: BulkStep, by: Actor = ADMIN, wanted: Filter = DRAFTS) -> int:
    with writing(desk.engine) as connection:
        return prepare(connection, desk.city, matching(connection, wanted), step, by, desk.now, "opd=dpu")


def start(desk: Desk, batch_id: int, by: Actor = ADMIN, reason: str = "rapat Senin") -> None:
    with writing(desk.engine) as connection:
        begin(connection, batch_id, by, reason, desk.now)


def turn_round(desk: Desk, batch_id: int, by: Actor = ADMIN) -> None:
    with writing(desk.engine) as connection:
        begin_undo(connection, batch_id, by)


def go_on(desk: Desk, batch_id: int, direction: Any, by: Actor = ADMIN) -> None:
    carry_on(desk.engine, desk.city, batch_id, direction, by, lambda: desk.now, rest=0)


def done(desk: Desk, step: BulkStep, by: Actor = ADMIN, wanted: Filter = DRAFTS) -> int:
    batch_id = prepared(desk, step, by, wanted)
    start(desk, batch_id, by)
    go_on(desk, batch_id, "doing", by)
    return batch_id


def taken_back(desk: Desk, batch_id: int, by: Actor = ADMIN) -> None:
    turn_round(desk, batch_id, by)
    go_on(desk, batch_id, "undoing", by)


def seen(desk: Desk, batch_id: int, by: Actor = ADMIN) -> BatchView:
    with reading(desk.engine) as connection:
        return batch_of(connection, batch_id, by)


def named(desk: Desk, batch_id: int, outcome: Any) -> dict[str, Any]:
    with reading(desk.engine) as connection:
        return {item.number: item.why for item in items(connection, batch_id, outcome)}


STEPS: dict[str, BulkStep] = {
    "accept": Accept(), "reject": Reject("no_complaint"), "not ours": Reject("not_ours", authority="pln"),
    "correct": Correct(opd="dishub"), "merge": Merge(into=1), "tag": Tag("rapat"),
    "later": Later("photo", NOON + timedelta(days=1)),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_each_act_on_many_is_taken_back_to_the_first_state_row_by_row(desk: Desk, name: str) -> None:
    eight(desk)
    act(desk, 3, Retitle("Lampu taman"))
    act(desk, 4, Correct(opd="disperkim"))
    before, taught_before = state(desk), taught(desk)
    batch_id = done(desk, STEPS[name])
    changed = state(desk)
    assert changed != before
    view = seen(desk, batch_id)
    assert (view.state, view.count, view.of("done")) == ("done", view.of("done"), 7 if name == "merge" else 8)
    taken_back(desk, batch_id)
    assert state(desk) == before
    assert taught(desk) == taught_before
    assert (seen(desk, batch_id).state, seen(desk, batch_id).of("kept")) == ("undone", 0)


def test_each_ticket_has_its_own_line_and_labels_that_say_nobody_looked_at_it_alone(desk: Desk) -> None:
    eight(desk)
    batch_id = done(desk, Accept())
    with reading(desk.engine) as connection:
        lines = connection.execute(select(audit).where(audit.c.batch_id == batch_id)).all()
        said = connection.execute(select(labels)).all()
    assert sorted(line.ticket_id for line in lines) == list(range(1, 9))
    assert {(line.actor, line.origin, line.action, line.reason) for line in lines} == {
        ("ratna", "desk 10.0.0.7", "accept", "rapat Senin")
    }
    assert sorted(label.audit_id for label in said) == sorted(line.id for line in lines)
    assert all(label.saw_prediction for label in said), "a verdict on many is never a blind one"
    act(desk, 1, Correct(opd="dishub"))
    with reading(desk.engine) as connection:
        exported = [(row["event"], row["in_bulk"]) for row in label_table(connection).rows]
    assert sorted(exported)[:2] == [("2026-000001", 0), ("2026-000002", 1)]


def test_what_came_or_changed_after_the_look_is_left_out_and_named(desk: Desk) -> None:
    eight(desk)
    batch_id = prepared(desk, Accept())
    desk.tell("lampu mati di jl. Perkutut")
    act(desk, 2, Retitle("Lubang besar"), BUDI)
    act(desk, 5, Accept(), BUDI)
    start(desk, batch_id)
    go_on(desk, batch_id, "doing")
    assert desk.ticket(9)["status"] == "belum_terverifikasi", "it came in afterwards"
    assert desk.ticket(2)["status"] == "belum_terverifikasi"
    skipped = named(desk, batch_id, "skipped")
    assert {
        number: (why["code"], why["parameters"]["who"], why["parameters"]["action"]) for number, why in skipped.items()
    } == {
        "2026-000002": ("changed_meanwhile", "budi", "retitle"),
        "2026-000005": ("changed_meanwhile", "budi", "accept"),
    }
    assert seen(desk, batch_id).count == 6


def test_the_look_says_how_many_refuse_and_why(desk: Desk) -> None:
    eight(desk)
    desk.tell("listrik padam di jl. Nuri")
    batch_id = prepared(desk, Accept(), wanted=Filter())
    act_refused = named(desk, batch_id, "refused")
    assert {number: why["code"] for number, why in act_refused.items()} == {"2026-000009": "opd_missing"}
    assert (seen(desk, batch_id).state, seen(desk, batch_id).of("waiting")) == ("prepared", 8)
    assert desk.ticket(1)["status"] == "belum_terverifikasi", "looking does nothing"


def test_taking_back_leaves_and_names_what_somebody_changed_since(desk: Desk) -> None:
    eight(desk)
    before = state(desk)
    batch_id = done(desk, Correct(opd="dishub"))
    act(desk, 3, Accept(), BUDI)
    taken_back(desk, batch_id)
    kept = named(desk, batch_id, "kept")
    assert [(number, why["parameters"]["who"]) for number, why in kept.items()] == [("2026-000003", "budi")]
    assert (desk.ticket(3)["status"], desk.ticket(3)["opd"]) == ("dalam_proses", "dishub")
    others = [row for row in state(desk) if row.get("id") != 3]
    assert others == [row for row in before if row.get("id") != 3]


def test_one_that_was_taken_back_alone_does_not_stand_in_the_way_of_the_rest(desk: Desk) -> None:
    eight(desk)
    before = state(desk)
    batch_id = done(desk, Accept())
    with reading(desk.engine) as connection:
        line = connection.execute(select(audit.c.id).where(audit.c.batch_id == batch_id).limit(1)).scalar_one()
    with writing(desk.engine) as connection:
        undo(connection, desk.city, line, ADMIN, desk.now)
    taken_back(desk, batch_id)
    assert state(desk) == before
    assert seen(desk, batch_id).of("undone") == 8


def piece(desk: Desk, batch_id: int, direction: Any) -> bool:
    return a_piece(desk.engine, desk.city, batch_id, direction, ADMIN, desk.now, size=3)


def test_one_that_was_cut_off_can_be_carried_on_with_or_taken_back(desk: Desk) -> None:
    eight(desk)
    before = state(desk)
    batch_id = prepared(desk, Accept())
    start(desk, batch_id)
    assert piece(desk, batch_id, "doing")
    # The server was killed here: three are done.
    assert [row["status"] for row in desk.alive()].count("dalam_proses") == 3
    assert (seen(desk, batch_id).state, seen(desk, batch_id).of("waiting")) == ("doing", 5)
    turn_round(desk, batch_id)
    assert not piece(desk, batch_id, "doing"), "who was still at it stops"
    while piece(desk, batch_id, "undoing"):
        pass
    assert state(desk) == before
    again = prepared(desk, Accept())
    start(desk, again)
    assert piece(desk, again, "doing")
    start(desk, again)  # goes on where it stopped
    go_on(desk, again, "doing")
    assert (seen(desk, again).state, seen(desk, again).count) == ("done", 8)


def test_merging_takes_the_earliest_unless_told_and_stops_at_a_crowd(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    eight(desk)
    with reading(desk.engine) as connection:
        assert earliest(matching(connection, DRAFTS)) == 1
    monkeypatch.setattr("tickets.batches.MOST_TO_MERGE", 6)
    with pytest.raises(Incomplete, match="too_many_to_merge"):
        prepared(desk, Merge(into=1))


def test_rejecting_or_moving_many_is_not_done_without_a_reason(desk: Desk) -> None:
    eight(desk)
    for step in (Reject("too_little"), Correct(opd="dishub")):
        batch_id = prepared(desk, step)
        with pytest.raises(Incomplete, match="reason_missing"):
            start(desk, batch_id, reason="  ")
    start(desk, batch_id, reason="salah satu OPD")
    with pytest.raises(Incomplete, match="nothing_chosen"):
        prepared(desk, Accept(), wanted=Filter(statuses=("selesai",)))


def test_an_office_does_it_to_its_own_only_and_nobody_to_what_they_may_not(desk: Desk) -> None:
    eight(desk)
    batch_id = done(desk, Accept(), DPU)
    assert {row["opd"] for row in desk.alive() if row["status"] == "dalam_proses"} == {"dpu"}
    assert seen(desk, batch_id, DPU).count == 4
    refused = prepared(desk, Reject("too_little"), DPU, Filter())
    assert {why["code"] for why in named(desk, refused, "refused").values()} == {"not_for_this_role"}
    assert {why["code"] for why in named(desk, prepared(desk, Accept(), VIEWER), "refused").values()} == {
        "not_for_this_role"
    }


def test_it_is_looked_at_begun_and_taken_back_by_whoever_may(desk: Desk) -> None:
    eight(desk)
    batch_id = prepared(desk, Accept())
    for who in (DPU, VIEWER):
        with pytest.raises(NoSuchBatch):
            seen(desk, batch_id, who)
    with pytest.raises(NotAllowed, match="batch_not_to_be_done"):
        start(desk, batch_id, BUDI)
    with pytest.raises(NothingToUndo):
        turn_round(desk, batch_id)
    start(desk, batch_id)
    go_on(desk, batch_id, "doing")
    with pytest.raises(NotAllowed, match="batch_not_to_be_done"):
        start(desk, batch_id)
    taken_back(desk, batch_id, BUDI)
    with pytest.raises(NothingToUndo, match="undone_already"):
        turn_round(desk, batch_id)
    assert {line["actor"] for line in desk.history(1) if line["undoes"]} == {"budi"}


def test_in_the_list_of_last_acts_it_is_one_whatever_its_size(desk: Desk) -> None:
    eight(desk)
    act(desk, 1, Retitle("x"))
    batch_id = done(desk, Tag("rapat"))
    with reading(desk.engine) as connection:
        assert [each.action for each in undoable(connection, ADMIN)] == ["retitle"]
        assert [each.id for each in standing(connection, ADMIN, 50)] == [batch_id]
    taken_back(desk, batch_id)
    with reading(desk.engine) as connection:
        assert standing(connection, ADMIN, 50) == []


def test_a_list_of_numbers_holds_the_versions_in_which_they_were_seen(desk: Desk) -> None:
    eight(desk)
    versions = {"2026-000001": 1, "2026-000002": 1}
    act(desk, 2, Retitle("x"), BUDI)
    with writing(desk.engine) as connection:
        batch_id = prepare(connection, desk.city, numbered(connection, versions), Tag("rapat"), ADMIN, desk.now)
    start(desk, batch_id)
    go_on(desk, batch_id, "doing")
    assert list(named(desk, batch_id, "done")) == ["2026-000001"]
    assert list(named(desk, batch_id, "skipped")) == ["2026-000002"]


def test_what_was_prepared_and_never_done_is_forgotten_after_a_day(desk: Desk) -> None:
    eight(desk)
    old = prepared(desk, Accept())
    desk.later(60 * 25)
    new = prepared(desk, Accept())
    assert new != old, "a page that still lies open must never mean another one"
    assert seen(desk, old).counts == {}
    with pytest.raises(Incomplete, match="nothing_chosen"):
        start(desk, old)
    assert seen(desk, new).of("waiting") == 8


def test_fifty_steps_lie_open_however_many_were_taken_back_since(desk: Desk) -> None:
    desk.tell("lampu mati di jl. Gajah", "lubang di jl. Merak")
    with writing(desk.engine) as connection:

        def retitle(number: str, title: str) -> int:
            seen = look(connection, number, ADMIN)
            return perform(
                connection, desk.city, seen.id, Retitle(title), ADMIN, desk.now, version=seen.version
            ).audit_id

        for title in map(str, range(52)):
            retitle("2026-000001", title)
        for title in map(str, range(210)):
            undo(connection, desk.city, retitle("2026-000002", title), ADMIN, desk.now)
        assert [each.number for each in undoable(connection, ADMIN)] == ["2026-000001"] * 50


KILLED = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from city import load_city
from database.engine import open_store
from tickets import bulk
from tickets.steps import Actor
bulk.PIECE = 2
by, now = Actor("ratna", "city_admin"), datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
city = load_city(Path("city/semarang"))
bulk.carry_on(open_store(sys.argv[1]), city, int(sys.argv[2]), "doing", by, lambda: now, rest=0.05)
"""


def test_a_server_that_was_killed_in_the_middle_leaves_a_batch_that_is_taken_back(desk: Desk, store_url: str) -> None:
    desk.tell(*(f"lubang di jl. Contoh{number}" for number in range(40)))
    before, taught_before = state(desk), taught(desk)
    batch_id = prepared(desk, Accept())
    start(desk, batch_id)
    server = subprocess.Popen([sys.executable, "-c", KILLED, store_url, str(batch_id)], cwd=HOME)
    while seen(desk, batch_id).of("done") < 6:
        assert server.poll() is None, "it ended by itself"
        time.sleep(0.01)
    server.kill()
    server.wait()
    view = seen(desk, batch_id)
    accepted = [row for row in desk.alive() if row["status"] == "dalam_proses"]
    assert view.state == "doing"
    assert view.of("waiting") > 0
    assert len(accepted) == view.of("done") == len(taught(desk)), "what is said to be done is done, and nothing else"
    taken_back(desk, batch_id)
    assert state(desk) == before
    assert taught(desk) == taught_before
