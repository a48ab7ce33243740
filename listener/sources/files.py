"""Posts from files: X archives as JSONL or JSON (pages, flattened posts, the old v1.1 form), and CSV of any channel.

What a line cannot say is left out; a line that cannot be read is handed on as such, with its number, and the rest
goes on. A file that is of no known form is refused as a whole, before anything is stored.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO, Any

import orjson

from listener.post import LONGEST_TEXT, Captured, CapturedPost, Unreadable, fingerprint, storable
from listener.snowflake import moment_of
from listener.sources.x.archive import as_page, is_post_or_page
from listener.sources.x.wire import as_bytes, read_page

COLUMNS = ("id", "text", "created_at", "author", "url")
_DAMAGE = (OSError, EOFError, zlib.error)  # what a torn or spoilt file of either kind ends in
_LONGEST_FIELD = 64_000_000
_LONGEST_NAME = 80  # characters of an id or an author's name
_SMALLEST_SNOWFLAKE = 1 << 40  # smaller numbers are somebody's own count, not ids of X


class FileRefused(Exception):
    """The file as a whole cannot be read: what was found, and what to give instead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is to be read: whose channel it is, the zone of times without one, and when it is read."""

    channel: str
    zone: tzinfo
    now: datetime


def read_file(path: Path, reading: Reading) -> Iterator[Captured]:
    """The posts of a file, in its order. Raises FileRefused before the first one."""
    if path.exists() and not path.is_file():
        raise FileRefused(f"{path}: is no regular file; save what is to be read first")
    try:
        with _open(path) as file:
            head = file.read(65_536)
    except _DAMAGE as error:
        raise FileRefused(f"{path}: cannot be read ({error})") from None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise FileRefused(f"{path}: is empty; give JSONL of X posts, or CSV with a column text")
    if start[:1] in b"{[":
        _check_json(path, start)
        return _to_the_damage(_json_posts(path, reading, is_array=start[:1] == b"["), path, reading)
    _check_header(path, head)
    return _to_the_damage(_csv_posts(path, reading), path, reading)


def _to_the_damage(posts: Iterator[Captured], path: Path, reading: Reading) -> Iterator[Captured]:
    """The posts, and where the file turns out to be damaged, that instead of the rest."""
    count = 0
    try:
        for post in posts:
            count += 1
            yield post
    except _DAMAGE as error:
        reason = f"{path.name}: damaged after {count} posts ({error}); what follows was not read"
        yield Unreadable(reading.channel, reason.encode(), reason)


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if is_gzip else path.open("rb")  # type: ignore[return-value]


# ── X archives ────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_json(path: Path, start: bytes) -> None:
    """Refuse JSON whose first whole line is plainly something else than posts."""
    line = start.splitlines()[0]
    try:
        first = json.loads(line)
    except ValueError:
        return
    if isinstance(first, dict) and not is_post_or_page(first):
        keys = ", ".join(sorted(first)[:6])
        raise FileRefused(f"{path}: the first line has the keys {keys}; give pages or posts of the X API (v2, or v1.1)")


def _json_posts(path: Path, reading: Reading, *, is_array: bool) -> Iterator[Captured]:
    with _open(path) as file:
        items = _array_items(file) if is_array else _line_items(file)
        for number, line, item in items:
            if item is None:
                reason = f"{path.name}, line {number}: no whole JSON"
                yield Unreadable(reading.channel, line, reason)
            else:
                yield from read_page(as_page(item), reading.channel).posts


def _line_items(file: IO[bytes]) -> Iterator[tuple[int, bytes, Any]]:
    for number, line in enumerate(file, 1):
        line = line.removeprefix(b"\xef\xbb\xbf").strip()
        if line:
            yield number, line, _parsed(line)


def _array_items(file: IO[bytes]) -> Iterator[tuple[int, bytes, Any]]:
    body = file.read().removeprefix(b"\xef\xbb\xbf").strip()
    items = _parsed(body)
    if not isinstance(items, list):
        yield 1, body, None
        return
    for number, item in enumerate(items, 1):
        yield number, as_bytes(item), item


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        try:  # half a surrogate pair, a number beyond 64 bits
            return json.loads(line)
        except (ValueError, RecursionError):
            return None


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_header(path: Path, head: bytes) -> None:
    try:
        header = next(csv.reader(io.StringIO(head.decode("utf-8-sig", "replace"), newline="")), [])
    except csv.Error as error:
        raise FileRefused(f"{path}: no CSV ({error})") from None
    if "text" not in _column_names(header):
        found = ", ".join(header)[:120]
        raise FileRefused(
            f"{path}: the first line is {found!r}; give a header with a column text, and perhaps {COLUMNS}"
        )


def _column_names(header: list[str]) -> list[str]:
    return [name.strip().lower() for name in header]


def _csv_posts(path: Path, reading: Reading) -> Iterator[Captured]:
    csv.field_size_limit(_LONGEST_FIELD)
    counts: Counter[tuple[str, ...]] = Counter()
    with _open(path) as raw:
        # Bytes that are no UTF-8 come through as surrogates: their row is handed on as unreadable, the rest is read.
        file = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")
        rows = csv.reader(file, strict=True)
        names = _column_names(next(rows))
        texts: dict[str, str] = {}
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:  # a quotation mark that is never closed takes what follows with it
                reason = f"{path.name}, line {rows.line_num}: {error}; look for a quotation mark that is not closed"
                yield Unreadable(reading.channel, reason.encode(), reason)
                continue
            if any(row):
                cells = dict(itertools.zip_longest(names, row[: len(names)], fillvalue=""))
                yield _csv_post(cells, reading, counts, texts, f"{path.name}, line {rows.line_num}")


def _csv_post(
    cells: Mapping[str, str],
    reading: Reading,
    counts: Counter[tuple[str, ...]],
    texts: dict[str, str],  # id → text, of the rows before
    where: str,
) -> Captured:
    payload = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogateescape")
    try:
        payload.decode("utf-8")
        text = storable(cells["text"].strip())
        if not text:
            raise ValueError("the text is empty")
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"the text has {len(text):,} characters; at most {LONGEST_TEXT:,} are read")
        source_id = _given_id(cells) or _id_of(cells, counts)
        if texts.setdefault(source_id, text) != text:
            raise ValueError(f"id {source_id} stands for another text above")
        created_at = _moment(cells.get("created_at", "").strip(), source_id, reading)
    except UnicodeDecodeError:
        return Unreadable(reading.channel, payload, f"{where}: not UTF-8")
    except (ValueError, OverflowError) as error:
        return Unreadable(reading.channel, payload, f"{where}: {error}")
    return CapturedPost(
        channel=reading.channel,
        source_id=source_id,
        text=text,
        created_at=created_at,
        payload=payload,
        version_id=source_id,
        version_ids=(source_id,),
        author_handle=storable(cells.get("author", "").strip().removeprefix("@"))[:_LONGEST_NAME] or None,
        url=storable(cells.get("url", "").strip()) or None,
    )


def _given_id(cells: Mapping[str, str]) -> str:
    """The row's own id; one that is longer than the store keeps (of a mail, say) goes by its fingerprint."""
    given = storable(cells.get("id", "").strip())
    return given if len(given) <= _LONGEST_NAME else fingerprint(given.encode())


def _id_of(cells: Mapping[str, str], counts: Counter[tuple[str, ...]]) -> str:
    """An id for a row without one: what it says and which of its kind it is, so that reading again adds nothing."""
    content = tuple(cells.get(name, "").strip() for name in COLUMNS[1:])
    counts[content] += 1
    return fingerprint(*(part.encode() for part in content), str(counts[content]).encode())


def _moment(written: str, source_id: str, reading: Reading) -> datetime:
    """When a row says it was posted; else when X gave out its id; else now."""
    if written:
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            raise ValueError(
                f"created_at is {written!r}; write 2026-03-02 08:15 or 2026-03-02T08:15:00+07:00"
            ) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=reading.zone)).astimezone(UTC)
    if source_id.isdecimal() and _SMALLEST_SNOWFLAKE <= int(source_id) < 1 << 63 and reading.channel == "x":
        return moment_of(int(source_id))
    return reading.now
