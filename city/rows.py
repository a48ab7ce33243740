"""One line of a city's table → one value, with every code and name that it mentions checked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, get_args

from city.model import (
    Authority,
    Believed,
    Category,
    Change,
    HandleStatus,
    Holiday,
    HolidayKind,
    Kecamatan,
    Kelurahan,
    KnownPlace,
    NameClash,
    Opd,
    OpdKind,
    PlaceKind,
    Region,
    RegionKind,
    Stop,
)
from city.tables import Row

OF_KECAMATAN = "@kecamatan"  # in usual_opds: the office of the kecamatan where it is
OF_AUTHORITY = "@authority"  # in usual_opds: whichever other authority owns it
THE_CITY = "city"  # as authority of a place: the city itself

OPD_COLUMNS = (
    "code", "name", "kind", "aliases", "weak_aliases", "handles", "handle_status", "duties", "examples",
    "counter_examples", "former_names", "valid_from", "valid_to",
)  # fmt: skip
AUTHORITY_COLUMNS = ("code", "name", "aliases", "weak_aliases", "handles", "duties", "onward_channel")
CATEGORY_COLUMNS = (
    "code", "name", "usual_opds", "definition", "includes", "excludes", "examples", "in_city_statistics",
)  # fmt: skip
KECAMATAN_COLUMNS = ("code", "name", "opd", "believed", "latitude", "longitude")
KELURAHAN_COLUMNS = (
    "code", "name", "kecamatan", "aliases", "weak_aliases", "believed", "latitude", "longitude",
)  # fmt: skip
PLACE_COLUMNS = ("name", "kind", "aliases", "weak_aliases", "kelurahan", "kecamatan", "authority", "confirmed")
STOP_COLUMNS = ("name", "corridors", "latitude", "longitude", "kelurahan", "kecamatan")
REGION_COLUMNS = ("name", "kind", "authority", "aliases")
HOLIDAY_COLUMNS = ("date", "name", "kind", "estimated")
CHANGE_COLUMNS = ("date", "code", "becomes", "category", "kecamatan", "name", "why")
NAME_CLASH_COLUMNS = ("alias", "codes")


@dataclass(slots=True)
class Known:
    """The codes and names read so far, which later tables may mention."""

    opds: Collection[str] = ()
    authorities: Collection[str] = ()
    categories: Collection[str] = ()
    kecamatan: set[str] = field(default_factory=set)
    kelurahan: set[str] = field(default_factory=set)

    def check(self, row: Row, column: str, found: str, of: Collection[str], file: str) -> str:
        """`found`, when it stands in `of`. Raises the table's refusal otherwise."""
        if found not in of:
            raise row.refuse(f"{column} {found!r} is unknown", f"write one of {file}, or add it there")
        return found


def opd(row: Row, known: Known) -> Opd:
    return Opd(
        code=row.text("code"),
        name=row.text("name"),
        kind=row.one_of("kind", _choices(OpdKind)),
        aliases=row.several("aliases"),
        weak_aliases=row.several("weak_aliases"),
        handles=row.several("handles"),
        handle_status=row.one_of("handle_status", _choices(HandleStatus)),
        duties=row.several("duties"),
        examples=row.several("examples"),
        counter_examples=row.several("counter_examples"),
        former_names=row.several("former_names"),
        valid_from=row.optional("valid_from"),
        valid_to=row.optional("valid_to"),
    )


def authority(row: Row, known: Known) -> Authority:
    return Authority(
        code=row.text("code"),
        name=row.text("name"),
        aliases=row.several("aliases"),
        weak_aliases=row.several("weak_aliases"),
        handles=row.several("handles"),
        duties=row.several("duties"),
        onward_channel=row.text("onward_channel"),
    )


def category(row: Row, known: Known) -> Category:
    owners = row.several("usual_opds")
    codes = tuple(owner for owner in owners if owner not in (OF_KECAMATAN, OF_AUTHORITY))
    for code in codes:
        known.check(row, "usual_opds", code, known.opds, "departments.csv")
    return Category(
        code=row.text("code"),
        name=row.text("name"),
        usual_opds=codes,
        of_kecamatan=OF_KECAMATAN in owners,
        not_ours=OF_AUTHORITY in owners,
        definition=row.text("definition"),
        includes=row.cells["includes"],
        excludes=row.cells["excludes"],
        examples=row.cells["examples"],
        in_city_statistics=row.one_of("in_city_statistics", ("0", "1")) == "1",
    )


def kecamatan(row: Row, known: Known) -> Kecamatan:
    known.kecamatan.add(row.text("name"))
    return Kecamatan(
        code=row.text("code"),
        name=row.text("name"),
        opd=known.check(row, "opd", row.text("opd"), known.opds, "departments.csv"),
        believed=row.one_of("believed", _choices(Believed)),
        latitude=row.number("latitude"),
        longitude=row.number("longitude"),
    )


def kelurahan(row: Row, known: Known) -> Kelurahan:
    known.kelurahan.add(row.text("name"))
    return Kelurahan(
        code=row.text("code"),
        name=row.text("name"),
        kecamatan=known.check(row, "kecamatan", row.text("kecamatan"), known.kecamatan, "kecamatan.csv"),
        aliases=row.several("aliases"),
        weak_aliases=row.several("weak_aliases"),
        believed=row.one_of("believed", _choices(Believed)),
        latitude=row.number("latitude"),
        longitude=row.number("longitude"),
    )


def place(row: Row, known: Known) -> KnownPlace:
    owner = row.optional("authority")
    if owner not in (None, THE_CITY):
        known.check(row, "authority", str(owner), known.authorities, "authorities.csv")
    return KnownPlace(
        name=row.text("name"),
        kind=row.one_of("kind", _choices(PlaceKind)),
        aliases=row.several("aliases"),
        weak_aliases=row.several("weak_aliases"),
        kelurahan=_areas(row, "kelurahan", known),
        kecamatan=_areas(row, "kecamatan", known),
        authority=owner,
        confirmed=row.yes("confirmed"),
    )


def stop(row: Row, known: Known) -> Stop:
    return Stop(
        name=row.text("name"),
        corridors=row.several("corridors"),
        latitude=row.number("latitude"),
        longitude=row.number("longitude"),
        kelurahan=next(iter(_areas(row, "kelurahan", known)), None),
        kecamatan=next(iter(_areas(row, "kecamatan", known)), None),
    )


def region(row: Row, known: Known) -> Region:
    owner = row.optional("authority")
    if owner is not None:
        known.check(row, "authority", owner, known.authorities, "authorities.csv")
    return Region(row.text("name"), row.one_of("kind", _choices(RegionKind)), owner, row.several("aliases"))


def holiday(row: Row, known: Known) -> Holiday:
    kind = row.one_of("kind", _choices(HolidayKind))
    return Holiday(row.day("date"), row.text("name"), kind, row.yes("estimated"))


def name_clash(row: Row, known: Known) -> NameClash:
    codes = row.several("codes")
    for code in codes:
        known.check(row, "codes", code, known.opds, "departments.csv")
    if len(codes) < 2:
        raise row.refuse(f"codes is {row.cells['codes']!r}", "write two codes or more, or take the line out")
    return NameClash(row.text("alias"), codes)


def change(row: Row, known: Known) -> Change:
    code, becomes = row.text("code"), row.several("becomes")
    is_category = code in known.categories
    offices, files = {*known.opds, *known.authorities}, "departments.csv or authorities.csv"
    if not is_category:
        known.check(row, "code", code, offices, f"{files} or categories.csv (lines of former codes stay there)")
    if not becomes or (code in becomes and len(becomes) > 1):
        remedy = "write who takes over; of a code that goes on, only the parts that leave it"
        raise row.refuse(f"becomes is {row.cells['becomes']!r}", remedy)
    for other in becomes:
        of, file = (known.categories, "categories.csv") if is_category else (offices, files)
        known.check(row, "becomes", other, of, file)
    categories = tuple(
        known.check(row, "category", part, known.categories, "categories.csv") for part in row.several("category")
    )
    if categories and is_category:
        raise row.refuse(f"category is {row.cells['category']!r}", "leave it empty: it tells parts of an office apart")
    found = Change(
        row.day("date"),
        code,
        becomes,
        categories,
        _areas(row, "kecamatan", known),
        row.optional("name"),
        row.text("why"),
    )
    if found.is_rename and (found.is_part or not found.former_name):
        raise row.refuse(f"{code!r} becomes itself", "write in name what it was called before, and no part")
    if found.former_name and not found.is_rename:
        raise row.refuse(f"name is {found.former_name!r}", f"leave it empty: the line of {code!r} keeps its name")
    return found


def _areas(row: Row, column: str, known: Known) -> tuple[str, ...]:
    names, file = (known.kelurahan, "kelurahan.csv") if column == "kelurahan" else (known.kecamatan, "kecamatan.csv")
    return tuple(known.check(row, column, name, names, file) for name in row.several(column))


def _choices(literal: Any) -> tuple[Any, ...]:
    return get_args(literal)
