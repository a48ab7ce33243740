"""After a correction: the open drafts that would change the same way; shown, and changed as one if a person says so."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection
from starlette.responses import Response

from database.engine import reading, writing
from desk.bulk_page import work
from desk.bulk_words import step_words
from desk.masking import masked
from desk.pages import render
from desk.rows import SURE_AT_MOST
from desk.texts import N_
from desk.view import view_of
from desk.visits import Page, Visit
from desk.wording import refusal
from tickets.batches import numbered, prepare
from tickets.bulk import begin
from tickets.errors import Incomplete, NoSuchTicket, WorkflowError
from tickets.moves import MAY_UNDO
from tickets.same_way import Likewise, same_way
from tickets.workflow import look

ADDRESS = "/serupa"
_MOST_SHOWN = 200


def _show(visit: Visit, problem: str = "", status: int = 200) -> Response:
    number, city, words = visit.request.path_params["number"], visit.parts.city, visit.words
    with reading(visit.parts.engine) as connection:
        look(connection, number, visit.actor)  # of another office's nothing is told
        found = same_way(connection, number, visit.actor)
    shown = found.others[:_MOST_SHOWN] if found else []
    return render(
        visit,
        "same_way.html",
        status,
        number=number,
        what=step_words(found.step, city, words) if found else "",
        rows=[(each, _said(visit, each), _why(visit, each)) for each in shown],
        reason=words.say(N_("sama dengan %(number)s"), {"number": number}),
        view=view_of(visit.field("pandangan") or visit.request.url.query, city),
        problem=problem,
    )


def _said(visit: Visit, each: Likewise) -> str:
    text = str(each.row["text"])
    return text if visit.person.sees_authors else masked(text)


def _why(visit: Visit, each: Likewise) -> Sequence[str]:
    """Why it is taken for the same, in a few words each."""
    words = visit.words
    why = []
    if each.words:
        why.append(words.say(N_("Kata yang sama: %(words)s"), {"words": ", ".join(each.words)}))
    if each.p is not None:
        percent = min(round(each.p * 100), SURE_AT_MOST)
        why.append(words.say(N_("Koreksi ini juga terpikir oleh Simak: %(percent)s %%"), {"percent": percent}))
    return why


def _change(visit: Visit) -> Response:
    """Do it to those that were left ticked, each in the version in which it was shown."""
    number = visit.request.path_params["number"]
    try:
        with writing(visit.parts.engine) as connection:
            look(connection, number, visit.actor)
            batch_id = _prepared(connection, visit, number)
            begin(connection, batch_id, visit.actor, visit.field("keterangan"), visit.now)
    except NoSuchTicket:
        raise
    except WorkflowError as error:
        return _show(visit, refusal(error, visit.words, visit.now), 422)
    return work(visit, batch_id, "doing")


def _prepared(connection: Connection, visit: Visit, number: str) -> int:
    found = same_way(connection, number, visit.actor)
    if found is None:  # taken back meanwhile: nothing is left to do likewise
        raise Incomplete("nothing_chosen")
    query = view_of(visit.field("pandangan"), visit.parts.city).query(after=None, open=number)
    chosen = numbered(connection, _ticked(visit))
    return prepare(connection, visit.parts.city, chosen, found.step, visit.actor, visit.now, query)


def _ticked(visit: Visit) -> dict[str, int]:
    """Numbers and versions, as "2026-000123:4"."""
    pairs = (each.partition(":") for each in visit.form.get("laporan", []))
    return {name: int(version) for name, _, version in pairs if version.isdecimal() and len(version) < 10}


PAGES = (
    Page("GET", f"{ADDRESS}/{{number}}", MAY_UNDO, _show),
    Page("POST", f"{ADDRESS}/{{number}}", MAY_UNDO, _change),
)
