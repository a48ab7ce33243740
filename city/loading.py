"""Reading a city's folder: the order in which its files are read, so that each may name what an earlier one holds."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

from city import rows
from city.changes import CHANGES_FILE, checked
from city.errors import CityError
from city.model import Authority, Category, Change, City, Deadline, Kecamatan, Kelurahan, Opd
from city.tables import Row, read_table

Value = TypeVar("Value")
Coded = TypeVar("Coded", Opd, Category, Authority, Kecamatan, Kelurahan)

_WEEK = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
# Of a city.toml that says nothing of them, as in the copies that models froze before cities told their hours.
_OPENS, _WEEKEND = time(8), ["sabtu", "minggu"]
_DEADLINE_KEYS = ("step", "rule", "working_days", "hours", "category", "from", "until")


def load_city(folder: Path) -> City:
    """Read and check all files of `folder`. Raises CityError at the first thing that cannot be right."""
    if not folder.is_dir():
        raise CityError(f"{folder}: no such folder; name the folder that holds a city's files")
    known = rows.Known()
    facts = _read_toml(folder / "city.toml")
    opds = known.opds = _by_code(folder / "departments.csv", rows.OPD_COLUMNS, rows.opd, known)
    authorities = known.authorities = _by_code(
        folder / "authorities.csv", rows.AUTHORITY_COLUMNS, rows.authority, known
    )
    categories = known.categories = _by_code(folder / "categories.csv", rows.CATEGORY_COLUMNS, rows.category, known)
    return City(
        name=_text(facts, "name"),
        aliases=_texts(facts, "aliases"),
        emergency_number=_text(facts, "emergency_number"),
        office_opens=_time({"office_opens": _OPENS} | facts, "office_opens"),
        weekend=_weekdays({"weekend": _WEEKEND} | facts, "weekend"),
        opds=opds,
        categories=categories,
        authorities=authorities,
        kecamatan=_by_code(folder / "kecamatan.csv", rows.KECAMATAN_COLUMNS, rows.kecamatan, known),
        kelurahan=_by_code(folder / "kelurahan.csv", rows.KELURAHAN_COLUMNS, rows.kelurahan, known),
        places=_all(folder / "places.csv", rows.PLACE_COLUMNS, rows.place, known),
        stops=_all(folder / "stops.csv", rows.STOP_COLUMNS, rows.stop, known),
        regions=_all(folder / "regions.csv", rows.REGION_COLUMNS, rows.region, known),
        holidays=_all(folder / "holidays.csv", rows.HOLIDAY_COLUMNS, rows.holiday, known),
        name_clashes=_all(folder / "name_clashes.csv", rows.NAME_CLASH_COLUMNS, rows.name_clash, known),
        deadlines=_deadlines(folder / "deadlines.toml", categories.keys()),
        changes=_changes(folder / CHANGES_FILE, known),
    )


def _changes(path: Path, known: rows.Known) -> tuple[Change, ...]:
    """Oldest first; none where the file is missing or empty: nothing has changed yet."""
    if not path.exists() or not path.stat().st_size:
        return ()
    table = read_table(path, rows.CHANGE_COLUMNS, CityError)
    return checked([(row, rows.change(row, known)) for row in table])


def _all(
    path: Path, columns: Sequence[str], read: Callable[[Row, rows.Known], Value], known: rows.Known
) -> tuple[Value, ...]:
    return tuple(read(row, known) for row in read_table(path, columns, CityError))


def _by_code(
    path: Path, columns: Sequence[str], read: Callable[[Row, rows.Known], Coded], known: rows.Known
) -> dict[str, Coded]:
    """The values by their code; a code that stands there twice is refused."""
    values: dict[str, Coded] = {}
    for row in read_table(path, columns, CityError):
        value = read(row, known)
        if value.code in values:
            raise row.refuse(f"code {value.code!r} stood there before", "keep one line for each code")
        values[value.code] = value
    if not values:
        raise CityError(f"{path.name}: holds no line; write at least one")
    return values


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CityError(f"{path.name}: cannot be read ({error}); restore it, saved as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CityError(f"{path.name}: not in TOML's form: {error}; mend that line") from None


def _text(facts: Mapping[str, Any], key: str) -> str:
    value = facts.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CityError(f'city.toml: {key} is {value!r}; write {key} = "…"')
    return value


def _texts(facts: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = facts.get(key)
    if not isinstance(value, list) or not all(isinstance(part, str) and part for part in value):
        raise CityError(f'city.toml: {key} is {value!r}; write {key} = ["…", "…"]')
    return tuple(value)


def _time(facts: Mapping[str, Any], key: str) -> time:
    value = facts.get(key)
    if not isinstance(value, time):
        raise CityError(f"city.toml: {key} is {value!r}; write {key} = 07:30:00")
    return value


def _weekdays(facts: Mapping[str, Any], key: str) -> frozenset[int]:
    names = _texts(facts, key)
    unknown = [name for name in names if name not in _WEEK]
    if unknown or len(set(names)) == len(_WEEK):
        raise CityError(f"city.toml: {key} holds {unknown or names}; write some of {', '.join(_WEEK)}")
    return frozenset(_WEEK.index(name) for name in names)


def _deadlines(path: Path, categories: Collection[str]) -> tuple[Deadline, ...]:
    document = _read_toml(path)
    entries = document.get("deadline", [])
    if set(document) - {"deadline"} or not isinstance(entries, list):
        raise CityError(f"{path.name}: write each deadline under a line [[deadline]], and nothing else")
    return tuple(
        _deadline(entry, f"{path.name}: deadline {number}", categories) for number, entry in enumerate(entries, 1)
    )


def _deadline(entry: Mapping[str, Any], where: str, categories: Collection[str]) -> Deadline:
    for key in entry:
        if key not in _DEADLINE_KEYS:
            raise CityError(f"{where}: {key!r} is unknown; the keys are {', '.join(_DEADLINE_KEYS)}")
    for key in ("step", "rule"):
        if not isinstance(entry.get(key), str):
            raise CityError(f'{where}: {key} is {entry.get(key)!r}; write {key} = "…"')
    lengths = [key for key in ("working_days", "hours") if key in entry]
    if len(lengths) != 1 or type(entry[lengths[0]]) is not int or entry[lengths[0]] <= 0:
        raise CityError(f"{where}: found {lengths or 'no length'}; write working_days or hours, a whole number above 0")
    for key in ("from", "until"):
        if key in entry and type(entry[key]) is not date:
            raise CityError(f"{where}: {key} is {entry[key]!r}; write a date without quotes, as in 2026-01-31")
    if entry.get("category") not in (None, *categories):
        raise CityError(f"{where}: category {entry['category']!r} is unknown; write a code of categories.csv")
    return Deadline(
        step=entry["step"],
        rule=entry["rule"],
        working_days=entry.get("working_days"),
        hours=entry.get("hours"),
        category=entry.get("category"),
        since=entry.get("from"),
        until=entry.get("until"),
    )
