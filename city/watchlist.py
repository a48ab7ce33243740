"""The watch-list: what is listened for, as people who don't program write it in `watchlist.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_KINDS = ("hashtag", "handle", "keyword")
_KEYS = {*_KINDS, "near", "from", "until", "opd"}


class WatchlistError(Exception):
    """The watch-list cannot be used: file, entry, what was found and what to write instead."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing listened for. Posts from `since` to `until` (both included, the city's dates) count."""

    query: str  # in X's search language, without its dates; also the name of the term's cursor
    since: date | None = None
    until: date | None = None
    opd: str | None = None  # whose handle it is

    def __str__(self) -> str:
        return self.query


@dataclass(frozen=True, slots=True)
class Watchlist:
    terms: tuple[Term, ...]
    own_accounts: frozenset[str]  # handles in small letters: never drafts, but answers when they reply


def load_watchlist(path: Path, opds: frozenset[str] | None = None) -> Watchlist:
    """Read and check the file. `opds`, if given, are the codes that `opd` may name. Raises WatchlistError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise WatchlistError(f"{path}: cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise WatchlistError(f"{path}: not in TOML's form: {error}") from None
    unknown = set(document) - {"term", "ignore"}
    if unknown:
        raise WatchlistError(f"{path}: [{sorted(unknown)[0]}] is unknown; write [[term]] or [ignore]")
    entries = document.get("term", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise WatchlistError(f"{path}: write each term under a line [[term]], with two brackets")
    terms = tuple(_term(entry, f"{path}: term {number}", opds) for number, entry in enumerate(entries, 1))
    queries = [term.query for term in terms]
    for query in queries:
        if queries.count(query) > 1:
            raise WatchlistError(f"{path}: {query} stands there twice; keep one of the two")
    return Watchlist(terms, _own_accounts(document.get("ignore", {}), path))


def _term(entry: dict[str, Any], where: str, opds: frozenset[str] | None) -> Term:
    kinds = [kind for kind in _KINDS if kind in entry]
    if len(kinds) != 1:
        raise WatchlistError(f"{where}: found {kinds or 'none'} of hashtag, handle, keyword; write exactly one")
    for key in entry:
        if key not in _KEYS:
            raise WatchlistError(f"{where}: {key!r} is unknown; the keys are {', '.join(sorted(_KEYS))}")
    for key in ("from", "until"):
        if key in entry and type(entry[key]) is not date:
            raise WatchlistError(f"{where}: {key} is {entry[key]!r}; write a date without quotes, as in 2013-01-31")
    since, until = entry.get("from"), entry.get("until")
    if since and until and since > until:
        raise WatchlistError(f"{where}: from {since} lies after until {until}")
    opd = entry.get("opd")
    if opd is not None and opds is not None and opd not in opds:
        raise WatchlistError(f"{where}: opd {opd!r} is no code of this city's departments")
    return Term(_query(kinds[0], entry, where), since, until, opd)


def _query(kind: str, entry: dict[str, Any], where: str) -> str:
    value, near = entry[kind], entry.get("near")
    if not isinstance(value, str) or not (near is None or isinstance(near, str)):
        raise WatchlistError(f"{where}: {kind} and near are texts; write them in quotes")
    value = " ".join(value.removeprefix("#" if kind == "hashtag" else "@").split())
    if near is not None and kind != "keyword":
        raise WatchlistError(f"{where}: near goes with a keyword only")
    if kind == "hashtag":
        if not re.fullmatch(r"\w+", value) or value.isdigit():
            raise WatchlistError(f"{where}: {value!r} is no hashtag; write letters, digits and _ only")
        return f"#{value.lower()}"
    if kind == "handle":
        if not _HANDLE.fullmatch(value):
            raise WatchlistError(f"{where}: {value!r} is no handle; write up to 15 letters, digits and _")
        return f"@{value.lower()}"
    for phrase in (value, near or "-"):
        if not phrase.strip() or '"' in phrase:
            raise WatchlistError(f"{where}: {phrase!r} is no keyword; write words, without quotation marks inside")
    return f"({_phrase(value)} {_phrase(near)})" if near else _phrase(value)


def _phrase(words: str) -> str:
    """Quoted, unless it is one plain word: neither punctuation nor a word such as `or` may change what is asked for."""
    words = words.lower()
    return words if re.fullmatch(r"\w+", words) and words not in ("and", "or") else f'"{words}"'


def _own_accounts(ignore: Any, path: Path) -> frozenset[str]:
    authors = ignore.get("authors", []) if isinstance(ignore, dict) else None
    if not isinstance(authors, list) or set(ignore) - {"authors"}:
        raise WatchlistError(f'{path}: under [ignore] write authors = ["handle", …] and nothing else')
    for author in authors:
        if not isinstance(author, str) or not _HANDLE.fullmatch(author.removeprefix("@")):
            raise WatchlistError(f"{path}: [ignore] {author!r} is no handle; write up to 15 letters, digits and _")
    return frozenset(author.removeprefix("@").lower() for author in authors)
