"""What is open when the city changes goes to whoever takes over, the same day; what is done keeps the code it had.

Each ticket that moves says so in its history, as an act of Simak's. Reports of a period before the change look there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from city import City
from city.changes import forward
from database.engine import writing
from database.lock import one_at_a_time
from database.tables import audit, tickets
from tickets.drafts import Moved, redraw, rows_of
from tickets.history import Entry, record_machine
from tickets.moves import DRAFT
from tickets.stored_posts import chunks
from tickets.successors import CODED

_SAYING = ("accept", "correct", "reopen", "undo", "take_over")  # what gives an accepted ticket its codes, or keeps them


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many accepted tickets moved, and the numbers of those for which a person must choose."""

    moved: int = 0
    undecided: tuple[str, ...] = ()

    @property
    def problem(self) -> str | None:
        """What a person must do, if anything."""
        if not self.undecided:
            return None
        numbers = ", ".join(self.undecided[:10]) + (" …" if len(self.undecided) > 10 else "")
        return f"{len(self.undecided)} accepted tickets have an OPD that ended, and changes.csv leaves open who took " \
               f"over; choose at the desk: {numbers}"  # fmt: skip


def take_over(engine: Engine, city: City, now: datetime, zone: tzinfo) -> TakenOver:
    """Bring every open ticket to the codes of `city`, which is that of today. Costs nothing where nothing changed."""
    if not city.changes:
        return TakenOver()
    with writing(engine) as connection:
        one_at_a_time(connection, "incidents")
        rows = _open(connection, city)
        drafts = [row["id"] for row in rows if row["status"] == DRAFT]
        redraw(connection, city, dict.fromkeys(drafts, Moved("take_over")), now)
        return _take_over_accepted(connection, city, [row for row in rows if row["status"] != DRAFT], now, zone)


def _open(connection: Connection, city: City) -> list[dict[str, Any]]:
    """The open tickets with a code that a change is about."""
    codes = {change.code for change in city.changes if not change.is_rename}
    named = tickets.c.category.in_(codes) | tickets.c.opd.in_(codes) | tickets.c.queue.in_(codes)
    alive = (tickets.c.merged_into.is_(None), tickets.c.withdrawn_at.is_(None))
    query = select(tickets.c.id).where(tickets.c.status.in_((DRAFT, "dalam_proses")), named, *alive)
    return rows_of(connection, list(connection.execute(query).scalars()))


def _take_over_accepted(
    connection: Connection, city: City, rows: Sequence[Mapping[str, Any]], now: datetime, zone: tzinfo
) -> TakenOver:
    entries: list[Entry] = []
    undecided: list[str] = []
    said = _last_said(connection, [row["id"] for row in rows])
    for row in rows:
        after = _codes_today(city, row, said.get(row["id"], row["created_at"]).astimezone(zone).date())
        if after["opd"] not in city.opds:
            undecided.append(row["number"])
            continue
        changed = {name: code for name, code in after.items() if code != row[name]}
        if changed:
            grown = {**changed, "updated_at": now, "version": tickets.c.version + 1}
            connection.execute(update(tickets).where(tickets.c.id == row["id"]).values(grown))
            entries.append(Entry(row["id"], "take_over", {name: row[name] for name in changed}, changed))
    record_machine(connection, entries, now)
    return TakenOver(len(entries), tuple(undecided))


def _last_said(connection: Connection, ticket_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these accepted tickets was last given its codes, by a person or a change."""
    last = select(audit.c.ticket_id, func.max(audit.c.at).label("at")).where(audit.c.action.in_(_SAYING))
    return {
        row.ticket_id: row.at
        for chunk in chunks(ticket_ids)
        for row in connection.execute(last.where(audit.c.ticket_id.in_(chunk)).group_by(audit.c.ticket_id))
    }


def _codes_today(city: City, row: Mapping[str, Any], said: date) -> dict[str, str | None]:
    """What an accepted ticket's codes are today, which were right on the day on which they were said."""

    def heir(code: str | None, categories: Sequence[str] = ()) -> str | None:
        if code is None:
            return None
        return forward(city, code, categories=categories, kecamatan=row["kecamatan"], after=said)

    category = heir(row["category"])
    known = [one for one in (row["category"], category) if one]
    return {"category": category or row["category"]} | {name: heir(row[name], known) for name in CODED[1:]}
