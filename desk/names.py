"""What offices, categories and colleagues are called on screen."""

from __future__ import annotations

from datetime import date

from city import City
from city.changes import name_on
from desk.texts import N_, Words
from tickets.history import MACHINE


def called(actor: str, words: Words) -> str:
    """Who did something, as it begins a sentence: an account's name, or Simak itself.

    >>> called("budi", Words("id"))
    'Budi'
    """
    return words.say(N_("Simak")) if actor == MACHINE else actor[:1].upper() + actor[1:]


def owner_name(city: City, code: str | None, on: date = date.max) -> str:
    """The full name of an OPD or of another authority, on that day; empty for none."""
    return name_on(city, code, on) if code else ""


def short_name(city: City, code: str | None) -> str:
    """What colleagues call it: short codes are said letter by letter.

    A code of several words, or of another authority, says little: then the full name stands.
    """
    if code is None or code not in city.opds or "_" in code:
        return owner_name(city, code)
    return code.upper() if len(code) <= 4 else code.capitalize()


def category_name(city: City, code: str | None, on: date = date.max) -> str:
    return name_on(city, code, on) if code else ""
