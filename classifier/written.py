"""Posts as their writers hand them in: a line a post, fields between bars, the text last.

`category|opd|opd_also|priority|channel|date|event|place|kelurahan|kecamatan|text`; a line that begins with ## is a
remark, and a line break in a text is written as \\n.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from classifier.errors import DataRefused
from classifier.labels import NO_COMPLAINT, LabelledPost

_FIELDS = (
    "category", "opd", "opd_also", "priority", "channel", "date", "event", "place", "kelurahan", "kecamatan", "text",
)  # fmt: skip
_PRIORITIES = {"b": "biasa", "t": "tinggi", "d": "darurat"}


def read_written(path: Path) -> list[LabelledPost]:
    """The posts of one writer, whose name is the file's. Raises DataRefused with file, line and remedy."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataRefused(f"{path.name}: cannot be read ({error}); name a text file in UTF-8") from None
    return list(_posts(path, lines))


def _posts(path: Path, lines: list[str]) -> Iterator[LabelledPost]:
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("##"):
            continue
        cells = [cell.strip() for cell in line.split("|", len(_FIELDS) - 1)]
        if len(cells) != len(_FIELDS):
            raise DataRefused(f"{path.name}:{number}: {len(cells)} fields found; write {len(_FIELDS)} between bars")
        yield _post(path, number, dict(zip(_FIELDS, cells, strict=True)))


def _post(path: Path, number: int, row: dict[str, str]) -> LabelledPost:
    actionable = row["category"] != NO_COMPLAINT
    if row["priority"] not in _PRIORITIES:
        raise DataRefused(f"{path.name}:{number}: priority is {row['priority']!r}; write b, t or d")
    try:
        date.fromisoformat(row["date"])
    except ValueError:
        raise DataRefused(f"{path.name}:{number}: date is {row['date']!r}; write it as in 2026-01-31") from None
    return LabelledPost(
        id=f"{path.stem}-{number:04d}",
        text=row["text"].replace("\\n", "\n"),
        channel=row["channel"],
        date=row["date"],
        event=row["event"],
        actionable=actionable,
        category=row["category"] if actionable else None,
        opd=row["opd"] or None,
        opd_also=_several(row["opd_also"]),
        place=_several(row["place"]),
        kelurahan=row["kelurahan"],
        kecamatan=row["kecamatan"],
        priority=_PRIORITIES[row["priority"]],
        writer=path.stem,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in cell.split(";")) if part)
