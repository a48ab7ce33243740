"""What was decided, in words: a person's last decisions, each with what undoing brings back, and a ticket's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from city import City
from desk.bulk_words import brings_back
from desk.consequences import follows
from desk.names import called, category_name, owner_name
from desk.reply_words import Said, said, settled
from desk.texts import N_, Words
from desk.times import how_long
from desk.visits import Visit
from desk.wording import ACTIONS, DONE, FIELDS, LATER, PRIORITIES, REJECTIONS, STATUSES, who_did
from tickets.batches import BatchView, standing
from tickets.blind import unproposed_line
from tickets.history import MACHINE
from tickets.queue import history
from tickets.replies import replies_of
from tickets.trail import ALL, Wanted
from tickets.undoing import Act, undoable

_TOLD = (
    "status", "opd", "category", "title", "rejection", "condition", "reason", "priority", "kecamatan", "later", "tag",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One of the person's own last decisions: on one ticket (`audit_id`), or on many (`batch_id`)."""

    audit_id: int | None
    batch_id: int | None
    name: str
    action: str
    did: str
    at: datetime
    ago: str
    brings_back: str
    has_answer: bool = False  # it can be told to those who wrote
    follows: str = ""  # what changed with it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ticket's history."""

    id: int
    at: datetime
    who: str
    by_machine: bool
    did: str
    short: str  # who did what, in a few words
    changes: Sequence[tuple[str, str, str]]  # what, before, after
    reason: str | None
    model: str | None
    said: Said | None = None  # the reply that it tells of


@dataclass(frozen=True, slots=True)
class Seen:
    """How far one has gone down one's decisions: the last one on one ticket, and the last one on many."""

    audit_id: int | None = None
    batch_id: int | None = None

    def past(self, decisions: Sequence[Decision]) -> Seen:
        """The same after `decisions`, newest first."""
        singles = [made.audit_id for made in decisions if made.audit_id]
        many = [made.batch_id for made in decisions if made.batch_id]
        return Seen(singles[-1] if singles else self.audit_id, many[-1] if many else self.batch_id)


FROM_THE_TOP = Seen()


def last_decisions(
    connection: Connection, visit: Visit, limit: int, wanted: Wanted = ALL, seen: Seen = FROM_THE_TOP
) -> list[Decision]:
    """What this person decided and can take back, newest first; an act on many tickets is one of them."""
    words, now, by = visit.words, visit.now, visit.actor
    single = [_of_one(act, visit) for act in undoable(connection, by, limit, wanted, seen.audit_id)]
    many = [_of_many(batch, words, now) for batch in standing(connection, by, limit, wanted, seen.batch_id)]
    return list(islice(merge(single, many, key=lambda made: made.at, reverse=True), limit))


def _of_one(act: Act, visit: Visit) -> Decision:
    parts, words = visit.parts, visit.words
    today = visit.now.astimezone(parts.zone).date()
    return Decision(
        audit_id=act.audit_id,
        batch_id=None,
        name=act.number,
        action=act.action,
        did=words.say(DONE[act.action]),
        at=act.at,
        ago=how_long(visit.now - act.at, words),
        brings_back=_brought_back(act, parts.city, words),
        has_answer=act.action in ("accept", "close", "reject") and act.after.get("rejection") != "no_complaint",
        follows=follows(act.before, act.after, parts.city, parts.reply_texts, today, words)
        if act.action == "correct"
        else "",
    )


def _of_many(batch: BatchView, words: Words, now: datetime) -> Decision:
    number = batch.count if batch.state == "done" else batch.of("done")
    name = words.count("%(num)s laporan", "%(num)s laporan", number)
    ago, did = how_long(now - batch.at, words), words.say(DONE[batch.action])
    return Decision(None, batch.id, name, batch.action, did, batch.at, ago, brings_back(batch, words))


def _brought_back(act: Act, city: City, words: Words) -> str:
    if act.action == "merge":
        return words.say(N_("Kirimannya kembali ke laporan ini"))
    if act.action == "reply":
        return words.say(N_("Belum dibalas"))
    if act.action == "second_look":
        return words.say(N_("Belum dilihat lagi"))
    if act.action == "split":
        return words.say(N_("Kirimannya kembali menjadi satu"))
    told = [
        f"{words.say(FIELDS[name])}: {_value(name, act.before[name], city, words)}"
        for name in _TOLD
        if name in act.before
    ]
    return words.say(N_("Kembali ke %(what)s"), {"what": ", ".join(told)}) if told else ""


def lines_of(connection: Connection, ticket_id: int, visit: Visit, *, blind: bool = False) -> list[Line]:
    """A ticket's history, newest first, with the words of the replies; of a blind draft without what was proposed."""
    given = {each.id: said(each, visit.person, visit.words) for each in replies_of(connection, ticket_id)}
    lines = []
    for row in reversed(history(connection, ticket_id)):
        line = line_of(unproposed_line(row, blind=blind), visit.parts.city, visit.words)
        told = given.get(row["after"].get("reply")) if row["action"] == "reply" else None
        if told is None:
            lines.append(line)
        elif (sure := settled(row["after"], visit.words)) is not None:
            lines.append(replace(line, did=sure))
        else:
            lines.append(replace(line, did=told.did, said=told))
    return lines


def line_of(row: Mapping[str, Any], city: City, words: Words) -> Line:
    """A row of `audit` in words."""
    return Line(
        id=row["id"],
        at=row["at"],
        who=called(row["actor"], words),
        by_machine=row["actor"] == MACHINE,
        did=words.say(ACTIONS.get(row["action"], row["action"])),
        short=who_did(row["actor"], row["action"], row["after"], words),
        changes=changes_of(row["before"], row["after"], city, words, row["at"].date()),
        reason=row["reason"],
        model=row["model"],
    )


def changes_of(
    before: Mapping[str, object], after: Mapping[str, object], city: City, words: Words, on: date
) -> list[tuple[str, str, str]]:
    """What changed, in words of that day: the field, what it was (empty: nothing was), what it became."""
    return [
        (
            words.say(FIELDS[name]),
            _value(name, before[name], city, words, on) if name in before else "",
            _value(name, after.get(name), city, words, on),
        )
        for name in _TOLD
        if before.get(name) != after.get(name)
    ]


def _value(name: str, value: object, city: City, words: Words, on: date = date.max) -> str:
    if value is None:
        return words.say(N_("kosong"))
    code = str(value)
    if name == "opd":
        return owner_name(city, code, on)
    if name == "category":
        return category_name(city, code, on)
    tables = {"status": STATUSES, "rejection": REJECTIONS, "priority": PRIORITIES, "later": LATER}
    return words.say(tables[name].get(code, code)) if name in tables else code
