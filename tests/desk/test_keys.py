"""One table of keys: no two alike, none that a browser owns, each a letter of its word, each on a button."""

from __future__ import annotations

import re

import pytest

from desk.keys import KEYS, Key
from desk.pages import TEMPLATES
from tests.desk.conftest import Office

# Known from elsewhere, rather than letters of a word.
CUSTOMARY = frozenset("jk/?123789")
ACTS = frozenset(re.findall(r'data-act="([^"{]+)"', "".join(path.read_text() for path in TEMPLATES.glob("*.html"))))


def test_no_two_acts_share_a_key_and_no_act_has_two() -> None:
    assert len({key.key for key in KEYS}) == len({key.act for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.act)
def test_a_key_is_one_letter_of_its_word_and_never_one_that_the_browser_owns(key: Key) -> None:
    assert len(key.key) == 1
    assert key.key.islower() or key.key in CUSTOMARY, "a capital would need Shift"
    assert key.key not in "'", "Firefox searches with these"
    assert key.key in CUSTOMARY or key.key in key.label.lower()


def test_every_key_presses_something_and_everything_pressed_has_a_key() -> None:
    assert {key.act for key in KEYS if not key.act.startswith(("opd-", "urgency-"))} == ACTS


def test_the_help_shows_them_all_and_they_can_be_switched_off(office: Office) -> None:
    ratna = office.colleague()
    page = ratna.open("/tombol")
    assert [f"<kbd>{key.key}</kbd>" for key in KEYS] == re.findall(r"<dt>(<kbd>.</kbd>)", page)
    ratna.send("/tombol")
    assert 'data-keys="[]"' in ratna.open("/antrean")
    ratna.open("/tombol")
    ratna.send("/tombol")
    assert 'data-keys="[]"' not in ratna.open("/antrean")
