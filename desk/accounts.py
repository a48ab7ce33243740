"""Who may work at the desk: names, roles and passwords. A password is kept only as its Argon2 hash."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, Row, delete, select, update

from database.engine import writing
from database.tables import accounts, api_tokens, sessions
from desk.errors import AccountError
from tickets.moves import Role
from tickets.steps import Actor

ROLES: tuple[Role, ...] = get_args(Role)
SHORTEST_PASSWORD = 10
FIRST_NAME = "admin"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_HASHER = PasswordHasher()
# Verified against when nobody has the name given, so that both answers take as long.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account. `opd`: the code of an opd_admin's own office, None for everyone else."""

    id: int
    name: str
    role: Role
    opd: str | None

    @property
    def sees_authors(self) -> bool:
        """Who wrote a post, and the way to them, is for those who answer citizens."""
        return self.role == "city_admin"

    def acting(self, origin: str) -> Actor:
        return Actor(self.name, self.role, self.opd, origin)


def add_account(
    connection: Connection,
    name: str,
    password: str,
    role: str,
    opd: str | None,
    now: datetime,
    *,
    opds: Collection[str],
) -> Person:
    """`opds`: the codes that `opd` may be. Raises AccountError."""
    known = next((each for each in ROLES if each == role), None)
    if not _NAME.fullmatch(name):
        raise AccountError(f"{name!r} is no account name; use 2 to 40 small letters, digits, and . _ - inside")
    if known is None:
        raise AccountError(f"{role!r} is no role; the roles are {', '.join(ROLES)}")
    if (known == "opd_admin") != (opd is not None) or (opd is not None and opd not in opds):
        raise AccountError(f"opd {opd!r} does not go with {role}; an opd_admin has one code of the city's departments")
    if connection.execute(select(accounts.c.id).where(accounts.c.name == name)).scalar() is not None:
        raise AccountError(f"{name!r} has an account; choose another name, or change the password with passwd")
    row = {"name": name, "role": known, "opd": opd, "password_hash": _hashed(password), "created_at": now}
    account_id = connection.execute(accounts.insert().values(row).returning(accounts.c.id)).scalar_one()
    return Person(account_id, name, known, opd)


def change_password(connection: Connection, name: str, password: str, now: datetime) -> None:
    """Whoever is logged in under this name is logged out, and its API tokens end. Raises AccountError."""
    account_id = connection.execute(select(accounts.c.id).where(accounts.c.name == name)).scalar()
    if account_id is None:
        raise AccountError(f"nobody has the name {name!r}; `adduser` makes an account")
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(password_hash=_hashed(password)))
    connection.execute(delete(sessions).where(sessions.c.account_id == account_id))
    theirs = (api_tokens.c.account_id == account_id, api_tokens.c.revoked_at.is_(None))
    connection.execute(update(api_tokens).where(*theirs).values(revoked_at=now))


def person_with(connection: Connection, name: str, password: str) -> Person | None:
    """Whose name and password these are; None when they are nobody's."""
    query = select(accounts).where(accounts.c.name == name, accounts.c.disabled_at.is_(None))
    row = connection.execute(query).one_or_none()
    try:
        _HASHER.verify(row.password_hash if row else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return person_of(row) if row else None


def person_named(connection: Connection, name: str) -> Person:
    """Raises AccountError when nobody, or nobody any more, has this name."""
    query = select(accounts).where(accounts.c.name == name, accounts.c.disabled_at.is_(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise AccountError(f"nobody has the name {name!r}; `adduser` makes an account")
    return person_of(row)


def person_of(row: Row[tuple[object, ...]]) -> Person:
    """The person of a row of `accounts`."""
    return Person(row.id, row.name, row.role, row.opd)


def make_first_account(engine: Engine, now: datetime) -> str | None:
    """On a store without accounts: make the first city admin, and return the password, which is shown once."""
    with writing(engine) as connection:
        if connection.execute(select(accounts.c.id).limit(1)).scalar() is not None:
            return None
        password = secrets.token_urlsafe(12)
        add_account(connection, FIRST_NAME, password, "city_admin", None, now, opds=())
        return password


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"the password has {len(password)} characters; use at least {SHORTEST_PASSWORD}")
    return _HASHER.hash(password)
