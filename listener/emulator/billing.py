"""What X charges: each post and user once a UTC day, however often it is answered, each count, and what is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from listener.emulator.answers import Answer
from listener.emulator.habits import Prices
from listener.emulator.refusals import credits_depleted

Resource = Literal["post", "user"]


@dataclass
class Bill:
    """The running account. `credit` is what was paid in, in US dollars; None never runs out."""

    prices: Prices
    counts_includes: bool
    credit: Decimal | None = None
    counts: int = 0
    writing: Decimal = Decimal(0)
    _charged: dict[tuple[Resource, date], set[str]] = field(default_factory=dict)

    def check_credit(self) -> None:
        """Raises Refusal (402) when nothing is left. The last answer may overdraw: X denies only the next one."""
        if self.credit is not None and self.spent >= self.credit:
            raise credits_depleted()

    def charge(self, answer: Answer, data_is: Resource | None, now: datetime) -> None:
        """Put what `answer` holds on the bill."""
        day = now.astimezone(UTC).date()
        if data_is is not None:
            self._add(data_is, day, answer.items)
        if self.counts_includes:
            self._add("post", day, answer.includes.get("tweets", []))
            self._add("user", day, answer.includes.get("users", []))

    def charge_count(self) -> None:
        self.counts += 1

    def charge_writing(self, *, linked: bool, summoned: bool) -> None:
        prices = self.prices
        self.writing += prices.linked if linked else prices.answer if summoned else prices.written

    def charged(self, resource: Resource, day: date) -> frozenset[str]:
        """Ids of what was charged on that UTC day."""
        return frozenset(self._charged.get((resource, day), ()))

    def posts_by_day(self) -> dict[date, int]:
        return {day: len(ids) for (resource, day), ids in sorted(self._charged.items()) if resource == "post"}

    @property
    def spent(self) -> Decimal:
        """US dollars since the start."""
        each = {"post": self.prices.post, "user": self.prices.user}
        charged = sum((each[resource] * len(ids) for (resource, _), ids in self._charged.items()), Decimal(0))
        return charged + self.prices.count * self.counts + self.writing

    def _add(self, resource: Resource, day: date, objects: list[dict[str, object]]) -> None:
        known = self._charged.setdefault((resource, day), set())
        known.update(str(one["id"]) for one in objects if one and "id" in one)
