"""Which tickets say what somebody types: all of the words, in number, title, text or place, as far as they are typed.

The store itself keeps the index (migration 0006), SQLite by FTS5 and PostgreSQL by a `tsvector`; both find the same.
A blind draft is not found by its title, which would tell its category (0013).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Dialect, Select, Text, TypeDecorator, bindparam, column, false, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from database.tables import tickets

# Not in `database.tables`: to SQLite it is no ordinary table, and nobody writes it but the store.
_ticket_words = table("ticket_words", column("rowid", BigInteger), column("words", Text))

SEARCHED = (tickets.c.id, tickets.c.number, tickets.c.title, tickets.c.text, tickets.c.place, tickets.c.blind)

# Letters and digits, without emoji and without scripts whose vowels the databases do not count as letters.
_WORD = re.compile(r"[^\W_\u1900-\u1CFF\U0001F000-\U0001FAFF]+")
_ACCENT = re.compile(r"[\u0300-\u0331]")
_LATIN = "\u017f"  # from here on letters are found as they are written


def words_of(typed: str) -> tuple[str, ...]:
    """The words to look for, each once, as the index knows them; with a star those that may go on.

    Of what is typed in one go, "2026-000123" or "jl.pandan", only the end may still be on its way.

    >>> words_of("Jl.Pandanaran LAMPU, 2026-000123 énak")
    ('jl', 'pandanaran*', 'lampu*', '2026', '000123*', 'enak*')
    """
    gone = [_WORD.findall(plain) for plain in folded(typed).split()]
    return tuple(dict.fromkeys(word for words in gone if words for word in (*words[:-1], f"{words[-1]}*")))


def says(ticket: Mapping[Any, Any], words: Collection[str]) -> bool:
    """Whether a ticket, of SEARCHED, would be found by all of these words; without asking the index."""
    place = ticket["place"] or {}
    named = (str(place.get(part) or "") for part in ("text", "detail", "kelurahan", "kecamatan", "outside"))
    title = "" if ticket["blind"] else ticket["title"]  # which names what the model proposes
    said = set(_WORD.findall(folded(" ".join((ticket["number"], title, ticket["text"], *named)))))
    return bool(words) and all(_is_among(word, said) for word in words)


def _is_among(word: str, said: Collection[str]) -> bool:
    return any(each.startswith(word[:-1]) for each in said) if word.endswith("*") else word in said


def folded(text: str) -> str:
    """Small Latin letters without accents."""
    return "".join(map(_plain, _ACCENT.sub("", text.replace("µ", "μ"))))  # two signs, which look the same


def saying(typed: str) -> Select[int]:
    """The ids of the tickets that say so. Of something typed that holds no word: none."""
    words = words_of(typed)
    if not words:
        return select(tickets.c.id).where(false())
    return select(_ticket_words.c.rowid).where(_Mention(bindparam(None, words, _Words())))


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFD", letter.lower())[0] if letter < _LATIN else letter


class _Words(TypeDecorator[Sequence[str]]):
    """Words as each database's own full-text search is asked for all of them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        parted = [(word.rstrip("*"), word.endswith("*")) for word in value or ()]
        if dialect.name == "sqlite":
            return " AND ".join(f'"{word}"{" *" if goes_on else ""}' for word, goes_on in parted)
        return " & ".join(f"'{word}'{':*' if goes_on else ''}" for word, goes_on in parted)


class _Mention(FunctionElement[Any]):  # a condition that no dialect may dress up as "= 1"
    inherit_cache = True


@compiles(_Mention, "sqlite")
def _on_sqlite(element: _Mention, compiler: SQLCompiler, **options: Any) -> str:
    return f"ticket_words MATCH {compiler.process(element.clauses, **options)}"


@compiles(_Mention, "postgresql")
def _on_postgresql(element: _Mention, compiler: SQLCompiler, **options: Any) -> str:
    return f"words @@ CAST({compiler.process(element.clauses, **options)} AS TSQUERY)"
