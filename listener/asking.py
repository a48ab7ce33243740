"""Putting questions to X within the budget.

What an answer may cost is in the store before the question is put, and is taken back when the answer's real cost goes
in. If the answer is lost, or the process is killed, it stays there, and counts as spent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine

from database.engine import reading, writing
from listener.budget import Budget, bill, reserve, usd
from listener.cursor import Window
from listener.sources.x.client import PAGE_SIZES, Answer
from listener.sources.x.errors import Stopped, XError
from listener.sources.x.wire import Page, read_page

# Each post of a page may bring the post it answers or quotes, which is billed too.
READS_A_POST = 2


class XSource(Protocol):
    """What a run asks of X (`sources.x.client.XClient`). Raises XError."""

    def search(self, query: str, window: Window, *, size: int, page: str | None) -> Answer: ...
    def posts(self, ids: list[str]) -> Answer: ...
    def users(self, *, ids: list[str] | None = None, handles: list[str] | None = None) -> Answer: ...


class OverBudget(Exception):
    """The next page might cost more than is left this month."""


@dataclass(frozen=True, slots=True)
class Paid:
    """An answered question: the page, and what stands reserved for it."""

    page: Page
    reserved: int


@dataclass(frozen=True, slots=True)
class Asking:
    """How one run puts its questions."""

    engine: Engine
    budget: Budget
    run_id: str
    clock: Callable[[], datetime]
    stop: threading.Event

    def ask(self, question: Callable[[int], Answer], *, most: int = PAGE_SIZES[1], least: int = PAGE_SIZES[0]) -> Paid:
        """Put `question` for as many posts as can be paid for, from `least` to `most`.

        Raises OverBudget or Stopped before asking, XError afterwards.
        """
        if self.stop.is_set():
            raise Stopped("told to stop")
        size = self._affordable(most, least)
        reserved = size * self.budget.post
        self._reserve(reserved)
        try:
            return Paid(read_page(question(size)), reserved)
        except XError as error:
            if not error.perhaps_billed:
                self._reserve(-reserved)
            raise

    def settle(self, connection: Connection, paid: Paid) -> int:
        """Replace what was reserved by what the page cost; returns how many reads of it were billed."""
        now = self.clock()
        reserve(connection, self.run_id, now, -paid.reserved)
        return bill(connection, self.run_id, now, "post", paid.page.billed_ids, self.budget.post)

    def _affordable(self, most: int, least: int) -> int:
        with reading(self.engine) as connection:
            left = self.budget.left(connection, self.clock())
        price = self.budget.post * READS_A_POST
        size = min(most, left // price) if price else most
        if size < least or self.budget.monthly == 0:
            raise OverBudget(
                f"{usd(left)} USD are left of this month's {usd(self.budget.monthly)}: too little for a page. "
                "Raise SIMAK_X_MONTHLY_BUDGET_USD, or wait for the next month (UTC)"
            )
        return size

    def _reserve(self, amount: int) -> None:
        if amount:
            with writing(self.engine) as connection:
                reserve(connection, self.run_id, self.clock(), amount)
