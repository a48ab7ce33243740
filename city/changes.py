"""How a city's offices, authorities and categories change: renamed, merged, split, or handed part of their duties on.

A change is a line of `changes.csv` with the first day on which it holds. Lines of former codes stay in their files, so
that history can name them; `as_of` tells which codes are in force on a day, `forward` whose a former code's matter is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from city.model import Authority, Category, Change, City, Opd
from city.tables import Row

CHANGES_FILE = "changes.csv"

Coded = TypeVar("Coded", Opd, Category, Authority)


# ── Whose it is now ───────────────────────────────────────────────────────────────────────────────────────────────


def forward(
    city: City,
    code: str,
    *,
    categories: Collection[str] = (),
    kecamatan: str | None = None,
    after: date | None = None,
) -> str | None:
    """The code that has taken over from `code`; itself when nobody has, None when a person must decide who.

    `categories` (under any name it ever had) and `kecamatan` say which part of its duties is meant, as far as known.
    `after`: only later changes count, for what somebody said that day; an ended code is never left standing, though.
    """
    while lines := _next(city, code, after):
        after = max(after or lines[0].since, lines[0].since)
        owners = _owners(lines, code, categories, kecamatan)
        if len(owners) != 1:
            return None
        (code,) = owners
    return code


def successors(city: City, code: str) -> tuple[str, ...]:
    """All codes that what was `code`'s may belong to now; itself alone while it is in force."""
    if _end(city, code) is None:
        return (code,)
    heirs = (heir for line in city.changes if line.code == code and not line.is_rename for heir in line.becomes)
    return tuple(dict.fromkeys(last for heir in heirs for last in successors(city, heir)))


def name_on(city: City, code: str, day: date) -> str:
    """What `code` was called on that day; the code itself where no file knows it."""
    for change in city.changes:
        if change.code == code and change.former_name and change.since > day:
            return change.former_name
    found = city.opds.get(code) or city.authorities.get(code) or city.categories.get(code) or city.former.get(code)
    return found.name if found else code


def _next(city: City, code: str, after: date | None) -> list[Change]:
    """The lines of `code` on the next day on which something changes for it; of an ended code those of its end."""
    mine = [change for change in city.changes if change.code == code and not change.is_rename]
    end = _end(city, code)
    if end is not None and after is not None and end <= after:
        return [change for change in mine if change.since == end]
    later = [change for change in mine if after is None or change.since > after]
    return [change for change in later if change.since == later[0].since]


def _owners(lines: Sequence[Change], code: str, categories: Collection[str], kecamatan: str | None) -> tuple[str, ...]:
    """Who may own the matter after `lines`, which hold for `code` from one day on; several or none: not known."""
    told = [(change, _is_of(change, categories, kecamatan)) for change in lines if change.is_part]
    if sure := [change for change, of_it in told if of_it]:
        return tuple({owner for change in sure for owner in change.becomes})
    if any(of_it is None for _, of_it in told):
        return ()
    return next((change.becomes for change in lines if not change.is_part), (code,))


def _is_of(change: Change, categories: Collection[str], kecamatan: str | None) -> bool | None:
    """Whether a matter belongs to the part that a change names; None when too little is known of it."""
    answers: list[bool | None] = []
    if change.categories:
        answers.append(any(one in change.categories for one in categories) if categories else None)
    if change.kecamatan:
        answers.append(kecamatan in change.kecamatan if kecamatan else None)
    return False if False in answers else None if None in answers else True


def _end(city: City, code: str) -> date | None:
    return next((one.since for one in city.changes if one.code == code and not (one.is_part or one.is_rename)), None)


# ── The city of a day ─────────────────────────────────────────────────────────────────────────────────────────────


def as_of(city: City, day: date) -> City:
    """The city as it is on `day`: codes in force with that day's names, and with the words of those they took over.

    `city`: as its files have it. Codes of other days stand in `former`; what points at them points at their successors.
    """
    if not city.changes:
        return city
    now = replace(city, changes=tuple(change for change in city.changes if change.since <= day))
    named = {
        code: replace(each, name=name_on(city, code, day))
        for code, each in {**city.former, **city.opds, **city.authorities, **city.categories}.items()
    }
    former = {code: each for code, each in named.items() if not _in_force(now, each, day)}
    taken = {code: [each for each in former.values() if forward(now, each.code) == code] for code in named}
    return replace(
        now,
        opds=_heirs_of(city.opds, named, former, taken),
        authorities=_heirs_of(city.authorities, named, former, taken),
        categories=_owned(now, _heirs_of(city.categories, named, former, taken)),
        former=former,
        kecamatan={
            code: replace(each, opd=forward(now, each.opd, kecamatan=each.name) or each.opd)
            for code, each in city.kecamatan.items()
        },
        deadlines=tuple(
            replace(each, category=(forward(now, each.category) or each.category) if each.category else None)
            for each in city.deadlines
        ),
    )


def _in_force(city: City, each: Opd | Authority | Category, day: date) -> bool:
    """Neither ended, nor an office whose name holds only later: it may be written down before it begins."""
    begins = (each.valid_from if isinstance(each, Opd) else None) or ""
    return _end(city, each.code) is None and begins <= day.isoformat()[: len(begins)]


def _heirs_of(
    values: Mapping[str, Coded],
    named: Mapping[str, Opd | Authority | Category],
    former: Collection[str],
    inherited: Mapping[str, Sequence[Opd | Authority | Category]],
) -> dict[str, Coded]:
    """Those in force, each with the words by which people know what it took over."""
    return {
        code: _with_words(replace(each, name=named[code].name), inherited[code])
        for code, each in values.items()
        if code not in former
    }


def _with_words(heir: Coded, olds: Iterable[Opd | Authority | Category]) -> Coded:
    for each in olds:
        if isinstance(heir, Category):
            heir = replace(heir, **_words_of_category(heir, each)) if isinstance(each, Category) else heir
        elif not isinstance(each, Category):
            heir = replace(heir, **_words_of_office(heir, each))
    return heir


def _words_of_category(heir: Category, old: Category) -> dict[str, Any]:
    return {
        "includes": ", ".join(part for part in (heir.includes, old.name, old.includes) if part),
        "examples": ", ".join(part for part in (heir.examples, old.examples) if part),
    }


def _words_of_office(heir: Opd | Authority, old: Opd | Authority) -> dict[str, Any]:
    words: dict[str, Any] = {
        "aliases": _joined(heir.aliases, (old.name.lower(), *old.aliases)),
        "weak_aliases": _joined(heir.weak_aliases, old.weak_aliases),
        "duties": _joined(heir.duties, old.duties),
    }
    if isinstance(heir, Opd) and isinstance(old, Opd):
        words["examples"] = _joined(heir.examples, old.examples)
        words["former_names"] = _joined(heir.former_names, (old.name,))
    return words


def _joined(own: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*own, *more)))


def _owned(city: City, categories: Mapping[str, Category]) -> dict[str, Category]:
    """Categories with the offices that usually own them now."""
    return {
        code: replace(each, usual_opds=tuple(dict.fromkeys(_usual(city, each)))) for code, each in categories.items()
    }


def _usual(city: City, category: Category) -> Iterator[str]:
    for opd in category.usual_opds:
        owner = forward(city, opd, categories=(category.code,))
        yield from (owner,) if owner else successors(city, opd)


# ── Checking the lines ────────────────────────────────────────────────────────────────────────────────────────────


def checked(lines: Sequence[tuple[Row, Change]]) -> tuple[Change, ...]:
    """The changes, oldest first. Raises the table's refusal for a code that ends twice, or comes back to itself."""
    ends: dict[str, tuple[Row, Change]] = {}
    for row, change in lines:
        if change.is_part or change.is_rename:
            continue
        if change.code in ends:
            where = ends[change.code][0].where
            raise row.refuse(f"code {change.code!r} ended at {where} already", "keep one of the two lines")
        ends[change.code] = (row, change)
    for row, change in lines:
        end = ends.get(change.code)
        if end and change.since > end[1].since:
            raise row.refuse(f"code {change.code!r} ended on {end[1].since}", "write its successor's code here")
    for code, (row, _) in ends.items():
        if code in _reached(code, [change for _, change in lines], ends):
            raise row.refuse(f"{code!r} becomes itself again", "give what comes back a new code: a code ends once")
    return tuple(sorted((change for _, change in lines), key=lambda change: change.since))


def _reached(code: str, changes: Sequence[Change], ended: Collection[str]) -> set[str]:
    """Every code that `code` leads on to, through codes that end."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        one = waiting.pop()
        heirs = {heir for change in changes if change.code == one and not change.is_rename for heir in change.becomes}
        waiting += [heir for heir in heirs - found if heir in ended]
        found |= heirs
    return found
