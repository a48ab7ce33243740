"""Whether complaints changed: what the last look found, in words, and what to do about it.

A look loads the model and tests thousands of words; it is made beside the desk, and its page tells when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from database.engine import reading
from desk.names import category_name
from desk.pages import render
from desk.texts import N_
from desk.view import DRIFT, LIST
from desk.visits import Page, Visit
from tickets.second_looks import MAY_LEARN
from tickets.shares import ENOUGH
from tickets.watched import Counted, Shift, kept, watch_and_keep

_LOOKING = "drift"  # what the process is called
_WEEKS, _WEEKS_BEFORE = 4, 26  # as `tickets.watching` looks; it is not imported here, for it brings the model stack

# Of each kind of thing that is counted: what it is called, what is said when it is more or less, and what to do.
_CALLED: Mapping[str, str] = {
    "word": N_("Kata “%(name)s”"),
    "topic": N_("Pokok “%(name)s”"),
    "category": N_("Kategori %(name)s"),
    "unsure": N_("Usulan OPD yang ragu"),
    "wrong": N_("Usulan OPD yang keliru"),
}
_MORE: Mapping[str, str] = {
    "word": N_("lebih sering ditulis warga"),
    "topic": N_("lebih sering ditulis warga"),
    "category": N_("lebih banyak dari biasanya"),
    "unsure": N_("lebih banyak dari biasanya"),
    "wrong": N_("lebih banyak dari biasanya"),
}
_LESS = N_("lebih sedikit dari biasanya")
_TO_DO: Mapping[str, str] = {
    "word": N_(
        "Baca beberapa laporannya. Kalau ini hal baru, pastikan OPD dan kategorinya benar: putusan Anda mengajari "
        "model berikutnya."
    ),
    "category": N_(
        "Baca beberapa laporannya. Kalau memang begitu keadaannya, misalnya karena musim hujan, tidak perlu apa-apa. "
        "Kalau kategorinya keliru, ubah, lalu latih calon model dari putusan terbaru."
    ),
    "unsure": N_("Putuskan dulu draf yang paling ragu, lalu latih calon model dari putusan terbaru."),
    "wrong": N_("Latih calon model dari putusan terbaru, lalu bandingkan dengan juara."),
    "better": N_("Tidak perlu apa-apa."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was counted, in words."""

    what: str
    change: str
    to_do: str
    address: str  # where to look at it; empty where there is no such place
    lately: Counted
    before: Counted


def _show(visit: Visit) -> Response:
    with reading(visit.parts.engine) as connection:
        look = kept(connection)
    return render(
        visit,
        "drift.html",
        look=look,
        alarms=[_told(shift, visit) for shift in look.alarms] if look else [],
        nearest=[_told(shift, visit) for shift in look.nearest] if look else [],
        is_few=look is not None and min(look.lately, look.before) < ENOUGH,
        enough=ENOUGH,
        weeks=_WEEKS,
        weeks_before=_WEEKS_BEFORE,
        is_looking=visit.parts.processes.is_at(_LOOKING),
    )


def _told(shift: Shift, visit: Visit) -> Told:
    words = visit.words
    is_topic = shift.kind == "word" and "_" in shift.name  # a concept, which stands for many words
    name = category_name(visit.parts.city, shift.name) if shift.kind == "category" else shift.name.replace("_", " ")
    gets_better = shift.kind in ("unsure", "wrong") and not shift.is_more
    return Told(
        what=words.say(_CALLED["topic" if is_topic else shift.kind], {"name": name}),
        change=words.say(_MORE[shift.kind] if shift.is_more else _LESS),
        to_do=words.say(_TO_DO["better" if gets_better else shift.kind]),
        address="" if is_topic or gets_better else _address(shift),
        lately=shift.lately,
        before=shift.before,
    )


def _address(shift: Shift) -> str:
    """The list of what it is about, decided or not."""
    every = [("status", status) for status in ("belum_terverifikasi", "dalam_proses", "selesai", "ditolak")]
    match shift.kind:
        case "word":
            return f"{LIST}?{urlencode([('cari', shift.name), *every])}"
        case "category":
            return f"{LIST}?{urlencode([('kategori', shift.name), *every])}"
        case "unsure":
            return f"{LIST}?urut=ragu"
        case _:
            return ""


def _look(visit: Visit) -> Response:
    parts = visit.parts
    url = parts.engine.url.render_as_string(hide_password=False)
    parts.processes.begin(_LOOKING, watch_and_keep, url, parts.models_dir, visit.now)
    return RedirectResponse(DRIFT, 303)


PAGES = (Page("GET", DRIFT, MAY_LEARN, _show), Page("POST", DRIFT, MAY_LEARN, _look))
