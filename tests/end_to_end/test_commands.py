"""The commands as a person or a program meets them: one run, replays, and what goes wrong in one clear line."""

from __future__ import annotations

import csv
import json
import signal
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.emulator import Emulator
from tests.end_to_end.conftest import HOME, Program, balances, incidents

COMPLAINTS = [
    "Min lampu jalan di Jl Pandanaran mati semua sudah tiga malam, gelap sekali #laporhendi",
    "Got di Tlogosari mampet, tiap hujan air masuk rumah warga #laporhendi",
    "Sampah menumpuk di TPS Banyumanik seminggu tidak diangkut, bau #laporhendi",
    "Air PDAM di Ngaliyan keruh dan kecil sejak kemarin pagi #laporhendi",
    "Jalan berlubang dalam di depan Pasar Jatingaleh, motor jatuh kemarin #laporhendi",
]
NOISE = [
    "Terima kasih min, lampunya sudah nyala lagi #laporhendi",
    "Selamat pagi Semarang, tetap semangat! #laporhendi",
]


@pytest.fixture
def x() -> Iterator[Emulator]:
    with Emulator(now=lambda: datetime.now(UTC)) as emulator:
        yield emulator


@pytest.fixture
def listening(program: Program, x: Emulator) -> Program:
    return program.with_settings(SIMAK_X_API_URL=x.url, SIMAK_X_BEARER_TOKEN=x.token)


def publish(x: Emulator) -> list[str]:
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    return [
        x.publish(text, at=now - hour * (age + 1), author=f"contoh_{age:03}")[0]
        for age, text in enumerate(COMPLAINTS + NOISE)
    ]


# ── One run ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_prints_one_object_that_balances_and_costs_what_x_bills(listening: Program, x: Emulator) -> None:
    written = publish(x)
    done = listening.listen()
    report = done.json
    assert (done.code, report["status"], report["seen"]) == (0, "complete", len(written))
    assert balances(report)  # type: ignore[arg-type]
    assert report["reads_billed"] == len(x.billed_posts()) == len(written)
    assert report["cost_usd"] == float(x.spent)
    assert report["budget_left_usd"] == 50 - float(x.spent)
    tickets = listening.tickets()
    assert {ticket["text"] for ticket in tickets} >= set(COMPLAINTS[:3])
    assert not {ticket["text"] for ticket in tickets} & set(NOISE)
    assert all(ticket["posts"][0]["author"].startswith("contoh_") for ticket in tickets)  # type: ignore[index]


def test_a_second_run_finds_nothing_new(listening: Program, x: Emulator) -> None:
    publish(x)
    listening.listen()
    before = listening.tickets()
    again = listening.listen().json
    assert (again["drafted"], again["read"], again["cost_usd"]) == (0, 0, 0.0)
    assert listening.tickets() == before


def test_two_runs_at_once_do_not_happen(listening: Program, x: Emulator) -> None:
    x.fault("stall", times=1, seconds=6)
    first = listening.start("run_listener.py", "--once", "--json")
    for _ in range(100):
        if x.requests:
            break
        time.sleep(0.1)
    second = listening.listen()
    assert (second.code, second.json["errors"][0]["kind"]) == (1, "busy")  # type: ignore[index]
    first.kill()
    first.communicate()


def test_sigterm_in_the_middle_ends_cleanly_and_the_next_run_goes_on(listening: Program, x: Emulator) -> None:
    written = x.publish("lampu mati di gang {n} #laporhendi", count=250)
    process = listening.start("run_listener.py", "--once", "--json")
    for _ in range(100):
        if x.requests:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert json.loads(out)["status"] in ("partial", "failed"), err
    assert "stopping" in err
    assert process.returncode == 1
    last = listening.listen().json
    assert (last["status"], last["gaps"]) == ("complete", [])
    totals = listening.ledger()
    assert totals["seen"] - totals["duplicate"] - totals["updated"] == len(written)  # type: ignore[operator]


def test_without_a_token_x_is_off_and_says_so(program: Program) -> None:
    done = program.listen()
    assert (done.code, done.json["status"]) == (0, "complete")
    assert "X is off" in done.err


def test_the_demo_marks_its_store_and_a_token_refuses_it(program: Program, x: Emulator) -> None:
    demo = program.run("run_listener.py", "--once", "--demo", "--json")
    assert demo.json["drafted"] > 50, demo.err  # type: ignore[operator]
    real = program.with_settings(SIMAK_X_API_URL=x.url, SIMAK_X_BEARER_TOKEN=x.token)
    refused = real.listen()
    assert (refused.code, refused.out) == (2, "")
    assert "holds a demo" in refused.err


# ── Replays ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_archive_and_a_table_of_its_texts_give_the_same_drafts(program: Program, tmp_path: Path) -> None:
    posts = [
        {
            "id": str(2028273833210806272 + number),
            "text": text,
            "author_id": str(number),
            "created_at": f"2026-03-02T0{number}:00:00.000Z",
        }
        for number, text in enumerate(COMPLAINTS + NOISE)
    ]
    archive, table = tmp_path / "archive.jsonl", tmp_path / "texts.csv"
    archive.write_text("".join(json.dumps(post) + "\n" for post in posts))
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([["text"], *([post["text"]] for post in posts)])
    from_archive = program.with_settings(SIMAK_DATABASE_URL=f"sqlite:///{tmp_path / 'a.db'}")
    from_table = program.with_settings(SIMAK_DATABASE_URL=f"sqlite:///{tmp_path / 't.db'}")
    for one, file in ((from_archive, archive), (from_table, table)):
        assert one.run("run_listener.py", "--replay", file, "--json").code == 0
    said = [
        {
            (ticket["title"], ticket["text"], ticket["category"], ticket["opd"], ticket["priority"], ticket["decision"])
            for ticket in one.tickets()
        }
        for one in (from_archive, from_table)
    ]
    assert said[0] == said[1] != set()
    before = incidents(from_archive.tickets())
    again = from_archive.run("run_listener.py", "--replay", archive, "--json").json
    assert (again["duplicate"], again["drafted"]) == (len(posts), 0)
    assert incidents(from_archive.tickets()) == before


# ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"SIMAK_X_BUGDET": "5"}, "SIMAK_X_BUGDET"),
        ({"SIMAK_X_API_URL": "api.x.com"}, "SIMAK_X_API_URL"),
        ({"SIMAK_DATABASE_URL": "mysql://nobody@localhost/none"}, "no usable database URL"),
        ({"SIMAK_DATABASE_URL": "sqlite:////proc/none/simak.db"}, "the store cannot be opened"),
        ({"SIMAK_WATCHLIST": "/nowhere/watchlist.toml"}, "/nowhere/watchlist.toml"),
    ],
)
def test_a_wrong_setting_is_one_line_and_exit_code_2(program: Program, settings: dict[str, str], told: str) -> None:
    done = program.with_settings(**settings).listen()
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[term]]\nhashtag = 'a b'\n", "is no hashtag"),
        ("[[term]]\nhashtag = 'a'\nhandle = 'b'\n", "exactly one"),
        ("[[term]\n", "TOML"),
        (f"[[term]]\nkeyword = '{'lapor ' * 90}'\n", "does not fit a query of 512 characters"),
        ("[[term]]\nkeyword = 'x'\nfrom = '2026'\n", "write a date without quotes"),
        ("[[term]]\nhashtag = 'a'\n[[term]]\nhashtag = 'A'\n", "stands there twice"),
    ],
)
def test_a_broken_watchlist_names_the_term_and_what_to_write(
    program: Program, tmp_path: Path, content: str, told: str
) -> None:
    path = tmp_path / "watchlist.toml"
    path.write_text(content)
    done = program.with_settings(SIMAK_WATCHLIST=str(path)).listen()
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    assert told in done.err


def test_no_network_is_transient_and_loses_nothing(program: Program) -> None:
    done = program.with_settings(SIMAK_X_API_URL="http://127.0.0.1:9", SIMAK_X_BEARER_TOKEN="any").listen()
    assert (done.code, done.json["status"], done.json["errors"][0]["kind"]) == (1, "failed", "transient")  # type: ignore[index]
    assert "Connection refused" in done.err


def test_a_wrong_token_is_told_and_never_shown(listening: Program, x: Emulator) -> None:
    x.fault("revoked_token", times=None)
    done = listening.with_settings(SIMAK_X_BEARER_TOKEN="s3cret-token").listen("--verbose")
    assert (done.code, done.json["errors"][0]["kind"]) == (1, "auth")  # type: ignore[index]
    assert "s3cret-token" not in done.out + done.err


def test_without_a_model_posts_wait_until_there_is_one(listening: Program, x: Emulator, tmp_path: Path) -> None:
    written = publish(x)
    blind = listening.with_settings(SIMAK_MODELS_DIR=str(tmp_path / "none"))
    done = blind.listen()
    assert (done.code, done.json["waiting"]) == (1, len(written))
    assert done.json["errors"][-1]["kind"] == "model"  # type: ignore[index]
    assert listening.listen().json["read"] == len(written)


def test_a_damaged_model_is_refused_and_posts_wait(listening: Program, x: Emulator, tmp_path: Path) -> None:
    import shutil

    models = tmp_path / "models"
    shutil.copytree(HOME / "models", models)
    for artefact in models.glob("*/*.joblib"):
        artefact.write_bytes(artefact.read_bytes()[:-100] + b"x" * 100)
    written = publish(x)
    done = listening.with_settings(SIMAK_MODELS_DIR=str(models)).listen()
    assert (done.code, done.json["waiting"]) == (1, len(written)), done.err
    assert "model" in done.err


def test_a_store_that_cannot_be_written_is_told_in_one_line(listening: Program, x: Emulator, tmp_path: Path) -> None:
    publish(x)
    listening.listen()
    store = Path(listening.settings["SIMAK_DATABASE_URL"].removeprefix("sqlite:///"))
    with sqlite3.connect(store) as connection:  # SQLite's own word for a full disk
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    assert pages > 1
    full = listening.run("-c", _ON_A_FULL_DISK.format(store=store), seconds=60)
    assert full.code == 1
    assert "full" in full.err
    assert "Traceback" not in full.err
    assert listening.run("-m", "database", "check").code == 0


_ON_A_FULL_DISK = """
import sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
@event.listens_for(Engine, "connect")
def _full(connection, record):
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {{pages}}")
sys.argv = ["run_listener.py", "--replay", "{store}.csv", "--json"]
import pathlib
rows = (f"lampu mati nomor {{n}} {{'x' * 400}}\\n" for n in range(2000))
pathlib.Path("{store}.csv").write_text("text\\n" + "".join(rows))
import run_listener
run_listener.app()
"""
