"""Drafts in the store: opening them, drawing them again from their posts, merging, withdrawing.

Whoever changes one holds the lock "incidents" (`one_at_a_time`). No person is involved here; what people do is
`workflow`'s work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from city import City
from database.tables import posts, tickets
from tickets.crowds import CROWD, Pillars, pillars
from tickets.drafting import Draft, draft
from tickets.history import Entry, MachineAction, record_machine
from tickets.later import resume
from tickets.lots import BLIND, lot_of
from tickets.numbers import next_numbers
from tickets.read_post import PRIORITY_RANKS, ReadPost
from tickets.stored_posts import chunks, of_tickets

# What the history keeps of a draft's fields: nothing in a citizen's own words.
AUDITED = ("decision", "category", "opd", "queue", "priority", "kecamatan")
# What a reviewer looks at: when one of these changed since, a verdict is asked for again.
_WORDED = frozenset({"title", "text", "place"})
DECIDED_ON = _WORDED | set(AUDITED)


@dataclass(frozen=True, slots=True)
class Moved:
    """Why a ticket is drawn again, for its history."""

    action: MachineAction = "join"
    came: tuple[int, ...] = ()  # ids of posts


def open_drafts(connection: Connection, city: City, groups: Sequence[Collection[ReadPost]], now: datetime) -> list[int]:
    """One new draft a group of posts; returns their ids. The posts are not moved."""
    if not groups:
        return []
    drawn = [draft(group, city) for group in groups]
    numbers = next_numbers(connection, now.year, len(groups))
    fixed = {"status": "belum_terverifikasi", "created_at": now, "updated_at": now, "version": 1, "by_hand": False}
    rows = [
        {
            "number": number,
            "lot": lot_of(number),
            "blind": lot_of(number) in BLIND,
            "chosen": {},
            **fixed,
            **each.as_columns(),
        }
        for number, each in zip(numbers, drawn, strict=True)
    ]
    connection.execute(tickets.insert(), rows)
    ids = {
        row.number: row.id
        for chunk in chunks(numbers)
        for row in connection.execute(select(tickets.c.id, tickets.c.number).where(tickets.c.number.in_(chunk)))
    }
    entries = [
        Entry(ids[number], "draft", {}, _audited(each) | {"posts": sorted(post.id for post in group)}, model=each.model)
        for number, each, group in zip(numbers, drawn, groups, strict=True)
    ]
    record_machine(connection, entries, now)
    return [ids[number] for number in numbers]


def redraw(connection: Connection, city: City, why: Mapping[int, Moved], now: datetime) -> None:
    """Draw the tickets that are still drafts again from their posts; of those decided on, only the count of posts."""
    if not why:
        return
    rows = rows_of(connection, why.keys())
    told = _told(connection, rows)
    changed: list[dict[str, Any]] = []
    entries: list[Entry] = []
    for row in rows:
        moved, standing = why[row["id"]], told[row["id"]]
        after = _drawn(row, standing, city) if standing.posts else {}
        change = {name: value for name, value in after.items() if row[name] != value}
        # How many posts stand there, too: a draft that a post left has changed, and its history says so.
        audited = {name: value for name, value in change.items() if name in AUDITED or name == "post_count"}
        before = {name: row[name] for name in audited}
        worded = sorted(change.keys() & _WORDED)
        listed = {name: found for name, found in (("came", list(moved.came)), ("redrawn", worded)) if found}
        if audited or listed:
            entries.append(Entry(row["id"], moved.action, before, audited | listed))
        if change:
            grown = bool(change.keys() & DECIDED_ON)
            changed.append({**row, **change, "updated_at": now, "version": row["version"] + grown})
    write_back(connection, changed)
    record_machine(connection, entries, now)
    # What somebody waited for may just have come.
    resume(connection, [row["id"] for row in rows if row["later"] and why[row["id"]].came], now)


def _told(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[int, Pillars]:
    """What each ticket is drawn from: all its posts, or of a crowd those that tell."""
    crowds = {row["id"] for row in rows if row["post_count"] > CROWD}
    whole = of_tickets(connection, {row["id"] for row in rows} - crowds)
    found = {ticket_id: Pillars(theirs, len(theirs)) for ticket_id, theirs in whole.items()}
    return found | {ticket_id: pillars(connection, ticket_id) for ticket_id in crowds}


def _drawn(row: Mapping[str, Any], told: Pillars, city: City) -> dict[str, object]:
    drawn = replace(draft(told.posts, city, row["chosen"]), post_count=told.count)
    if row["status"] == "belum_terverifikasi":
        return drawn.as_columns()
    return {"posted_at": drawn.posted_at, "last_posted_at": drawn.last_posted_at, "post_count": drawn.post_count}


def merge(
    connection: Connection, merged: Mapping[int, int], claims: Mapping[int, int], now: datetime
) -> dict[int, list[int]]:
    """Let each ticket of `merged` point on to its value, which takes its posts; returns {home: posts that came}.

    `claims` names, for a ticket that its posts have left, the one by which it is known.
    """
    came: dict[int, list[int]] = {home: [] for home in merged.values()}
    if not merged:
        return came
    theirs = {ticket_id: [claims[ticket_id]] if ticket_id in claims else [] for ticket_id in merged}
    for row in connection.execute(select(posts.c.id, posts.c.ticket_id).where(posts.c.ticket_id.in_(merged))):
        theirs[row.ticket_id].append(row.id)
        came[merged[row.ticket_id]].append(row.id)
    for ticket_id, home in merged.items():
        connection.execute(update(posts).where(posts.c.ticket_id == ticket_id).values(ticket_id=home))
        pointing = {"merged_into": home, "repeated": 0, "updated_at": now, "version": tickets.c.version + 1}
        connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(pointing))
    _keep_choices(connection, merged)
    entries = [
        Entry(ticket_id, "merge", {"merged_into": None, "posts": sorted(theirs[ticket_id])}, {"merged_into": home})
        for ticket_id, home in merged.items()
    ]
    record_machine(connection, entries, now)
    return came


def _keep_choices(connection: Connection, merged: Mapping[int, int]) -> None:
    """What a person chose on a draft goes with it, unless the other has a choice of its own."""
    rows = {row["id"]: row for row in rows_of(connection, {*merged, *merged.values()})}
    for ticket_id, home in merged.items():
        taken, kept = rows[ticket_id], rows[home]
        if taken["chosen"] or taken["by_hand"]:
            kept["chosen"] = {**taken["chosen"], **kept["chosen"], **_urgency(taken, kept)}
            kept["by_hand"] = kept["by_hand"] or taken["by_hand"]
            choices = {"chosen": kept["chosen"], "by_hand": kept["by_hand"]}
            connection.execute(update(tickets).where(tickets.c.id == home).values(choices))


def _urgency(taken: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Of two drafts that became one the more urgent counts, if a person said something of either."""
    said = [row["chosen"] for row in (taken, kept) if "priority" in row["chosen"]]
    if not said:
        return {}
    most = min(taken["priority"], kept["priority"], key=PRIORITY_RANKS.__getitem__)
    return {"priority": most, "priority_to": max(each["priority_to"] for each in said)}


def withdraw(connection: Connection, ticket_ids: Collection[int], now: datetime) -> None:
    """Drafts whose last post left them: counted nowhere, and without that post's words."""
    emptied: dict[str, Any] = {
        "title": "(ditarik)",
        "text": "",
        "place": None,
        "prediction": {},
        "post_count": 0,
        "repeated": 0,
    }
    for ticket_id in ticket_ids:
        change = {"withdrawn_at": now, "updated_at": now, "version": tickets.c.version + 1, **emptied}
        connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(change))
    record_machine(connection, [Entry(ticket_id, "withdraw", {}, {"withdrawn": True}) for ticket_id in ticket_ids], now)


def rows_of(connection: Connection, ticket_ids: Collection[int]) -> list[dict[str, Any]]:
    """The rows of `tickets`, as dictionaries, oldest first."""
    rows: list[dict[str, Any]] = []
    for chunk in chunks(sorted(ticket_ids)):
        query = select(tickets).where(tickets.c.id.in_(chunk)).order_by(tickets.c.id)
        rows += [dict(row) for row in connection.execute(query).mappings()]
    return rows


_WRITTEN_BACK = ("updated_at", "version", *(name for name in Draft.__dataclass_fields__))
_REDRAW = (
    update(tickets)
    .where(tickets.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _WRITTEN_BACK})
)


def write_back(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the drawn columns of `rows`, with one statement."""
    if rows:
        connection.execute(
            _REDRAW, [{"of_id": row["id"]} | {f"new_{name}": row[name] for name in _WRITTEN_BACK} for row in rows]
        )


def _audited(drawn: Draft) -> dict[str, object]:
    return {name: getattr(drawn, name) for name in AUDITED}
