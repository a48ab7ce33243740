"""What of the history is asked for, as it stands in the address: of the whole trail, or of one's own decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qs, urlencode

from desk.view import Period, period_of
from desk.visits import Visit
from tickets.history import MACHINE
from tickets.moves import Action
from tickets.trail import Wanted

_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """What is left empty lets all through. `before`: after what one has seen the page begins."""

    actor: str
    action: str
    number: str
    period: Period
    everyone: bool  # the machine too
    before: str

    def wanted(self, visit: Visit) -> Wanted:
        since, until = self.period.moments(visit.parts.zone)
        return Wanted(self.actor, self.action, self.number, since, until, people_only=not self.everyone)

    def query(self, before: str = "") -> str:
        fields = [("siapa", self.actor), ("apa", self.action), ("nomor", self.number), *self.period.as_fields()]
        fields += [("mesin", "ya" if self.everyone else ""), ("sebelum", before)]
        return urlencode([(name, value) for name, value in fields if value])

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query())


def is_line(text: str) -> bool:
    """Whether it can be the number of a line that the store could hold."""
    return text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS


def asked_of(visit: Visit) -> Asked:
    given = parse_qs(visit.request.url.query, max_num_fields=50)

    def one(name: str) -> str:
        return given[name][-1].strip() if name in given else ""

    action = one("apa")
    return Asked(
        actor=one("siapa"),
        action=action if action in get_args(Action) else "",
        number=one("nomor"),
        period=period_of(given),
        everyone=one("mesin") == "ya" or one("siapa") == MACHINE,
        before=one("sebelum"),
    )
