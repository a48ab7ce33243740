"""A citizen's words with the ones marked that spoke for the proposal."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool


def marked(text: str, terms: Collection[str]) -> list[Piece]:
    """`text` in pieces, every whole word of `terms` in a piece of its own; put together again they are `text`.

    >>> [piece.text for piece in marked("Lampu mati, lampune peteng", ["lampu"]) if piece.marked]
    ['Lampu']
    """
    wanted = sorted({term.strip() for term in terms if term.strip()}, key=len, reverse=True)
    if not wanted:
        return [Piece(text, False)]
    found = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)", re.IGNORECASE)
    pieces: list[Piece] = []
    done = 0
    for match in found.finditer(text):
        pieces += [Piece(text[done : match.start()], False), Piece(match[0], True)]
        done = match.end()
    return [piece for piece in (*pieces, Piece(text[done:], False)) if piece.text]
