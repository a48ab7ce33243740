"""What is true of a city, kept as data that people who don't program can change.

Importing this package is cheap: an hour with nothing to read needs the watch-list alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from city.errors import CityError

if TYPE_CHECKING:
    from city.loading import load_city
    from city.model import City

__all__ = ["City", "CityError", "load_city"]


def __getattr__(name: str) -> Any:
    if name == "load_city":
        from city.loading import load_city

        return load_city
    if name == "City":
        from city.model import City

        return City
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
