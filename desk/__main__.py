"""The review desk from a shell: serve it, and look after its accounts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import Connection, Engine

import settings as configuration
from city import CityError, load_city
from city.watchlist import WatchlistError
from database.engine import StoreError, open_store, writing
from database.kind import kind_of
from database.upgrade import upgrade
from desk.accounts import ROLES, add_account, change_password, person_named
from desk.api_tokens import ApiToken, make_token, revoke_token, tokens_of
from desk.errors import AccountError
from settings import ConfigurationError, Settings
from tickets.answering import Sender
from tickets.ledger import moment

WRONG_USAGE = 2

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)
tokens = typer.Typer(no_args_is_help=True, help="API tokens, with which programs act for an account.")
app.add_typer(tokens, name="token")

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
        engine = open_store(chosen.database_url)
        serve_here(engine, chosen, _voice(engine, chosen))


def _voice(engine: Engine, chosen: Settings) -> Sender | None:
    """What posts replies as the city's account; None while no token is set, and for what is invented."""
    if chosen.x_user_token is None or kind_of(engine) == "demo":
        return None
    from listener.sources.x.voice import Voice

    return Voice(chosen.x_user_token.get_secret_value(), chosen.x_api_url)


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
    """Set a new password; whoever is logged in under that name is logged out, and its API tokens end."""
    with _refusing():
        chosen, _ = configuration.load()
        upgrade(chosen.database_url)
        with writing(open_store(chosen.database_url)) as connection:
            change_password(connection, name, password, datetime.now(UTC))
        print(f"{name} has a new password")


@tokens.command("add")
def add_token(
    account: Annotated[str, typer.Argument(help="The account that the program acts for, with its role.")],
    name: Annotated[str, typer.Argument(help="What uses the token.")],
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="How long it is good for; for ever if left out.")
    ] = None,
) -> None:
    """Make an API token for an account; printed once. A new password ends it, as it ends every session."""
    with _store() as connection:
        now = datetime.now(UTC)
        expires_at = now + timedelta(days=days) if days else None
        made = make_token(connection, person_named(connection, account), name, now, expires_at)
    print(made)


@tokens.command("list")
def list_tokens(
    account: Annotated[str | None, typer.Argument(help="Only this account's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """The tokens there are, newest first; never the tokens themselves."""
    with _store() as connection:
        now = datetime.now(UTC)
        found = tokens_of(connection, person_named(connection, account).id if account else None)
    for each in found:
        told = {**asdict(each), "opens": each.opens(now)}
        print(json.dumps(told, default=moment) if as_json else _in_words(each, now))


def _in_words(token: ApiToken, now: datetime) -> str:
    ends = (
        "revoked" if token.revoked_at else "for ever" if token.expires_at is None else f"to {moment(token.expires_at)}"
    )
    used = f"last used {moment(token.last_used_at)}" if token.last_used_at else "never used"
    return f"{token.id}  {token.account}  {token.name}  {ends if token.opens(now) else f'ended ({ends})'}  {used}"


@tokens.command("revoke")
def revoke(number: Annotated[int, typer.Argument(help="As `token list` shows it first.")]) -> None:
    """End a token for good."""
    with _store() as connection:
        if not revoke_token(connection, number, datetime.now(UTC)):
            raise AccountError(f"there is no token {number} that still opens; `token list` shows them")
    print(f"token {number} opens nothing any more")


@contextmanager
def _store() -> Iterator[Connection]:
    """One transaction in the store that the settings name."""
    with _refusing():
        chosen, _ = configuration.load()
        upgrade(chosen.database_url)
        with writing(open_store(chosen.database_url)) as connection:
            yield connection


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
