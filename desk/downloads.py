"""Any list, as it is chosen, for a spreadsheet or a program: the same address with `.csv`, `.xlsx` or `.json` to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.responses import Response, StreamingResponse

from desk.formats import FORMATS
from desk.visits import Page, Visit
from tickets.exports import Row
from tickets.moves import Role


@dataclass(frozen=True, slots=True)
class Table:
    """What a list holds, row by row as they are fetched, for the eyes of whoever asks."""

    name: str  # of the file
    columns: Sequence[str]
    rows: Iterable[Row]


def downloads(address: str, roles: frozenset[Role], table: Callable[[Visit], Table]) -> tuple[Page, ...]:
    """The pages by which a list is taken along."""
    return tuple(Page("GET", f"{address}{ending}", roles, partial(_download, table, ending)) for ending in FORMATS)


def _download(table: Callable[[Visit], Table], ending: str, visit: Visit) -> Response:
    wanted, as_file = table(visit), FORMATS[ending]
    return StreamingResponse(
        as_file.write(wanted.rows, wanted.columns),
        media_type=as_file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{wanted.name}{ending}"'},
    )
