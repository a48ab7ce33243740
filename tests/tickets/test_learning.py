"""What second looks and blind verdicts say: of people, of the model, and where they differ."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from database.engine import reading, writing
from database.tables import labels, predictions, tickets
from tests.tickets.builder import Desk
from tests.tickets.test_shadow import Contrary
from tests.tickets.test_workflow import ADMIN, BUDI, VIEWER, act, state, take_back
from tickets.errors import Incomplete, NoSuchTicket, NotAllowed, NothingToUndo
from tickets.exports import label_table
from tickets.learning import against_model, between_people, differing, learnt, of_candidates
from tickets.lots import BLIND, SECOND_LOOK
from tickets.second_looks import Opinion, how_many_wait, look_again, next_to_look_at
from tickets.shadowing import read_along
from tickets.steps import Accept, Correct, Reject

LAMP, ROAD, TRASH = 1, 2, 3


@pytest.fixture
def decided(desk: Desk) -> Desk:
    """Three tickets: the first two are in the lot of second looks and were decided by Ratna."""
    desk.tell("lampu mati di jl. Gajah", "lubang di jl. Merak", "sampah di jl. Mataram")
    with writing(desk.engine) as connection:
        among = tickets.c.id.in_((LAMP, ROAD))
        connection.execute(update(tickets).where(among).values(lot=SECOND_LOOK.start))
        connection.execute(update(tickets).where(tickets.c.id == TRASH).values(lot=SECOND_LOOK.stop))
    for ticket in (LAMP, ROAD, TRASH):
        act(desk, ticket, Accept())
    return desk


def look(desk: Desk, ticket: int, opinion: Opinion, by=BUDI) -> int:  # type: ignore[no-untyped-def]
    with writing(desk.engine) as connection:
        return look_again(connection, desk.city, desk.ticket(ticket)["number"], opinion, by, desk.now)


def test_somebody_else_is_asked_and_only_about_the_share_that_was_drawn(decided: Desk) -> None:
    with reading(decided.engine) as connection:
        assert how_many_wait(connection, ADMIN) == 0, "nobody looks at their own verdict again"
        assert how_many_wait(connection, BUDI) == 2
        first = next_to_look_at(connection, BUDI)
        assert first is not None
        assert first["id"] == LAMP
        after = next_to_look_at(connection, BUDI, after=LAMP)
        assert after is not None
        assert after["id"] == ROAD


def test_a_second_look_is_a_label_and_a_line_and_changes_nothing_on_the_ticket(decided: Desk) -> None:
    before, version = state(decided), decided.ticket(LAMP)["version"]
    look(decided, LAMP, Opinion(True, "jalan_rusak", "dpu"))
    assert state(decided) == before
    assert decided.ticket(LAMP)["version"] == version
    line = decided.history(LAMP)[-1]
    assert (line["action"], line["actor"], line["before"]) == ("second_look", "budi", {})
    with reading(decided.engine) as connection:
        said = connection.execute(select(labels).where(labels.c.audit_id == line["id"])).one()
        (exported,) = [row for row in label_table(connection).rows if row["event"] == decided.ticket(LAMP)["number"]]
        both = [row for row in label_table(connection, each_reviewer=True).rows if row["event"] == exported["event"]]
        assert how_many_wait(connection, BUDI) == 1
    assert (said.reviewer, said.opd, said.saw_prediction) == ("budi", "dpu", False)
    assert (exported["reviewer"], exported["opd"], exported["look"]) == ("ratna", "disperkim", "first")
    assert {(row["reviewer"], row["look"], row["saw_prediction"]) for row in both} == {
        ("ratna", "first", 1), ("budi", "second", 0),
    }  # fmt: skip
    with pytest.raises(NoSuchTicket):
        look(decided, LAMP, Opinion(actionable=False))


def test_it_is_undone_and_stands_in_the_way_of_no_other_undoing(decided: Desk) -> None:
    first = decided.history(LAMP)[-1]["id"]
    made = look(decided, LAMP, Opinion(actionable=False))
    from tickets.workflow import Done

    take_back(decided, Done(made, LAMP), BUDI)
    with reading(decided.engine) as connection:
        assert how_many_wait(connection, BUDI) == 2
    with pytest.raises(NothingToUndo):
        take_back(decided, Done(made, LAMP), BUDI)
    look(decided, LAMP, Opinion(actionable=False))
    take_back(decided, Done(first, LAMP))
    assert decided.ticket(LAMP)["status"] == "belum_terverifikasi"


def test_an_opinion_must_be_whole_and_from_somebody_who_decides(decided: Desk) -> None:
    for opinion, code in (
        (Opinion(True, "jalan_rusak", None), "opd_missing"), (Opinion(True, None, "dpu"), "category_missing"),
    ):  # fmt: skip
        with pytest.raises(Incomplete, match=code):
            look(decided, LAMP, opinion)
    with pytest.raises(NotAllowed):
        look(decided, LAMP, Opinion(actionable=False), VIEWER)


def test_people_are_measured_against_each_other_and_their_disagreements_listed(decided: Desk) -> None:
    look(decided, LAMP, Opinion(True, "pju", "disperkim"))
    look(decided, ROAD, Opinion(True, "jalan_rusak", "dishub"))
    with reading(decided.engine) as connection:
        people = learnt(connection).people
        (apart,) = differing(between_people(connection), 9)
    assert (people.category.hits, people.category.n, people.opd.hits, people.opd.n) == (2, 2, 1, 2)
    assert not people.opd.is_enough, "two say nothing yet"
    assert (apart.ticket_id, apart.one.who, apart.one.opd, apart.other.who, apart.other.opd) == (
        ROAD, "ratna", "dpu", "budi", "dishub",
    )  # fmt: skip


def test_only_blind_verdicts_measure_the_model(desk: Desk) -> None:
    desk.blind = True
    desk.tell("lampu mati di jl. Gajah", "sampah di jl. Mataram", "lubang di jl. Merak", "banjir di jl. Kaligawe")
    assert desk.ticket(4)["lot"] in BLIND
    act(desk, 1, Correct(opd="dlh"))
    act(desk, 1, Accept())
    act(desk, 2, Accept())
    act(desk, 3, Reject("no_complaint"))
    act(desk, 4, Accept("drainase_banjir", "disperkim"))
    with reading(desk.engine) as connection:
        found = learnt(connection)
        apart = {each.ticket_id: each.blind for each in differing(against_model(connection), 9)}
    (model,) = found.models.values()
    assert (model.category.hits, model.category.n, model.opd.hits, model.opd.n) == (1, 1, 0, 1)
    assert (found.seen.actionable.hits, found.seen.actionable.n) == (2, 3)
    assert (found.seen.opd.hits, found.seen.opd.n) == (1, 2)
    assert apart == {1: False, 3: False, 4: True}


def test_a_blind_verdict_that_was_undone_is_told_beside_the_figure(desk: Desk) -> None:
    desk.blind = True
    desk.tell("lampu mati di jl. Gajah", "sampah di jl. Mataram", "lubang di jl. Merak", "banjir di jl. Kaligawe")
    take_back(desk, act(desk, 4, Accept("jalan_rusak", "dpu")))
    act(desk, 4, Accept())
    with reading(desk.engine) as connection:
        found = learnt(connection)
    assert (found.models, found.taken_back) == ({}, 1)


def test_where_a_candidate_that_reads_along_says_something_else_is_listed(desk: Desk) -> None:
    desk.tell("lampu mati di jl. Gajah", "banjir di jl. Kaligawe")
    read_along(desk.engine, Contrary("contrary-1"), lambda: desk.now, since=desk.now)
    with reading(desk.engine) as connection:
        assert connection.execute(select(predictions.c.post_id).where(predictions.c.shadow.is_(True))).all()
        found = of_candidates(connection, "contrary-1", 9)
    assert {(each.number, each.one.opd, each.other.opd) for each in found} == {
        ("2026-000001", "disperkim", "damkar"), ("2026-000002", "dpu", "damkar"),
    }  # fmt: skip
