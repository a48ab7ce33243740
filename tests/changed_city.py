"""Copies of a city in which something changes at a date, for the stories about that."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

HEADER = "date,code,becomes,category,kecamatan,name,why\n"


def changed_copy(city: Path, to: Path, *, offices: Sequence[str], changes: Sequence[str]) -> Path:
    """A copy of a city's folder with these lines more of departments.csv, and these of changes.csv; returns it."""
    folder = Path(shutil.copytree(city, to))
    with (folder / "departments.csv").open("a") as file:
        file.writelines(f"{line}\n" for line in offices)
    write_changes(folder, changes)
    return folder


def write_changes(folder: Path, changes: Sequence[str]) -> None:
    (folder / "changes.csv").write_text(HEADER + "".join(f"{line}\n" for line in changes))
