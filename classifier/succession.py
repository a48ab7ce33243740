"""Labels and answers from before a city's changes, told as of today: whose it was becomes whose it is.

`city` is always that of a day (`city.changes.as_of`). Where a change leaves open who took over, a label says nothing of
the office any more, and an answer shares its probability among all who may have. Needs no model stack.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from city import City
from city.changes import forward, successors
from classifier.labels import LabelledPost
from classifier.prediction import Choice, Decision

_SHOWN = 10  # ids of posts that are told


# ── Labels ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Carried:
    """Labelled posts with the codes of today."""

    posts: list[LabelledPost]
    mapped: Mapping[str, int]  # {"dpu → sda": how many labels}
    undecided: Mapping[str, tuple[str, ...]]  # {a code: ids of posts of which nobody can say who took it over}

    def lines(self) -> Iterator[str]:
        """What a person should know of it, a line each."""
        if self.mapped:
            told = ", ".join(f"{change} {count}" for change, count in self.mapped.items())
            yield f"{sum(self.mapped.values())} labels from before a change are mapped forward: {told}"
        for code, ids in self.undecided.items():
            shown = ", ".join(ids[:_SHOWN]) + (" …" if len(ids) > _SHOWN else "")
            yield f"{len(ids)} labels {code!r} are left out: changes.csv leaves open who took those over ({shown})"


def carry_forward(posts: Iterable[LabelledPost], city: City) -> Carried:
    """A label that cannot be decided is taken out; the others of its post stay."""
    posts = list(posts)
    if not city.changes:
        return Carried(posts, {}, {})
    mapped: Counter[str] = Counter()
    undecided: dict[str, list[str]] = {}
    now = [_carried(post, city) for post in posts]
    for before, after in zip(posts, now, strict=True):
        for was, became in ((before.category, after.category), (before.opd, after.opd)):
            if was and became is None:
                undecided.setdefault(was, []).append(before.id)
            elif was and was != became:
                mapped[f"{was} → {became}"] += 1
    told = {code: tuple(ids) for code, ids in sorted(undecided.items())}
    return Carried(now, dict(sorted(mapped.items())), told)


def carried(posts: Iterable[LabelledPost], city: City, say: Callable[[str], None]) -> list[LabelledPost]:
    """The posts of `carry_forward`, after saying what was done to them."""
    found = carry_forward(posts, city)
    for line in found.lines():
        say(line)
    return found.posts


def _carried(post: LabelledPost, city: City) -> LabelledPost:
    def heir(code: str, categories: Iterable[str] = ()) -> str | None:
        kecamatan, said_on = post.kecamatan or None, post.said_on
        return forward(city, code, categories=frozenset(categories), kecamatan=kecamatan, after=said_on)

    category = heir(post.category) if post.category else None
    known = [one for one in (post.category, category) if one]
    opd = heir(post.opd, known) if post.opd else None
    also = (heir(code, known) for code in post.opd_also)
    return replace(post, category=category, opd=opd, opd_also=tuple(one for one in also if one))


# ── Answers ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of a post, in codes of today, likeliest first."""

    categories: tuple[Choice, ...]
    opds: tuple[Choice, ...]
    decision: Decision


def tell_forward(
    city: City,
    categories: Sequence[Choice],
    opds: Sequence[Choice],
    decision: Decision,
    kecamatan: str | None,
    after: date | None = None,
) -> Told:
    """What is said of a post by somebody who knows the city up to `after`. Nothing undecided is routed."""
    told = _told(categories, {one.code: _heirs(city, one.code, (), kecamatan, after) for one in categories})
    known = {choices[0].code for choices in (categories, told) if choices}
    owners = {one.code: _heirs(city, one.code, known, kecamatan, after) for one in opds}
    offices = _told(opds, owners)
    if decision != "drop" and offices:
        open_ = len(owners[opds[0].code]) > 1
        if offices[0].code in city.authorities and not open_:
            decision = "not_ours"
        elif open_ or decision == "not_ours":
            decision = "review"
    return Told(told, offices, decision)


def _heirs(
    city: City, code: str, categories: Iterable[str], kecamatan: str | None, after: date | None
) -> tuple[str, ...]:
    """Who may own it today; several where that is left open."""
    owner = forward(city, code, categories=frozenset(categories), kecamatan=kecamatan, after=after)
    return (owner,) if owner else successors(city, code)


def _told(choices: Sequence[Choice], heirs: Mapping[str, tuple[str, ...]]) -> tuple[Choice, ...]:
    shares: dict[str, float] = {}
    for choice in choices:
        for heir in heirs[choice.code]:
            shares[heir] = shares.get(heir, 0.0) + choice.p / len(heirs[choice.code])
    return tuple(Choice(code, p) for code, p in sorted(shares.items(), key=lambda share: -share[1]))
