"""What is true of a city, as frozen values: offices, categories, places, calendar, deadlines.

Codes never change; names are those of today, with the years in which they hold. Reading the files is `loading`'s work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

PlaceKind = Literal[
    "street", "toll_road", "bridge", "junction", "landmark", "market", "quarter", "estate", "kampung", "flats",
    "school", "campus", "clinic", "hospital", "office", "cemetery", "park", "mall", "sports", "beach",
    "river", "polder", "reservoir", "pump", "landfill", "station", "terminal", "airport", "harbour", "outside",
]  # fmt: skip
OpdKind = Literal[
    "dinas", "badan", "kecamatan", "bumd", "sekretariat", "uptd", "satuan", "rsud", "inspektorat",
]  # fmt: skip
HandleStatus = Literal["none_found", "unverified", "retired_or_unverified", "confirmed"]
HolidayKind = Literal["public_holiday", "joint_leave"]
# When a name is believed to mean the place: always; after a word such as di, warga, RW; or with a capital letter too,
# because it is an ordinary word (candi, pesantren) that may follow such a word as well.
Believed = Literal["alone", "located", "capital"]
RegionKind = Literal["neighbour", "far"]


@dataclass(frozen=True, slots=True)
class Opd:
    """A department of the city. One of `aliases` names it alone; one of `weak_aliases` needs a second sign."""

    code: str
    name: str
    kind: OpdKind
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]
    handles: tuple[str, ...]  # without @, as published; see handle_status before writing to one
    handle_status: HandleStatus
    duties: tuple[str, ...]
    examples: tuple[str, ...]  # matters that are its own
    counter_examples: tuple[str, ...]  # matters often sent to it by mistake, with whose they are
    former_names: tuple[str, ...]
    valid_from: str | None  # year or year-month since when the name holds; None = unknown
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of complaint. `usual_opds` are codes of departments that mostly own it, likeliest first."""

    code: str
    name: str
    usual_opds: tuple[str, ...]
    of_kecamatan: bool  # owned by the kecamatan of the place
    not_ours: bool  # owned by one of the other authorities
    definition: str
    includes: str
    excludes: str
    examples: str
    in_city_statistics: bool  # named in a recap that the city has published


@dataclass(frozen=True, slots=True)
class Authority:
    """Who owns what is not the city's, and where a citizen can turn to."""

    code: str
    name: str
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]
    handles: tuple[str, ...]
    duties: tuple[str, ...]
    onward_channel: str


@dataclass(frozen=True, slots=True)
class Kecamatan:
    code: str
    name: str
    opd: str  # the department code of its office
    believed: Believed
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Kelurahan:
    """Known by its code: two kelurahan of one city may bear the same name."""

    code: str
    name: str
    kecamatan: str  # its name
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]  # also an ordinary word or another place
    believed: Believed
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A street or landmark that people name. Several kelurahan: it passes through them. None: not established."""

    name: str
    kind: PlaceKind
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]  # also an ordinary word or another place: only after a word such as jalan or pasar
    kelurahan: tuple[str, ...]
    kecamatan: tuple[str, ...]
    authority: str | None  # "city", or the code of the other authority that owns it; None = unknown
    confirmed: bool  # read in a published source, not only general knowledge


@dataclass(frozen=True, slots=True)
class Stop:
    """A bus stop; outside the city when it has no kelurahan."""

    name: str
    corridors: tuple[str, ...]
    latitude: float
    longitude: float
    kelurahan: str | None
    kecamatan: str | None


@dataclass(frozen=True, slots=True)
class Region:
    """A place that is not the city: a neighbour (with its authority), or a city far away."""

    name: str
    kind: RegionKind
    authority: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holiday:
    date: date
    name: str
    kind: HolidayKind
    estimated: bool  # a date of the moon calendar that no decree has settled yet


@dataclass(frozen=True, slots=True)
class NameClash:
    """A name that two offices bore: it decides nothing alone."""

    alias: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a step may take, by one rule. Exactly one of the two lengths is set."""

    step: str
    rule: str
    working_days: int | None
    hours: int | None
    category: str | None  # only for complaints of this category
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """From `since` on, `becomes` owns what `code` owned: the whole, or the part that categories and kecamatan name.

    Several in `becomes`: a person decides which. The code itself alone: only its name changed.
    """

    since: date
    code: str  # of a department, another authority, or a category
    becomes: tuple[str, ...]
    categories: tuple[str, ...]  # only complaints of these; none: of any
    kecamatan: tuple[str, ...]  # only what lies in these, by name; none: anywhere
    former_name: str | None  # what the code was called until then
    why: str

    @property
    def is_rename(self) -> bool:
        return self.becomes == (self.code,)

    @property
    def is_part(self) -> bool:
        return bool(self.categories or self.kecamatan)


@dataclass(frozen=True, slots=True)
class City:
    """Everything the other packages may know of the city they serve."""

    name: str
    aliases: tuple[str, ...]
    emergency_number: str
    office_opens: time
    weekend: frozenset[int]  # days of the week, Monday is 0
    opds: Mapping[str, Opd]
    categories: Mapping[str, Category]
    authorities: Mapping[str, Authority]
    kecamatan: Mapping[str, Kecamatan]  # by code
    kelurahan: Mapping[str, Kelurahan]  # by code
    places: tuple[KnownPlace, ...]
    stops: tuple[Stop, ...]
    regions: tuple[Region, ...]
    holidays: tuple[Holiday, ...]
    name_clashes: tuple[NameClash, ...]
    deadlines: tuple[Deadline, ...]
    changes: tuple[Change, ...] = ()  # oldest first
    # Codes that are not in force on the day of which this is the city (`changes.as_of`); history still names them.
    former: Mapping[str, Opd | Authority | Category] = field(default_factory=dict)
