"""Labelled posts as they stand in CSV files: read, checked and written here, for any city and any label set.

Only `text` must be there. What a cell leaves empty is not known, and is neither learnt nor scored.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date as Day
from difflib import get_close_matches
from pathlib import Path

from classifier.errors import DataRefused
from classifier.foreign import existing_file, refuse_foreign, refuse_separator
from classifier.post import Post

NO_COMPLAINT = "bukan_aduan"  # the category that says that a post is no complaint at all
LABEL_COLUMNS = ("actionable", "category", "opd")
# What other tables carry beside their labels; read past without a word.
_OTHER_COLUMNS = frozenset({"kind", "url", "author", "created_at", "lang", "title", "answer", "verdict", "look"})
_YES, _NO = frozenset({"1", "yes", "true", "ya"}), frozenset({"0", "no", "false", "tidak"})
_NOT_ALNUM = re.compile(r"[\W_]+")

csv.field_size_limit(16_000_000)


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """A post with what people said of it; a column of the file a field, in the order in which files are written."""

    id: str
    text: str
    channel: str = ""
    date: str = ""  # ISO, or empty
    event: str = ""  # posts of one event share it, and never sit on both sides of a split
    actionable: bool | None = None
    category: str | None = None
    opd: str | None = None
    opd_also: tuple[str, ...] = ()  # offices that would be right too
    place: tuple[str, ...] = ()  # the citizen's words for where, as they stand in the text
    kelurahan: str = ""
    kecamatan: str = ""
    priority: str = ""
    writer: str = ""
    group: str = ""
    reviewer: str = ""  # who gave the label, in labels of a desk
    parent_text: str = ""  # of the post that this one answers
    labelled_at: str = ""  # ISO; when the label was given, in labels of a desk

    @property
    def post(self) -> Post:
        """As it is read."""
        return Post(self.text, self.parent_text or None, id=self.id)

    @property
    def together(self) -> str:
        """The key of posts that must stay on one side of a split."""
        if self.group:
            return f"group:{self.group}"
        return f"event:{self.writer}:{self.event}" if self.event else f"text:{text_key(self.text)}"

    @property
    def said_on(self) -> Day | None:
        """The day whose codes the labels speak in: when they were given, or else when the post was written."""
        try:
            return Day.fromisoformat((self.labelled_at or self.date)[:10])
        except ValueError:
            return None

    @property
    def right_opds(self) -> frozenset[str]:
        return frozenset({self.opd, *self.opd_also} if self.opd else ())


COLUMNS = tuple(field.name for field in fields(LabelledPost))
_WRITTEN = COLUMNS[: COLUMNS.index("group")]  # what follows stands in others' files only


def text_key(text: str) -> str:
    """What is left of a text when writing it a little differently must not make it another: letters and digits."""
    return _NOT_ALNUM.sub(" ", text.lower()).strip()


def file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_labels(path: Path) -> tuple[list[LabelledPost], list[str]]:
    """The labelled posts of a CSV file, and the names of columns that were passed over.

    Raises DataRefused with file, line and remedy: no text column, no label column, a cell that says nothing clear,
    not UTF-8, no rows.
    """
    rows = csv.reader(io.StringIO(_text_of(path)), strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        unknown = _check_header(path, header)
        posts = [_post(path, rows.line_num, header, cells) for cells in rows if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        where = f"{path.name}:{rows.line_num}"
        raise DataRefused(f"{where}: not in CSV's form ({error}); mend its quotation marks") from None
    if not posts:
        raise DataRefused(f"{path.name}: holds no row; write at least one below the header")
    return posts, unknown


def write_labels(path: Path, posts: Iterable[LabelledPost]) -> None:
    """Write `posts` as `read_labels` reads them; same posts, same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_WRITTEN)
        writer.writerows(_cells(post) for post in posts)


def _text_of(path: Path) -> str:
    try:
        content = existing_file(path, "name a CSV file with labelled posts").read_bytes()
    except OSError as error:
        raise DataRefused(f"{path.name}: cannot be read ({error.strerror}); name a CSV file") from None
    refuse_foreign(path.name, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataRefused(f"{path.name}:{line}: not UTF-8; save the file as UTF-8") from None


def _check_header(path: Path, header: Sequence[str]) -> list[str]:
    if "text" not in header:
        refuse_separator(f"{path.name}:1", ",".join(header))
        found = ",".join(header) or "nothing"
        raise DataRefused(f"{path.name}:1: no column text (found {found}); name the column of the posts' words text")
    for name in header:
        if header.count(name) > 1:
            raise DataRefused(f"{path.name}:1: column {name!r} stands there twice; keep one of the two")
    unknown = [name for name in header if name not in COLUMNS and name not in _OTHER_COLUMNS]
    for name in unknown:
        if close := get_close_matches(name, COLUMNS, n=1, cutoff=0.75):
            raise DataRefused(f"{path.name}:1: column {name!r} is unknown; write {close[0]}, or take it out")
    return unknown


def _post(path: Path, line: int, header: Sequence[str], cells: Sequence[str]) -> LabelledPost:
    if len(cells) != len(header):
        found = f"{path.name}:{line}: {len(cells)} cells found"
        raise DataRefused(f"{found}; write {len(header)}, in quotes if a cell has a comma")
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    if not row["text"]:
        raise DataRefused(f"{path.name}:{line}: text is empty; write the post's words, or take the line out")
    category = row.get("category") or None
    actionable = _yes_or_no(path, line, row.get("actionable", ""))
    if category == NO_COMPLAINT:
        category, actionable = None, False if actionable is None else actionable
    return LabelledPost(
        id=row.get("id") or str(line),
        text=row["text"],
        actionable=actionable,
        category=category,
        opd=row.get("opd") or None,
        opd_also=_several(row.get("opd_also", "")),
        place=_several(row.get("place", "")),
        date=row.get("date") or row.get("created_at", "")[:10],
        **{name: row.get(name, "") for name in _PLAIN_COLUMNS},
    )


_PLAIN_COLUMNS = (
    "channel",
    "event",
    "kelurahan",
    "kecamatan",
    "priority",
    "writer",
    "group",
    "reviewer",
    "parent_text",
    "labelled_at",
)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in cell.split(";")) if part)


def _yes_or_no(path: Path, line: int, cell: str) -> bool | None:
    if not cell:
        return None
    if (word := cell.lower().removesuffix(".0")) in _YES | _NO:
        return word in _YES
    raise DataRefused(f"{path.name}:{line}: actionable is {cell!r}; write 1 or 0, or leave it empty")


def _cells(post: LabelledPost) -> Iterator[str]:
    for name in _WRITTEN:
        value = getattr(post, name)
        if isinstance(value, tuple):
            yield ";".join(value)
        elif isinstance(value, bool):
            yield str(int(value))
        else:
            yield value or ""
