"""What words stand for: concepts by word, by stem and by phrase, and two of them near each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.document import CONCEPTS, concept_pairs
from classifier.errors import DataRefused
from classifier.meanings import Meanings, load_concepts
from classifier.stem import Stemmer
from tests.classifier.language import LANGUAGE


def written(folder: Path, *lines: str) -> Path:
    path = folder / "concepts.csv"
    path.write_text("\n".join(("concept,words", *lines)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def meanings(tmp_path: Path) -> Meanings:
    path = written(tmp_path, "lampu,lampu;bohlam;penerangan jalan", "gelap,gelap;padam", "air,air")
    return Meanings(Stemmer(), load_concepts(path))


def test_a_word_has_the_concepts_of_its_stem(meanings: Meanings) -> None:
    assert meanings.concepts_of("bohlam") == ("lampu",)
    assert meanings.concepts_of("kegelapan") == ("gelap",)
    assert meanings.concepts_of("kopi") == ()


def test_a_phrase_has_concepts_that_its_words_have_not(meanings: Meanings) -> None:
    assert meanings.concepts_of("penerangan") == ()
    assert meanings.concepts_of("penerangan", "jalan") == ("lampu",)


def test_two_concepts_near_each_other_are_a_sign_in_either_order(meanings: Meanings) -> None:
    one, other = (concept_pairs(words.split(), meanings) for words in ("bohlam sudah padam", "padam lagi bohlam itu"))
    assert one == other == [f"{CONCEPTS}gelap lampu"]


def test_concepts_far_apart_are_no_sign(meanings: Meanings) -> None:
    assert concept_pairs(["bohlam", "satu", "dua", "tiga", "empat", "lima", "enam", "padam"], meanings) == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("lampu,lampu", "lampu,bohlam"), "stood there before"),
        (("lampu,Lampu",), "small letters"),
        (("lampu,lampu jalan raya",), "one or two words"),
        (("a,x", "b,x", "c,x", "d,x"), "fourth concept"),
    ],
)
def test_a_slip_is_told_with_file_and_line(tmp_path: Path, lines: tuple[str, ...], told: str) -> None:
    with pytest.raises(DataRefused, match=rf"concepts\.csv:{len(lines) + 1}.*{told}"):
        load_concepts(written(tmp_path, *lines))


def test_the_project_s_own_concepts_can_be_read() -> None:
    assert "lampu" in {word for words in load_concepts(LANGUAGE / "concepts.csv") for word in words.split()}
