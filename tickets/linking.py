"""Putting posts where their event is: into an open draft, into one of their own, or two drafts into one.

The result is `partition` of all posts that bonds connect, whatever came first; only numbers tell of the order. What a
person merged or split stays as that person left it: such drafts take posts in, but the machine never joins two of them
and takes nothing out. Neither does it of a draft of more posts than `partition` looks at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from city import City
from database.tables import audit, posts, tickets
from tickets.drafts import Moved, merge, open_drafts, redraw
from tickets.gathering import Gathered, gather
from tickets.history import MACHINE, Entry, record_machine
from tickets.incidents import keys
from tickets.partition import MOST_COMPARED, partition
from tickets.read_post import ReadPost
from tickets.stored_posts import file_keys

# Of a crowd, how often a key is filed: posts of the same event find it by any of these.
ENOUGH_FILED = 20


@dataclass(slots=True)
class Group:
    """Posts in hand, and the open drafts that tell of the same event."""

    posts: list[ReadPost] = field(default_factory=list)
    tickets: set[int] = field(default_factory=set)
    vacated: set[int] = field(default_factory=set)  # of `tickets`: all of its posts are among `posts`


@dataclass(frozen=True, slots=True)
class InHand:
    """What is to be put in place: posts just read, and those that a changed post left behind."""

    read: Sequence[ReadPost]
    left: Sequence[ReadPost] = ()
    # Drafts that all their posts have left, and the post whose group keeps the number.
    claims: Mapping[int, int] = field(default_factory=dict)


def settle(connection: Connection, city: City, hand: InHand, now: datetime) -> set[int]:
    """Put each post in hand under its ticket and draw the tickets again; returns the tickets touched.

    1. Find the drafts that may tell of the same event, and group; a draft that falls apart is taken in hand.
    2. Each group goes under its lowest number; without one, under one it had before it was merged, or a new one.
    3. Posts, tickets and history are written, a few statements for all.
    """
    gathered = gather(connection, [*hand.read, *hand.left])
    hand, groups = _group(hand, gathered)
    _revive(connection, groups, hand, now)
    homes = _open(connection, city, groups, now)
    read = {post.id for post in hand.read}
    _place(connection, homes, read)
    merged = {other: home for home, group in homes.items() for other in group.tickets - {home}}
    came = merge(connection, merged, hand.claims, now)
    file_keys(connection, _to_file(homes, gathered, read))
    old = {home: group for home, group in homes.items() if group.tickets}
    redraw(connection, city, {home: _moved(home, group, read, came) for home, group in old.items()}, now)
    return set(homes)


def _group(hand: InHand, gathered: Gathered) -> tuple[InHand, list[Group]]:
    """The groups that have something to be put in place, and all that is in hand now."""
    parts = partition([*hand.read, *hand.left, *gathered.posts], gathered.held)
    hand = _part(hand, gathered, parts)
    in_hand = {post.id for post in [*hand.read, *hand.left]}
    groups = []
    for part in parts:
        vacated = {ticket for ticket, anchor in hand.claims.items() if any(post.id == anchor for post in part)}
        standing = {gathered.ticket_of[post.id] for post in part if post.id not in in_hand}
        mine = [post for post in part if post.id in in_hand]
        if mine or len(standing) > 1:
            groups.append(Group(mine, standing | vacated, vacated))
    return hand, groups


def _part(hand: InHand, gathered: Gathered, parts: Sequence[Sequence[ReadPost]]) -> InHand:
    """Take the drafts in hand whose posts do not stand together any more; their earliest post keeps the number."""
    found: dict[int, set[int]] = {}
    members: dict[int, list[ReadPost]] = {}
    for number, part in enumerate(parts):
        for post in part:
            if (ticket := gathered.ticket_of.get(post.id)) is not None:
                found.setdefault(ticket, set()).add(number)
                members.setdefault(ticket, []).append(post)
    apart = [ticket for ticket, numbers in sorted(found.items()) if len(numbers) > 1]
    left = [post for ticket in apart for post in members[ticket]]
    claims = {ticket: min(members[ticket], key=lambda post: post.order).id for ticket in apart}
    return InHand(hand.read, [*hand.left, *left], {**hand.claims, **claims})


def _to_file(homes: Mapping[int, Group], gathered: Gathered, read: Collection[int]) -> dict[int, list[int]]:
    """{post: the keys to file it under}, of those read; of a crowd each key a few times: more would find no more."""
    standing: dict[int, list[ReadPost]] = {}
    for post in gathered.posts:
        standing.setdefault(gathered.ticket_of[post.id], []).append(post)
    return {
        post_id: found
        for group in homes.values()
        for post_id, found in _of_group(
            group, [post for ticket in group.tickets for post in standing.get(ticket, ())], read
        )
    }


def _of_group(group: Group, standing: Sequence[ReadPost], read: Collection[int]) -> Iterator[tuple[int, list[int]]]:
    filed = Counter(key for post in standing for key in keys(post).own)
    for number, post in enumerate(group.posts, start=len(standing)):
        if post.id in read:
            often = ENOUGH_FILED if number >= MOST_COMPARED else MOST_COMPARED
            found = [key for key in keys(post).own if filed[key] < often]
            filed.update(found)
            yield post.id, found


def _revive(connection: Connection, groups: Iterable[Group], hand: InHand, now: datetime) -> None:
    """A group that falls off gets back the number it had before it was merged, if it had one."""
    homeless = [group for group in groups if not group.tickets]
    left = {post.id for post in hand.left}
    if not any(post.id in left for group in homeless for post in group.posts):
        return
    merged = _merged_tickets(connection, hand.claims)
    for group in homeless:
        ids = {post.id for post in group.posts}
        if number := min((ticket_id for ticket_id, theirs in merged.items() if ids & theirs), default=None):
            del merged[number]
            group.tickets.add(number)
            group.vacated.add(number)
            alive = {"merged_into": None, "withdrawn_at": None, "version": tickets.c.version + 1}
            connection.execute(update(tickets).where(tickets.c.id == number).values(alive))
            record_machine(connection, [Entry(number, "revive", {}, {"merged_into": None})], now)


def _merged_tickets(connection: Connection, into: Collection[int]) -> dict[int, set[int]]:
    """The drafts that the machine merged into those of `into`, and the posts they brought."""
    query = (
        select(audit.c.ticket_id, audit.c.before)
        .join(tickets, tickets.c.id == audit.c.ticket_id)
        .where(tickets.c.merged_into.in_(into), audit.c.action == "merge", audit.c.actor == MACHINE)
    )
    return {row.ticket_id: set(row.before.get("posts", ())) for row in connection.execute(query.order_by(audit.c.id))}


def _open(connection: Connection, city: City, groups: Iterable[Group], now: datetime) -> dict[int, Group]:
    """{ticket: its group}, with a new draft for each group that has none."""
    homes = {min(group.tickets): group for group in groups if group.tickets}
    new = [group for group in groups if not group.tickets]
    opened = open_drafts(connection, city, [group.posts for group in new], now)
    return homes | dict(zip(opened, new, strict=True))


_PLACED = (
    update(posts)
    .where(posts.c.id == bindparam("of_post"))
    .values(ticket_id=bindparam("under"), outcome=bindparam("became"), reason=None)
)
_KEPT = update(posts).where(posts.c.id == bindparam("of_post")).values(ticket_id=bindparam("under"))


def _place(connection: Connection, homes: Mapping[int, Group], read: Collection[int]) -> None:
    """Write where each post stands. One that was read now has an outcome: it opened its draft, or joined one."""
    placed, kept = [], []
    for home, group in homes.items():
        opens = group.posts[0].id if group.tickets == group.vacated else None
        for post in group.posts:
            row = {"of_post": post.id, "under": home}
            if post.id in read:
                placed.append(row | {"became": "drafted" if post.id == opens else "joined"})
            else:
                kept.append(row)
    if placed:
        connection.execute(_PLACED, placed)
    if kept:
        connection.execute(_KEPT, kept)


def _moved(home: int, group: Group, read: Collection[int], came: Mapping[int, Collection[int]]) -> Moved:
    arrived = {post.id for post in group.posts if post.id in read} | set(came.get(home, ()))
    return Moved("reread" if home in group.vacated else "join", came=tuple(sorted(arrived)))
