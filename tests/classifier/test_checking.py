"""A look at labels before they teach: near-identical texts on either side of a split, and what is aimed at."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from city import load_city
from classifier.aims import AIMS_FILE, compare_with_aims, has_javanese, load_aims
from classifier.checking import check
from classifier.errors import DataRefused
from classifier.labels import LabelledPost, write_labels
from classifier.lexicon import load_lexicon
from classifier.likeness import ALIKE, alike, alike_between, runs_of
from tests.classifier.language import LANGUAGE
from tests.classifier.models import CITY, LABELS, some_posts
from tests.classifier.shell import Shell


def changed(text: str, words: int, seed: int) -> str:
    rng, parts = random.Random(seed), text.split()
    for _ in range(words):
        parts[rng.randrange(len(parts))] = rng.choice(["hujan", "besar", "apa", "kemarin"])
    return " ".join(parts)


# ── Near-identical texts ──────────────────────────────────────────────────────────────────────────────────────────


def test_every_pair_that_is_alike_is_found_and_no_other() -> None:
    posts = some_posts(30)
    posts += [replace(post, id=f"{post.id}'", text=changed(post.text, row % 6, row)) for row, post in enumerate(posts)]
    runs = [runs_of(post.text) for post in posts]
    by_hand = {
        (posts[first].id, posts[second].id)
        for second in range(len(posts))
        for first in range(second)
        if len(runs[first] & runs[second]) >= ALIKE * len(runs[first] | runs[second])
    }
    assert len(by_hand) > 100
    assert {(first.id, second.id) for first, second in alike(posts)} == by_hand


def test_between_two_sides_only_pairs_across_count() -> None:
    here = [LabelledPost("1", "lampu jalan mati di depan pasar johar"), LabelledPost("2", "got mampet di tlogosari")]
    there = [replace(here[0], id="9", text="Lampu jalan mati, di depan pasar Johar!!"), *here[1:]]
    assert {(post.id, other.id) for post, other in alike_between(here, there)} == {("1", "9"), ("2", "2")}
    assert list(alike_between(here, [LabelledPost("7", "sampah menumpuk")])) == []


def test_the_projects_own_posts_are_no_copies_of_each_other() -> None:
    city = load_city(CITY)
    for side, other in (("train.csv", "test.csv"), ("test.csv", "train.csv")):
        found = check(some_posts(1, side), city, (other, some_posts(1, other)))
        assert found.near_duplicates < 0.01
        assert found.near_duplicates_beside is not None
        assert found.near_duplicates_beside < 0.01


def test_labels_contradict_each_other_only_where_both_are_said(shell: Shell) -> None:
    text = "lampu jalan mati di depan pasar johar sejak minggu lalu"
    posts = [
        LabelledPost("1", text, actionable=True, category="pju", opd="disperkim"),
        LabelledPost("2", f"{text} pak", actionable=True, category="pju"),
        LabelledPost("3", f"{text} bu", actionable=True, category="pju", opd="pln", opd_also=("disperkim",)),
        LabelledPost("4", f"{text} min", actionable=False),
    ]
    write_labels(shell.folder / "labels.csv", posts)
    found = json.loads(shell.run("check", shell.folder / "labels.csv", "--json").out)
    pairs = {tuple(one["posts"]) for one in found["findings"] if one["kind"] == "contradiction"}
    assert pairs == {("1", "4"), ("2", "4"), ("3", "4")}


# ── What there should be ──────────────────────────────────────────────────────────────────────────────────────────


def test_aims_are_counted_over_both_sides_and_what_is_short_is_named() -> None:
    city, lexicon = load_city(CITY), load_lexicon(LANGUAGE)
    posts = [
        LabelledPost("1", "lampu mati", actionable=True, category="pju", opd="disperkim"),
        LabelledPost("2", "listrike mati kabeh, piye iki", actionable=True, category="bukan_kewenangan", opd="pln"),
        LabelledPost("3", "selamat pagi", actionable=False),
    ]
    found = {aim.what: aim for aim in compare_with_aims(posts, city, lexicon, load_aims(LABELS / AIMS_FILE))}
    assert (found["posts"].found, found["posts"].is_met) == (3, False)
    assert found["posts for other authorities"].found == 1
    assert found["share of no complaints"].found == pytest.approx(1 / 3)
    assert found["share with Javanese"].found == pytest.approx(1 / 3)
    assert "pju 1" in found["posts of each category"].short
    assert "kec_tugu 0" in found["posts of each kecamatan office and city company"].short


def test_one_word_of_javanese_makes_no_javanese_post() -> None:
    lexicon = load_lexicon(LANGUAGE)
    assert not has_javanese("pohon ambruk di jalan", lexicon)
    assert has_javanese("dalane rusak kabeh, piye iki", lexicon)


def test_aims_that_cannot_be_read_are_told_by_file(shell: Shell) -> None:
    path = shell.folder / AIMS_FILE
    path.write_text("posts = 1\n[share]\nfoo = 1\n")
    with pytest.raises(DataRefused, match=r"aims\.toml: cannot be read"):
        load_aims(path)


def test_check_without_a_file_looks_at_both_sides_of_the_projects_own_posts(shell: Shell) -> None:
    (shell.folder / "training_data/labels" / AIMS_FILE).write_text((LABELS / AIMS_FILE).read_text())
    done = shell.run("check", "--json")
    found = json.loads(done.out)
    assert [(one["file"], one["beside"]) for one in found["files"]] == [
        ("train.csv", "test.csv"),
        ("test.csv", "train.csv"),
    ]
    assert done.code == 1, "so few posts meet no aim"
    assert {aim["what"]: aim["is_met"] for aim in found["aims"]}["posts"] is False
    assert "! posts:" in shell.run("check").out
