"""Who is logged in. The browser holds a random token, the store only its hash, with which nobody can log in.

A session ends after a working day, with a logout, or with a new password. Each form carries a token of its own, made
from a secret of the session, so that no other site can send it.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, select

from database.tables import accounts, sessions
from desk.accounts import Person, person_of

COOKIE = "simak_sesi"
LENGTH = timedelta(hours=12)
_API = ""  # the secret of a session that no form can belong to: an API token


@dataclass(frozen=True, slots=True)
class Session:
    person: Person
    secret: str

    def form_token(self, path: str) -> str:
        """What the form that is sent to `path` must carry."""
        return hmac.new(self.secret.encode(), path.encode(), sha256).hexdigest()

    def owns(self, path: str, token: str) -> bool:
        return hmac.compare_digest(self.form_token(path), token)


def begin_session(connection: Connection, person: Person, now: datetime) -> str:
    """Log a person in; returns the token for the browser. Sessions that ended are swept away."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    return _begin(connection, person, now, LENGTH, secrets.token_hex(32))


def begin_api_session(connection: Connection, person: Person, now: datetime, length: timedelta) -> str:
    """A token for a program: it opens the API, and no page."""
    return _begin(connection, person, now, length, _API)


def session_of(connection: Connection, token: str, now: datetime) -> Session | None:
    """The session of a browser's cookie; None once it has ended."""
    found = _find(connection, token, now)
    return found if found and found.secret != _API else None


def api_person(connection: Connection, token: str, now: datetime) -> Person | None:
    """Whose API token this is; a browser's cookie is none."""
    found = _find(connection, token, now)
    return found.person if found and found.secret == _API else None


def end_session(connection: Connection, token: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))


def _begin(connection: Connection, person: Person, now: datetime, length: timedelta, secret: str) -> str:
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": _hashed(token),
        "account_id": person.id,
        "csrf_token": secret,
        "created_at": now,
        "expires_at": now + length,
    }
    connection.execute(sessions.insert().values(row))
    return token


def _find(connection: Connection, token: str, now: datetime) -> Session | None:
    query = (
        select(accounts, sessions.c.csrf_token)
        .join(sessions, sessions.c.account_id == accounts.c.id)
        .where(sessions.c.token_hash == _hashed(token), sessions.c.expires_at > now, accounts.c.disabled_at.is_(None))
    )
    row = connection.execute(query).one_or_none()
    return Session(person_of(row), row.csrf_token) if row else None


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
