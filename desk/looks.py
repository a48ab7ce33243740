"""Who has which ticket open, and how it was when they last saw it.

A soft claim: it keeps nobody out, it tells. Whoever opened a ticket first has it in hand until they move on, until
somebody takes it over, or until their browser has given no sign of life for LIFE. One person has one ticket open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from database.lock import one_at_a_time
from database.tables import accounts, looks, tickets
from tickets.moves import MAY_UNDO

LIFE = timedelta(minutes=3)
OFTEN = timedelta(seconds=20)  # a look that is younger is not written down again


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as somebody saw it: its version, and the newest line of its history."""

    ticket_id: int
    version: int
    line: int


@dataclass(frozen=True, slots=True)
class Look:
    """What one person saw of one ticket last; `opened_at` is empty once they moved on."""

    seen: Seen
    at: datetime
    opened_at: datetime | None
    taken_at: datetime | None

    def open_at(self, now: datetime) -> bool:
        return self.opened_at is not None and self.at > now - LIFE

    def is_news(self, seen: Seen, now: datetime) -> bool:
        """Whether opening the ticket now, as `seen`, is worth writing down."""
        return self.seen != seen or not self.open_at(now) or self.at <= now - OFTEN


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has a ticket open now and may decide on it."""

    account_id: int
    name: str
    since: datetime
    taken_at: datetime | None

    @property
    def order(self) -> tuple[bool, float, int]:
        """Who took it over last comes before everyone, then who opened it first."""
        moment = -self.taken_at.timestamp() if self.taken_at else self.since.timestamp()
        return (self.taken_at is None, moment, self.account_id)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A ticket that this person had open when somebody took it over."""

    number: str
    by: str
    at: datetime


# ── Writing down ──────────────────────────────────────────────────────────────────────────────────────────────────


def note_look(connection: Connection, account_id: int, seen: Seen, now: datetime, *, take: bool = False) -> None:
    """This person has the ticket open, and no other. `take`: from whoever had it in hand until now."""
    one_at_a_time(connection, f"looks {account_id}")
    last = looks_of(connection, account_id, [seen.ticket_id]).get(seen.ticket_id)
    still = last is not None and last.open_at(now)
    row = {
        "account_id": account_id,
        "ticket_id": seen.ticket_id,
        "version": seen.version,
        "line": seen.line,
        "at": now,
        "opened_at": last.opened_at if last and still else now,
        "taken_at": now if take else last.taken_at if last and still else None,
    }
    mine = looks.c.account_id == account_id
    if last:
        connection.execute(update(looks).where(mine, looks.c.ticket_id == seen.ticket_id).values(row))
    else:
        connection.execute(looks.insert().values(row))
    connection.execute(_closed(mine, looks.c.ticket_id != seen.ticket_id))


def leave(connection: Connection, account_id: int, ticket_id: int | None = None) -> None:
    """This person no longer has that ticket open, or any."""
    which = [] if ticket_id is None else [looks.c.ticket_id == ticket_id]
    connection.execute(_closed(looks.c.account_id == account_id, *which))


def _closed(*which: Any) -> Any:
    return update(looks).where(*which, looks.c.opened_at.is_not(None)).values(opened_at=None, taken_at=None)


# ── Asking ────────────────────────────────────────────────────────────────────────────────────────────────────────


# Asked for every page: put together once.
_OF_PERSON = select(looks).where(
    looks.c.account_id == bindparam("person"), looks.c.ticket_id.in_(bindparam("ids", expanding=True))
)
_PRESENT = (
    select(looks.c.ticket_id, looks.c.account_id, accounts.c.name, looks.c.opened_at, looks.c.taken_at)
    .join(accounts, accounts.c.id == looks.c.account_id)
    .where(
        looks.c.ticket_id.in_(bindparam("ids", expanding=True)),
        looks.c.at > bindparam("alive"),
        looks.c.opened_at.is_not(None),
        accounts.c.role.in_(MAY_UNDO),
        accounts.c.disabled_at.is_(None),
    )
)
_mine, _other = looks.alias("mine"), looks.alias("other")
_TAKEN_OVER = (
    select(tickets.c.number, accounts.c.name, _other.c.taken_at)
    .select_from(_mine)
    .join(_other, and_(_other.c.ticket_id == _mine.c.ticket_id, _other.c.account_id != _mine.c.account_id))
    .join(accounts, accounts.c.id == _other.c.account_id)
    .join(tickets, tickets.c.id == _mine.c.ticket_id)
    .where(
        _mine.c.account_id == bindparam("person"),
        _mine.c.opened_at.is_not(None),
        _mine.c.ticket_id != bindparam("opening"),
        _other.c.taken_at > _mine.c.opened_at,
        _other.c.at > bindparam("alive"),
    )
)


def looks_of(connection: Connection, account_id: int, ticket_ids: Collection[int]) -> dict[int, Look]:
    """What this person saw last of each of these tickets, if anything."""
    rows = connection.execute(_OF_PERSON, {"person": account_id, "ids": [*ticket_ids]})
    return {row.ticket_id: _look(row) for row in rows}


def present(connection: Connection, ticket_ids: Collection[int], now: datetime) -> Mapping[int, Sequence[Present]]:
    """Who has each of these tickets open now, whoever has it in hand first. Only those who may decide."""
    found: dict[int, list[Present]] = defaultdict(list)
    asked = {"ids": [*ticket_ids], "alive": now - LIFE}
    for ticket_id, account_id, name, since, taken_at in connection.execute(_PRESENT, asked):
        found[ticket_id].append(Present(account_id, name, since, taken_at))
    return {ticket_id: sorted(people, key=lambda each: each.order) for ticket_id, people in found.items()}


def taken_over(connection: Connection, account_id: int, ticket_id: int | None, now: datetime) -> list[TakenOver]:
    """What others took over of what this person has open still, but for the ticket that they are opening now."""
    asked = {"person": account_id, "opening": ticket_id or 0, "alive": now - LIFE}
    return [TakenOver(*row) for row in connection.execute(_TAKEN_OVER, asked)]


def _look(row: Row[Any]) -> Look:
    return Look(Seen(row.ticket_id, row.version, row.line), row.at, row.opened_at, row.taken_at)
