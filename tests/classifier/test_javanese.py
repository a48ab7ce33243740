"""Whether a citizen wrote Javanese, told from the prediction that was stored."""

from __future__ import annotations

import pytest

from classifier.javanese import wrote_javanese
from classifier.normalise import normalise
from tests.classifier.language import lexicon


@pytest.mark.parametrize(
    ("text", "javanese"),
    [
        ("peteng ndedet jl subali raya", True),
        ("Pak lurah Cepoko nyuwun tulung surat waris simbah kula, sampun ngantos seketan dinten", True),
        ("dalan nang gang kulon grunjalan, wong nggotong jenazah ae kesandung", True),
        ("jalan berlubang di depan pasar Jatingaleh, tolong diperbaiki", False),
        ("min lampu jalan mati, gelap banget, kapan dibenerin ya kok lama sekali peteng", False),
        ("", False),
    ],
)
def test_it_takes_two_javanese_words_or_one_in_a_short_post(text: str, javanese: bool) -> None:
    heard = normalise(text, lexicon())
    stored = {"rewrites": [[each.original, each.became, each.rule] for each in heard.trace], "normalised": heard.text}
    assert wrote_javanese(stored) is javanese


def test_a_prediction_whose_words_were_forgotten_tells_nothing() -> None:
    assert not wrote_javanese({"why": [], "normalised": "", "place": None})
