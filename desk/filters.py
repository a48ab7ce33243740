"""The choices by which the list can be narrowed, each with how many tickets it would show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from city import City
from database.tables import PRIORITIES, STATUSES
from desk import wording
from desk.accounts import Person
from desk.names import category_name, short_name
from desk.texts import N_, Words
from desk.view import View
from tickets.census import Facets
from tickets.moves import DRAFT
from tickets.search import NOT_PUT_OFF, SURENESS, Dimension, Order

HEADINGS: Mapping[Dimension, str] = {
    "statuses": N_("Status"),
    "priorities": N_("Urgensi"),
    "opds": N_("OPD"),
    "categories": N_("Kategori"),
    "kecamatan": N_("Kecamatan"),
    "sureness": N_("Keyakinan"),
    "channels": N_("Kanal"),
    "later": N_("Nanti"),
    "tags": N_("Cap"),
}
ORDER_WORDS: Mapping[Order, str] = {
    "urgent": N_("Paling mendesak"),
    "oldest": N_("Paling lama menunggu"),
    "unsure": N_("Paling ragu"),
}
AGE_WORDS: Mapping[str, str] = {
    "": N_("semua"),
    "1j": N_("1 jam"),
    "1h": N_("1 hari"),
    "3h": N_("3 hari"),
    "7h": N_("7 hari"),
}
_IN_ORDER: Mapping[Dimension, Sequence[str]] = {
    "statuses": STATUSES,
    "priorities": PRIORITIES,
    "sureness": [*SURENESS],
}


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Choices:
    dimension: Dimension
    heading: str
    choices: Sequence[Choice]


def choices_of(view: View, counted: Facets, city: City, person: Person, words: Words) -> list[Choices]:
    """Every dimension in which there is something to choose."""
    made = []
    for dimension, heading in HEADINGS.items():
        if dimension == "opds" and person.role == "opd_admin":
            continue
        counts, chosen = counted.counts[dimension], _chosen(view, dimension)
        choices = [
            Choice(
                name=choice_name(dimension, value, city, words),
                count=counts.get(value, 0),
                chosen=value in chosen,
                address=view.with_choice(dimension, value).address(),
            )
            for value in _values(dimension, counts, chosen)
        ]
        if choices:
            made.append(Choices(dimension, words.say(heading), choices))
    return made


def _chosen(view: View, dimension: Dimension) -> Sequence[str]:
    chosen = view.choices[dimension]
    return chosen or ((DRAFT,) if dimension == "statuses" else ())


def _values(dimension: Dimension, counts: Mapping[str, int], chosen: Sequence[str]) -> list[str]:
    """In their own order where they have one, otherwise the busiest first."""
    if dimension in _IN_ORDER:
        return [*_IN_ORDER[dimension]]
    found = {**dict.fromkeys(chosen, 0), **counts}
    found.pop(NOT_PUT_OFF, None)  # the rest of the queue is no choice
    return sorted(found, key=lambda value: (-found[value], value))


def choice_name(dimension: Dimension, value: str, city: City, words: Words) -> str:
    if dimension == "opds":
        return short_name(city, value)
    if dimension == "categories":
        return category_name(city, value)
    tables: Mapping[Dimension, Mapping[str, str]] = {
        "statuses": wording.STATUSES,
        "priorities": wording.PRIORITIES,
        "sureness": wording.SURENESS,
        "channels": wording.CHANNELS,
        "later": wording.LATER,
    }
    return words.say(tables[dimension][value]) if dimension in tables else value
