"""From values to HTML: the templates, and what every one of them may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, Response

from database.engine import reading
from database.kind import kind_told_by
from desk import wording
from desk.keys import BY_ACT, KEYS
from desk.names import called
from desk.needs import in_words
from desk.texts import N_, Language, catalogue
from desk.times import how_long, in_full, number
from desk.view import AGAIN, LEARNING, LIST, MODEL
from desk.visits import EVERYONE, Visit
from tickets.health import needs
from tickets.moves import Role
from tickets.replies import MAY_REPLY
from tickets.second_looks import MAY_LEARN, MAY_LOOK

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
STATIC_ADDRESS = "/statis"

MENU: tuple[tuple[str, str, frozenset[Role]], ...] = (
    (LIST, N_("Antrean"), EVERYONE),
    ("/tersaring", N_("Tersaring"), EVERYONE - {"opd_admin"}),
    ("/balasan", N_("Balasan"), MAY_REPLY),
    ("/angka", N_("Angka"), EVERYONE),
    (AGAIN, N_("Lihat lagi"), MAY_LOOK),
    (LEARNING, N_("Belajar"), MAY_LEARN),
    (MODEL, N_("Model"), MAY_LEARN),
    ("/audit", N_("Jejak audit"), frozenset({"city_admin"})),
    ("/status", N_("Status"), EVERYONE),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the store tells to every page."""

    is_demo: bool
    banner: str | None  # the worst of what needs a person now; strangers are told of nothing


def frame_in(connection: Connection, visit: Visit) -> Frame:
    parts = visit.parts
    is_demo = kind_told_by(connection) == "demo"
    if visit.session is None:
        return Frame(is_demo, None)
    known = needs(connection, visit.now, monthly_budget_usd=parts.monthly_budget_usd, x_is_on=parts.x_is_on)
    return Frame(is_demo, next((in_words(need, visit.words)[0] for need in known if not need.mild), None))


def render(visit: Visit, template: str, status: int = 200, *, frame: Frame | None = None, **values: Any) -> Response:
    """The page for this visit. Everything that is not marked as HTML by a template itself is escaped.

    `frame`: where it was already asked for, together with what stands on the page.
    """
    words, zone = visit.words, visit.parts.zone
    frame = frame or _frame(visit)
    known = {
        "visit": visit,
        "person": visit.session.person if visit.session else None,
        "language": visit.language,
        "city_name": visit.parts.city.name,
        "is_demo": frame.is_demo,
        "token": visit.session.form_token if visit.session else None,
        "when": lambda at: in_full(at, zone, words),
        "ago": lambda at: how_long(visit.now - at, words),
        "number": lambda value, decimals=0: number(value, words, decimals),
        "say": words.say,
        "called": lambda name: called(name, words),
        "wording": wording,
        "keys": BY_ACT,
        "key_table": [[key.key, key.act] for key in KEYS] if visit.keys_on else [],
        "static": _static,
        "banner": frame.banner,
        "menu": _menu(visit),
        "here": visit.request.url.path.startswith,
    }
    return HTMLResponse(_environment(visit.language).get_template(template).render(known | values), status)


def _frame(visit: Visit) -> Frame:
    with reading(visit.parts.engine) as connection:
        return frame_in(connection, visit)


def _menu(visit: Visit) -> list[tuple[str, str]]:
    """The pages that this person may open: address and name."""
    role = visit.session.person.role if visit.session else None
    return [(address, name) for address, name, roles in MENU if role in roles]


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = _saying(language)
    return environment


def _saying(language: Language) -> Callable[..., Markup]:
    """What the templates know as `_`: as Jinja's own, without looking a text up in the catalogue more than once."""
    said = cache(lambda text: Markup(catalogue(language).gettext(text)))  # noqa: S704  the catalogue is ours

    def say(text: str, **values: object) -> Markup:
        return said(text) % values

    return say


@cache
def _static(name: str) -> str:
    """The address of a file, which changes with its content: browsers may then keep it for good."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_ADDRESS}/{name}?v={digest}"
