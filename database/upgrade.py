"""Bringing the schema up to date, and refusing to work on one that is not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from database.engine import SchemaMismatch, StoreError, open_store

if TYPE_CHECKING:  # Alembic takes a tenth of a second, and is needed only when there is something to upgrade
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Bring the store at `url` to the newest schema; a new store gets all of it. Raises StoreError."""
    engine = open_store(url)
    try:
        if schema_version(engine) != newest_version():
            from alembic import command

            _refuse_newer(engine)
            command.upgrade(_configuration(url), "head")
    except DBAPIError as error:
        raise StoreError(f"the store cannot be prepared: {error.orig}") from error
    finally:
        engine.dispose()


def upgrade_sql(url: str) -> str:
    """The SQL that `upgrade` would run from the store's present schema on."""
    from alembic import command

    engine = open_store(url)
    try:
        begin = schema_version(engine)
    finally:
        engine.dispose()
    output = io.StringIO()
    configuration = _configuration(url)
    configuration.output_buffer = output
    command.upgrade(configuration, f"{begin or 'base'}:head", sql=True)
    return output.getvalue()


def require_schema(engine: Engine) -> None:
    """Raises SchemaMismatch, saying what to do, unless the store has exactly the schema of this code."""
    found = schema_version(engine)
    if found != newest_version():
        _refuse_newer(engine)
        raise SchemaMismatch(f"the store has schema {found or 'none'}; run `python -m database upgrade` first")


def open_existing(url: str) -> Engine:
    """The store at `url`, which must be there and have exactly the schema of this code. Raises StoreError."""
    engine = open_store(url)
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name not in (None, "", ":memory:") and not Path(str(name)).exists():
        raise StoreError(f"{name} is not there; run `python -m database upgrade`, or set SIMAK_DATABASE_URL")
    require_schema(engine)
    return engine


def schema_version(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        raise StoreError(f"the store cannot be opened: {error.orig}") from error


def newest_version() -> str:
    """The schema of this code: migrations are numbered, one after the other."""
    return _versions()[-1]


def _refuse_newer(engine: Engine) -> None:
    found = schema_version(engine)
    if found is not None and found not in _versions():
        raise SchemaMismatch(f"the store has schema {found}, which is newer than this program; update the program")


def _versions() -> list[str]:
    return sorted(file.name.split("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _configuration(url: str) -> Config:
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.attributes["url"] = url
    return configuration
