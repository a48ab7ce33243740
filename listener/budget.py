"""Money is counted before it is spent.

X bills each thing once a UTC day. What a page may cost is written down before it is asked for; the answer replaces it
by what it did cost. An answer that never came may have been billed, and stays counted until its page was read again
on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, func, select, update

from database.tables import reads, runs

ReadKind = Literal["post", "user"]
MICROS = 1_000_000  # millionths of a dollar


def micros(usd: Decimal) -> int:
    return int(usd * MICROS)


def usd(amount: int) -> Decimal:
    return Decimal(amount) / MICROS


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent in a calendar month (UTC), and today's prices; all in millionths of a dollar."""

    monthly: int
    post: int
    user: int

    def left(self, connection: Connection, now: datetime) -> int:
        return self.monthly - spent(connection, now)


def spent(connection: Connection, now: datetime) -> int:
    """What this month's reads cost, and what lost answers may have cost, in millionths of a dollar."""
    first, next_first = _month(now.date())
    billed = select(func.coalesce(func.sum(reads.c.price_micros), 0)).where(
        reads.c.day >= first, reads.c.day < next_first
    )
    asked = select(func.coalesce(func.sum(runs.c.asked_micros), 0)).where(
        runs.c.asked_on >= first, runs.c.asked_on < next_first
    )
    return int(connection.execute(billed).scalar_one()) + int(connection.execute(asked).scalar_one())


def reserve(connection: Connection, run_id: str, now: datetime, amount: int) -> None:
    """Write down what is about to be asked for; a negative amount takes it back."""
    connection.execute(
        update(runs).where(runs.c.id == run_id).values(asked_on=now.date(), asked_micros=runs.c.asked_micros + amount)
    )


def forget_lost_answers(connection: Connection, now: datetime) -> None:
    """What was lost today is, or will be, asked for again: X bills it once a day, so it counts once."""
    connection.execute(update(runs).where(runs.c.asked_on == now.date()).values(asked_micros=0))


def bill(
    connection: Connection, run_id: str, now: datetime, kind: ReadKind, source_ids: Iterable[str], price: int
) -> int:
    """Write down what an answer held; returns how much of it had not been billed today."""
    wanted = sorted(set(source_ids))
    day = now.date()
    known: set[str] = set()
    for start in range(0, len(wanted), 500):
        known.update(
            connection.execute(
                select(reads.c.source_id).where(
                    reads.c.day == day, reads.c.kind == kind, reads.c.source_id.in_(wanted[start : start + 500])
                )
            ).scalars()
        )
    fresh = [
        {"day": day, "kind": kind, "source_id": source_id, "run_id": run_id, "price_micros": price}
        for source_id in wanted
        if source_id not in known
    ]
    if fresh:
        connection.execute(reads.insert(), fresh)
    return len(fresh)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, date(day.year + day.month // 12, day.month % 12 + 1, 1)
