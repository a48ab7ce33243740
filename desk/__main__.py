"""The review desk from a shell: serve it, and look after its accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

import settings as configuration
from city import CityError, load_city
from city.watchlist import WatchlistError
from database.engine import StoreError, open_store, writing
from database.upgrade import upgrade
from desk.accounts import ROLES, add_account, change_password, person_named
from desk.errors import AccountError
from desk.sessions import begin_api_session
from settings import ConfigurationError

WRONG_USAGE = 2

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)

Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for if left out.")
]


@app.command()
def serve() -> None:
    """Serve the review desk at SIMAK_DESK_ADDRESS until stopped."""
    from desk.serving import serve_here

    with _refusing():
        chosen, _ = configuration.load()
        upgrade(chosen.database_url)
        serve_here(open_store(chosen.database_url), chosen)


@app.command()
def adduser(
    name: Annotated[str, typer.Argument(help="Small letters and digits.")],
    password: Password,
    role: Annotated[str, typer.Option(help=" · ".join(ROLES))] = "city_admin",
    opd: Annotated[str | None, typer.Option(help="Code of an opd_admin's department.")] = None,
) -> None:
    """Make an account."""
    with _refusing():
        chosen, _ = configuration.load()
        city = load_city(chosen.city)
        upgrade(chosen.database_url)
        with writing(open_store(chosen.database_url)) as connection:
            person = add_account(connection, name, password, role, opd, datetime.now(UTC), opds=city.opds)
        print(f"{person.name} may now log in as {person.role}{f' of {person.opd}' if person.opd else ''}")


@app.command()
def passwd(name: Annotated[str, typer.Argument()], password: Password) -> None:
    """Set a new password; whoever is logged in under that name is logged out."""
    with _refusing():
        chosen, _ = configuration.load()
        upgrade(chosen.database_url)
        with writing(open_store(chosen.database_url)) as connection:
            change_password(connection, name, password)
        print(f"{name} has a new password")


@app.command()
def token(
    name: Annotated[str, typer.Argument(help="The account that the program acts for, with its role.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good for.")] = 365,
) -> None:
    """Make an API token for an account; printed once. A new password ends it, as it ends every session."""
    with _refusing():
        chosen, _ = configuration.load()
        upgrade(chosen.database_url)
        with writing(open_store(chosen.database_url)) as connection:
            person = person_named(connection, name)
            made = begin_api_session(connection, person, datetime.now(UTC), timedelta(days=days))
        print(made)


@contextmanager
def _refusing() -> Iterator[None]:
    """Wrong usage or configuration ends in one line and exit code 2."""
    try:
        yield
    except (ConfigurationError, StoreError, CityError, WatchlistError, AccountError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(WRONG_USAGE) from None


if __name__ == "__main__":
    app(prog_name="python -m desk")
