"""What is known before any label is there: the words by which a city describes its offices, authorities and categories.

Each duty, alias and example is a small document of its office, so that an office without one labelled post can be
proposed too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from city import City
from classifier.labels import NO_COMPLAINT

_PARTS = re.compile(r"[;,]")


@dataclass(frozen=True, slots=True)
class Known:
    """A few words that speak for an office (or authority), for a category, or for both."""

    text: str
    opd: str | None = None
    category: str | None = None


def known_of(city: City) -> list[Known]:
    """All that the city's folder says of who does what, a phrase an entry, without repetition."""
    return list(dict.fromkeys((*_offices(city), *_categories(city))))


def _offices(city: City) -> Iterator[Known]:
    for opd in city.opds.values():
        for phrase in (opd.name, *opd.aliases, *opd.duties, *opd.examples):
            yield Known(phrase, opd=opd.code)
    for authority in city.authorities.values():
        for phrase in (authority.name, *authority.aliases, *authority.duties):
            yield Known(phrase, opd=authority.code)


def _categories(city: City) -> Iterator[Known]:
    for category in city.categories.values():
        if category.code == NO_COMPLAINT:
            continue
        yield Known(category.name, category=category.code)
        for phrases in (category.definition, category.includes, category.examples):
            for phrase in _PARTS.split(phrases):
                if phrase.strip():
                    yield Known(phrase.strip(), category=category.code)
