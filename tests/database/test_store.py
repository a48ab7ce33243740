"""The store itself, on both databases: schema, transactions, locks."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from database.engine import SchemaMismatch, StoreBusy, StoreError, WrongStore, open_store, reading, writing
from database.kind import claim_kind, kind_of
from database.lock import one_holder
from database.tables import metadata, posts, runs, store_info, tickets
from database.upgrade import newest_version, open_existing, require_schema, schema_version, upgrade, upgrade_sql
from tests.conftest import create_database
from tickets.saying import saying

HOME = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_the_migrations_make_exactly_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": _is_no_index_of_words}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def _is_no_index_of_words(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index is each database's own, with tables that the code never names."""
    return not (kind == "table" and name is not None and name.startswith("ticket_words"))


def test_an_upgrade_can_be_repeated(store_url: str) -> None:
    upgrade(store_url)
    engine = open_store(store_url)
    assert schema_version(engine) == newest_version()
    engine.dispose()


def test_a_newer_schema_is_refused_in_one_line(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(SchemaMismatch, match="newer than this program"):
            require_schema(engine)
    finally:
        with writing(engine) as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{newest_version()}'"))


def test_the_sql_of_an_upgrade_can_be_read_first(tmp_path: Path) -> None:
    assert "CREATE TABLE posts" in upgrade_sql(f"sqlite:///{tmp_path / 'new.db'}")


def test_a_store_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not there"):
        open_existing(f"sqlite:///{tmp_path / 'nowhere.db'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://nobody@localhost/x", "nonsense", "sqlite+nonsense:///x"])
def test_a_url_that_names_no_database_is_told_in_one_line(url: str) -> None:
    with pytest.raises(StoreError, match="no usable database URL"):
        open_store(url)


def test_a_time_without_a_zone_is_refused_and_others_come_back_as_utc(engine: Engine) -> None:
    row = {"id": "a", "kind": "search", "channel": "x", "errors": []}
    with writing(engine) as connection:
        connection.execute(runs.insert().values(row | {"started_at": NOW.astimezone()}))
    with reading(engine) as connection:
        assert connection.execute(runs.select()).one().started_at == NOW
    with pytest.raises(StatementError, match="no time zone"), writing(engine) as connection:
        connection.execute(runs.insert().values(row | {"id": "b", "started_at": NOW.replace(tzinfo=None)}))


def test_references_hold(engine: Engine) -> None:
    row = {
        "channel": "x",
        "source_id": "1",
        "version_id": "1",
        "created_at": NOW,
        "captured_at": NOW,
        "first_run_id": "no such run",
        "first_query": 0,
    }
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(posts.insert().values(row))


def test_what_raises_leaves_nothing_behind(engine: Engine) -> None:
    def half() -> None:
        with writing(engine) as connection:
            connection.execute(store_info.insert().values(key="half", value="written"))
            raise RuntimeError("cut off")

    with pytest.raises(RuntimeError):
        half()
    with reading(engine) as connection:
        assert connection.execute(store_info.select()).all() == []


def test_a_lock_has_one_holder_and_is_free_afterwards(engine: Engine) -> None:
    with one_holder(engine, "capture"):
        with pytest.raises(StoreBusy), one_holder(engine, "capture"):
            pass
        with one_holder(engine, "another"):
            pass
    with one_holder(engine, "capture"):
        pass


def test_a_lock_dies_with_its_holder(engine: Engine, store_url: str) -> None:
    hold = (
        "import sys, time; from database.engine import open_store; from database.lock import one_holder\n"
        "with one_holder(open_store(sys.argv[1]), 'capture'):\n    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", hold, store_url], cwd=HOME, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreBusy), one_holder(engine, "capture"):
        pass
    holder.kill()
    holder.communicate()
    for _ in range(50):  # PostgreSQL needs a moment to notice
        try:
            with one_holder(engine, "capture"):
                return
        except StoreBusy:
            subprocess.run(["sleep", "0.1"], check=True)
    raise AssertionError("the lock outlived its holder by five seconds")


def test_a_demos_store_and_a_real_one_never_mix(engine: Engine) -> None:
    assert kind_of(engine) is None
    claim_kind(engine, "demo")
    claim_kind(engine, "demo")
    with pytest.raises(WrongStore, match="holds a demo"):
        claim_kind(engine, "real")


def test_sqlite_is_opened_as_a_server_needs_it(sqlite_url: str) -> None:
    engine = open_store(sqlite_url)
    with reading(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        }
        assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    return create_database(str(request.getfixturevalue("postgresql_server")), "bare")


def bring_to(url: str, version: str) -> None:
    """An older store: as it was when `version` was the newest schema."""
    configuration = Config()
    configuration.set_main_option("script_location", str(HOME / "database" / "migrations"))
    configuration.attributes["url"] = url
    command.upgrade(configuration, version)


def test_an_older_stores_tickets_are_found_by_their_words_after_the_upgrade(bare_url: str) -> None:
    bring_to(bare_url, "0002")
    engine = open_store(bare_url)
    with writing(engine) as connection:
        connection.execute(tickets.insert().values(a_ticket("2026-000001", "Lampu mati di Jl.Pandanaran")))
    upgrade(bare_url)
    with reading(engine) as connection:
        number = connection.execute(select(tickets.c.number).where(tickets.c.id.in_(saying("pandan lampu")))).scalar()
    engine.dispose()
    assert number == "2026-000001"


def test_the_sql_that_was_read_makes_the_same_store(bare_url: str) -> None:
    sql = upgrade_sql(bare_url)
    engine = open_store(bare_url)
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as file:
            file.executescript(sql)
    else:
        with psycopg.connect(bare_url, autocommit=True) as server:
            server.execute(sql.encode())
    require_schema(engine)
    with writing(engine) as connection:
        connection.execute(tickets.insert().values(a_ticket("2026-000001", "Lampu mati")))
        assert connection.execute(saying("lam")).scalar() == 1
    engine.dispose()


def a_ticket(number: str, said: str) -> dict[str, object]:
    return {
        "number": number, "title": "", "text": said, "decision": "route", "priority": "biasa", "priority_rank": 2,
        "model": "m", "prediction": {}, "posted_at": NOW, "last_posted_at": NOW, "created_at": NOW, "updated_at": NOW,
        "lot": 0,
    }  # fmt: skip
