"""A citizen's text → pieces: words, numbers, hashtags, handles, links, entities and emoji, each with its span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, cast

Kind = Literal["link", "handle", "hashtag", "entity", "number", "word", "emoji"]

# The order is the rule: what comes first wins. A mail address is taken as a link, for it is nobody's word either.
_PIECE = re.compile(
    r"""
    (?P<link>https?://\S+|www\.\S+|pic\.twitter\.com/\S+|t\.co/\S+|[\w.+-]+@\w+\.[\w.]+)
  | (?P<handle>@\w+)
  | (?P<hashtag>\#\w+)
  | (?P<entity>&(?:amp;)*(?:\#\d+|\#x[0-9a-fA-F]+|[a-zA-Z]+\d*);)
  | (?P<number>\d+(?:[.,:/]\d+)*(?![^\W_]))
  | (?P<word>[^\W_]+(?:['’‘`-][^\W_]+)*)
  | (?P<emoji>[\U0001F300-\U0001FAFF\u2600-\u27BF\u2B50\u2764])
    """,
    re.VERBOSE,
)


class Piece(NamedTuple):
    kind: Kind
    text: str
    start: int
    end: int


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of `text` in their order; white space, marks and modifiers between them are passed over."""
    for found in _PIECE.finditer(text):
        yield Piece(cast(Kind, found.lastgroup), found[0], found.start(), found.end())
