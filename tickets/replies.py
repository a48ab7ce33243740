"""What citizens were answered: one row a reply, written before anything leaves, so that nothing is said twice unknown.

A reply goes by the clipboard (a person copied it, and says so) or through X. On its way to X it is `sending`; `given`
once X has told its id, `refused` when X took nothing. If the answer is lost it stays `sending`: only a person who has
looked can say which it is, and nothing is posted again before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, bindparam, select, tuple_, update

from city.reply_texts import Occasion
from database.lock import one_at_a_time
from database.tables import posts, replies, tickets
from tickets.answers import note_answers
from tickets.checking import is_gone
from tickets.errors import ChangedMeanwhile, Incomplete, NotAllowed, NothingToUndo
from tickets.history import Change, record
from tickets.moves import Role
from tickets.steps import Actor
from tickets.stored_posts import AUTHOR, chunks
from tickets.workflow import row_in_reach

Way = Literal["clipboard", "x"]
State = Literal["sending", "given", "refused", "withdrawn"]

MAY_REPLY: frozenset[Role] = frozenset({"city_admin"})  # who answers must know whom
LONGEST_REPLY = 5_000  # characters

# States in which the citizen has read it, or may have.
STANDING: tuple[State, ...] = ("sending", "given")


@dataclass(frozen=True, slots=True)
class Given:
    """One reply, as it stands."""

    id: int
    ticket_id: int
    post_id: int
    at: datetime
    actor: str
    occasion: Occasion
    way: Way
    text: str
    source_id: str | None
    told_channels: bool
    state: State
    problem: str | None  # why X took it not, in its words

    @property
    def stands(self) -> bool:
        return self.state in STANDING


@dataclass(frozen=True, slots=True)
class NewReply:
    """What is to be said to whom. `seen`: the last reply to this post that the person knew of, None if of none."""

    post_id: int
    text: str
    occasion: Occasion
    way: Way
    told_channels: bool
    seen: int | None


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────


def replies_to(connection: Connection, post_ids: Collection[int]) -> dict[int, list[Given]]:
    """The replies to each post, oldest first, whichever ticket it stood under then."""
    found: dict[int, list[Given]] = {post_id: [] for post_id in post_ids}
    for chunk in chunks(sorted(post_ids)):
        query = select(replies).where(replies.c.post_id.in_(chunk)).order_by(replies.c.id)
        for row in connection.execute(query).mappings():
            found[row["post_id"]].append(_given(row))
    return found


# Asked for every page: put together once.
_OF_TICKET = select(replies).where(replies.c.ticket_id == bindparam("ticket")).order_by(replies.c.id)


def replies_of(connection: Connection, ticket_id: int) -> list[Given]:
    """The replies that were given on a ticket, oldest first."""
    return [_given(row) for row in connection.execute(_OF_TICKET, {"ticket": ticket_id}).mappings()]


def told_of_channels(connection: Connection, post_ids: Collection[int]) -> dict[int, bool]:
    """Of each post, whether its author was told before where the city listens officially."""
    query = select(posts.c.id, posts.c.channel, AUTHOR).where(posts.c.id.in_(post_ids))
    authors = {row.id: (row.channel, row.author) for row in connection.execute(query)}
    known = {name for name in authors.values() if name[1] is not None}
    told = (
        select(posts.c.id, posts.c.channel, AUTHOR)
        .join(replies, replies.c.post_id == posts.c.id)
        .where(replies.c.told_channels, replies.c.state.in_(STANDING))
    )
    by_name = told.where(tuple_(posts.c.channel, AUTHOR.element).in_(sorted(known)))
    names = {(row.channel, row.author) for row in connection.execute(by_name)} if known else set()
    nameless = {row.id for row in connection.execute(told.where(posts.c.id.in_(post_ids)))}
    return {post_id: name in names or post_id in nameless for post_id, name in authors.items()}


def _given(row: RowMapping) -> Given:
    return Given(**row)


# ── Giving ────────────────────────────────────────────────────────────────────────────────────────────────────────


def begin_reply(connection: Connection, number: str, reply: NewReply, by: Actor, now: datetime) -> int:
    """Write a reply down: one by the clipboard is given with that, one through X may be sent after the commit.

    Returns its id. Raises NoSuchTicket, NotAllowed, Incomplete or ChangedMeanwhile, with nothing written.
    """
    one_at_a_time(connection, "incidents")
    ticket = row_in_reach(connection, tickets.c.number == number, by)
    _check(connection, ticket, reply, by)
    earlier = replies_to(connection, [reply.post_id])[reply.post_id]
    newer = [each for each in earlier if each.id > (reply.seen or 0)]
    if newer:
        raise ChangedMeanwhile(newer[-1].actor, "reply", (), newer[-1].at)
    row = {
        "ticket_id": ticket["id"],
        "post_id": reply.post_id,
        "at": now,
        "actor": by.name,
        "occasion": reply.occasion,
        "way": reply.way,
        "text": reply.text.strip(),
        "told_channels": reply.told_channels,
        "state": "given" if reply.way == "clipboard" else "sending",
    }
    reply_id = int(connection.execute(replies.insert().values(row).returning(replies.c.id)).scalar_one())
    _record(connection, ticket, {"reply": reply_id, "way": reply.way, "occasion": reply.occasion}, by, now)
    if reply.way == "clipboard":
        note_answers(connection, [ticket["id"]], now)
    return reply_id


def settle(
    connection: Connection, reply_id: int, now: datetime, *, source_id: str | None = None, problem: str | None = None
) -> None:
    """What came of a reply that was sent: X told its id, or why it took nothing. Neither: nobody knows, it stays so."""
    if source_id is None and problem is None:
        return
    change = {"state": "given", "source_id": source_id} if source_id else {"state": "refused", "problem": problem}
    connection.execute(update(replies).where(replies.c.id == reply_id, replies.c.state == "sending").values(change))
    note_answers(connection, [_ticket_of(connection, reply_id)], now)


def settle_by_hand(connection: Connection, reply_id: int, by: Actor, now: datetime, *, is_out: bool) -> None:
    """A person has looked at X and says whether the reply is there. Raises NothingToUndo once that is known."""
    one_at_a_time(connection, "incidents")
    row = connection.execute(select(replies).where(replies.c.id == reply_id)).mappings().one_or_none()
    if row is None or row["state"] != "sending":
        raise NothingToUndo("reply_is_settled", reply_id=reply_id)
    ticket = row_in_reach(connection, tickets.c.id == row["ticket_id"], by)
    _check_role(by)
    state: State = "given" if is_out else "refused"
    connection.execute(update(replies).where(replies.c.id == reply_id).values(state=state))
    _record(connection, ticket, {"reply": reply_id, "way": row["way"], "settled": state}, by, now)
    note_answers(connection, [_ticket_of(connection, reply_id)], now)


def take_back(connection: Connection, line: Mapping[str, Any], by: Actor, now: datetime) -> int:
    """It was not said after all: the history's `line` of a reply by the clipboard is undone; returns the new line.

    Raises NothingToUndo: what X has published stays published.
    """
    row = connection.execute(select(replies).where(replies.c.id == line["after"].get("reply"))).mappings().one()
    if row["way"] == "x":
        raise NothingToUndo("reply_is_out", reply_id=row["id"])
    if row["state"] != "given" or line["undoes"] is not None:
        raise NothingToUndo("undone_already", audit_id=line["id"])
    connection.execute(update(replies).where(replies.c.id == row["id"]).values(state="withdrawn"))
    ticket = dict(connection.execute(select(tickets).where(tickets.c.id == row["ticket_id"])).mappings().one())
    audit_id = _record(connection, ticket, {"reply": row["id"], "settled": "withdrawn"}, by, now, undoes=line["id"])
    note_answers(connection, [_ticket_of(connection, row["id"])], now)
    return audit_id


def _check(connection: Connection, ticket: Mapping[str, Any], reply: NewReply, by: Actor) -> None:
    _check_role(by)
    if is_gone(ticket):
        raise NotAllowed("merged" if ticket["merged_into"] else "withdrawn", number=ticket["number"])
    if not reply.text.strip() or len(reply.text) > LONGEST_REPLY:
        raise Incomplete("reply_empty" if not reply.text.strip() else "reply_too_long", length=len(reply.text))
    query = select(posts.c.ticket_id, posts.c.removed_at).where(posts.c.id == reply.post_id)
    post = connection.execute(query).one_or_none()
    if post is None or post.ticket_id != ticket["id"]:
        raise Incomplete("posts_are_gone", post_id=reply.post_id)
    if post.removed_at is not None:
        raise Incomplete("post_was_removed", post_id=reply.post_id)


def _check_role(by: Actor) -> None:
    if by.role not in MAY_REPLY:
        raise NotAllowed("not_for_this_role", action="reply", role=by.role)


def _record(
    connection: Connection,
    ticket: Mapping[str, Any],
    after: Mapping[str, object],
    by: Actor,
    now: datetime,
    *,
    undoes: int | None = None,
) -> int:
    """A line of history. The words stay in the reply's own row, where they can be forgotten."""
    change = Change(ticket["id"], "reply", {}, after)
    return record(connection, change, by.name, by.origin, now, model=ticket["model"], undoes=undoes)


def _ticket_of(connection: Connection, reply_id: int) -> int:
    """The ticket that the answered post stands under now."""
    query = select(posts.c.ticket_id, replies.c.ticket_id.label("then"))
    row = connection.execute(query.join(replies, replies.c.post_id == posts.c.id).where(replies.c.id == reply_id)).one()
    return int(row.ticket_id or row.then)
