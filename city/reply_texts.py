"""What may be answered to a citizen: texts with gaps, filled and fitted. Reading their file is `reading_replies`' work.

A text is a row of pieces. An optional piece is left out where a gap of it has nothing to say, and where a reply would
be longer than its channel takes: the last one first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from city.x_length import LIMIT, x_length

Register = Literal["plain", "javanese"]
Occasion = Literal["accepted", "in_work", "closed", "conditional", "too_little", "not_ours"]
Missing = Literal["place", "photo", "matter"]

GAPS = ("number", "opd", "category", "authority", "onward", "deadline", "missing", "condition", "emergency")
# A piece with one of these is left out where there is nothing to say, never for want of room.
ESSENTIAL = frozenset({"emergency", "onward", "missing", "condition"})
LONGEST_CONDITION = 100  # characters of a condition that go into a reply where room is short

_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with gaps such as {number}."""

    words: str
    optional: bool

    @property
    def gaps(self) -> frozenset[str]:
        return frozenset(_GAP.findall(self.words))

    @property
    def may_be_dropped(self) -> bool:
        return self.optional and not self.gaps & ESSENTIAL

    def filled(self, values: Mapping[str, str]) -> str:
        return _GAP.sub(lambda gap: values.get(gap[1], ""), self.words)


@dataclass(frozen=True, slots=True)
class OfficialChannel:
    """Where the city listens. `code`: of the channel by which such posts come in, if they do."""

    name: str
    code: str | None
    since: date | None
    until: date | None

    def is_open(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Composed:
    """A reply as it is proposed."""

    text: str
    tells_channels: bool


@dataclass(frozen=True, slots=True)
class ReplyTexts:
    """Everything that may be said, as a city's file has it."""

    greetings: Mapping[Register, Sequence[str]]  # several: X refuses the same text twice
    replies: Mapping[tuple[Occasion, str | None], Sequence[Piece]]  # by category; None: all others
    missing: Mapping[Missing, str]
    last_and: str
    last_or: str
    working_days: str  # with {n}
    hours: str  # with {n}
    channels_text: str  # with {channels}
    channels_link: str | None
    channels: Sequence[OfficialChannel]
    onward: Mapping[str, str] = field(default_factory=dict)  # by the code of an authority

    def pieces(self, occasion: Occasion, category: str | None) -> Sequence[Piece]:
        return self.replies.get((occasion, category)) or self.replies[occasion, None]

    def compose(
        self,
        pieces: Sequence[Piece],
        values: Mapping[str, str],
        register: Register,
        *,
        channels: Sequence[str] = (),
        link: bool = False,
        on_x: bool = False,
        variant: int = 0,
    ) -> Composed:
        """The reply of `pieces`: as much of it as fits where it is read.

        `channels`: the names to tell this citizen, none if they were told before. `link`: the person asked for it.
        `variant`: which of the greetings, by number.
        """
        greeting = self.greetings[register][variant % len(self.greetings[register])]
        said = [piece for piece in pieces if not piece.optional or all(values.get(gap) for gap in piece.gaps)]
        for kept, names in _smaller_and_smaller(said, channels):
            telling = [self._telling(names)] if names else []
            linked = [self.channels_link] if link and self.channels_link else []
            words = "".join(piece.filled(values) for piece in kept)
            text = _tidied([greeting, words, *telling, *linked])
            if not on_x or x_length(text) <= LIMIT:
                break
        return Composed(text, bool(names))

    def _telling(self, names: Sequence[str]) -> str:
        return self.channels_text.replace("{channels}", listed(names, self.last_or))

    def tells_channels(self, text: str) -> bool:
        """Whether a reply, perhaps changed by a person, still tells of an official channel."""
        return any(channel.name in text for channel in self.channels)


def _tidied(parts: Sequence[str]) -> str:
    """One space between words; a name that ends with its own sign (LAPOR!) needs no full stop."""
    return re.sub(r"([!?])\.", r"\1", " ".join(" ".join(parts).split()))


def listed(names: Sequence[str], last: str) -> str:
    """
    >>> listed(["SMS", "telepon", "surat"], "atau")
    'SMS, telepon, atau surat'
    """
    if len(names) < 3:
        return f" {last} ".join(names)
    return f"{', '.join(names[:-1])}, {last} {names[-1]}"


def parsed(text: str) -> tuple[Piece, ...]:
    """The pieces of a text in which what stands in […] is optional. Raises ValueError for brackets that do not pair.

    >>> [piece.words for piece in parsed("Sudah {number}. [Batasnya {deadline}.]")]
    ['Sudah {number}. ', 'Batasnya {deadline}.']
    """
    pieces = re.split(r"(\[[^\[\]]*\])", text)
    if any("[" in piece or "]" in piece for piece in pieces[::2]):
        raise ValueError("a bracket has no partner, or stands within others")
    found = (Piece(piece.strip("[]"), piece.startswith("[")) for piece in pieces)
    return tuple(piece for piece in found if piece.words)


def _smaller_and_smaller(
    pieces: Sequence[Piece], names: Sequence[str]
) -> Iterator[tuple[Sequence[Piece], Sequence[str]]]:
    """What may be said, beginning with all: fewer channels, then fewer pieces, then no channel, then the bare rest."""
    for count in range(len(names), 0, -1):
        yield pieces, names[:count]
    fewer = list(_fewer(pieces))
    if names:
        for kept in fewer[1:]:
            yield kept, names[:1]
    for kept in fewer:
        yield kept, ()


def _fewer(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """`pieces`, then without the last that may be dropped, and so on."""
    yield pieces
    while droppable := [number for number, piece in enumerate(pieces) if piece.may_be_dropped]:
        pieces = [piece for number, piece in enumerate(pieces) if number != droppable[-1]]
        yield pieces
