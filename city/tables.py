"""Reading tables that people edit: CSV files whose every refusal names file, line, what was found and what to write.

The caller says as which error a refusal is raised, so that a lexicon's fault is not told as a city's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

Choice = TypeVar("Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, with where it stands."""

    where: str  # "file.csv:12"
    cells: Mapping[str, str]
    refusal: type[Exception]

    def refuse(self, found: str, remedy: str) -> Exception:
        return self.refusal(f"{self.where}: {found}; {remedy}")

    def text(self, column: str) -> str:
        """The cell, which must not be empty."""
        if not self.cells[column]:
            raise self.refuse(f"{column} is empty", f"write the {column}, or take the line out")
        return self.cells[column]

    def optional(self, column: str) -> str | None:
        return self.cells[column] or None

    def several(self, column: str) -> tuple[str, ...]:
        """The parts of the cell between semicolons, without empty ones."""
        return tuple(part for part in (" ".join(part.split()) for part in self.cells[column].split(";")) if part)

    def number(self, column: str) -> float:
        try:
            return float(self.cells[column])
        except ValueError:
            found = f"{column} is {self.cells[column]!r}"
            raise self.refuse(found, "write a number with a decimal point, as in -6.98") from None

    def day(self, column: str) -> date:
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError:
            raise self.refuse(f"{column} is {self.cells[column]!r}", "write a date as in 2026-01-31") from None

    def yes(self, column: str) -> bool:
        return self.one_of(column, ("yes", "no")) == "yes"

    def one_of(self, column: str, choices: Iterable[Choice]) -> Choice:
        for choice in choices:
            if self.cells[column] == choice:
                return choice
        raise self.refuse(f"{column} is {self.cells[column]!r}", f"write one of {', '.join(sorted(choices))}")


def read_table(path: Path, columns: Sequence[str], refusal: type[Exception]) -> list[Row]:
    """The rows of the CSV file at `path`, whose first line must name exactly `columns`; empty lines are passed over.

    Raises `refusal` for a file that cannot be read, wrong columns, or a line with too few or too many cells.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise refusal(f"{path.name}: cannot be read ({error}); restore it, saved as UTF-8") from None
    reader = csv.reader(text.splitlines(), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader, [])
        _check_header(path, header, columns, refusal)
        for cells in reader:
            where = f"{path.name}:{reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                message = f"{where}: {len(cells)} cells found; write {len(header)}, in quotes if a cell has a comma"
                raise refusal(message)
            stripped = (cell.strip() for cell in cells)
            rows.append(Row(where, dict(zip(header, stripped, strict=True)), refusal))
    except csv.Error as error:
        raise refusal(f"{path.name}:{reader.line_num}: not in CSV's form ({error}); mend its quotation marks") from None
    return rows


def _check_header(path: Path, header: Sequence[str], columns: Sequence[str], refusal: type[Exception]) -> None:
    if sorted(header) != sorted(columns):
        message = f"{path.name}:1: columns are {','.join(header) or 'missing'}; write {','.join(columns)}"
        raise refusal(message)
