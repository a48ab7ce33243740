"""What offices and categories are called on screen."""

from __future__ import annotations

from city import City


def owner_name(city: City, code: str | None) -> str:
    """The full name of an OPD or of another authority; empty for none."""
    owner = city.opds.get(code or "") or city.authorities.get(code or "")
    return owner.name if owner else code or ""


def short_name(city: City, code: str | None) -> str:
    """What colleagues call it: short codes are said letter by letter.

    A code of several words, or of another authority, says little: then the full name stands.
    """
    if code is None or code not in city.opds or "_" in code:
        return owner_name(city, code)
    return code.upper() if len(code) <= 4 else code.capitalize()


def category_name(city: City, code: str | None) -> str:
    category = city.categories.get(code or "")
    return category.name if category else code or ""
