"""What a person does to a ticket: forms are parsed here into steps, and go through the one door of `tickets`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import get_args

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from city.calendar import next_opening, opening_of
from database.engine import writing
from desk.finding import authority_named, category_named, opd_named
from desk.queue_page import Problem, answer
from desk.unsent_page import forget_sent, keep_refused, show_unsent, typed_in
from desk.view import view_of
from desk.visits import Page, Visit
from desk.wording import refusal
from tickets.errors import ChangedMeanwhile, Incomplete, NoSuchTicket, WorkflowError
from tickets.moves import MOVES, Action, Role
from tickets.read_post import Priority
from tickets.steps import (
    Accept,
    Close,
    Correct,
    Later,
    Merge,
    Prioritise,
    Reject,
    Reopen,
    Resume,
    Retitle,
    SendBack,
    Split,
    Step,
    Tag,
    Waiting,
)
from tickets.workflow import Done, look, perform


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of form. `goes_on`: afterwards the next ticket lies open."""

    path: str
    action: Action
    read: Callable[[Connection, Visit], Step]
    goes_on: bool

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for move in MOVES if move.action == self.action for role in move.roles)


def _accept(_connection: Connection, visit: Visit) -> Step:
    return Accept(*_named(visit))


def _correct(_connection: Connection, visit: Visit) -> Step:
    return Correct(*_named(visit))


def _named(visit: Visit) -> tuple[str | None, str | None]:
    """Category and OPD, as far as the form names them."""
    city, category, opd = visit.parts.city, visit.field("kategori"), visit.field("opd")
    return category_named(city, category) if category else None, opd_named(city, opd) if opd else None


def _reject(_connection: Connection, visit: Visit) -> Step:
    kind = visit.field("alasan")
    if kind not in ("no_complaint", "too_little"):
        raise Incomplete("reason_missing")
    return Reject("no_complaint" if kind == "no_complaint" else "too_little", visit.field("keterangan") or None)


def _not_ours(_connection: Connection, visit: Visit) -> Step:
    authority = authority_named(visit.parts.city, visit.field("kewenangan"))
    return Reject("not_ours", visit.field("keterangan") or None, authority)


def _close(_connection: Connection, visit: Visit) -> Step:
    return Close(visit.field("syarat") or None)


def _reopen(_connection: Connection, visit: Visit) -> Step:
    return Reopen(visit.field("keterangan"))


def _send_back(_connection: Connection, visit: Visit) -> Step:
    return SendBack(visit.field("keterangan"))


def _merge(connection: Connection, visit: Visit) -> Step:
    number = visit.field("ke")
    try:
        return Merge(look(connection, number, visit.actor).id)
    except NoSuchTicket:
        raise Incomplete("no_ticket_to_merge_into", into=number) from None


def _split(_connection: Connection, visit: Visit) -> Step:
    return Split(frozenset(int(post) for post in visit.form.get("kiriman", []) if post.isdecimal()))


def _tag(_connection: Connection, visit: Visit) -> Step:
    return Tag(visit.field("cap").removeprefix("#").lower() or None)


def _later(_connection: Connection, visit: Visit) -> Step:
    parts, day = visit.parts, visit.field("sampai")
    until = opening_of(parts.city, _day(day), parts.zone) if day else next_opening(parts.city, visit.now, parts.zone)
    reason = next((each for each in get_args(Waiting) if each == visit.field("mengapa")), None)
    if reason is None:
        raise Incomplete("reason_missing")
    return Later(reason, until)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Incomplete("day_unknown", day=text) from None


def _resume(_connection: Connection, _visit: Visit) -> Step:
    return Resume()


def _retitle(_connection: Connection, visit: Visit) -> Step:
    return Retitle(visit.field("judul"))


def _prioritise(_connection: Connection, visit: Visit) -> Step:
    wanted = visit.field("urgensi")
    priority = next((each for each in get_args(Priority) if each == wanted), None)
    if priority is None:
        raise Incomplete("priority_unknown", priority=wanted)
    return Prioritise(priority)


ACTS: tuple[Act, ...] = (
    Act("terima", "accept", _accept, goes_on=True),
    Act("ubah", "correct", _correct, goes_on=False),
    Act("tolak", "reject", _reject, goes_on=True),
    Act("bukan-kewenangan", "reject", _not_ours, goes_on=True),
    Act("selesai", "close", _close, goes_on=True),
    Act("buka-lagi", "reopen", _reopen, goes_on=False),
    Act("gabung", "merge", _merge, goes_on=True),
    Act("pisah", "split", _split, goes_on=False),
    Act("judul", "retitle", _retitle, goes_on=False),
    Act("nanti", "later", _later, goes_on=True),
    Act("antre-lagi", "resume", _resume, goes_on=False),
    Act("cap", "tag", _tag, goes_on=False),
    Act("kembalikan", "send_back", _send_back, goes_on=True),
    Act("urgensi", "prioritise", _prioritise, goes_on=False),
)


def _do(act: Act, visit: Visit) -> Response:
    """Make the step, then show what comes next; refused, show why, with everything that was typed."""
    number = visit.request.path_params["number"]
    view = view_of(visit.field("pandangan"), visit.parts.city)
    try:
        done = _perform(act, visit, number)
    except NoSuchTicket:
        if keep_refused(visit, number, act.path):
            return show_unsent(visit, 404, "no_such_ticket")
        raise
    except WorkflowError as error:
        keep_refused(visit, number, act.path)
        ticked = frozenset(visit.form.get("kiriman", ()))
        problem = Problem(refusal(error, visit.words, visit.now), act.path, typed_in(visit), ticked)
        view_of_it = view_of(view.query(open=number), visit.parts.city)
        return answer(visit, view_of_it, problem, 409 if isinstance(error, ChangedMeanwhile) else 422)
    following = (visit.field("lanjut") or None) if act.goes_on else number
    address = view.address(open=following)
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}hasil={done.audit_id}", 303)


def _perform(act: Act, visit: Visit, number: str) -> Done:
    version = visit.field("versi")
    with writing(visit.parts.engine) as connection:
        seen = look(connection, number, visit.actor)
        step = act.read(connection, visit)
        forget_sent(connection, seen.id, act.path, visit)
        return perform(
            connection,
            visit.parts.city,
            seen.id,
            step,
            visit.actor,
            visit.now,
            version=int(version) if version.isdecimal() else 0,
        )


PAGES = tuple(Page("POST", f"/tiket/{{number}}/{act.path}", act.roles, partial(_do, act)) for act in ACTS)
