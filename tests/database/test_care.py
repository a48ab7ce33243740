"""Copies that can be trusted, and forgetting that leaves the sums right."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from database import care
from database.engine import StoreError, open_store, reading, writing
from database.tables import posts, run_queries, runs
from tests.postgresql import binaries

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def fill(engine: Engine, count: int = 30, captured: datetime = NOW) -> None:
    """One run that brought `count` posts, all filtered."""
    with writing(engine) as connection:
        connection.execute(runs.insert().values(id="r", kind="import", channel="sms", started_at=NOW, errors=[]))
        row = {"run_id": "r", "position": 0, "query": "file", "terms": [], "seen": count}
        connection.execute(run_queries.insert().values(row))
        connection.execute(posts.insert(), [_post(number, captured) for number in range(count)])


def _post(number: int, captured: datetime) -> dict[str, object]:
    return {
        "channel": "sms",
        "source_id": str(number),
        "version_id": str(number),
        "text": f"pesan {number}",
        "author_id": "42",
        "payload": b"{}",
        "media": [],
        "created_at": captured,
        "captured_at": captured,
        "first_run_id": "r",
        "first_query": 0,
        "outcome": "filtered",
        "reason": "not_a_complaint",
    }


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(posts)).scalar_one())


@pytest.fixture
def clients_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pg_dump` and `pg_restore` of the PostgreSQL that the tests brought along."""
    found = binaries()
    if found is not None:
        import os

        monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("clients_on_the_path")
def test_a_backup_made_while_in_use_comes_back_whole(engine: Engine, store_url: str, tmp_path: Path) -> None:
    fill(engine)
    copy = tmp_path / "copy.backup"
    with writing(engine):  # somebody is writing meanwhile
        care.backup(store_url, copy)
    target = f"sqlite:///{tmp_path / 'back.db'}"
    if engine.dialect.name == "postgresql":
        target = store_url.rsplit("/", 1)[0] + "/restored"
        _new_database(store_url, "restored")
    care.restore(copy, target)
    restored = open_store(target)
    assert count(restored) == 30
    assert list(care.problems(restored)) == []
    restored.dispose()


def _new_database(url: str, name: str) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


def test_neither_backup_nor_restore_overwrites_anything(sqlite_url: str, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        care.backup(sqlite_url, there)
    copy = tmp_path / "copy"
    care.backup(sqlite_url, copy)
    with pytest.raises(StoreError, match="exists already"):
        care.restore(copy, f"sqlite:///{there}")
    assert there.read_text() == "precious"


def test_what_is_no_backup_is_refused_and_leaves_no_store(tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    torn.write_bytes(b"SQLite format 3\x00 and then nothing")
    target = tmp_path / "new.db"
    with pytest.raises(StoreError, match="no backup"):
        care.restore(torn, f"sqlite:///{target}")
    assert not target.exists()


def test_a_ledger_that_does_not_balance_is_a_problem_with_its_run(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as connection:
        connection.execute(run_queries.update().values(seen=31))
    assert list(care.problems(engine)) == ["run r, query 0: the ledger says 31 posts, the store has 30"]


def test_forgetting_leaves_rows_counts_and_what_is_young(engine: Engine) -> None:
    fill(engine, captured=NOW - timedelta(days=400))
    before = NOW - timedelta(days=365)
    assert care.purge(engine, before, NOW, dry_run=True).posts == 30
    with reading(engine) as connection:
        assert connection.execute(select(posts.c.text).limit(1)).scalar() is not None
    assert care.purge(engine, before, NOW).posts == 30
    assert care.purge(engine, before, NOW).posts == 0
    with reading(engine) as connection:
        forgotten = connection.execute(select(posts.c.text, posts.c.author_id, posts.c.payload)).all()
    assert set(forgotten) == {(None, None, None)}
    assert list(care.problems(engine)) == []


def test_the_young_are_kept(engine: Engine) -> None:
    fill(engine)
    assert care.purge(engine, NOW - timedelta(days=365), NOW).posts == 0


def test_postgresql_without_its_programs_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(StoreError, match="pg_dump is not installed"):
        care.backup("postgresql://nobody@127.0.0.1/none", tmp_path / "copy")
