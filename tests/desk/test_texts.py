"""Every text on a screen stands in the catalogues, and each is said in both languages."""

from __future__ import annotations

import re

import pytest

from desk.catalogues import said, stored
from desk.keys import KEYS
from desk.needs import TOLD
from desk.pages import TEMPLATES
from desk.texts import LANGUAGES, Language
from desk.wording import ACTIONS, REFUSED
from tests.desk.conftest import Office
from tickets.moves import MOVES

# Names and signs: the same in every language.
UNTRANSLATED = frozenset({"Simak", ".csv", ".json", "English", "Bahasa Indonesia"})
# Translated as a whole, or never seen: the class of the page, and the attribute that opens a panel.
_NOT_SAID = re.compile(
    r"{% trans .*?{% endtrans %}|{% block kind %}.*?{% endblock %}|{% macro opened_by.*?{% endmacro %}", re.DOTALL
)
_TAGS = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
_SPOKEN = re.compile(r'(?:placeholder|aria-label|title|alt)="([^"{]*[^\W\d_]{2}[^"{]*)"')


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_says_anything_past_the_catalogue(template: object) -> None:
    assert hasattr(template, "read_text")
    source = template.read_text(encoding="utf-8")
    translated = _NOT_SAID.sub("", source)
    words = {
        piece.strip(" ·") for piece in _TAGS.sub("\n", translated).splitlines() if re.search(r"[^\W\d_]{2}", piece)
    }
    assert words - UNTRANSLATED == set()
    assert _SPOKEN.findall(translated) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_holds_what_is_said_and_nothing_else(language: Language) -> None:
    needed = {message.id for message in said() if message.id}
    assert {message.id for message in stored(language) if message.id} == needed, "run `python -m desk.catalogues`"


def test_everything_is_said_in_english_with_the_same_parts() -> None:
    for message in stored("en"):
        if not message.id:
            continue
        forms = message.string if message.pluralizable else (message.string,)
        original = message.id[0] if message.pluralizable else message.id
        for form in forms:
            assert form, f"{message.id} is not said in English"
            assert set(re.findall(r"%\(\w+\)s", form)) == set(re.findall(r"%\(\w+\)s", original)), message.id


def test_everything_that_can_be_done_refused_or_needed_has_words() -> None:
    known = {message.id for message in said()}
    assert {move.action for move in MOVES} <= ACTIONS.keys()
    assert {*ACTIONS.values(), *REFUSED.values(), *(key.label for key in KEYS)} <= known
    assert {text for told in TOLD.values() for text in told} <= known


def test_the_desk_speaks_english_to_whoever_asks(office: Office) -> None:
    ratna = office.colleague()
    ratna.open("/antrean")
    ratna.client.post("/bahasa", data={"bahasa": "en", "lanjut": "/antrean"})
    page = ratna.open("/antrean?status=belum_terverifikasi")
    assert '<html lang="en">' in page
    assert "Accept" in page
    assert not re.search(r">\s*(Terima|Tolak|Kategori|Urungkan|Antrean)\b", page)
