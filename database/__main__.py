"""`python -m database`: care of the store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

import settings as configuration
from database import care
from database.engine import StoreError
from database.upgrade import newest_version, open_existing, upgrade_sql
from database.upgrade import upgrade as upgrade_store
from settings import ConfigurationError

NEEDS_A_PERSON, WRONG_USAGE = 1, 2

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)


@app.command()
def upgrade(dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the SQL, change nothing.")] = False) -> None:
    """Bring the store to this program's schema; a new store gets all of it. Every start does so too."""
    with refusing():
        if dry_run:
            print(upgrade_sql(_url()))
            return
        upgrade_store(_url())
        print(f"the store has schema {newest_version()}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A file that does not exist yet.")]) -> None:
    """Copy the store to FILE while it is in use. Back up `models/`, `training_data/labels/` and `.env` beside it.

    Example: `python -m database backup simak-2026-03-02.backup`
    """
    with refusing():
        open_existing(_url()).dispose()
        care.backup(_url(), file)
        print(f"{file}: {file.stat().st_size:,} bytes")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    into: Annotated[str | None, typer.Option(help="URL of an empty store; without it, the one that is set.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Then look whether all is well, as `check` does.")] = False,
) -> None:
    """Bring a backup into an empty store, and up to this program's schema.

    Example: `python -m database restore simak.backup --into sqlite:///restored.db --check`
    """
    with refusing():
        url = into or _url()
        care.restore(file, url)
        print("restored")
        if check:
            _report(url)


@app.command()
def check() -> None:
    """Whether the store is whole: its file, its references, and every ledger row against the posts it brought."""
    with refusing():
        _report(_url())


@app.command()
def purge(
    days: Annotated[int, typer.Option(min=1, max=36_500, help="Keep what is younger than so many days.")],
    labels: Annotated[bool, typer.Option("--labels", help="Forget the texts of labels too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
) -> None:
    """Forget words and authors of what was closed or filtered long ago; counts, verdicts and times stay.

    Example: `python -m database purge --days 365 --dry-run`
    """
    with refusing():
        now = datetime.now(UTC)
        engine = open_existing(_url())
        purged = care.purge(engine, now - timedelta(days=days), now, labels_too=labels, dry_run=dry_run)
        would = "would be forgotten" if dry_run else "forgotten"
        print(", ".join(f"{count} {name}" for name, count in asdict(purged).items()), would)


def _report(url: str) -> None:
    found = list(care.problems(open_existing(url)))
    print("\n".join(found) if found else "all is well: the store is whole and its ledger balances")
    if found:
        print(f"{len(found)} problems; restore a backup, or ask for help with these lines", file=sys.stderr)
        raise typer.Exit(NEEDS_A_PERSON)


def _url() -> str:
    return configuration.load()[0].database_url


@contextmanager
def refusing() -> Iterator[None]:
    """What cannot be done as asked ends in one line and exit code 2."""
    try:
        yield
    except (ConfigurationError, StoreError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(WRONG_USAGE) from None


if __name__ == "__main__":
    app()
