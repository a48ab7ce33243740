"""Files that are no posts at all: told by what they are and how to get the posts out, not by the byte that broke.

>>> kind_of(b"PK\\x03\\x04...")
('a zip file or a workbook (.xlsx)', 'save the sheet as CSV UTF-8')
>>> separator_of("id;text;opd")
'semicolons'
"""

from __future__ import annotations

import codecs
from pathlib import Path

from classifier.errors import DataRefused

BEGINNING = 4096  # bytes that show what a file is
_SIGNATURES = {
    b"PK\x03\x04": ("a zip file or a workbook (.xlsx)", "save the sheet as CSV UTF-8"),
    b"\xd0\xcf\x11\xe0": ("a workbook of the old form (.xls)", "save the sheet as CSV UTF-8"),
    b"\x1f\x8b": ("a gzip file", "unpack it first"),
    b"%PDF": ("a PDF", "copy its table into a sheet, and save that as CSV UTF-8"),
    b"SQLite format 3\x00": ("a SQLite store", "export from it: python -m tickets export --labels, or --posts"),
}
_UTF_16 = ("text in UTF-16", "save the file as UTF-8")
_BINARY = ("no text", "name a text file in UTF-8, as JSON lines, CSV or plain lines")
_NOT_IN_TEXT = frozenset(range(32)) - set(b"\t\n\v\f\r\x1b")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def kind_of(beginning: bytes) -> tuple[str, str] | None:
    """What the file that begins so is, and what to do; None when it may well be text in UTF-8."""
    for signature, kind in _SIGNATURES.items():
        if beginning.startswith(signature):
            return kind
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _UTF_16
    nuls, odd = beginning.count(0), sum(byte in _NOT_IN_TEXT for byte in beginning)
    if nuls * 4 > len(beginning) and odd == nuls:
        return _UTF_16  # letters of our alphabet have a zero beside them there
    return _BINARY if odd * 50 > len(beginning) else None


def refuse_foreign(name: str, beginning: bytes) -> None:
    """Raise DataRefused when what begins so is no text in UTF-8."""
    if kind := kind_of(beginning[:BEGINNING]):
        raise DataRefused(f"{name}: is {kind[0]}; {kind[1]}")


def separator_of(header: str) -> str | None:
    """What stands between the columns of a header that names `text`, where it is no comma."""
    for sign, name in _SEPARATORS.items():
        cells = [cell.strip().strip('"').lower() for cell in header.split(sign)]
        if len(cells) > 1 and "text" in cells:
            return name
    return None


def refuse_separator(name: str, header: str) -> None:
    """Raise DataRefused when the columns of a header are separated by anything but commas."""
    if found := separator_of(header):
        raise DataRefused(f"{name}: columns are separated by {found}; save it as CSV with commas between them")


def existing_file(path: Path, remedy: str) -> Path:
    """`path`, when a file is there. Raises DataRefused."""
    if path.is_dir():
        raise DataRefused(f"{path}: is a folder; {remedy}")
    if not path.exists():
        raise DataRefused(f"{path}: no such file; {remedy}")
    return path
