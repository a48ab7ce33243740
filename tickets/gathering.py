"""Finding the open drafts that posts in hand may belong to, and all that hangs together with those.

A draft that bonds connect with the posts in hand is looked at whole, and so are the drafts that its posts are bound to:
`partition` then has before it all that its answer depends on. A draft of more posts than it looks at is an exception:
of that one only the posts that share a key are looked at, and it is never taken apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from tickets.incidents import bond, keys
from tickets.partition import MOST_COMPARED, Held
from tickets.read_post import ReadPost
from tickets.stored_posts import Filed, filed_under, of_tickets


@dataclass(slots=True)
class Gathered:
    """Posts of open drafts, none of them in hand."""

    posts: list[ReadPost] = field(default_factory=list)
    ticket_of: dict[int, int] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)

    def add(self, ticket: Filed, members: Collection[ReadPost]) -> None:
        self.posts += members
        self.ticket_of |= {post.id: ticket.ticket_id for post in members}
        if ticket.by_hand or ticket.post_count > MOST_COMPARED:
            self.held.append(Held(frozenset(post.id for post in members), ticket.by_hand))


def gather(connection: Connection, in_hand: Collection[ReadPost]) -> Gathered:
    """The drafts that bonds connect with the posts in hand, directly or through other drafts."""
    gathered, loose = Gathered(), _Loose({post.id for post in in_hand})
    frontier = list(in_hand)
    while frontier:
        loose.look_for(connection, frontier)
        bound = loose.take_bound(frontier)
        whole = of_tickets(connection, [each[0].ticket_id for each in bound if each[0].post_count <= MOST_COMPARED])
        frontier = []
        for filed in bound:
            ticket = filed[0].ticket_id
            members = [post for post in whole.get(ticket, ()) if post.id not in loose.in_hand]
            gathered.add(filed[0], members or _latest(filed))
            frontier += members
    return gathered


def _latest(filed: Iterable[Filed]) -> list[ReadPost]:
    return sorted((each.post for each in filed), key=lambda post: post.order)[-MOST_COMPARED:]


@dataclass(slots=True)
class _Loose:
    """Posts that share a key with what is gathered, and that nothing binds to it yet."""

    in_hand: Collection[int]
    asked: set[int] = field(default_factory=set)
    by_key: dict[int, dict[int, list[ReadPost]]] = field(default_factory=dict)  # key → ticket → posts
    of_ticket: dict[int, list[Filed]] = field(default_factory=lambda: defaultdict(list))
    known: set[int] = field(default_factory=set)  # posts
    taken: set[int] = field(default_factory=set)  # tickets

    def look_for(self, connection: Connection, posts: Iterable[ReadPost]) -> None:
        wanted = {key for post in posts for key in keys(post).search} - self.asked
        self.asked |= wanted
        for filed in filed_under(connection, wanted):
            if filed.post.id not in self.in_hand and filed.post.id not in self.known:
                self.known.add(filed.post.id)
                self.of_ticket[filed.ticket_id].append(filed)
                for key in keys(filed.post).own:
                    self.by_key.setdefault(key, {}).setdefault(filed.ticket_id, []).append(filed.post)

    def take_bound(self, posts: Iterable[ReadPost]) -> list[list[Filed]]:
        """The tickets of which a post is bound to one of `posts`: of each the posts that are known."""
        bound: list[list[Filed]] = []
        for post in posts:
            tried: set[int] = set()
            for theirs in [self.by_key[key] for key in keys(post).search if key in self.by_key]:
                for ticket in [each for each in theirs if each not in self.taken]:
                    others = [other for other in theirs[ticket] if other.id not in tried]
                    tried.update(other.id for other in others)
                    if any(bond(post, other) is not None for other in others):
                        self.taken.add(ticket)
                        bound.append(self.of_ticket[ticket])
        return bound
