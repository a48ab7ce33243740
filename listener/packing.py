"""Packing terms into the fewest queries that the contract with X allows.

Only terms with one window share a query, so that a cursor stays its term's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from listener.cursor import Window

# Whether X counts code points or UTF-16 units is not documented: stay clear of the limit by a few.
SAFETY = 4
# The parentheses matter: a negation binds to the last term only.
_FORM = "({}) -is:retweet"


class QueryTooLong(Exception):
    """One term alone is longer than a query may be."""


def query_of(terms: Sequence[str]) -> str:
    """The search for posts with any of `terms`, without reposts."""
    return _FORM.format(" OR ".join(terms))


def pack(terms: Iterable[str], longest: int) -> list[tuple[str, ...]]:
    """Split `terms` into the fewest groups whose query fits `longest` characters (first fit, longest term first).

    Raises QueryTooLong if a term does not fit alone.
    """
    room = longest - SAFETY
    groups: list[list[str]] = []
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        if len(query_of([term])) > room:
            raise QueryTooLong(f"{term} does not fit a query of {longest} characters; shorten it or raise the limit")
        for group in groups:
            if len(query_of([*group, term])) <= room:
                group.append(term)
                break
        else:
            groups.append([term])
    return [tuple(sorted(group)) for group in groups]


def pack_by_window(windows: dict[str, Window], longest: int) -> list[tuple[tuple[str, ...], Window]]:
    """The searches of a run: term → window becomes (terms, window), one a query, oldest window first."""
    by_window: dict[Window, list[str]] = {}
    for term, window in windows.items():
        by_window.setdefault(window, []).append(term)
    ordered = sorted(by_window.items(), key=lambda item: (item[0].after, item[0].up_to, sorted(item[1])))
    return [(group, window) for window, terms in ordered for group in pack(terms, longest)]
