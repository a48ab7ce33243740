"""The last look at whether complaints changed (`watching`), kept in the store with its time.

A look loads the model and tests thousands of words: pages read what the last one found. Needs no model stack.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select

from classifier.errors import ClassifierError
from database.engine import open_store, writing
from database.tables import store_info

if TYPE_CHECKING:  # the exact tests bring the model stack with them
    from classifier.drift import Finding
    from tickets.watching import Watch

KEY = "drift"
_NEAREST = 10  # of what was tested and is no alarm


@dataclass(frozen=True, slots=True)
class Counted:
    """`hits` of `n`, with the 95 % interval of their share."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.hits / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that was counted (`classifier.drift.Finding`): a word, a category, doubts or faults."""

    kind: str
    name: str
    lately: Counted
    before: Counted
    p: float

    @property
    def is_more(self) -> bool:
        return self.lately.share > self.before.share


@dataclass(frozen=True, slots=True)
class Look:
    """What was compared when, and what came of it: all alarms, and what came nearest to one."""

    at: datetime
    lately: int  # tickets of the last weeks
    before: int  # and of the months before them
    alarms: Sequence[Shift]
    nearest: Sequence[Shift]
    tested: int
    failed: bool = False  # there was no model to look with


def watch_and_keep(url: str, models: Path, now: datetime) -> None:
    """Look, and keep what was found; that there was no model to look with, too."""
    from classifier.reader import Reader
    from tickets.watching import watch

    engine = open_store(url)
    try:
        try:
            found = look_of(watch(engine, Reader.load(models).topics, now), now)
        except ClassifierError:
            found = Look(now, 0, 0, (), (), 0, failed=True)
        with writing(engine) as connection:
            keep(connection, found)
    finally:
        engine.dispose()


def look_of(seen: Watch, now: datetime) -> Look:
    """As it is kept."""
    alarms = [_shift(finding) for finding in seen.findings if finding.alarm]
    calm = [_shift(finding) for finding in seen.findings if not finding.alarm]
    return Look(now, seen.lately, seen.before, alarms, calm[:_NEAREST], len(seen.findings))


def _shift(found: Finding) -> Shift:
    lately, before = _counted(found.lately, found.of_lately), _counted(found.before, found.of_before)
    return Shift(found.kind, found.name, lately, before, found.p)


def _counted(interval: Sequence[float | None], n: int) -> Counted:
    share, low, high = (value or 0.0 for value in interval)
    return Counted(round(share * n), n, low, high)


def keep(connection: Connection, found: Look) -> None:
    """In place of the look before it."""
    told = json.dumps(asdict(found) | {"at": found.at.isoformat()}, ensure_ascii=False)
    connection.execute(delete(store_info).where(store_info.c.key == KEY))
    connection.execute(store_info.insert().values(key=KEY, value=told))


def kept(connection: Connection) -> Look | None:
    """The last look; None before the first."""
    told = connection.execute(select(store_info.c.value).where(store_info.c.key == KEY)).scalar()
    if told is None:
        return None
    read: dict[str, Any] = json.loads(told)
    shifts = {name: [_read(shift) for shift in read[name]] for name in ("alarms", "nearest")}
    return Look(**{**read, **shifts, "at": datetime.fromisoformat(read["at"])})


def _read(shift: dict[str, Any]) -> Shift:
    return Shift(**{**shift, "lately": Counted(**shift["lately"]), "before": Counted(**shift["before"])})
