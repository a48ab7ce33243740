"""What of the list a person looks at. The address is the query: whoever has it sees the same list.

Parsed here once from an address, and written back into one. What an address names that is not known is left out.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from city import City
from database.tables import CHANNELS, LATER, PRIORITIES, STATUSES
from desk.accounts import Person
from tickets.checking import is_tag
from tickets.moves import DRAFT, Status
from tickets.numbers import is_number
from tickets.search import NOT_PUT_OFF, ORDERS, SURENESS, Dimension, Order, Search

PAGE_SIZE = 40
LIST = "/antrean"
AGAIN = "/lihat-lagi"  # second looks
LEARNING = "/belajar"
MODEL = "/model"
DRIFT = f"{MODEL}/pergeseran"  # whether complaints changed
BULK = "/massal"  # one act on all that the list holds

# The name in the address of each dimension.
NAMES: Mapping[Dimension, str] = {
    "statuses": "status",
    "priorities": "urgensi",
    "opds": "opd",
    "categories": "kategori",
    "kecamatan": "kecamatan",
    "sureness": "yakin",
    "channels": "kanal",
    "later": "nanti",
    "tags": "cap",
}
ORDER_NAMES: Mapping[Order, str] = {"urgent": "mendesak", "oldest": "terlama", "unsure": "ragu"}
AGES: Mapping[str, timedelta] = {
    "1j": timedelta(hours=1),
    "1h": timedelta(days=1),
    "3h": timedelta(days=3),
    "7h": timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the city's calendar, both included; an end left out is open."""

    first: date | None = None
    last: date | None = None

    def moments(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """From the first moment of the first day up to, not including, the first after the last."""
        since = datetime.combine(self.first, time(), zone) if self.first else None
        until = datetime.combine(self.last + timedelta(days=1), time(), zone) if self.last else None
        return since, until

    def as_fields(self) -> list[tuple[str, str]]:
        given = (("dari", self.first), ("sampai", self.last))
        return [(name, day.isoformat()) for name, day in given if day]


@dataclass(frozen=True, slots=True)
class View:
    """Choices, order, where the page begins, and which ticket lies open."""

    choices: Mapping[Dimension, tuple[str, ...]]
    words: str = ""
    age: str = ""
    period: Period = Period()
    order: Order = "urgent"
    after: str | None = None
    open: str | None = None

    def search(self, person: Person, now: datetime, zone: ZoneInfo) -> Search:
        """The search that the view stands for; an OPD's admin finds what is that OPD's, whatever the address says."""
        chosen: dict[str, Any] = {str(dimension): values for dimension, values in self.choices.items()}
        if not chosen["statuses"]:
            chosen["statuses"] = (DRAFT,)
        if not chosen["later"]:  # a draft that was put off stands in the queue of what it waits for, and in no other
            chosen["later"] = (NOT_PUT_OFF,)
        if person.role == "opd_admin":
            chosen["opds"] = (person.opd or "",)
        before = now - AGES[self.age] if self.age else None
        since, until = self.period.moments(zone)
        return Search(**chosen, words=self.words, posted_before=before, since=since, until=until)

    def query(self, **changes: Any) -> str:
        """The view, with `changes`, as it stands in an address."""
        view = replace(self, **changes)
        parts = [(NAMES[dimension], value) for dimension, values in view.choices.items() for value in values]
        parts += [("cari", view.words)] if view.words else []
        parts += [("umur", view.age)] if view.age else []
        parts += view.period.as_fields()
        parts += [("urut", ORDER_NAMES[view.order])] if view.order != "urgent" else []
        parts += [("setelah", view.after)] if view.after else []
        parts += [("tiket", view.open)] if view.open else []
        return urlencode(parts)

    def address(self, *, ending: str = "", **changes: Any) -> str:
        query = self.query(**changes)
        return f"{LIST}{ending}?{query}" if query else f"{LIST}{ending}"

    def opening(self) -> str:
        """The address that opens a ticket of the list, but for its number at the end."""
        query = self.query(open=None)
        return f"{LIST}?{query}{'&' if query else ''}tiket="

    def with_choice(self, dimension: Dimension, value: str) -> View:
        """The view in which `value` is chosen if it was not, and the other way round; from the top of the list."""
        chosen = self.choices[dimension]
        toggled = tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
        return replace(self, choices={**self.choices, dimension: toggled}, after=None, open=None)

    @property
    def has_choices(self) -> bool:
        return bool(self.age or self.period.as_fields() or any(self.choices.values()))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.has_choices)


def bulk_address(view: View) -> str:
    query = view.query(after=None, open=None)
    return f"{BULK}?{query}" if query else BULK


EMPTY = View(dict.fromkeys(NAMES, ()))


def view_of(query: str, city: City) -> View:
    """The view of the part of an address behind the question mark."""
    given = parse_qs(query, max_num_fields=500)
    known = _known(city)
    choices = {
        dimension: tuple(dict.fromkeys(value for value in given.get(name, []) if value in known[dimension]))
        for dimension, name in NAMES.items()
    }
    orders = {name: order for order, name in ORDER_NAMES.items()}
    age = _last(given, "umur")
    return View(
        choices=choices,
        words=" ".join(_last(given, "cari").split())[:100],
        age=age if age in AGES else "",
        period=period_of(given),
        order=orders.get(_last(given, "urut"), ORDERS[0]),
        after=_number(given, "setelah"),
        open=_number(given, "tiket"),
    )


def period_of(given: Mapping[str, Sequence[str]]) -> Period:
    return Period(_day(_last(given, "dari")), _day(_last(given, "sampai")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class _Tags:
    """Any word that can be a tag: the desk makes its own."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and is_tag(word)


_TAGS = _Tags()


def _known(city: City) -> Mapping[Dimension, Container[str]]:
    statuses: tuple[Status, ...] = STATUSES  # type: ignore[assignment]
    return {
        "statuses": statuses,
        "priorities": PRIORITIES,
        "opds": {*city.opds, *city.authorities, *city.former},
        "categories": {*city.categories, *city.former},
        "kecamatan": {each.name for each in city.kecamatan.values()},
        "sureness": [*SURENESS],
        "channels": CHANNELS,
        "later": LATER,
        "tags": _TAGS,
    }


def _last(given: Mapping[str, Sequence[str]], name: str) -> str:
    return given[name][-1].strip() if name in given else ""


def _number(given: Mapping[str, Sequence[str]], name: str) -> str | None:
    value = _last(given, name)
    return value if is_number(value) else None
