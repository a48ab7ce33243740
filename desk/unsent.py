"""Words that somebody is writing into the forms of a ticket and has not sent yet.

Kept for each person, ticket and form, as they are typed; back after a reload, a restart, or on another device. They
are gone when the form was sent, or when their writer throws them away; nobody else's act touches them, whatever
becomes of the ticket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select

from database.lock import one_at_a_time
from database.tables import tickets, unsent

# Of a form that was refused, these are kept; what stands in its other fields is chosen again with one key.
FREE_TEXT = frozenset({"keterangan", "syarat", "judul", "teks"})
_MOST_FIELDS, _LONGEST = 20, 10_000  # characters

Words = Mapping[str, str]  # field: text


@dataclass(frozen=True, slots=True)
class Unsent:
    """What one person has typed into one form of one ticket."""

    ticket_id: int
    number: str
    form: str
    words: Words
    saved_at: datetime


def keep_words(connection: Connection, account_id: int, ticket_id: int, form: str, typed: Words, now: datetime) -> None:
    """Keep what was typed, beside what the form's other fields hold already; an emptied field is forgotten."""
    one_at_a_time(connection, f"unsent {account_id}")
    mine = _of(account_id, ticket_id, form)
    before = connection.execute(select(unsent.c.words).where(*mine)).scalar() or {}
    written = [(name, text[:_LONGEST]) for name, text in {**before, **typed}.items() if text.strip()]
    words = dict(written[:_MOST_FIELDS])
    connection.execute(delete(unsent).where(*mine))
    if words:
        row = {"account_id": account_id, "ticket_id": ticket_id, "form": form, "words": words, "saved_at": now}
        connection.execute(unsent.insert().values(row))


def forget_words(connection: Connection, account_id: int, ticket_id: int, form: str = "") -> None:
    """Their writer wants none of them, or not those of one form."""
    which = [unsent.c.account_id == account_id, unsent.c.ticket_id == ticket_id]
    connection.execute(delete(unsent).where(*which, *([unsent.c.form == form] if form else [])))


# Asked for every page: put together once.
_OF_PERSON = (
    select(unsent, tickets.c.number)
    .join(tickets, tickets.c.id == unsent.c.ticket_id)
    .where(unsent.c.account_id == bindparam("person"))
    .order_by(unsent.c.saved_at.desc(), unsent.c.ticket_id, unsent.c.form)
)
_WRITTEN_ON = select(unsent.c.ticket_id).where(unsent.c.account_id == bindparam("person")).distinct()


def all_unsent(connection: Connection, account_id: int) -> list[Unsent]:
    """Everything that this person has not sent, the newest first."""
    rows = connection.execute(_OF_PERSON, {"person": account_id})
    return [Unsent(row.ticket_id, row.number, row.form, row.words, row.saved_at) for row in rows]


def unsent_on(connection: Connection, account_id: int, ticket_id: int) -> list[Unsent]:
    """What this person has not sent of this ticket, and of those that were merged into it, the newest first."""
    found = all_unsent(connection, account_id)
    homes = _homes(connection, {each.ticket_id for each in found})
    return [each for each in found if ticket_id in (each.ticket_id, homes[each.ticket_id])]


def tickets_with_unsent(connection: Connection, account_id: int) -> set[int]:
    """The tickets on which this person would find words of their own."""
    written = set(connection.execute(_WRITTEN_ON, {"person": account_id}).scalars())
    return written | set(_homes(connection, written).values())


def _homes(connection: Connection, ticket_ids: Iterable[int]) -> dict[int, int]:
    """Each ticket → the one that its number leads to now."""
    homes = {ticket_id: ticket_id for ticket_id in ticket_ids}
    while homes:
        query = select(tickets.c.id, tickets.c.merged_into).where(
            tickets.c.id.in_(set(homes.values())), tickets.c.merged_into.is_not(None)
        )
        leads = {row.id: int(row.merged_into) for row in connection.execute(query)}
        if not leads:
            break
        homes = {ticket_id: leads.get(home, home) for ticket_id, home in homes.items()}
    return homes


def _of(account_id: int, ticket_id: int, form: str) -> Sequence[ColumnElement[bool]]:
    return (unsent.c.account_id == account_id, unsent.c.ticket_id == ticket_id, unsent.c.form == form)
