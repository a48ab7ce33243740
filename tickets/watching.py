"""Whether the complaints of the last weeks are of another kind than those of the months before: `classifier.drift`'s
tests, on the tickets of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, select

from classifier.drift import Finding, Item, look
from database.engine import reading
from database.tables import labels, tickets

LATELY = timedelta(weeks=4)
BEFORE = timedelta(weeks=26)

Topics = Callable[[str], frozenset[str]]  # of a normalised text: what the classifier counts new topics by


@dataclass(frozen=True, slots=True)
class Watch:
    """What was compared, and what came of it."""

    lately: int  # tickets
    before: int
    findings: list[Finding]

    @property
    def alarms(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.alarm]


def watch(
    engine: Engine, topics: Topics, now: datetime, lately: timedelta = LATELY, before: timedelta = BEFORE
) -> Watch:
    """Compare the tickets posted in `lately` with those posted in `before`, which ends where `lately` begins."""
    turn = now - lately
    new, old = _items(engine, topics, turn, now), _items(engine, topics, turn - before, turn)
    return Watch(len(new), len(old), look(new, old))


def _items(engine: Engine, topics: Topics, since: datetime, until: datetime) -> list[Item]:
    """One item a ticket that stands; right or wrong where somebody judged it without seeing the proposal."""
    blind = and_(
        labels.c.ticket_id == tickets.c.id, labels.c.saw_prediction.is_(False), labels.c.withdrawn_at.is_(None)
    )
    query = (
        select(tickets.c.id, tickets.c.prediction, labels.c.opd.label("judged"), labels.c.id.label("label_id"))
        .join(labels, blind, isouter=True)
        .where(tickets.c.posted_at >= since, tickets.c.posted_at < until)
        .where(tickets.c.merged_into.is_(None), tickets.c.withdrawn_at.is_(None))
        .order_by(tickets.c.id, labels.c.id)
    )
    with reading(engine) as connection:
        rows = connection.execute(query.execution_options(yield_per=1000))
        return list(_each_once(rows.mappings(), topics))


def _each_once(rows: Any, topics: Topics) -> Iterator[Item]:
    """Of several blind verdicts on one ticket the first one counts."""
    before = None
    for row in rows:
        if row["id"] != before:
            before = row["id"]
            yield _item(row, topics)


def _item(row: Mapping[str, Any], topics: Topics) -> Item:
    told = row["prediction"]
    category, opd = told.get("category") or {}, told.get("opd") or {}
    judged = row["label_id"] is not None
    return Item(
        words=topics(told.get("normalised") or ""),
        category=category.get("code"),
        confidence=opd.get("p"),
        right=opd.get("code") == row["judged"] if judged else None,
    )


__all__ = ["BEFORE", "LATELY", "Topics", "Watch", "watch"]
