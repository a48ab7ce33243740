"""The one door for every change that a person makes to a ticket.

`perform` takes a step and writes the ticket, its history and its labels in one transaction; screens, API and shell all
come through here. What is allowed stands in `moves`; taking a step back is `undoing`'s work.

    with writing(engine) as connection:
        seen = look(connection, "2026-000123", by)
        perform(connection, city, seen.id, Accept(), by, now, version=seen.version)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from city import City
from database.lock import one_at_a_time
from database.tables import audit, posts, tickets
from tickets.answers import note_answers
from tickets.blind import LOOK, WHILE_BLIND
from tickets.checking import check, check_home, is_gone
from tickets.drafting import draft
from tickets.drafts import Moved, open_drafts, redraw
from tickets.errors import ChangedMeanwhile, Incomplete, NoSuchTicket
from tickets.history import BESIDE, Change, record
from tickets.labels import Verdict, write_labels
from tickets.moves import DRAFT, Action, Move, allowed
from tickets.read_post import PRIORITY_RANKS
from tickets.repeats import note_repeats
from tickets.steps import (
    Accept,
    Actor,
    Batch,
    Close,
    Correct,
    Later,
    Merge,
    Prioritise,
    Reject,
    Reopen,
    Resume,
    Retitle,
    SendBack,
    Split,
    Step,
    Tag,
)
from tickets.stored_posts import of_tickets

# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as a person saw it: what a step is made against."""

    id: int
    number: str
    status: str
    version: int
    may: tuple[Action, ...]


def look(connection: Connection, number: str, by: Actor) -> Seen:
    """Raises NoSuchTicket for a number that is unknown, or not for this person to see."""
    return seen_by(row_in_reach(connection, tickets.c.number == number, by), by)


def seen_by(row: Mapping[str, Any], by: Actor) -> Seen:
    """The same for a row of `tickets` that was just read. Raises NoSuchTicket if it is not for this person to see."""
    if not in_reach(row, by):
        raise NoSuchTicket("no_such_ticket")
    may: Collection[Action] = () if is_gone(row) else allowed(row["status"], by.role)
    if row["blind"]:
        may = [action for action in may if action in WHILE_BLIND]
    return Seen(row["id"], row["number"], row["status"], row["version"], tuple(may))


def in_reach(row: Mapping[str, Any], by: Actor) -> bool:
    """An OPD's admin sees what is that OPD's, but no blind draft: there it would be no secret. Others see all."""
    return by.role != "opd_admin" or (by.opd is not None and row["opd"] == by.opd and not row["blind"])


# ── The door ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was made. `audit_id` is what `undo` takes; `opened` the draft that a split made."""

    audit_id: int
    ticket_id: int
    opened: int | None = None


def perform(
    connection: Connection,
    city: City,
    ticket_id: int,
    step: Step,
    by: Actor,
    now: datetime,
    *,
    version: int,
    batch: Batch | None = None,
) -> Done:
    """Make one step. `version`: of the ticket as this person saw it. `batch`: the act on many that it belongs to.

    Raises NoSuchTicket, NotAllowed, ChangedMeanwhile or Incomplete, with nothing written.
    """
    one_at_a_time(connection, "incidents")
    row = row_in_reach(connection, tickets.c.id == ticket_id, by)
    if row["version"] != version:
        raise changed_meanwhile(connection, row)
    task = _Task(connection, city, row, check(city, row, step, by, now), by, now, batch)
    match step:
        case Accept():
            return task.accept(step)
        case Correct():
            return task.correct(step)
        case Reject():
            return task.reject(step)
        case Close():
            return task.write({"condition": _told(step.condition), "closed_at": now})
        case Reopen():
            return task.reopen(step)
        case Merge():
            return task.merge(step)
        case Split():
            return task.split(step)
        case Retitle():
            return task.retitle(step)
        case SendBack():
            return task.send_back(step)
        case Prioritise():
            return task.prioritise(step)
        case Later() | Resume() | Tag():
            return task.set_beside(step)


def row_in_reach(connection: Connection, which: Any, by: Actor) -> Mapping[str, Any]:
    row = connection.execute(select(tickets).where(which)).mappings().one_or_none()
    if row is None or not in_reach(dict(row), by):
        raise NoSuchTicket("no_such_ticket")
    return dict(row)


# Lines of history that follow another change, or change nothing of the ticket itself.
_FOLLOWING = ("redraw", *BESIDE)


def changed_meanwhile(connection: Connection, row: Mapping[str, Any]) -> ChangedMeanwhile:
    told = select(audit).where(audit.c.ticket_id == row["id"], audit.c.action.not_in(_FOLLOWING))
    last = connection.execute(told.order_by(audit.c.id.desc()).limit(1)).one()
    return ChangedMeanwhile(last.actor, last.action, tuple(last.after), last.at)


def _told(words: str | None) -> str | None:
    return (words or "").strip() or None


def _named(step: Accept | Correct) -> dict[str, Any]:
    """The columns that category and OPD, as far as they are named, change."""
    chosen: dict[str, Any] = {name: value for name, value in (("category", step.category), ("opd", step.opd)) if value}
    return chosen | {"queue": step.opd, "opd_p": None} if step.opd else chosen


# Steps that say nothing of the matter itself, and after which a draft that was put off stays so.
_VERDICTS: frozenset[Action] = frozenset({"accept", "reject"})
_BESIDE: frozenset[Action] = frozenset({"later", "resume", "tag"})
_STAYS_PUT_OFF: frozenset[Action] = _BESIDE | {"correct", "retitle", "merge", "split", "prioritise"}


@dataclass(frozen=True, slots=True)
class _Task:
    """One step on one ticket, after all checks of who and when."""

    connection: Connection
    city: City
    row: Mapping[str, Any]
    move: Move
    by: Actor
    now: datetime
    batch: Batch | None

    def accept(self, step: Accept) -> Done:
        chosen = _named(step)
        category, opd = chosen.get("category", self.row["category"]), chosen.get("opd", self.row["opd"])
        titled = {"title": self._drawn(chosen).get("title", self.row["title"])} if chosen else {}
        done = self.write({**chosen, **titled, "queue": opd, "decided_at": self.now}, choose=chosen)
        self._label(done, Verdict(True, category, opd, self._saw))
        return done

    def correct(self, step: Correct) -> Done:
        chosen = _named(step)
        done = self.write(chosen, choose=chosen)
        self._redraw(self.row["id"])
        category, opd = chosen.get("category", self.row["category"]), chosen.get("opd", self.row["opd"])
        self._label(done, Verdict(True, category, opd if opd in self.city.opds else None, self._saw))
        return done

    def reject(self, step: Reject) -> Done:
        change: dict[str, Any] = {
            "rejection": step.rejection,
            "reason": _told(step.reason),
            "decided_at": self.now,
            "queue": None,
        }
        verdict: Verdict | None = None
        if step.rejection == "not_ours":
            category = next((each.code for each in self.city.categories.values() if each.not_ours), None)
            change |= {"opd": step.authority, "opd_p": None, "category": category}
            verdict = Verdict(True, category, step.authority, self._saw)
        elif step.rejection == "no_complaint":
            verdict = Verdict(False, None, None, self._saw)
        done = self.write(change, reason=_told(step.reason))
        if verdict:  # of what says too little there is nothing to learn
            self._label(done, verdict)
        return done

    def reopen(self, step: Reopen) -> Done:
        change: dict[str, Any] = {"closed_at": None, "condition": None, "rejection": None, "reason": None}
        if self.move.to == DRAFT:
            change |= {"decided_at": None}
        return self.write(change, reason=_told(step.reason))

    def send_back(self, step: SendBack) -> Done:
        chosen: dict[str, Any] = {"opd": None, "opd_p": None, "queue": None}
        done = self.write(chosen | {"decided_at": None}, choose=chosen, reason=_told(step.reason))
        self._redraw(self.row["id"])
        return done

    def retitle(self, step: Retitle) -> Done:
        title = _told(step.title)
        return self.write({"title": title}, choose={"title": title})

    def prioritise(self, step: Prioritise) -> Done:
        """Nothing is said of category and OPD: the label is of the urgency alone."""
        chosen = {"priority": step.priority, "priority_to": max(self._posts(self.row["id"]), default=0)}
        done = self.write({"priority": step.priority, "priority_rank": PRIORITY_RANKS[step.priority]}, choose=chosen)
        # Urgency is shown on a blind draft, too.
        self._label(done, Verdict(True, None, None, saw_prediction=True, priority=step.priority))
        return done

    def set_beside(self, step: Later | Resume | Tag) -> Done:
        match step:
            case Later(reason, until):
                return self.write({"later": reason, "later_until": until})
            case Resume():
                return self.write({"later": None, "later_until": None})
            case Tag(word):
                return self.write({"tag": word})

    def merge(self, step: Merge) -> Done:
        target = row_in_reach(self.connection, tickets.c.id == step.into, self.by)
        check_home(self.row, target)
        moved = self._posts(self.row["id"])
        self._move(moved, target["id"])
        done = self.write({"merged_into": target["id"]}, before={"posts": moved})
        self._shape(target, {"came": moved, "from": self.row["number"]})
        note_repeats(self.connection, [self.row["id"]], self.now)
        return done

    def split(self, step: Split) -> Done:
        theirs = set(self._posts(self.row["id"]))
        self._need(bool(step.posts) and step.posts < theirs, "some_posts_not_all", posts=len(step.posts))
        told = [post for post in of_tickets(self.connection, [self.row["id"]])[self.row["id"]] if post.id in step.posts]
        self._need(len(told) == len(step.posts), "posts_wait_to_be_read", posts=len(step.posts) - len(told))
        (opened,) = open_drafts(self.connection, self.city, [told], self.now)
        self._move(step.posts, opened)
        self.connection.execute(update(tickets).where(tickets.c.id == opened).values(by_hand=True, blind=False))
        done = self.write({"by_hand": True}, after={"split_into": opened, "posts": sorted(step.posts)})
        redraw_shaped(self.connection, self.city, [self.row["id"], opened], self.now)
        return Done(done.audit_id, done.ticket_id, opened)

    def write(
        self,
        change: Mapping[str, Any],
        *,
        choose: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> Done:
        """Write the ticket's new columns and its history; `choose`: what no reading may override from now on."""
        chosen = {**self.row["chosen"], **(choose or {})}
        wanted = {**change, "status": self.move.to, "chosen": chosen}
        if self.move.to == DRAFT and self.move.action not in _BESIDE:
            wanted |= self._proposed(chosen)
        if self.move.action not in _STAYS_PUT_OFF:
            wanted |= {"later": None, "later_until": None}
        changed = {name: value for name, value in wanted.items() if self.row[name] != value}
        judged = self.row["blind"] and self.move.action in _VERDICTS
        self._update(self.row, {**changed, "blind": False} if judged else changed)
        was = {name: self.row[name] for name in changed}
        told = reason or (self.batch.reason if self.batch else None)
        told_beside = {**(after or {}), **(LOOK if judged else {})}
        line = Change(self.row["id"], self.move.action, {**was, **(before or {})}, {**changed, **told_beside}, told)
        return Done(self._record(line, self.row), self.row["id"])

    def _proposed(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """What a draft of these posts says; in the history too, so that undoing brings a decided ticket back."""
        drawn = self._drawn(chosen)
        return {name: drawn[name] for name in ("category", "opd", "opd_p", "queue") if name in drawn}

    def _drawn(self, chosen: Mapping[str, Any]) -> Mapping[str, Any]:
        """The ticket as its posts and these choices make it; empty if no post is left."""
        told = of_tickets(self.connection, [self.row["id"]])[self.row["id"]]
        return draft(told, self.city, {**self.row["chosen"], **chosen}).as_columns() if told else {}

    @property
    def _saw(self) -> bool:
        """Whether whoever judges has seen the proposal: it is the ticket that says so, no form."""
        return not self.row["blind"]

    def _shape(self, target: Mapping[str, Any], gained: Mapping[str, Any]) -> None:
        """The other ticket of a merge: it takes the posts in, and is put together by hand from now on."""
        if not target["by_hand"]:
            self._update(target, {"by_hand": True})
        change = Change(target["id"], "merge", {"by_hand": target["by_hand"]}, {"by_hand": True, **gained})
        self._record(change, target)
        self._redraw(target["id"])

    def _record(self, change: Change, row: Mapping[str, Any]) -> int:
        batch_id = self.batch.id if self.batch else None
        by, now = self.by, self.now
        return record(self.connection, change, by.name, by.origin, now, model=row["model"], batch_id=batch_id)

    def _redraw(self, ticket_id: int) -> None:
        redraw_shaped(self.connection, self.city, [ticket_id], self.now)

    def _update(self, row: Mapping[str, Any], change: Mapping[str, Any]) -> None:
        grown = {**change, "updated_at": self.now, "version": tickets.c.version + 1}
        self.connection.execute(update(tickets).where(tickets.c.id == row["id"]).values(grown))

    def _posts(self, ticket_id: int) -> list[int]:
        query = select(posts.c.id).where(posts.c.ticket_id == ticket_id).order_by(posts.c.id)
        return list(self.connection.execute(query).scalars())

    def _move(self, post_ids: Collection[int], ticket_id: int) -> None:
        move_posts(self.connection, sorted(post_ids), ticket_id)

    def _label(self, done: Done, verdict: Verdict) -> None:
        write_labels(self.connection, done.audit_id, self.row, verdict, self.by.name, self.now)

    def _need(self, given: bool, code: str, **parameters: object) -> None:
        if not given:
            raise Incomplete(code, **parameters)


def move_posts(connection: Connection, post_ids: Sequence[int], ticket_id: int) -> None:
    """Put posts under another ticket; what their reading made of them stays."""
    connection.execute(update(posts).where(posts.c.id.in_(post_ids)).values(ticket_id=ticket_id))


def redraw_shaped(connection: Connection, city: City, ticket_ids: Collection[int], now: datetime) -> None:
    """Draw tickets again after a person changed what they say or which posts they stand for."""
    redraw(connection, city, dict.fromkeys(ticket_ids, Moved("redraw")), now)
    note_answers(connection, ticket_ids, now)
    note_repeats(connection, ticket_ids, now)
