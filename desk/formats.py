"""Tables as files, in pieces: a hundred thousand rows are never held at once."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter

from classifier.spreadsheets import harmless
from tickets.exports import Row

_ROWS_A_PIECE = 500
_BYTES_A_PIECE = 65_536
_MOST_ROWS, _LONGEST_CELL = 1_048_576, 32_767  # that a sheet can hold, the head line included

Write = Callable[[Iterable[Row], Sequence[str]], Iterator[str] | Iterator[bytes]]


def csv_pieces(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    held = StringIO()
    held.write("\ufeff")  # without it, spreadsheets take UTF-8 for something else
    writer = csv.writer(held)
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([harmless(_cell(row.get(name))) for name in columns])
        if number % _ROWS_A_PIECE == 0:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def json_pieces(rows: Iterable[Row], _columns: Sequence[str]) -> Iterator[str]:
    """One array, an object a line, with every text as it is."""
    begin = "["
    for row in rows:
        yield begin + json.dumps(row, ensure_ascii=False)
        begin = ",\n"
    yield ("[]" if begin == "[" else "]") + "\n"


def xlsx_pieces(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    """A workbook is a compressed archive: it can be sent only once its last row is written."""
    with TemporaryFile() as file:
        _write_sheet(file, rows, columns)
        file.seek(0)
        while piece := file.read(_BYTES_A_PIECE):
            yield piece


def _write_sheet(file: IO[bytes], rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Texts stay texts, whatever they begin with: no cell becomes a formula, a link or a number."""
    texts_stay = {f"strings_to_{kind}": False for kind in ("formulas", "urls", "numbers")}
    with xlsxwriter.Workbook(file, {"constant_memory": True, **texts_stay}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            if number == _MOST_ROWS:
                break
            for column, name in enumerate(columns):
                value = _cell(row.get(name))
                if isinstance(value, bool | int | float):
                    sheet.write(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, str(value)[:_LONGEST_CELL])


def _cell(value: object) -> object:
    """What is made of parts stands in one cell as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


@dataclass(frozen=True, slots=True)
class Format:
    write: Write
    media_type: str


# By the ending of an address.
FORMATS: Mapping[str, Format] = {
    ".csv": Format(csv_pieces, "text/csv; charset=utf-8"),
    ".xlsx": Format(xlsx_pieces, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".json": Format(json_pieces, "application/json"),
}
