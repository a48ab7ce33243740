"""Which of these posts stand together: incidents as a pure function of a set of posts, whatever came first.

Posts that `incidents.bond` joins form chains. A chain may lead astray: by one vague post from one street to the next,
or day by day through a month. So a group spans at most `SPAN` and its posts are compatible; a chain that does not fit
is put together anew from its surest bonds on, each only where the result fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tickets.incidents import bond, compatible, keys
from tickets.kinds import kinds_of
from tickets.matter import said
from tickets.place import Place
from tickets.read_post import ReadPost

SPAN = timedelta(days=7)

# With how many posts of one group another post is compared before it counts as unrelated. Up to here the groups depend
# on nothing but the posts; a post that only the 301st of a group would link may stay apart.
MOST_COMPARED = 300
# With how many before it a post of a chain that leads too far is compared.
COMPARED_ANEW = 100

Stand = tuple[Place | None, frozenset[str]]  # where, and what: of the posts of one stand the earliest speaks for all


@dataclass(frozen=True, slots=True)
class Held:
    """Posts that are never parted: a person put them together, or they are part of more than are looked at."""

    posts: frozenset[int]
    by_hand: bool  # two such are never joined


def partition(posts: Collection[ReadPost], held: Iterable[Held] = ()) -> list[list[ReadPost]]:
    """The groups, each from its earliest post to its latest."""
    ordered = sorted(posts, key=lambda post: post.order)
    atoms = _atoms(ordered, held)
    groups = []
    for chain in _chains(ordered, atoms):
        whole = _Group.of(chain)
        groups += [whole] if whole.fits() else _surest(chain)
    return [sorted(group.posts, key=lambda post: post.order) for group in groups]


@dataclass(slots=True)
class _Group:
    posts: list[ReadPost]
    stands: dict[Stand, ReadPost]
    first: datetime
    last: datetime
    by_hand: int = 0

    @classmethod
    def of(cls, groups: Sequence[_Group]) -> _Group:
        return cls(
            [post for group in groups for post in group.posts],
            _earliest(item for group in groups for item in group.stands.items()),
            min(group.first for group in groups),
            max(group.last for group in groups),
            sum(group.by_hand for group in groups),
        )

    def fits(self) -> bool:
        return self._may_be(_agree(self.stands.values(), self.stands.values()))

    def takes(self, other: _Group) -> bool:
        """Whether the two together fit, if each does."""
        return _Group.of([self, other])._may_be(_agree(self.stands.values(), other.stands.values()))

    def _may_be(self, agrees: bool) -> bool:
        """What a person put together takes in whatever is bound to it."""
        return self.by_hand == 1 if self.by_hand else agrees and self.last - self.first <= SPAN


def _earliest(stands: Iterable[tuple[Stand, ReadPost]]) -> dict[Stand, ReadPost]:
    found: dict[Stand, ReadPost] = {}
    for stand, post in stands:
        if stand not in found or post.order < found[stand].order:
            found[stand] = post
    return found


def _agree(posts: Collection[ReadPost], others: Collection[ReadPost]) -> bool:
    return all(compatible(one, other) for one in posts for other in others)


def _atoms(posts: Iterable[ReadPost], held: Iterable[Held]) -> list[_Group]:
    """What is never parted, in the order of the earliest post."""
    holder = {post_id: each for each in held for post_id in each.posts}
    together: dict[frozenset[int], list[ReadPost]] = defaultdict(list)
    for post in posts:
        together[holder[post.id].posts if post.id in holder else frozenset({post.id})].append(post)
    return [
        _Group(
            members,
            _earliest(((post.place, kinds_of(said(post))), post) for post in members),
            members[0].created_at,
            members[-1].created_at,
            int(members[0].id in holder and holder[members[0].id].by_hand),
        )
        for members in together.values()
    ]


def _chains(posts: Sequence[ReadPost], atoms: Sequence[_Group]) -> list[list[_Group]]:
    """The atoms that bonds connect."""
    of_post = {post.id: number for number, atom in enumerate(atoms) for post in atom.posts}
    forest = _Forest(len(atoms))
    filed: dict[int, _Bucket] = defaultdict(_Bucket)
    for post in posts:
        mine, found = of_post[post.id], keys(post)
        for bucket in [filed[key] for key in found.search if key in filed]:
            for root, others in bucket.by_root(forest):
                if root != forest.root(mine) and any(bond(post, other) is not None for other in others):
                    forest.join(root, mine)
        for key in found.own:
            filed[key].add(mine, post)
    chains: dict[int, list[_Group]] = defaultdict(list)
    for number, atom in enumerate(atoms):
        chains[forest.root(number)].append(atom)
    return list(chains.values())


@dataclass(slots=True)
class _Bucket:
    """The posts filed under one key, by the chain that they belong to: of each chain the latest few hundred."""

    posts: dict[int, list[ReadPost]] = field(default_factory=dict)

    def add(self, root: int, post: ReadPost) -> None:
        others = self.posts.setdefault(root, [])
        others.append(post)
        del others[:-MOST_COMPARED]

    def by_root(self, forest: _Forest) -> list[tuple[int, Sequence[ReadPost]]]:
        merged: dict[int, list[ReadPost]] = {}
        for number, posts in self.posts.items():
            root = forest.root(number)
            merged[root] = merged[root] + posts if root in merged else posts
        self.posts = merged
        return list(merged.items())


class _Forest:
    """Union-find over numbers."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low


def _surest(atoms: Sequence[_Group]) -> list[_Group]:
    """The groups of a chain that leads too far: bonds from the surest on, each only where the result fits."""
    group = dict(enumerate(atoms))
    forest = _Forest(len(atoms))
    refused: set[tuple[int, ...]] = set()  # of two groups as they were
    for _, one, other in sorted(_bonds(atoms), key=lambda each: (-each[0], each[1], each[2])):
        low, high = sorted((forest.root(one), forest.root(other)))
        if low == high:
            continue
        asked = (low, high, len(group[low].posts), len(group[high].posts))
        if asked not in refused and group[low].takes(group[high]):
            forest.join(low, high)
            group[low] = _Group.of([group[low], group.pop(high)])
        else:
            refused.add(asked)
    return list(group.values())


def _bonds(atoms: Sequence[_Group]) -> Iterator[tuple[float, int, int]]:
    """(bond, atom, atom); a post is compared with a hundred before it."""
    numbered = sorted(((post, number) for number, atom in enumerate(atoms) for post in atom.posts), key=_when)
    for place, (post, number) in enumerate(numbered):
        for other, another in numbered[max(0, place - COMPARED_ANEW) : place]:
            if number != another and (sure := bond(post, other)) is not None:
                yield (sure, min(number, another), max(number, another))


def _when(numbered: tuple[ReadPost, int]) -> tuple[datetime, str, str]:
    return numbered[0].order
