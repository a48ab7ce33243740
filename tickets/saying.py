"""Which tickets say what somebody types: all of the words, each from its beginning, in number, title, text or place.

The store itself keeps the index (migration 0008), SQLite by FTS5 and PostgreSQL by a `tsvector`; both find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Dialect, Select, Text, TypeDecorator, bindparam, column, false, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from database.tables import tickets

# Not in `database.tables`: to SQLite it is no ordinary table, and nobody writes it but the store.
_ticket_words = table("ticket_words", column("rowid", BigInteger), column("words", Text))

# Letters and digits, without emoji and without scripts whose vowels the databases do not count as letters.
_WORD = re.compile(r"[^\W_\u1900-\u1CFF\U0001F000-\U0001FAFF]+")
_ACCENT = re.compile(r"[\u0300-\u0331]")
_LATIN = "\u017f"  # from here on letters are found as they are written


def words_of(typed: str) -> tuple[str, ...]:
    """The words to look for, each once, as the index knows them.

    >>> words_of("Jl.Pandanaran  jl LAMPU, 2026-000123 énak")
    ('jl', 'pandanaran', 'lampu', '2026', '000123', 'enak')
    """
    plain = "".join(map(_plain, _ACCENT.sub("", typed.replace("µ", "μ"))))  # two signs, which look the same
    return tuple(dict.fromkeys(_WORD.findall(plain)))


def saying(typed: str) -> Select[int]:
    """The ids of the tickets that say so. Of something typed that holds no word: none."""
    words = words_of(typed)
    if not words:
        return select(tickets.c.id).where(false())
    return select(_ticket_words.c.rowid).where(_Mention(bindparam(None, words, _Prefixes())))


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFD", letter.lower())[0] if letter < _LATIN else letter


class _Prefixes(TypeDecorator[Sequence[str]]):
    """Words as each database's own full-text search is asked for all that begin so."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        words = value or ()
        if dialect.name == "sqlite":
            return " AND ".join(f'"{word}" *' for word in words)
        return " & ".join(f"'{word}':*" for word in words)


class _Mention(FunctionElement[Any]):  # a condition that no dialect may dress up as "= 1"
    inherit_cache = True


@compiles(_Mention, "sqlite")
def _on_sqlite(element: _Mention, compiler: SQLCompiler, **options: Any) -> str:
    return f"ticket_words MATCH {compiler.process(element.clauses, **options)}"


@compiles(_Mention, "postgresql")
def _on_postgresql(element: _Mention, compiler: SQLCompiler, **options: Any) -> str:
    return f"words @@ CAST({compiler.process(element.clauses, **options)} AS TSQUERY)"
