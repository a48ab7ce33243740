"""How often the model is right, how far people agree, on what they differ, and what to decide next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from classifier.errors import ClassifierError
from classifier.registry import Registry
from classifier.shadow import shadow
from database.engine import reading
from desk.masking import masked
from desk.names import called, category_name, owner_name
from desk.pages import render
from desk.rows import list_row
from desk.texts import N_, Words
from desk.view import LEARNING
from desk.visits import Page, Visit
from tickets.learning import Agreement, Judged, Said, against_model, between_people, differing, learnt, of_candidates
from tickets.moves import DRAFT
from tickets.search import Search, page
from tickets.second_looks import MAY_LEARN, waiting_numbers
from tickets.shares import ENOUGH, Share

_SHOWN = 20
_LONGEST_SHOWN = 240


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a table of shares."""

    name: str
    share: Share
    kappa: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A ticket, and the two who differ on it."""

    number: str
    text: str
    one: tuple[str, str]  # who, and what they take it for
    other: tuple[str, str]


def _show(visit: Visit) -> Response:
    parts, words = visit.parts, visit.words
    candidate = _candidate(visit)
    with reading(parts.engine) as connection:
        figures = learnt(connection)
        between = differing(between_people(connection), _SHOWN)
        unlooked = waiting_numbers(connection, visit.actor)  # to whom the first verdict is not to be told yet
        told = (each for each in against_model(connection) if each.number not in unlooked)
        against = differing(iter(sorted(told, key=lambda each: each.at, reverse=True)), _SHOWN)
        along = of_candidates(connection, candidate, _SHOWN) if candidate else []
        unsure = page(connection, Search(statuses=(DRAFT,)), "unsure", limit=_SHOWN)
    groups = [
        (words.say(N_("Dua orang")), _differences(between, visit)),
        (words.say(N_("Orang dan model")), _differences(against, visit)),
        (words.say(N_("Model dan calon yang ikut membaca")), _differences(along, visit)),
    ]
    return render(
        visit,
        "learning.html",
        models=[(model, _figures(found, words, kappas=False)) for model, found in figures.models.items()],
        taken_back=figures.taken_back,
        people=_figures(figures.people, words, kappas=True),
        seen=_figures(figures.seen, words, kappas=False),
        groups=groups,
        candidate=candidate,
        unsure=[(list_row(each, parts.city, words, visit.now), _short(str(each.row["text"]))) for each in unsure],
        enough=ENOUGH,
    )


def _candidate(visit: Visit) -> str | None:
    """Who reads along; nobody where the registry cannot be read, of which the model page tells."""
    try:
        turn = shadow(Registry(visit.parts.models_dir))
    except ClassifierError:
        return None
    return turn.version if turn else None


def _figures(found: Agreement, words: Words, *, kappas: bool) -> list[Figure]:
    return [
        Figure(words.say(N_("Aduan atau bukan")), found.actionable),
        Figure(words.say(N_("Kategori")), found.category, found.kappa_category if kappas else None),
        Figure(words.say(N_("OPD")), found.opd, found.kappa_opd if kappas else None),
    ]


def _differences(judged: Sequence[Judged], visit: Visit) -> list[Difference]:
    return [
        Difference(each.number, _short(each.text), _told(each.one, visit), _told(each.other, visit)) for each in judged
    ]


def _told(said: Said, visit: Visit) -> tuple[str, str]:
    city, words = visit.parts.city, visit.words
    if not said.actionable:
        return called(said.who, words), words.say(N_("bukan aduan"))
    named = (owner_name(city, said.opd), category_name(city, said.category))
    return called(said.who, words), " · ".join(name for name in named if name) or words.say(N_("belum ada"))


def _short(text: str) -> str:
    """The citizen's words, for a page that is about the model and not about them: nobody is named in it."""
    plain = " ".join(masked(text).split())
    return plain if len(plain) <= _LONGEST_SHOWN else plain[: _LONGEST_SHOWN - 1] + "…"


PAGES = (Page("GET", LEARNING, MAY_LEARN, _show),)
