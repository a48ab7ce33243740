"""Putting questions to X within the budget.

What an answer may cost is in the store before the question is put, and is taken back when the answer's real cost goes
in. If the answer is lost, or the process is killed, it stays there, and counts as spent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine

from database.engine import reading, writing
from listener.budget import Budget, ReadKind, bill, reserve, usd
from listener.cursor import Window
from listener.sources.x.client import PAGE_SIZES, Answer
from listener.sources.x.errors import Stopped, XError

# Each post of a page may bring the post it answers and the one it quotes, which are billed too.
READS_A_POST = 3


class XSource(Protocol):
    """What a run asks of X (`sources.x.client.XClient`). Raises XError."""

    def search(self, query: str, window: Window, *, size: int, page: str | None) -> Answer: ...
    def posts(self, ids: list[str]) -> Answer: ...
    def users(self, *, ids: list[str] | None = None, handles: list[str] | None = None) -> Answer: ...


class OverBudget(Exception):
    """The next page might cost more than is left this month."""


@dataclass(frozen=True, slots=True)
class Paid:
    """An answered question, and what stands reserved for it."""

    answer: Answer
    reserved: int


@dataclass(frozen=True, slots=True)
class Asking:
    """How one run puts its questions. Each raises OverBudget or Stopped before asking, XError afterwards."""

    engine: Engine
    budget: Budget
    run_id: str
    clock: Callable[[], datetime]
    stop: threading.Event

    def for_page(self, question: Callable[[int], Answer]) -> Paid:
        """Ask for as large a page of posts as can be paid for."""
        smallest, largest = PAGE_SIZES
        price = self.budget.post * READS_A_POST
        left = self._left()
        size = min(largest, left // price) if price else largest
        if size < smallest:
            raise self._over_budget(left)
        return self._put(lambda: question(size), size * price)

    def for_things(self, question: Callable[[], Answer], worst: int) -> Paid:
        """Ask for named posts or accounts that cost `worst` millionths of a dollar at most."""
        left = self._left()
        if worst > left:
            raise self._over_budget(left)
        return self._put(question, worst)

    def settle(self, connection: Connection, paid: Paid, kind: ReadKind, source_ids: Collection[str]) -> int:
        """Replace what was reserved by what the answer cost; returns how many reads of it were billed."""
        now = self.clock()
        reserve(connection, self.run_id, now, -paid.reserved)
        price = self.budget.post if kind == "post" else self.budget.user
        return bill(connection, self.run_id, now, kind, source_ids, price)

    def _put(self, question: Callable[[], Answer], reserved: int) -> Paid:
        if self.stop.is_set():
            raise Stopped("told to stop")
        self._reserve(reserved)
        try:
            return Paid(question(), reserved)
        except XError as error:
            if not error.perhaps_billed:
                self._reserve(-reserved)
            raise

    def _left(self) -> int:
        with reading(self.engine) as connection:
            return self.budget.left(connection, self.clock()) if self.budget.monthly else -1

    def _over_budget(self, left: int) -> OverBudget:
        return OverBudget(
            f"{usd(max(left, 0))} USD are left of this month's {usd(self.budget.monthly)}: too little to ask on. "
            "Raise SIMAK_X_MONTHLY_BUDGET_USD, or wait for the next month (UTC)"
        )

    def _reserve(self, amount: int) -> None:
        if amount:
            with writing(self.engine) as connection:
                reserve(connection, self.run_id, self.clock(), amount)
