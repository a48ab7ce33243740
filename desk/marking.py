"""A citizen's words with the ones marked that spoke for the proposal, or made the post urgent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool
    urgent: bool = False  # marked for its danger


def marked(text: str, terms: Collection[str], dangers: Collection[str] = ()) -> list[Piece]:
    """`text` in pieces, every whole word of `terms` or `dangers` in a piece of its own; joined again they are `text`.

    Between the words of a term there may stand any signs.

    >>> [piece.text for piece in marked("Lampu mati, lampune peteng", ["lampu"]) if piece.marked]
    ['Lampu']
    """
    if not any(term.strip() for term in (*dangers, *terms)):
        return [Piece(text, False)]
    found = re.compile(rf"(?<!\w)(?:(?P<danger>{_any_of(dangers)})|{_any_of(terms)})(?!\w)", re.IGNORECASE)
    pieces: list[Piece] = []
    done = 0
    for match in found.finditer(text):
        pieces += [Piece(text[done : match.start()], False), Piece(match[0], True, match["danger"] is not None)]
        done = match.end()
    return [piece for piece in (*pieces, Piece(text[done:], False)) if piece.text]


def as_written(term: str, rewrites: Iterable[tuple[str, str]]) -> set[str]:
    """A term of the text as it was read, and how it may stand in the text as it was written.

    >>> sorted(as_written("kabel putus", [("pedhot", "putus"), ("yg", "yang")]))
    ['kabel pedhot', 'kabel putus']
    """
    forms = {term}
    for was, became in rewrites:
        if became:
            whole = re.compile(rf"(?<!\w){re.escape(became)}(?!\w)", re.IGNORECASE)
            forms |= {was.join(whole.split(form)) for form in forms}
    return forms


def _any_of(terms: Iterable[str]) -> str:
    """The longest first; a pattern that matches nothing where there is none."""
    wanted = sorted({term.strip() for term in terms if term.strip()}, key=len, reverse=True)
    return "|".join(r"[\W_]+".join(map(re.escape, term.split())) for term in wanted) or r"(?!)"
