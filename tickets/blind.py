"""The blind look: a fixed share of drafts is judged without the model's proposal.

Whoever sees a proposal tends to agree with it; how often the model is right is therefore measured on these alone. A
draft is blind until its first verdict, and nothing that the desk or the API tells of it says what the model thinks:
not the row itself (`unproposed`), not a list by office or kind (`shown`), not its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case

from database.tables import tickets
from tickets.history import MACHINE
from tickets.moves import Action
from tickets.place import parse, phrase

# What can be done to a draft before its first verdict without learning from it what the model thinks. The verdict
# itself names office and kind.
WHILE_BLIND: frozenset[Action] = frozenset(
    {"accept", "reject", "merge", "split", "later", "resume", "tag", "prioritise"}
)

LOOK = {"look": "blind"}  # what the history says of a verdict that was given so


def shown(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column that holds a proposal, as it may be chosen and counted by: of a blind draft it is empty."""
    return case((tickets.c.blind, None), else_=column)


def unproposed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `tickets` as it may be shown: of a blind draft without all that the model supposes."""
    if not row["blind"]:
        return dict(row)
    nothing = dict.fromkeys(("category", "opd", "opd_p", "queue"))
    return {**row, **nothing, "title": plain_title(row), "decision": "review", "prediction": {}, "chosen": {}}


def plain_title(row: Mapping[str, Any]) -> str:
    """A title that names the place and nothing else."""
    place = phrase(parse(row["place"]))
    return f"Aduan warga di {place}" if place else "Aduan warga"


def unproposed_line(line: Mapping[str, Any], *, blind: bool) -> dict[str, Any]:
    """A line of history as it may be shown: what the machine did to a blind draft is told without what it proposed."""
    if not blind or line["actor"] != MACHINE:
        return dict(line)
    told = {name: {key: value for key, value in line[name].items() if key in _TELLS} for name in ("before", "after")}
    return {**line, **told, "model": None}


_TELLS = frozenset({"posts", "came", "merged_into", "priority", "kecamatan"})  # nothing of office or kind
