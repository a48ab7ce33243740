"""Putting posts where their event is: into an open draft, into one of their own, or two drafts into one.

The result is the partition of the posts into connected components of `incidents.same_event`, whatever came first; only
numbers tell of the order. What a person merged or split stays as that person left it: such drafts take posts in, but
the machine never joins two of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from city import City
from database.tables import audit, posts, tickets
from tickets.drafts import Moved, merge, open_drafts, redraw
from tickets.history import MACHINE, Entry, record_machine
from tickets.incidents import Keys, keys, same_event
from tickets.read_post import ReadPost
from tickets.stored_posts import Filed, file_keys, filed_under

Node = tuple[str, int]  # ("post", id of a post in hand) or ("ticket", id of an open draft)


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

    1. Find the drafts that may tell of the same event, and group.
    2. Each group goes under its lowest number; without one, under one it had before it was merged, or a new one.
    3. Posts, tickets and history are written, a few statements for all.
    """
    keyed = {post.id: keys(post) for post in [*hand.read, *hand.left]}
    groups = _group(hand, keyed, _candidates(connection, keyed))
    _revive(connection, groups, hand, now)
    homes = _open(connection, city, groups, now)
    read = {post.id for post in hand.read}
    _place(connection, homes, read)
    merged = {other: home for home, group in homes.items() for other in group.tickets - {home}}
    came = merge(connection, merged, hand.claims, now)
    file_keys(connection, {post.id: keyed[post.id].own for post in hand.read})
    old = {home: group for home, group in homes.items() if group.tickets}
    redraw(connection, city, {home: _moved(home, group, read, came) for home, group in old.items()}, now)
    return set(homes)


def _candidates(connection: Connection, keyed: Mapping[int, Keys]) -> list[Filed]:
    wanted = {key for each in keyed.values() for key in each.search}
    return [filed for filed in filed_under(connection, wanted) if filed.post.id not in keyed]


def _group(hand: InHand, keyed: Mapping[int, Keys], candidates: Iterable[Filed]) -> list[Group]:
    """The connected components of the posts in hand and the drafts they touch."""
    components = _Components()
    by_key: dict[int, list[tuple[ReadPost, Node]]] = defaultdict(list)
    for filed in candidates:
        node = ("ticket", filed.ticket_id)
        components.add(node, by_hand=filed.by_hand)
        for key in keys(filed.post).own:
            by_key[key].append((filed.post, node))
    in_hand = sorted([*hand.read, *hand.left], key=lambda post: post.order)
    for post in in_hand:
        mine = ("post", post.id)
        components.add(mine)
        _link(post, mine, [each for key in keyed[post.id].search for each in by_key.get(key, ())], components)
        for key in keyed[post.id].own:
            by_key[key].append((post, mine))
    for ticket_id, anchor in hand.claims.items():
        components.add(("ticket", ticket_id))
        components.join(("ticket", ticket_id), ("post", anchor))
    return _collect(in_hand, components, hand.claims)


def _link(post: ReadPost, mine: Node, others: Iterable[tuple[ReadPost, Node]], components: _Components) -> None:
    tried: set[int] = set()
    for other, node in others:
        if other.id in tried or components.same(mine, node):
            continue
        tried.add(other.id)
        if same_event(post, other):
            components.join(mine, node)


def _collect(in_hand: Iterable[ReadPost], components: _Components, claims: Collection[int]) -> list[Group]:
    groups: dict[Node, Group] = {}
    for post in in_hand:
        groups.setdefault(components.root(("post", post.id)), Group()).posts.append(post)
    for kind, number in components.nodes():
        group = groups.get(components.root((kind, number)))
        if kind == "ticket" and group is not None:
            group.tickets.add(number)
            if number in claims:
                group.vacated.add(number)
    return list(groups.values())


class _Components:
    """Union-find over nodes; two components that a person has shaped are never joined."""

    def __init__(self) -> None:
        self._parent: dict[Node, Node] = {}
        self._by_hand: set[Node] = set()  # roots

    def add(self, node: Node, *, by_hand: bool = False) -> None:
        if node not in self._parent:
            self._parent[node] = node
            if by_hand:
                self._by_hand.add(node)

    def nodes(self) -> Iterable[Node]:
        return self._parent

    def root(self, node: Node) -> Node:
        while self._parent[node] != node:
            self._parent[node] = node = self._parent[self._parent[node]]
        return node

    def same(self, one: Node, other: Node) -> bool:
        return self.root(one) == self.root(other)

    def join(self, one: Node, other: Node) -> None:
        root, joined = self.root(one), self.root(other)
        if root == joined or {root, joined} <= self._by_hand:
            return
        self._parent[joined] = root
        if joined in self._by_hand:
            self._by_hand = self._by_hand - {joined} | {root}


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
