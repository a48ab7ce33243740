"""Posts to be read from a stream: JSON lines, CSV with a header, or plain lines; a bad line is told and passed over."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO, Literal

from classifier.errors import DataRefused
from classifier.foreign import refuse_foreign, refuse_separator
from classifier.post import Post

Form = Literal["jsonl", "csv", "lines"]
Complain = Callable[[int, str], None]  # line number, what is wrong with it

csv.field_size_limit(16_000_000)


def read_posts(
    stream: BinaryIO, complain: Complain, form: Form | None = None, name: str = "the input"
) -> Iterator[Post]:
    """The posts in order. Without `form`, the first line shows which it is.

    Raises DataRefused when there is no line at all, when `name` is no text, or a CSV header without a column text.
    """
    beginning = stream.readline()
    refuse_foreign(name, beginning)
    lines = _decoded(chain([beginning], stream), complain)
    first = next(lines, None)
    if first is None:
        raise DataRefused("no post was given; write one a line, as text, JSON or CSV")
    if form != "lines":
        refuse_separator(name, first[1])
    form = form or _form_of(first[1])
    rest = _again(first, lines)
    if form == "jsonl":
        yield from _json_lines(rest, complain)
    elif form == "csv":
        yield from _csv_rows(rest, complain)
    else:
        yield from (Post(line, id=str(number)) for number, line in rest)


def _decoded(stream: Iterable[bytes], complain: Complain) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, with its number."""
    for number, raw in enumerate(stream, 1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            complain(number, "not UTF-8")
            continue
        if line.strip():
            yield number, line


def _again(first: tuple[int, str], rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest


def _form_of(line: str) -> Form:
    if line.lstrip().startswith("{"):
        return "jsonl"
    return "csv" if "text" in [name.strip().strip('"').lower() for name in line.split(",")] else "lines"


def _json_lines(lines: Iterable[tuple[int, str]], complain: Complain) -> Iterator[Post]:
    for number, line in lines:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            complain(number, f"not JSON ({error})")
            continue
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            complain(number, 'no "text" in it')
            continue
        yield _post(value, number)


def _csv_rows(lines: Iterable[tuple[int, str]], complain: Complain) -> Iterator[Post]:
    numbers = [0]

    def noting() -> Iterator[str]:
        for number, line in lines:
            numbers.append(number)
            yield line + "\n"

    rows = csv.reader(noting())
    header = [name.strip().lower() for name in next(rows, [])]
    if "text" not in header:
        raise DataRefused(f"no column text (found {','.join(header)}); name the column of the posts' words text")
    for cells in rows:
        number = numbers[-1]
        if len(cells) != len(header):
            complain(number, f"{len(cells)} cells where the header has {len(header)}")
            continue
        yield _post(dict(zip(header, cells, strict=True)), number)


def _post(value: dict[str, object], number: int) -> Post:
    """A lone half of a surrogate pair, which JSON may hold and UTF-8 may not, becomes a question mark."""
    text, parent = value["text"], value.get("parent_text")
    return Post(
        text=str(text).encode("utf-8", "replace").decode("utf-8"),
        parent_text=str(parent).encode("utf-8", "replace").decode("utf-8") if parent else None,
        id=str(value["id"]) if value.get("id") not in (None, "") else str(number),
    )
