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

from sqlalchemy import Connection, bindparam, delete, select

from database.tables import accounts, sessions
from desk.accounts import Person, person_of

COOKIE = "simak_sesi"
LENGTH = timedelta(hours=12)
_NO_SECRET = ""  # of what were API tokens once, before they had a table of their own: no browser's


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
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": _hashed(token),
        "account_id": person.id,
        "csrf_token": secrets.token_hex(32),
        "created_at": now,
        "expires_at": now + LENGTH,
    }
    connection.execute(sessions.insert().values(row))
    return token


# Asked for every page: put together once.
_LOGGED_IN = (
    select(accounts, sessions.c.csrf_token)
    .join(sessions, sessions.c.account_id == accounts.c.id)
    .where(
        sessions.c.token_hash == bindparam("token"),
        sessions.c.expires_at > bindparam("now"),
        sessions.c.csrf_token != _NO_SECRET,
        accounts.c.disabled_at.is_(None),
    )
)


def session_of(connection: Connection, token: str, now: datetime) -> Session | None:
    """The session of a browser's cookie; None once it has ended."""
    row = connection.execute(_LOGGED_IN, {"token": _hashed(token), "now": now}).one_or_none()
    return Session(person_of(row), row.csrf_token) if row else None


def end_session(connection: Connection, token: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
