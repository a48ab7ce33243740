"""After a blind verdict: what the model had proposed, and whether it was the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from database.tables import audit, tickets
from desk.names import category_name, owner_name
from desk.texts import N_
from desk.visits import Visit
from tickets.blind import LOOK


@dataclass(frozen=True, slots=True)
class Revealed:
    proposed: str
    verdict: str


def revealed(connection: Connection, result: str, visit: Visit) -> Revealed | None:
    """What is told after the decision with this number, if this person made it blind."""
    if not result.isdecimal() or len(result) > 18:
        return None
    query = (
        select(audit.c.after, tickets.c.prediction, tickets.c.category, tickets.c.opd, tickets.c.rejection)
        .join(tickets, tickets.c.id == audit.c.ticket_id)
        .where(audit.c.id == int(result), audit.c.actor == visit.person.name)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None or not LOOK.items() <= row["after"].items():
        return None
    return _told(row, visit)


def _told(row: RowMapping, visit: Visit) -> Revealed:
    city, words = visit.parts.city, visit.words
    category, opd = (_code(row["prediction"], name) for name in ("category", "opd"))
    named = [name for name in (owner_name(city, opd), category_name(city, category)) if name]
    what = " · ".join(named) or words.say(N_("belum ada"))
    if row["rejection"] not in (None, "not_ours"):
        return Revealed(what, words.say(N_("Anda menolaknya.")))
    differs = [
        words.say(name)
        for name, same in ((N_("OPD"), opd == row["opd"]), (N_("kategori"), category == row["category"]))
        if not same
    ]
    if not differs:
        return Revealed(what, words.say(N_("Sama dengan pilihan Anda.")))
    return Revealed(what, words.say(N_("Berbeda dengan pilihan Anda: %(what)s."), {"what": ", ".join(differs)}))


def _code(prediction: Mapping[str, Any], name: str) -> str | None:
    return (prediction.get(name) or {}).get("code")
