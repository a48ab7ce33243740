"""Tokens with which programs act for an account, with its role: as long as it is not disabled, and the token has not
ended. A token is shown once; the store keeps its hash, which opens nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from database.lock import one_at_a_time
from database.tables import accounts, api_tokens
from desk.accounts import Person, person_of
from desk.errors import AccountError

BEGINNING = "simak_"  # by which a token is known where it should not be: in a log, in a repository
LONGEST_NAME = 80
_USED_OFTEN = timedelta(minutes=1)  # its last use is not written down again


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of a token; never the token itself."""

    id: int
    account: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def opens(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token was shown, and whether its use is worth writing down."""

    token_id: int
    person: Person
    seldom_used: bool


def make_token(
    connection: Connection, person: Person, name: str, now: datetime, expires_at: datetime | None = None
) -> str:
    """A new token, to be shown once. Raises AccountError for a name that is missing, too long, or in use."""
    one_at_a_time(connection, f"tokens {person.id}")
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise AccountError(f"{name!r} is no name of a token; say in at most {LONGEST_NAME} characters what uses it")
    if any(each.name == tidy and each.opens(now) for each in tokens_of(connection, person.id)):
        raise AccountError(f"{person.name} has a token named {tidy!r}; choose another name, or revoke that one first")
    token = BEGINNING + secrets.token_urlsafe(32)
    row = {
        "account_id": person.id,
        "name": tidy,
        "token_hash": _hashed(token),
        "created_at": now,
        "expires_at": expires_at,
    }
    connection.execute(api_tokens.insert().values(row))
    return token


def tokens_of(connection: Connection, account_id: int | None = None) -> list[ApiToken]:
    """Of one account, or of all; the newest first, those that have ended too."""
    query = select(api_tokens, accounts.c.name.label("account")).join(
        accounts, accounts.c.id == api_tokens.c.account_id
    )
    if account_id is not None:
        query = query.where(api_tokens.c.account_id == account_id)
    return [_token(row) for row in connection.execute(query.order_by(api_tokens.c.id.desc()))]


def revoke_token(connection: Connection, token_id: int, now: datetime, *, account_id: int | None = None) -> bool:
    """End a token for good; says whether there was one, of that account if one is given."""
    which = [api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None)]
    if account_id is not None:
        which.append(api_tokens.c.account_id == account_id)
    return connection.execute(update(api_tokens).where(*which).values(revoked_at=now)).rowcount > 0


def caller_of(connection: Connection, token: str, now: datetime) -> Caller | None:
    """Who calls with this token; None when it opens nothing, or its account is disabled."""
    query = (
        select(accounts, api_tokens.c.id.label("token_id"), api_tokens.c.last_used_at)
        .join(api_tokens, api_tokens.c.account_id == accounts.c.id)
        .where(
            api_tokens.c.token_hash == _hashed(token),
            api_tokens.c.revoked_at.is_(None),
            or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at > now),
            accounts.c.disabled_at.is_(None),
        )
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    seldom = row.last_used_at is None or row.last_used_at <= now - _USED_OFTEN
    return Caller(row.token_id, person_of(row), seldom)


def note_use(connection: Connection, token_id: int, now: datetime) -> None:
    connection.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(last_used_at=now))


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        id=row.id,
        account=row.account,
        name=row.name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
