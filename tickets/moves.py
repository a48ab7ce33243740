"""What people may do to a ticket: one table, read by the code, the desk and the docs.

A status is what the city counts. An action that is not here for a status and a role is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["belum_terverifikasi", "dalam_proses", "selesai", "ditolak"]
Role = Literal["city_admin", "opd_admin", "data_team", "viewer"]
Action = Literal[
    "accept", "correct", "reject", "close", "reopen", "merge", "split", "retitle", "send_back", "later", "resume",
    "tag", "prioritise", "reply", "second_look", "undo",
]  # fmt: skip

DRAFT: Status = "belum_terverifikasi"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move. `to` is the status afterwards; `why` says what the move is for."""

    action: Action
    at: Status
    to: Status
    roles: frozenset[Role]
    why: str


_CITY: frozenset[Role] = frozenset({"city_admin"})
_OPD: frozenset[Role] = frozenset({"city_admin", "opd_admin"})  # an OPD's admin: only what is that OPD's

MOVES: tuple[Move, ...] = (
    Move("accept", DRAFT, "dalam_proses", _OPD, "it is a complaint, and this OPD owns it"),
    Move("correct", DRAFT, DRAFT, _OPD, "category or OPD were wrong"),
    Move("correct", "dalam_proses", "dalam_proses", _OPD, "category or OPD were wrong after all"),
    Move("reject", DRAFT, "ditolak", _CITY, "no complaint, not the city's, or too little said"),
    Move("reject", "dalam_proses", "ditolak", _CITY, "on a second look: no complaint, not the city's, or too little"),
    Move("send_back", DRAFT, DRAFT, _OPD, "not this OPD's: the city chooses again"),
    Move("send_back", "dalam_proses", DRAFT, _OPD, "accepted, but not this OPD's: the city chooses again"),
    Move("close", "dalam_proses", "selesai", _OPD, "done, if need be with a condition"),
    Move("reopen", "selesai", "dalam_proses", _OPD, "not done after all"),
    Move("reopen", "ditolak", DRAFT, _CITY, "rejected too early: it is decided anew"),
    Move("merge", DRAFT, DRAFT, _CITY, "another ticket tells of the same event"),
    Move("merge", "dalam_proses", "dalam_proses", _CITY, "another accepted ticket tells of the same event"),
    Move("split", DRAFT, DRAFT, _CITY, "some of its posts tell of another event"),
    Move("split", "dalam_proses", "dalam_proses", _CITY, "some of its posts tell of another event"),
    Move("retitle", DRAFT, DRAFT, _OPD, "the title can be clearer"),
    Move("retitle", "dalam_proses", "dalam_proses", _OPD, "the title can be clearer"),
    Move("prioritise", DRAFT, DRAFT, _OPD, "it is more urgent than it was taken for, or less"),
    Move("prioritise", "dalam_proses", "dalam_proses", _OPD, "it is more urgent than it was taken for, or less"),
    Move("later", DRAFT, DRAFT, _OPD, "it can wait: for the OPD's answer, a photo, or somebody surer"),
    Move("resume", DRAFT, DRAFT, _OPD, "it waits no longer"),
    Move("tag", DRAFT, DRAFT, _OPD, "a word of the desk's own, to find it by"),
    Move("tag", "dalam_proses", "dalam_proses", _OPD, "a word of the desk's own, to find it by"),
    Move("tag", "selesai", "selesai", _OPD, "a word of the desk's own, to find it by"),
    Move("tag", "ditolak", "ditolak", _OPD, "a word of the desk's own, to find it by"),
)

# Undo takes back a person's own last change, whatever the status; a city admin may take back anyone's.
MAY_UNDO = _OPD


def find(action: Action, status: str) -> Move | None:
    """The move that `action` makes from `status`, if there is one."""
    return next((move for move in MOVES if move.action == action and move.at == status), None)


def allowed(status: str, role: str) -> list[Action]:
    """What `role` may do to a ticket in `status`, in the order of the table."""
    return [move.action for move in MOVES if move.at == status and role in move.roles]
