"""How listening and reading are, and what of it needs a person: told by the store alone, whoever writes to it.

Cheap enough to be asked on every page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, bindparam, func, select

from database.tables import cursors, gaps, posts, runs
from tickets.ledger import spent

_MICROS = 1_000_000
_READ_WITHIN = timedelta(minutes=10)  # reading follows capture at once; it waits only while there is no model

NeedCode = Literal[
    "auth", "quota", "budget", "rate_limit", "transient", "bad_request", "bad_payload", "busy", "model", "internal",
    "never_ran", "stopped", "gap", "quarantined", "unread", "budget_low", "silence", "x_off",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs a person; `mild` what only should be known. `number` of posts, hours or dollars."""

    code: NeedCode
    number: float = 0
    detail: str = ""
    mild: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One channel: how many posts it brought, and the last one."""

    channel: str
    posts: int
    last_captured_at: datetime
    last_posted_at: datetime


@dataclass(frozen=True, slots=True)
class Budget:
    """Of this month (UTC), in dollars. `runs_out_on`: at the pace so far; None when it lasts."""

    monthly: Decimal
    spent: Decimal
    left: Decimal
    runs_out_on: datetime | None


# Asked for every page: put together once.
_LAST_RUN = (
    select(runs.c.started_at, runs.c.errors)
    .where(runs.c.kind != "import")
    .order_by(runs.c.started_at.desc(), runs.c.id.desc())
    .limit(1)
)
_LOST_AND_UNREADABLE = select(
    select(func.count()).select_from(gaps).where(gaps.c.to_at > bindparam("since")).scalar_subquery(),
    select(func.count()).select_from(posts).where(posts.c.outcome == "quarantined").scalar_subquery(),
)
_WAITING = (
    select(posts.c.captured_at).where(posts.c.outcome == "waiting").order_by(posts.c.outcome, posts.c.id).limit(1_000)
)
_newest_posts = (
    select(posts.c.created_at).where(posts.c.channel == "x").order_by(posts.c.id.desc()).limit(200).subquery()
)
_HOW_OFTEN = select(func.count(), func.min(_newest_posts.c.created_at), func.max(_newest_posts.c.created_at))


def needs(connection: Connection, now: datetime, *, monthly_budget_usd: Decimal, x_is_on: bool) -> list[Need]:
    """What needs a person, the worst first."""
    found = _of_the_last_run(connection, now, x_is_on) + _of_the_store(connection, now)
    if x_is_on:
        found += _of_the_budget(budget(connection, now, monthly_budget_usd))
    else:
        found.append(Need("x_off", mild=True))
    return sorted(found, key=lambda need: need.mild)


def _of_the_last_run(connection: Connection, now: datetime, x_is_on: bool) -> list[Need]:
    last = connection.execute(_LAST_RUN).one_or_none()
    if last is None:
        return [Need("never_ran", mild=not x_is_on)]
    found = [Need(error["kind"], detail=error["message"]) for error in last.errors]
    hours = (now - last.started_at) / timedelta(hours=1)
    if hours > 3:  # it runs hourly: two turns were missed
        found.append(Need("stopped", int(hours)))
    return found


def _of_the_store(connection: Connection, now: datetime) -> list[Need]:
    lost, unreadable = connection.execute(_LOST_AND_UNREADABLE, {"since": now - timedelta(days=7)}).one()
    unread = sum(at < now - _READ_WITHIN for at in _waiting_since(connection))
    told: Mapping[NeedCode, int] = {"gap": lost, "unread": unread, "quarantined": unreadable}
    return [Need(code, number, mild=code == "quarantined") for code, number in told.items() if number] + _silence(
        connection, now
    )


def _waiting_since(connection: Connection) -> list[datetime]:
    """When the posts that wait longest were captured; a thousand say enough."""
    return list(connection.execute(_WAITING).scalars())


def _silence(connection: Connection, now: datetime) -> list[Need]:
    """No post for far longer than is usual, while the listener runs."""
    number, first, last = connection.execute(_HOW_OFTEN).one()
    if number < 20:
        return []
    usual = (last - first) / (number - 1)
    quiet = now - last
    if quiet > max(12 * usual, timedelta(hours=6)):
        return [Need("silence", int(quiet / timedelta(hours=1)), mild=True)]
    return []


def _of_the_budget(now: Budget) -> list[Need]:
    if now.left <= 0:
        return [Need("budget", float(now.monthly))]
    return [Need("budget_low", float(now.left), mild=True)] if now.left < now.monthly / 10 else []


def budget(connection: Connection, now: datetime, monthly_usd: Decimal) -> Budget:
    used = Decimal(spent(connection, now)) / _MICROS
    left = monthly_usd - used
    day = now.astimezone(UTC)
    begin = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
    runs_out_on = None
    if used > 0:
        lasts = now + (now - begin) * float(max(left, Decimal(0)) / used)
        runs_out_on = lasts if lasts < following else None
    return Budget(monthly_usd, used, left, runs_out_on)


def sources(connection: Connection) -> list[Source]:
    """Every channel that has brought posts, the busiest first."""
    query = select(posts.c.channel, func.count(), func.max(posts.c.captured_at), func.max(posts.c.created_at)).group_by(
        posts.c.channel
    )
    found = [Source(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda source: -source.posts)


def outcomes(connection: Connection) -> Mapping[str, int]:
    """How many posts stand where."""
    query = select(posts.c.outcome, func.count()).group_by(posts.c.outcome)
    return {row[0]: row[1] for row in connection.execute(query)}


def last_runs(connection: Connection, limit: int = 12) -> list[str]:
    """Ids of the newest runs, newest first; `ledger.run_report` tells each."""
    query = select(runs.c.id).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def unfinished_terms(connection: Connection) -> list[str]:
    query = select(cursors.c.term).where(cursors.c.unfinished_up_to.is_not(None)).order_by(cursors.c.term)
    return list(connection.execute(query).scalars())
