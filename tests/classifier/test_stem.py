"""Stems are PySastrawi's, only remembered."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from classifier.stem import Stemmer
from tests.classifier.language import lexicon

_PREFIXES = [
    "",
    "me",
    "mem",
    "men",
    "meng",
    "meny",
    "di",
    "ke",
    "se",
    "ter",
    "ber",
    "pe",
    "pem",
    "peng",
    "memper",
    "keber",
]
_SUFFIXES = ["", "kan", "an", "i", "nya", "kannya", "lah", "ku", "mu", "kah", "e", "ne", "in"]


@cache
def plain() -> Any:
    return StemmerFactory().create_stemmer(False)


@cache
def remembering() -> Stemmer:
    return Stemmer(capacity=500)


@cache
def real_words() -> list[str]:
    """Every root that PySastrawi knows, and every word of the lexicons."""
    known = (word for word in lexicon().known if word.isalpha())
    return sorted({*StemmerFactory().get_words(), *known})


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_remembered_stem_is_what_plain_sastrawi_makes_of_the_word(data: st.DataObject) -> None:
    root = data.draw(st.sampled_from(real_words()))
    word = data.draw(st.sampled_from(_PREFIXES)) + root + data.draw(st.sampled_from(_SUFFIXES))
    # Twice: made, and remembered. With a memory so small that it begins anew on the way.
    assert remembering().stem(word) == remembering().stem(word) == plain().stem(word)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=15).filter(lambda word: not word.isspace()))
def test_what_is_no_word_is_stemmed_as_plain_sastrawi_does_too(word: str) -> None:
    assert remembering().stem(word) == plain().stem(word)


def test_the_memory_never_grows_past_its_capacity() -> None:
    stemmer = Stemmer(capacity=50)
    for word in real_words()[:500]:
        stemmer.stem(word)
    assert len(stemmer) <= 50


def test_words_with_regular_affixes_are_known_and_names_are_not() -> None:
    stemmer = Stemmer()
    assert all(stemmer.knows(word) for word in ("jalan", "perbaikannya", "berlubang", "kebanjiran"))
    assert not any(stemmer.knows(word) for word in ("ngaliyan", "pandanaran", "qwerty"))
