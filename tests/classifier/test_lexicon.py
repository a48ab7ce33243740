"""The lexicons: files that an editor may change, refused by line when they cannot be right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from classifier.errors import DataRefused
from classifier.lexicon import load_lexicon
from classifier.normalise import normalise
from classifier.priority import priority_of
from tests.classifier.language import LANGUAGE, lexicon


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LANGUAGE, tmp_path / "language"))


def test_a_line_that_an_editor_adds_is_read(folder: Path) -> None:
    with (folder / "slang.csv").open("a", encoding="utf-8") as file:
        file.write("gledek,petir,petir\n")
    assert normalise("gledek", load_lexicon(folder)).text == "petir"


def test_a_rule_of_danger_that_an_editor_adds_is_read(folder: Path) -> None:
    with (folder / "dangers.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[rule]]\nname = "buaya lepas"\nlevel = "darurat"\nany = ["buaya … (lepas|kabur)"]\n')
    changed = load_lexicon(folder)
    assert priority_of(normalise("buaya kebun binatang lepas", changed), changed).rule == "buaya lepas"


def test_no_ambiguous_word_is_changed_without_its_neighbours() -> None:
    # Words that mean several things stand in context.csv or wait for a Javanese post; slang.csv leaves them alone.
    shared = lexicon().contexts.keys() & lexicon().words.keys()
    assert not shared, sorted(shared)


def test_no_chain_of_rewrites_ends_in_a_word_that_would_be_rewritten_again() -> None:
    unfinished = {
        word: entry.becomes
        for word, entry in lexicon().words.items()
        if len(entry.becomes) == 1 and entry.becomes[0] in lexicon().words
    }
    assert not unfinished


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("slang.csv", "Gledek,petir,petir", "word is 'Gledek'; write up to 3 words in small letters"),
        ("slang.csv", "jln,jalan,jalan", "'jln' stood there before; keep one of the two lines"),
        ("slang.csv", "gledek,petir,", "meaning is empty; write the meaning"),
        ("slang.csv", "gledek,petir", "2 cells found; write 3"),
        ("javanese.csv", "gledek,petir,mungkin,petir", "only_in_javanese is 'mungkin'; write one of no, yes"),
        ("context.csv", "gl,,,", "becomes is empty"),
        ("emoji.csv", "🐊,", "becomes is empty"),
    ],
)
def test_a_slip_is_told_by_file_line_and_remedy(folder: Path, file: str, line: str, message: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as table:
        table.write(line + "\n")
    number = len((folder / file).read_text(encoding="utf-8").splitlines())
    with pytest.raises(DataRefused) as told:
        load_lexicon(folder)
    assert f"{file}:{number}: {message}" in str(told.value)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('[[rule]]\nname = "x"\nlevel = "gawat"\nany = ["x"]', 'write name, level ("darurat" or "tinggi") and any'),
        ('[[rule]]\nname = "x"\nlevel = "tinggi"\nany = "x"', "any = 'x' is not understood"),
        ('[[rule]]\nname = "x"\nlevel = "tinggi"\nany = ["(a|b"]', "write (a|b) with both brackets"),
        ('[[rule]]\nname = "x"\nlevel = "tinggi"\nany = ["x"]\nnear = 3', "near = 3 is not understood; the keys are"),
        ("[[rule", "not in TOML's form"),
    ],
)
def test_a_slip_in_a_rule_of_danger_is_told(folder: Path, rule: str, message: str) -> None:
    with (folder / "dangers.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + rule + "\n")
    with pytest.raises(DataRefused) as told:
        load_lexicon(folder)
    assert "dangers.toml" in str(told.value)
    assert message in str(told.value)
