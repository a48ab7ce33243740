"""What the list says beside a ticket to this person alone: not opened yet, changed since, open at a colleague's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from desk.looks import looks_of, present
from desk.names import called
from desk.news import News, news_since_looks
from desk.unsent import tickets_with_unsent
from desk.visits import Visit


@dataclass(frozen=True, slots=True)
class Mark:
    is_new: bool
    news: News | None
    open_at: str  # the colleagues who have it open now
    has_words: bool  # of this person, not sent yet

    @property
    def says_something(self) -> bool:
        return bool(self.news or self.open_at or self.has_words)


def marks_of(connection: Connection, rows: Sequence[Mapping[str, Any]], visit: Visit) -> dict[str, Mark]:
    """{number: its mark} for these rows of `tickets`."""
    ids = [row["id"] for row in rows]
    seen = looks_of(connection, visit.person.id, ids)
    news = news_since_looks(connection, ids, visit)
    people = present(connection, ids, visit.now)
    written = tickets_with_unsent(connection, visit.person.id)
    return {
        row["number"]: Mark(
            is_new=row["id"] not in seen,
            news=news.get(row["id"]),
            open_at=", ".join(
                called(each.name, visit.words)
                for each in people.get(row["id"], ())
                if each.account_id != visit.person.id
            ),
            has_words=row["id"] in written,
        )
        for row in rows
    }
