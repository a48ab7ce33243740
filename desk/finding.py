"""Which office, category or authority somebody means: by code, by name, or by any alias in the city's files."""

from __future__ import annotations

from collections.abc import Iterable

from city import City

_Called = tuple[str, tuple[str, ...]]  # a code, and every name for it


def opd_named(city: City, said: str) -> str:
    """The code of the OPD that is called so; what is not known stays as it was said, for the door to refuse."""
    called = ((opd.code, (opd.name, *opd.aliases, *opd.weak_aliases)) for opd in city.opds.values())
    return _named(called, said)


def authority_named(city: City, said: str) -> str:
    called = ((each.code, (each.name, *each.aliases, *each.weak_aliases)) for each in city.authorities.values())
    return _named(called, said)


def category_named(city: City, said: str) -> str:
    return _named(((each.code, (each.name,)) for each in city.categories.values()), said)


def _named(called: Iterable[_Called], said: str) -> str:
    wanted = " ".join(said.casefold().split())
    listed = [(code, {code.casefold(), *(name.casefold() for name in names)}) for code, names in called]
    exact = [code for code, names in listed if wanted in names]
    begun = [code for code, names in listed if any(name.startswith(wanted) for name in names)] if wanted else []
    if exact or len(begun) == 1:
        return (exact or begun)[0]
    return said
