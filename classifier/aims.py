"""What a label set of one's own should hold at least, as `aims.toml` beside it says, and what it holds."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from city import City
from classifier.errors import DataRefused
from classifier.labels import NO_COMPLAINT, LabelledPost
from classifier.lexicon import Lexicon
from classifier.pieces import pieces

AIMS_FILE = "aims.toml"
_JAVANESE_WORDS = 2  # different ones in a post: one alone may be a name, or slang


@dataclass(frozen=True, slots=True)
class Aims:
    """Numbers of posts, or shares of all posts from 0 to 1."""

    posts: int
    category: int
    opd_with_a_category: int
    kecamatan_or_company: int
    no_complaint: float
    with_javanese: float
    other_authorities: int


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim, how near it is, and what of it is below."""

    what: str
    least: float
    found: float  # of the smallest, where it is about each of several
    short: tuple[str, ...] = ()  # what holds too little, with its number

    @property
    def is_met(self) -> bool:
        return self.found >= self.least

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "is_met": self.is_met}


def load_aims(path: Path) -> Aims:
    """Raises DataRefused when the file is not as it should be."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return Aims(read["posts"], **read["posts_of_each"], **read["share"], **read["posts_for"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DataRefused(f"{path.name}: cannot be read ({error}); restore it, or mend the line") from None


def compare_with_aims(posts: Sequence[LabelledPost], city: City, lexicon: Lexicon, aims: Aims) -> list[Aim]:
    categories = Counter(post.category for post in posts if post.category)
    offices = Counter(post.opd for post in posts if post.opd)
    own = [code for code in city.categories if code != NO_COMPLAINT]
    owning = sorted({opd for category in city.categories.values() for opd in category.usual_opds})
    small = sorted(opd.code for opd in city.opds.values() if opd.kind in ("kecamatan", "bumd"))
    count = max(1, len(posts))
    return [
        Aim("posts", aims.posts, len(posts)),
        _each("posts of each category", own, categories, aims.category),
        _each("posts of each OPD that owns a category", owning, offices, aims.opd_with_a_category),
        _each("posts of each kecamatan office and city company", small, offices, aims.kecamatan_or_company),
        Aim("share of no complaints", aims.no_complaint, sum(post.actionable is False for post in posts) / count),
        Aim("posts for other authorities", aims.other_authorities, sum(offices[code] for code in city.authorities)),
        Aim("share with Javanese", aims.with_javanese, sum(has_javanese(post.text, lexicon) for post in posts) / count),
    ]


def _each(what: str, codes: Sequence[str], counts: Counter[str], least: int) -> Aim:
    short = tuple(f"{code} {counts[code]}" for code in codes if counts[code] < least)
    return Aim(what, least, min((counts[code] for code in codes), default=0), short)


def has_javanese(text: str, lexicon: Lexicon) -> bool:
    words = {piece.text.lower() for piece in pieces(text) if piece.kind == "word"}
    return len(words & lexicon.javanese) >= _JAVANESE_WORDS


def lines(aims: Sequence[Aim]) -> Iterator[str]:
    for aim in aims:
        told = [f"{value:.1%}" if aim.least < 1 else f"{value:.0f}" for value in (aim.found, aim.least)]
        short = f" ({', '.join(aim.short)})" if aim.short else ""
        yield f"{'  ' if aim.is_met else '! '}{aim.what}: {told[0]}, should be {told[1]} or more{short}"
