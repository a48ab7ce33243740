"""What the stories about tickets are told with: posts as the listener leaves them, and a reader that follows rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

from city import City
from classifier import Post
from database.engine import reading, writing
from database.tables import audit, incident_keys, posts, predictions, run_queries, runs, tickets
from tickets.reading import read_waiting

NOON = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)

# What a word tells the rule reader: category, office, decision.
RULES: Mapping[str, tuple[str, str, str]] = {
    "lampu": ("pju", "disperkim", "route"),
    "gelap": ("pju", "disperkim", "route"),
    "banjir": ("drainase_banjir", "dpu", "route"),
    "got": ("drainase_banjir", "dpu", "route"),
    "lubang": ("jalan_rusak", "dpu", "route"),
    "sampah": ("sampah", "dlh", "route"),
    "listrik": ("bukan_kewenangan", "pln", "not_ours"),
    "aneh": ("lainnya", "setda", "review"),
}
_STREET = re.compile(r"jl\.? (\w+)", re.IGNORECASE)
_KELURAHAN = re.compile(r"kel\.? (\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    content: Mapping[str, object]

    def as_dict(self) -> Mapping[str, object]:
        return self.content


@dataclass
class RuleReader:
    """Reads by RULES; a text with `poison` cannot be read."""

    model: str = "rules-1"
    asked: list[int] = field(default_factory=list)

    def read(self, posts: Sequence[Post]) -> list[Answer]:
        self.asked.append(len(posts))
        return [Answer(self._content(post)) for post in posts]

    def _content(self, post: Post) -> dict[str, object]:
        if "poison" in post.text:
            raise ValueError("this post is poison")
        rule = next((rule for word, rule in RULES.items() if word in post.text.lower()), None)
        base: dict[str, object] = {
            "id": post.id, "actionable": 0.97, "opd_top3": [], "category_top3": [], "why": [], "model": self.model,
            "normalised": post.text.lower(), "place": place_of(post.text),
            "priority": "darurat" if "kebakaran" in post.text else "tinggi" if "bahaya" in post.text else "biasa",
            "priority_why": [word for word in ("kebakaran", "bahaya") if word in post.text],
        }  # fmt: skip
        if rule is None:
            return base | {"decision": "drop", "category": None, "opd": None}
        category, opd, decision = rule
        why = [{"term": post.text.split()[0], "weight": 1.0}]
        sure = 0.99 if decision == "route" else 0.6
        choices = {"category": {"code": category, "p": sure}, "opd": {"code": opd, "p": 0.88}, "why": why}
        return base | {"decision": decision} | choices


def place_of(text: str) -> dict[str, object] | None:
    street, kelurahan = _STREET.search(text), _KELURAHAN.search(text)
    if not street and not kelurahan:
        return None
    found = street or kelurahan
    assert found is not None
    return {
        "kelurahan": kelurahan[1].title() if kelurahan else None,
        "kecamatan": None,
        "text": found[0],
        "precision": "street" if street else "kelurahan",
    }


@dataclass
class Desk:
    """A store with one run in it, and the moves of a story."""

    engine: Engine
    city: City
    reader: RuleReader = field(default_factory=RuleReader)
    now: datetime = NOON
    own_accounts: frozenset[str] = frozenset({"sapambakita"})
    blind: bool = False  # whether the lots decide who is shown without a proposal; else every draft shows its own
    _serial: int = 0

    def __post_init__(self) -> None:
        self.run()

    def run(self, run_id: str = "run-1", queries: int = 1, **columns: Any) -> None:
        with writing(self.engine) as connection:
            row = {"kind": "search", "channel": "x", "started_at": self.now, "errors": []} | columns
            connection.execute(runs.insert().values(id=run_id, **row))
            for position in range(queries):
                connection.execute(run_queries.insert().values(run_id=run_id, position=position, query="q", terms=[]))

    def post(self, text: str | None, author: str | None = None, *, minutes: float = 0, **columns: Any) -> int:
        """Capture a post `minutes` after noon; returns its id."""
        self._serial += 1
        at = columns.pop("created_at", NOON + timedelta(minutes=minutes))
        source_id = columns.pop("source_id", f"{1000 + self._serial}")
        row = {
            "channel": "x", "source_id": source_id, "version_id": source_id, "author_id": author,
            "author_handle": author, "text": text, "media": [], "created_at": at, "captured_at": self.now,
            "first_run_id": "run-1", "first_query": 0, "payload": b"{}",
        } | columns  # fmt: skip
        with writing(self.engine) as connection:
            return int(connection.execute(posts.insert().values(row).returning(posts.c.id)).scalar_one())

    def edit(self, post_id: int, text: str, version: str = "9000") -> None:
        """As the listener leaves a post whose newer version it found."""
        self._change(post_id, text=text, version_id=version, edited_at=self.now, outcome="waiting", reason=None)

    def remove(self, post_id: int) -> None:
        """As the listener leaves a post that its source no longer has."""
        gone: dict[str, Any] = {"text": None, "parent_text": None, "payload": None, "media": []}
        self._change(post_id, removed_at=self.now, outcome="waiting", reason=None, **gone)

    def read(self, **options: Any) -> int:
        known: dict[str, Any] = {"city": self.city, "own_accounts": self.own_accounts}
        count = read_waiting(self.engine, self.reader, lambda: self.now, **known | options)
        if not self.blind:
            with writing(self.engine) as connection:
                connection.execute(update(tickets).values(blind=False))
        return count

    def tell(self, *texts: str) -> list[int]:
        """Posts by different people, captured and read."""
        ids = [self.post(text, f"warga{number}") for number, text in enumerate(texts)]
        self.read()
        return ids

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def row(self, post_id: int) -> Mapping[str, Any]:
        return self._one(select(posts).where(posts.c.id == post_id))

    def posts(self) -> list[Mapping[str, Any]]:
        return self._all(select(posts).order_by(posts.c.id))

    def ticket(self, ticket_id: int) -> Mapping[str, Any]:
        return self._one(select(tickets).where(tickets.c.id == ticket_id))

    def ticket_of(self, post_id: int) -> Mapping[str, Any]:
        return self.ticket(self.row(post_id)["ticket_id"])

    def alive(self) -> list[Mapping[str, Any]]:
        """The tickets that count."""
        counted = (tickets.c.merged_into.is_(None), tickets.c.withdrawn_at.is_(None))
        return self._all(select(tickets).where(*counted).order_by(tickets.c.id))

    def partition(self) -> set[frozenset[str]]:
        """Which posts stand together, by their source ids."""
        groups: dict[int, set[str]] = {}
        for row in self._all(select(posts.c.source_id, posts.c.ticket_id).where(posts.c.ticket_id.is_not(None))):
            groups.setdefault(row["ticket_id"], set()).add(row["source_id"])
        return {frozenset(group) for group in groups.values()}

    def history(self, ticket_id: int) -> list[Mapping[str, Any]]:
        return self._all(select(audit).where(audit.c.ticket_id == ticket_id).order_by(audit.c.id))

    def _change(self, post_id: int, **columns: Any) -> None:
        with writing(self.engine) as connection:
            connection.execute(update(posts).where(posts.c.id == post_id).values(columns))

    def _one(self, query: Any) -> Mapping[str, Any]:
        (row,) = self._all(query)
        return row

    def _all(self, query: Any) -> list[Mapping[str, Any]]:
        with reading(self.engine) as connection:
            return [*connection.execute(query).mappings()]

    def wipe(self) -> None:
        """Forget all posts and tickets."""
        with writing(self.engine) as connection:
            connection.execute(update(posts).values(ticket_id=None))
            for table in (predictions, incident_keys, audit, tickets, posts):
                connection.execute(table.delete())
