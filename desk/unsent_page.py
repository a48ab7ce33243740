"""Keeping words as they are typed, giving them back, and throwing them away."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from starlette.responses import RedirectResponse, Response

from database.engine import reading, writing
from database.tables import tickets
from desk.errors import Refused
from desk.looks import looks_of
from desk.pages import render
from desk.texts import N_
from desk.unsent import FREE_TEXT, Unsent, all_unsent, forget_words, keep_words, unsent_on
from desk.view import view_of
from desk.visits import EVERYONE, Page, Visit
from tickets.moves import Action
from tickets.workflow import look

UNSENT = "/tulisan"
# Fields of forms that say where one was, not what one wants.
ABOUT_THE_PAGE = frozenset(
    {"token", "versi", "pandangan", "lanjut", "baris", "formulir", "dari"}
    | {"kiriman", "kejadian", "terakhir", "tautan", "cara"}  # of a split, and of a reply
)
_FORM = re.compile(r"[a-z0-9-]{1,20}")
_REPLY = "balas-"  # and the post that is answered: each has a form of its own, on a page of its own

# What the forms are called where their words are told of, and for which act each is.
FORMS: Mapping[str, tuple[str, Action]] = {
    "terima": (N_("Lihat tanpa usulan"), "accept"),
    "ubah": (N_("Ubah OPD atau kategori"), "correct"),
    "tolak": (N_("Tolak"), "reject"),
    "bukan-kewenangan": (N_("Bukan kewenangan kita"), "reject"),
    "selesai": (N_("Selesai"), "close"),
    "buka-lagi": (N_("Buka lagi"), "reopen"),
    "gabung": (N_("Gabungkan"), "merge"),
    "judul": (N_("Edit judul"), "retitle"),
    "nanti": (N_("Nanti"), "later"),
    "cap": (N_("Cap"), "tag"),
    "kembalikan": (N_("Kembalikan"), "send_back"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Words to be shown as they are: their form is not on the page, or it is another ticket's.

    `address`: of the page where one can go on writing, if that is another one.
    """

    label: str
    number: str
    address: str
    texts: Sequence[str]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Typed:
    """What this person has not sent of the ticket that lies open."""

    forms: Mapping[str, Mapping[str, str]]
    labels: Sequence[str]  # of the forms that hold them
    elsewhere: Sequence[Waiting]
    saved_at: datetime | None

    @property
    def newest_form(self) -> str:
        return next(iter(self.forms), "")

    def field(self, form: str, name: str) -> str | None:
        return self.forms.get(form, {}).get(name)


def typed_on(connection: Connection, ticket_id: int, on_page: Collection[str], visit: Visit) -> Typed:
    """`on_page`: the forms that the page will show."""
    found = unsent_on(connection, visit.person.id, ticket_id)
    here = [each for each in found if each.ticket_id == ticket_id and each.form in on_page]
    return Typed(
        forms={each.form: each.words for each in here},
        labels=[_label(each, visit) for each in here],
        elsewhere=[_waiting(each, visit) for each in found if each not in here],
        saved_at=found[0].saved_at if found else None,
    )


def forms_of(may: Collection[Action]) -> set[str]:
    """The forms of these acts."""
    return {form for form, (_, action) in FORMS.items() if action in may}


def _waiting(each: Unsent, visit: Visit) -> Waiting:
    texts = [text for name, text in each.words.items() if name in FREE_TEXT] or list(each.words.values())
    address = f"/tiket/{each.number}/balas" if each.form.startswith(_REPLY) else ""
    return Waiting(_label(each, visit), each.number, address, texts, each.saved_at)


def _label(each: Unsent, visit: Visit) -> str:
    if each.form.startswith(_REPLY):
        return visit.words.say(N_("Balas warga"))
    return visit.words.say(FORMS[each.form][0]) if each.form in FORMS else each.form


def typed_in(visit: Visit) -> dict[str, str]:
    """The fields of a form as they were sent, without those that say where one was."""
    return {name: values[-1] for name, values in visit.form.items() if name not in ABOUT_THE_PAGE}


def keep_refused(visit: Visit, number: str, form: str) -> bool:
    """Keep the words of a form that was not taken; says whether there were any."""
    typed = typed_in(visit)
    if not any(typed.get(name, "").strip() for name in FREE_TEXT):
        return False
    with writing(visit.parts.engine) as connection:
        ticket_id = _had_open(connection, number, visit)
        if ticket_id is not None:
            keep_words(connection, visit.person.id, ticket_id, form, typed, visit.now)
    return ticket_id is not None


def forget_sent(connection: Connection, ticket_id: int, form: str, visit: Visit) -> None:
    """What the form held has been sent. What stands in another form of the same name has not."""
    if typed := typed_in(visit):
        keep_words(connection, visit.person.id, ticket_id, form, dict.fromkeys(typed, ""), visit.now)


def reply_form(post_id: int) -> str:
    """The form in which this post is answered."""
    return f"{_REPLY}{post_id}"


def kept_replies(connection: Connection, number: str, visit: Visit) -> dict[int, str]:
    """{post: the answer to it that this person has begun}."""
    found = [each for each in all_unsent(connection, visit.person.id) if each.number == number]
    return {
        int(each.form.removeprefix(_REPLY)): each.words.get("teks", "")
        for each in found
        if each.form.startswith(_REPLY) and each.form.removeprefix(_REPLY).isdecimal()
    }


def _had_open(connection: Connection, number: str, visit: Visit) -> int | None:
    """The ticket, if this person has seen it: even when it has been moved out of their reach since."""
    ticket_id = connection.execute(select(tickets.c.id).where(tickets.c.number == number)).scalar()
    return ticket_id if ticket_id in looks_of(connection, visit.person.id, [ticket_id or 0]) else None


def _keep(visit: Visit) -> Response:
    form = visit.field("formulir")
    if not _FORM.fullmatch(form):
        raise Refused(400, "form_unreadable")
    with writing(visit.parts.engine) as connection:
        number = visit.request.path_params["number"]
        ticket_id = _had_open(connection, number, visit) or look(connection, number, visit.actor).id
        keep_words(connection, visit.person.id, ticket_id, form, typed_in(visit), visit.now)
    return Response(status_code=204)


def _throw_away(visit: Visit) -> Response:
    number = visit.request.path_params["number"]
    with writing(visit.parts.engine) as connection:
        ticket_id = connection.execute(select(tickets.c.id).where(tickets.c.number == number)).scalar()
        forget_words(connection, visit.person.id, ticket_id or 0, visit.field("formulir"))
    if visit.field("dari") == UNSENT:
        return RedirectResponse(UNSENT, 303)
    if visit.field("formulir").startswith(_REPLY):
        return RedirectResponse(f"/tiket/{number}/balas", 303)
    view = view_of(visit.field("pandangan"), visit.parts.city)
    return RedirectResponse(view.address(open=visit.field("terbuka") or number), 303)


def _show(visit: Visit) -> Response:
    return show_unsent(visit)


def show_unsent(visit: Visit, status: int = 200, problem: str = "") -> Response:
    """All that this person has not sent."""
    with reading(visit.parts.engine) as connection:
        found = [_waiting(each, visit) for each in all_unsent(connection, visit.person.id)]
    return render(visit, "unsent.html", status, found=found, problem=problem)


PAGES = (
    Page("GET", UNSENT, EVERYONE, _show),
    Page("POST", "/tiket/{number}/tulisan", EVERYONE, _keep),
    Page("POST", "/tiket/{number}/buang-tulisan", EVERYONE, _throw_away),
)
