"""`python -m tickets`, as a person or a program calls it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from classifier.spreadsheets import harmless
from database.engine import reading, writing
from database.tables import authors
from tests.tickets.builder import Desk
from tests.tickets.test_workflow import ADMIN, BUDI, act, take_back
from tickets.__main__ import app
from tickets.queue import Filter, every, find
from tickets.steps import Accept, Close, Correct, Merge, Reject

Simak = Callable[..., Result]

CONTRACT = {
    "id", "status", "title", "text", "decision", "created_at", "category", "opd", "opd_p", "priority", "place", "model",
    "posts",
}  # fmt: skip


@pytest.fixture
def simak(store_url: str) -> Simak:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments, env={"SIMAK_DATABASE_URL": store_url, "COLUMNS": "200"})

    return call


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_queue_begins_with_the_most_urgent_and_the_longest_waiting(desk: Desk, simak: Simak) -> None:
    desk.post("sampah di jl. Satu", "a", minutes=3)
    desk.post("sampah di jl. Dua", "b", minutes=1)
    desk.post("lampu mati bahaya di jl. Tiga", "c", minutes=9, url="https://x.test/3", media=["https://x.test/3.jpg"])
    desk.read()
    first, *others = lines(simak("list", "--json"))
    assert first.keys() >= CONTRACT
    assert first["priority"] == "tinggi"
    assert first["posts"] == [
        {"channel": "x", "id": "1003", "url": "https://x.test/3", "author": "c",
         "created_at": "2026-11-03T05:09:00Z", "media": ["https://x.test/3.jpg"]},
    ]  # fmt: skip
    assert [str(ticket["text"])[-3:] for ticket in others] == ["Dua", "atu"]
    assert [ticket["opd"] for ticket in lines(simak("list", "--json", "--opd", "dlh"))] == ["dlh", "dlh"]
    assert lines(simak("list", "--json", "--category", "pju")) == [first]
    assert lines(simak("list", "--json", "--limit", "1")) == [first]
    assert lines(simak("list", "--json", "--since", "2026-11-04")) == []
    assert lines(simak("list", "--json", "--status", "selesai")) == []
    assert "2026-000001" in simak("list").stdout


def test_an_author_is_shown_by_the_handle_that_was_looked_up(desk: Desk, simak: Simak) -> None:
    desk.post("lampu mati di jl. Gajah", author_id="99")
    desk.read()
    with writing(desk.engine) as connection:
        connection.execute(
            authors.insert().values(channel="x", source_id="99", handle="wargabaik", looked_up_at=desk.now)
        )
    (ticket,) = lines(simak("list", "--json"))
    assert ticket["posts"][0]["author"] == "wargabaik"  # type: ignore[index]


def test_merged_and_withdrawn_tickets_are_listed_nowhere_but_can_be_shown(desk: Desk, simak: Simak) -> None:
    _, _, gone = desk.tell("lampu mati di jl. Gajah", "sampah di jl. Merak", "lubang di jl. Kuda")
    act(desk, 2, Merge(into=1))
    desk.edit(gone, "pagi")
    desk.read()
    assert [ticket["id"] for ticket in lines(simak("list", "--json"))] == ["2026-000001"]
    (shown,) = lines(simak("show", "2026-000002", "--json"))
    assert shown["merged_into"] == "2026-000001"
    assert "digabung ke 2026-000001" in simak("show", "2026-000002").stdout


def test_what_was_not_drafted_is_listed_with_its_reason(desk: Desk, simak: Simak) -> None:
    desk.tell("pagi semua", "poison", "lampu mati")
    found = {post["text"]: (post["outcome"], post["reason"]) for post in lines(simak("list", "--filtered", "--json"))}
    assert found == {
        "pagi semua": ("filtered", "not_a_complaint"),
        "poison": ("quarantined", "ValueError: this post is poison"),
    }
    assert "not_a_complaint" in simak("list", "--filtered").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list", "--opd", "dinas_sihir"), "'dinas_sihir' is no OPD"),
        (("list", "--category", "hujan"), "'hujan' is no category"),
        (("list", "--status", "rampung"), "'rampung' is no status"),
        (("list", "--since", "kemarin"), "'kemarin' is no time"),
        (("list", "--filtered", "--opd", "dpu"), "--filtered goes with"),
        (("show", "2026-000009"), "there is no ticket '2026-000009'"),
        (("export", "--labels", "--posts"), "one at a time"),
        (("export", "--out", "/nowhere/at/all.csv"), "cannot be written"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_clear_line_and_exit_2(
    desk: Desk, simak: Simak, arguments: tuple[str, ...], told: str
) -> None:
    result = simak(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "no.db"
    result = CliRunner().invoke(app, ["list"], env={"SIMAK_DATABASE_URL": f"sqlite:///{path}"})
    assert (result.exit_code, path.exists()) == (2, False)


def test_the_ledger_prints_its_totals_and_fails_when_it_does_not_balance(desk: Desk, simak: Simak) -> None:
    assert lines(simak("ledger", "--json"))[0]["totals"]["seen"] == 0  # type: ignore[index]
    desk.post("pagi")
    result = simak("ledger", "--json")
    assert (result.exit_code, json.loads(result.stdout)["totals"]["waiting"]) == (1, 1)
    assert "query 0: 0 seen, but 1 accounted for" in result.stderr


def test_labels_come_out_as_the_classifier_reads_them(desk: Desk, simak: Simak, tmp_path: Path) -> None:
    desk.tell("lampu mati di jl. Gajah", "sampah di jl. Merak", "lubang di jl. Kuda", "banjir di jl. Naga")
    act(desk, 1, Correct(opd="dishub"))
    act(desk, 1, Accept())
    act(desk, 2, Reject("no_complaint"))
    act(desk, 3, Reject("not_ours", authority="bbpjn"))
    take_back(desk, act(desk, 4, Accept()), ADMIN)
    out = tmp_path / "labels.csv"
    assert simak("export", "--labels", "--out", str(out)).exit_code == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [(row["text"][:6], row["category"], row["opd"], row["actionable"]) for row in rows] == [
        ("lampu ", "pju", "dishub", "1"),
        ("sampah", "", "", "0"),
        ("lubang", "bukan_kewenangan", "bbpjn", "1"),
    ]
    assert rows[0]["event"] == "2026-000001"


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+62 lampu", "-1 lampu", "@dishub lampu", "\tlampu", "  =lampu"])
def test_no_spreadsheet_runs_what_a_citizen_wrote_and_json_keeps_every_word(
    desk: Desk, simak: Simak, text: str
) -> None:
    desk.tell(text + " lampu")
    (row,) = csv.DictReader(io.StringIO(simak("export").stdout))
    assert row["text"] == f"'{text} lampu"
    (post,) = lines(simak("export", "--posts", "--json"))
    assert post["text"] == f"{text} lampu"
    assert harmless(-1.5) == -1.5


def test_the_numbers_of_a_period_are_in_the_citys_words(desk: Desk, simak: Simak) -> None:
    desk.tell("lampu mati di jl. Gajah", "sampah di jl. Merak", "lubang di jl. Kuda", "banjir di jl. Naga")
    desk.later(180)
    act(desk, 1, Accept())
    act(desk, 1, Close())
    act(desk, 2, Reject("no_complaint"))
    act(desk, 4, Merge(into=3))
    (counts,) = lines(simak("report", "--json", "--from", "2026-11-03", "--to", "2026-11-04"))
    assert counts["total"] == 3, "a merged ticket counts nowhere"
    assert counts["status"] == {"belum_terverifikasi": 1, "dalam_proses": 0, "selesai": 1, "ditolak": 1}
    assert counts["until_a_verdict"] == {"n": 2, "median_hours": 3.0, "longest_hours": 3.0}
    told = simak("report").stdout
    assert "belum terverifikasi" in told
    assert "Dinas Lingkungan Hidup" in told
    assert lines(simak("report", "--json", "--to", "2026-11-03"))[0]["total"] == 0


@pytest.mark.parametrize("command", ["list", "show", "export", "ledger", "report", "read"])
def test_every_command_explains_itself_with_an_example(simak: Simak, command: str) -> None:
    assert "Example:" in simak(command, "--help").stdout


def test_pages_by_key_show_every_ticket_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(23):
        words = "bahaya" if number % 5 == 0 else ""
        desk.post(f"sampah {words} di jl. nomor{number}", created_at=desk.now + timedelta(minutes=number // 3))
    desk.read()
    monkeypatch.setattr("tickets.queue.PAGE", 4)
    with reading(desk.engine) as connection:
        seen = [view.row["id"] for view in every(connection, Filter())]
        assert seen == [view.row["id"] for view in find(connection, Filter(), limit=100)]
        assert len(set(seen)) == 23
        assert [view.row["id"] for view in every(connection, Filter(), limit=9)] == seen[:9]


def test_what_each_reviewer_said_comes_out_too_so_that_disagreement_can_be_seen(desk: Desk, simak: Simak) -> None:
    desk.tell("lampu mati di jl. Gajah")
    act(desk, 1, Accept())
    act(desk, 1, Correct(opd="dishub"), by=BUDI)
    newest = lines(simak("export", "--labels", "--json"))
    each = lines(simak("export", "--labels", "--each-reviewer", "--json"))
    assert [(row["reviewer"], row["opd"]) for row in newest] == [("budi", "dishub")]
    assert [(row["reviewer"], row["opd"]) for row in each] == [(ADMIN.name, "disperkim"), ("budi", "dishub")]
    assert simak("export", "--each-reviewer").exit_code == 2
