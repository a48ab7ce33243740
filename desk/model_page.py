"""The models: which one reads, which want to, what each is worth, who moved what and why; promoting and going back.

Nothing here loads a model. A candidate is weighed in a process of its own, and what it found is read from its folder;
the listener loads the champion anew for each run, so that a move counts from the next run on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.responses import RedirectResponse, Response

from classifier.championing import Judgement, kept_judgement, promote_weighed, rollback, weigh_and_keep
from classifier.errors import ClassifierError, NotPromoted
from classifier.frozen import TEST_FILE
from classifier.objections import Objection
from classifier.registry import CARD_PAGE, METRICS, Move, Registry
from classifier.shadow import shadow
from database.engine import reading
from desk.objection_words import Told, label_told, objections_told, reason_told
from desk.pages import render
from desk.texts import N_
from desk.view import MODEL
from desk.visits import Page, Visit
from tickets.learning import Beside, beside
from tickets.second_looks import MAY_LEARN
from tickets.watched import kept

_LATELY = timedelta(weeks=4)
_LONGEST_REASON = 500
# Which figures of a model are shown, of all that its card holds.
_SHOWN: Sequence[tuple[str, str, str]] = (
    (N_("Aduan atau bukan: F1"), "actionable", "f1"),
    (N_("Kategori: tepat"), "category", "accuracy"),
    (N_("Kategori: F1 makro"), "category", "macro_f1"),
    (N_("OPD: tepat"), "opd", "accuracy"),
    (N_("OPD: ada di antara tiga"), "opd", "top3"),
)
QUESTIONS: Mapping[str, str] = {
    "actionable": N_("Aduan atau bukan"),
    "category": N_("Kategori"),
    "opd": N_("OPD"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    n: int
    value: tuple[float, float, float]  # with its 95 % interval


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model as the page tells of it."""

    version: str
    made_at: datetime
    rows: int
    is_champion: bool
    reads_along: bool
    has_artefact: bool
    card: Sequence[tuple[str, str]]  # "p" or "li", and the words of its card
    figures: Sequence[Figure]
    judgement: Judgement | None
    objections: Sequence[Told]  # of the judgement, in words
    differing: Sequence[tuple[str, str, Mapping[str, Any]]]  # of the judgement: question, label, and its numbers
    is_weighed_now: bool
    lately: Sequence[Beside]  # beside the champion on the verdicts of the last weeks


def _show(visit: Visit, problem: str = "", objections: Sequence[Objection] = (), status: int = 200) -> Response:
    registry = Registry(visit.parts.models_dir)
    broken, models, moves, before = "", [], [], None
    try:
        moves, before = registry.history(), registry.before()
        models = _models(registry, visit)
    except ClassifierError as error:
        broken = str(error)
    with reading(visit.parts.engine) as connection:
        look = kept(connection)
    return render(
        visit,
        "model.html",
        status,
        models=models,
        champion=next((each for each in models if each.is_champion), None),
        moves=[
            (move, datetime.fromisoformat(move.when), reason_told(move.why, visit.words)) for move in reversed(moves)
        ],
        before=before,
        broken=broken,
        problem=problem,
        objections=objections_told(objections, visit.parts.city, visit.words),
        typed=visit.field("alasan") if problem else "",
        typed_into=visit.request.url.path if problem else "",
        longest=_LONGEST_REASON,
        questions=QUESTIONS,
        look=look,
        moved=visit.request.query_params.get("hasil", ""),
    )


def _models(registry: Registry, visit: Visit) -> list[ModelCard]:
    """The champion first, then the newest."""
    champion, along = registry.champion(), shadow(registry)
    reading_along = along.version if along else None
    order = sorted(registry.versions(), key=lambda name: (name != champion, _backwards(registry, name)))
    return [_model(registry, version, champion, reading_along, visit) for version in order]


def _backwards(registry: Registry, version: str) -> float:
    return -datetime.fromisoformat(registry.card(version)["made_at"]).timestamp()


def _model(registry: Registry, version: str, champion: str | None, along: str | None, visit: Visit) -> ModelCard:
    card, folder = registry.card(version), registry.path(version)
    lately: list[Beside] = []
    if champion and version != champion and version == along:
        with reading(visit.parts.engine) as connection:
            lately = beside(connection, champion, version, visit.now - _LATELY)
    judgement = kept_judgement(registry, version) if version != champion else None
    return ModelCard(
        version=version,
        made_at=datetime.fromisoformat(card["made_at"]),
        rows=card["data"]["rows"],
        is_champion=version == champion,
        reads_along=version == along,
        has_artefact=registry.has_artefact(version),
        card=_card(folder / CARD_PAGE, visit.language),
        figures=_figures(folder / METRICS, visit),
        judgement=judgement,
        objections=objections_told(judgement.objections, visit.parts.city, visit.words) if judgement else (),
        differing=_differing(judgement, visit) if judgement else (),
        is_weighed_now=visit.parts.processes.is_at(version),
        lately=lately,
    )


def _differing(judgement: Judgement, visit: Visit) -> list[tuple[str, str, Mapping[str, Any]]]:
    city, words = visit.parts.city, visit.words
    return [
        (
            words.say(QUESTIONS[each["question"]]),
            label_told(each["question"], each["label"], city, words) if each["label"] else "",
            each,
        )
        for each in judgement.differences
    ]


_HEADINGS: Mapping[str, str] = {"id": "## Bahasa Indonesia", "en": "## English"}


def _card(path: Path, language: str) -> list[tuple[str, str]]:
    """What the card says to people in this language; nothing where it cannot be read."""
    try:
        _, _, told = path.read_text(encoding="utf-8").partition(_HEADINGS[language])
    except (OSError, UnicodeDecodeError):
        return []
    lines = [line.strip() for line in told.partition("\n## ")[0].splitlines() if line.strip()]
    return [("li", line[2:].replace("`", "")) if line.startswith("- ") else ("p", line) for line in lines]


def _figures(path: Path, visit: Visit) -> list[Figure]:
    """On the frozen test; of a model that has seen none, on what was held out while it learnt."""
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))
        found: Mapping[str, Any] = metrics.get("frozen test") or metrics.get("held out") or {}
    except (OSError, ValueError, AttributeError):
        return []
    rows = []
    for name, question, figure in _SHOWN:
        value = found.get(question, {}).get(figure)
        if isinstance(value, list) and len(value) == 3 and None not in value:
            rows.append(Figure(visit.words.say(name), found[question]["n"], (value[0], value[1], value[2])))
    return rows


# ── Moving ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _weigh(visit: Visit) -> Response:
    parts, version = visit.parts, visit.request.path_params["version"]
    if version not in Registry(parts.models_dir).versions():
        return _show(visit, "model_cannot_serve", status=422)
    data = parts.labels_dir / TEST_FILE if parts.labels_dir else None
    at = visit.now.isoformat(timespec="seconds")
    parts.processes.begin(version, weigh_and_keep, parts.models_dir, version, data, at, parts.city)
    return RedirectResponse(MODEL, 303)


def _promote(visit: Visit) -> Response:
    version = visit.request.path_params["version"]
    return _moved(visit, lambda registry, why: promote_weighed(registry, version, visit.person.name, why, visit.now))


def _go_back(visit: Visit) -> Response:
    def back(registry: Registry, why: str) -> Move:
        before = registry.before()
        if before is not None:
            registry.verify(before)  # what is damaged must not become champion
        return rollback(registry, visit.person.name, why, visit.now)

    return _moved(visit, back)


def _moved(visit: Visit, move: Callable[[Registry, str], Move]) -> Response:
    """Make the move with its reason, or say why not."""
    registry, why = Registry(visit.parts.models_dir), visit.field("alasan")[:_LONGEST_REASON]
    if not why:
        return _show(visit, "why_missing", status=422)
    try:
        made = move(registry, why)
    except NotPromoted as refused:
        code = "gate_refused" if refused.objections else "not_weighed"
        return _show(visit, code, refused.objections, 422)
    except ClassifierError:
        known = registry.before() is not None or not visit.request.url.path.endswith("/kembali")
        return _show(visit, "model_cannot_serve" if known else "no_model_before", status=422)
    return RedirectResponse(f"{MODEL}?hasil={made.version}", 303)


PAGES = (
    Page("GET", MODEL, MAY_LEARN, _show),
    Page("POST", f"{MODEL}/kembali", MAY_LEARN, _go_back),
    Page("POST", f"{MODEL}/{{version}}/bandingkan", MAY_LEARN, _weigh),
    Page("POST", f"{MODEL}/{{version}}/jadikan", MAY_LEARN, _promote),
)
