"""A fixed share of drafts is judged without the proposal, and is the only measure of how often the model is right."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from database.engine import reading, writing
from database.tables import labels
from tests.tickets.builder import Desk
from tests.tickets.test_shell import Simak, lines, simak  # noqa: F401  the last is a fixture
from tests.tickets.test_workflow import ADMIN, BUDI, DPU, act, state, take_back
from tickets.batches import items, matching, prepare
from tickets.blind import LOOK
from tickets.census import Census
from tickets.counts import count
from tickets.errors import Incomplete, NoSuchTicket, NotAllowed
from tickets.exports import ticket_table
from tickets.lots import BLIND
from tickets.queue import Filter
from tickets.same_way import same_way
from tickets.search import Search, page
from tickets.steps import Accept, Correct, Reject, Retitle, SendBack, Tag
from tickets.workflow import look

GIVEN_AWAY = ("dpu", "drainase", "Drainase")
SHOWN, HIDDEN = 3, 4  # the lots of 2026-000003 and 2026-000004
TEXTS = ("lampu mati di jl. Gajah", "sampah di jl. Mataram", "lubang di jl. Merak", "banjir di jl. Kaligawe")


@pytest.fixture
def city_desk(desk: Desk) -> Desk:
    desk.blind = True
    desk.tell(*TEXTS)
    assert [row["lot"] in BLIND for row in desk.alive()] == [False, False, False, True]
    return desk


def test_a_blind_draft_shows_nothing_of_what_the_model_thinks(city_desk: Desk) -> None:
    with reading(city_desk.engine) as connection:
        (view,) = [view for view in page(connection, Search(), "urgent", limit=9) if view.row["id"] == HIDDEN]
        (flat,) = [row for row in ticket_table(connection, Search()).rows if row["id"] == "2026-000004"]
        counted = count(connection, city_desk.city, Filter(hides_blind=True), city_desk.now)
        found = Census().facets(connection, Search())
        by_office = page(connection, Search(opds=("dpu",)), "urgent", limit=9)
        by_kind = page(connection, Search(categories=("drainase_banjir",)), "urgent", limit=9)
    told = str(view.in_full()) + str(flat)
    assert "banjir di jl. Kaligawe" in told, "the citizen's words are there"
    assert [word for word in ("dpu", "drainase", "0.88") if word in told.lower()] == []
    assert (view.row["category"], view.row["opd"], view.row["opd_p"], view.row["title"]) == (
        None, None, None, "Aduan warga di Jl. Kaligawe",
    )  # fmt: skip
    assert [row.row["id"] for row in by_office] == [SHOWN]
    assert by_kind == []
    assert found.counts["opds"].get("dpu") == 1
    assert found.total == len(TEXTS), "it stands in the queue like any other"
    assert [line.total for line in counted.opds if line.code == "dpu"] == [1]


def test_what_was_chosen_without_the_proposal_is_a_blind_label_and_only_that(city_desk: Desk) -> None:
    act(city_desk, HIDDEN, Accept("jalan_rusak", "dpu"))
    act(city_desk, SHOWN, Accept())
    with reading(city_desk.engine) as connection:
        said = {row.ticket_id: row for row in connection.execute(select(labels)).all()}
    assert (said[HIDDEN].category, said[HIDDEN].opd, said[HIDDEN].saw_prediction) == ("jalan_rusak", "dpu", False)
    assert said[SHOWN].saw_prediction
    ticket = city_desk.ticket(HIDDEN)
    assert (ticket["status"], ticket["category"], ticket["queue"], ticket["blind"]) == (
        "dalam_proses", "jalan_rusak", "dpu", False,
    )  # fmt: skip
    assert "Jalan" in ticket["title"], "the title follows what was chosen"
    assert LOOK.items() <= city_desk.history(HIDDEN)[-1]["after"].items()


def test_a_blind_verdict_takes_nothing_from_the_proposal(city_desk: Desk) -> None:
    for step, code in ((Accept(), "category_missing"), (Accept("jalan_rusak"), "opd_missing")):
        with pytest.raises(Incomplete, match=code):
            act(city_desk, HIDDEN, step)
    for refused in (Correct(opd="dlh"), Retitle("x"), SendBack("x")):
        with pytest.raises(NotAllowed, match="blind_first"):
            act(city_desk, HIDDEN, refused)
    with reading(city_desk.engine) as connection:
        may = look(connection, "2026-000004", ADMIN).may
    assert set(may) == {"accept", "reject", "merge", "split", "later", "resume", "tag", "prioritise"}


def test_a_rejection_is_blind_too(city_desk: Desk) -> None:
    act(city_desk, HIDDEN, Reject("no_complaint"))
    with reading(city_desk.engine) as connection:
        assert connection.execute(select(labels.c.saw_prediction)).scalars().all() == [False]


def test_undone_it_is_as_before_but_its_proposal_has_been_seen(city_desk: Desk) -> None:
    before = state(city_desk)
    done = act(city_desk, HIDDEN, Accept("jalan_rusak", "dlh"))
    take_back(city_desk, done)
    after = state(city_desk)
    assert city_desk.ticket(HIDDEN)["blind"] is False
    for row in (*before, *after):
        row.pop("blind", None)
    assert after == before
    act(city_desk, HIDDEN, Accept())
    with reading(city_desk.engine) as connection:
        said = connection.execute(select(labels).where(labels.c.withdrawn_at.is_(None))).all()
    assert [label.saw_prediction for label in said] == [True]


def test_what_is_set_beside_leaves_it_blind(city_desk: Desk) -> None:
    act(city_desk, HIDDEN, Tag("rapat"))
    assert city_desk.ticket(HIDDEN)["blind"] is True


def test_an_office_finds_no_blind_draft_among_its_own(city_desk: Desk) -> None:
    with reading(city_desk.engine) as connection:
        assert look(connection, "2026-000003", DPU).id == SHOWN
        with pytest.raises(NoSuchTicket):
            look(connection, "2026-000004", DPU)


def test_a_verdict_on_many_leaves_blind_drafts_out_and_says_so(city_desk: Desk) -> None:
    for step in (Accept(), Reject("no_complaint"), Correct(opd="dlh")):
        with writing(city_desk.engine) as connection:
            chosen = matching(connection, Search())
            batch_id = prepare(connection, city_desk.city, chosen, step, ADMIN, city_desk.now)
            refused = {item.number: item.why for item in items(connection, batch_id, "refused")}
        assert refused["2026-000004"] is not None
        assert refused["2026-000004"]["code"] == "looked_at_blind"


def test_what_would_change_the_same_way_names_no_blind_draft(city_desk: Desk) -> None:
    city_desk.tell("banjir di jl. Bugangan", "banjir di jl. Raden Patah")
    act(city_desk, 5, Correct(opd="disperkim"), BUDI)
    with reading(city_desk.engine) as connection:
        found = same_way(connection, "2026-000005", BUDI)
    assert found is None or HIDDEN not in [each.row["id"] for each in found.others]


def test_no_word_of_the_proposal_finds_a_blind_draft_until_it_is_decided(city_desk: Desk) -> None:
    def found(words: str) -> list[int]:
        with reading(city_desk.engine) as connection:
            return [view.row["id"] for view in page(connection, Search(words=words), "urgent", limit=9)]

    (row,) = [row for row in city_desk.alive() if row["id"] == HIDDEN]
    assert "Drainase" in row["title"], "that is how it would have been found"
    assert (found("drainase"), found("kaligawe"), found("2026-000004")) == ([], [HIDDEN], [HIDDEN])
    act(city_desk, HIDDEN, Accept("drainase_banjir", "dpu"))
    assert found("drainase") == [HIDDEN]


def test_neither_shell_nor_file_gives_the_proposal_away_before_the_verdict(city_desk: Desk, simak: Simak) -> None:  # noqa: F811
    def told(*arguments: str) -> list[str]:
        """What is said of the blind draft, of its posts, or of the list by its office."""
        output = simak(*arguments).stdout
        return [word for line in output.splitlines() if "Kaligawe" in line for word in GIVEN_AWAY if word in line]

    calls = [
        ("list",), ("list", "--csv"), ("export",), ("show", "2026-000004", "--json"),
        ("export", "--predictions", "--json"), ("export", "--labels", "--json"), ("export", "--posts"),
    ]  # fmt: skip
    assert [told(*call) for call in calls] == [[]] * len(calls)
    assert "Kaligawe" not in simak("export", "--predictions", "--json").stdout, "whatever the model said"
    assert not any(word in simak("show", "2026-000004").stdout for word in GIVEN_AWAY)
    assert "2026-000004" not in simak("list", "--opd", "dpu").stdout
    (shown,) = [each for each in lines(simak("list", "--json")) if each["blind"]]
    told_to_programs = (shown["id"], shown["category"], shown["opd"])
    assert told_to_programs == ("2026-000004", "drainase_banjir", "dpu"), "it is marked, and the line is whole"
    act(city_desk, HIDDEN, Accept("drainase_banjir", "dpu"))
    assert told("list", "--csv")
    assert told("export", "--labels", "--json")
    assert "Kaligawe" in simak("export", "--predictions", "--json").stdout
