"""The books of capture and reading."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import update

from database.engine import writing
from database.tables import cursors, gaps, reads, run_queries, runs
from tests.tickets.builder import NOON, Desk
from tickets.errors import NoSuchRun
from tickets.ledger import balances, failed_report, ledger, run_report


def saw(desk: Desk, run_id: str, position: int, **counts: int) -> None:
    with writing(desk.engine) as connection:
        of_query = (run_queries.c.run_id == run_id, run_queries.c.position == position)
        connection.execute(update(run_queries).where(*of_query).values(counts))


def test_every_post_stands_under_one_outcome_and_the_run_balances(desk: Desk) -> None:
    for text in ("lampu mati jl. Gajah", "lampu jl. Gajah mati lagi", "pagi", "poison"):
        desk.post(text)
    desk.read(run_id="run-1")
    desk.post("sampah di jl. Mataram")
    saw(desk, "run-1", 0, seen=8, duplicate=2, updated=1)
    report = run_report(desk.engine, "run-1").as_dict()
    expected = {"seen": 8, "duplicate": 2, "updated": 1, "drafted": 1, "joined": 1, "filtered": 1, "quarantined": 1}
    assert {name: report[name] for name in expected} == expected
    assert (report["waiting"], report["read"], report["started_at"]) == (1, 4, "2026-11-03T05:00:00Z")
    assert balances(desk.engine)


def test_a_query_that_does_not_balance_is_named_even_if_the_total_does(desk: Desk) -> None:
    desk.run("run-2", queries=2)
    desk.post("pagi", first_run_id="run-2", first_query=0)
    saw(desk, "run-2", 1, seen=1)
    books = ledger(desk.engine)
    assert books.totals.balances
    assert not books.balances
    assert [(wrong.run_id, wrong.query) for wrong in books.imbalances] == [("run-2", 0), ("run-2", 1)]


def test_money_is_added_up_exactly_and_what_a_kill_may_have_cost_is_not_left(desk: Desk) -> None:
    with writing(desk.engine) as connection:
        for number in range(3):
            bought = {"kind": "post", "source_id": str(number), "run_id": "run-1", "price_micros": 5_000}
            connection.execute(reads.insert().values(day=date(2026, 11, 3), **bought))
        account = {"kind": "user", "source_id": "9", "run_id": "run-1", "price_micros": 10_000}
        connection.execute(reads.insert().values(day=date(2026, 11, 3), **account))
        last_month = {"kind": "post", "source_id": "9", "run_id": "run-1", "price_micros": 5_000}
        connection.execute(reads.insert().values(day=date(2026, 10, 31), **last_month))
        connection.execute(update(runs).values(asked_on=date(2026, 11, 3), asked_micros=500_000))
    report = run_report(desk.engine, "run-1", monthly_budget_usd=Decimal(50))
    assert (report.reads_billed, report.cost_usd) == (4, Decimal("0.03"))
    assert report.as_dict()["budget_left_usd"] == 49.475


def test_what_is_unfinished_stands_with_the_newest_search_and_gaps_with_their_run(desk: Desk) -> None:
    desk.run("run-2", started_at=NOON.replace(hour=6), status="partial")
    with writing(desk.engine) as connection:
        window = {"unfinished_after": 0, "unfinished_up_to": 2**62, "oldest_read": (1000 << 22) + 7}
        connection.execute(cursors.insert().values(term="#lapor", read_to=5, checked_to=5, **window))
        lost = {"from_at": NOON, "to_at": NOON, "why": "older than seven days"}
        connection.execute(gaps.insert().values(run_id="run-1", term="#lapor", **lost))
    first, second = (run.as_dict() for run in ledger(desk.engine).runs)
    assert (first["unfinished"], second["gaps"]) == ([], [])
    assert second["unfinished"] == [{"term": "#lapor", "from": "2010-11-04T01:42:54Z", "to": "2010-11-04T01:42:55Z"}]
    when = "2026-11-03T05:00:00Z"
    assert first["gaps"] == [{"term": "#lapor", "from": when, "to": when, "why": "older than seven days"}]
    assert (first["status"], second["status"]) == ("partial", "partial"), "a run that never ended is partial"


def test_an_unknown_run_is_said_to_be_unknown(desk: Desk) -> None:
    with pytest.raises(NoSuchRun, match="run-7"):
        run_report(desk.engine, "run-7")


def test_a_run_that_could_not_be_written_down_needs_a_person() -> None:
    report = failed_report("busy", "another run is alive", datetime(2026, 1, 1, tzinfo=UTC))
    assert report.needs_a_person
    assert report.as_dict()["errors"] == [{"kind": "busy", "message": "another run is alive"}]
