"""From labels to a model, for this city's labels and for anybody's."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from classifier.drawing import drawn
from classifier.errors import DataRefused
from classifier.frozen import freeze, split
from classifier.labels import LabelledPost, read_labels, write_labels
from classifier.linear import Lesson, fit_by_steps, fit_directly, gram_of
from classifier.making import make_again, make_candidate
from classifier.post import Post
from classifier.reader import Reader
from classifier.recipe import Recipe
from classifier.registry import ARTEFACT, Registry
from tests.classifier.models import NOW, made, some_posts, sources

PLANETS = {
    "merkurius": "panas dekat matahari kecil kawah",
    "saturnus": "cincin es gas besar bulan titan",
    "bumi": "laut hutan manusia awan hujan",
}


def planet_posts(count: int, **fields: object) -> list[LabelledPost]:
    rng = np.random.default_rng(4)
    posts = []
    for number in range(count):
        label = sorted(PLANETS)[number % len(PLANETS)]
        words = [*rng.choice(PLANETS[label].split(), 3), *rng.choice(["dan", "lalu", "itu", "juga"], 4)]
        rng.shuffle(words)
        posts.append(replace(LabelledPost(str(number), f"{' '.join(words)} {number}", opd=label), **fields))  # type: ignore[arg-type]
    return posts


# ── The same model again ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_model_made_again_from_its_card_decides_alike(registry: Registry, reader: Reader) -> None:
    version = str(registry.champion())
    (registry.path(version) / ARTEFACT).unlink()
    shutil.rmtree(registry.path(version) / "knowledge")
    make_again(registry, version, sources(registry.folder / "labels.csv"), lambda step: None)
    posts = [Post(post.text) for post in some_posts(11)]
    for before, after in zip(reader.read(posts), Reader.load(registry.folder).read(posts), strict=True):
        assert before.decision == after.decision
        for old, new in zip(before.opd_top3, after.opd_top3, strict=True):
            assert old.code == new.code
            assert old.p == pytest.approx(new.p, abs=1e-6)


def test_a_card_is_not_made_again_from_other_labels(registry: Registry) -> None:
    write_labels(registry.folder / "labels.csv", some_posts(9))
    with pytest.raises(DataRefused, match="is not the data that the card"):
        make_again(registry, str(registry.champion()), sources(registry.folder / "labels.csv"), lambda step: None)


# ── Anybody's labels ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_with_opd_alone_trains_opd_alone_on_labels_that_no_city_knows(tmp_path: Path) -> None:
    reader = Reader.of(Registry(tmp_path), made(tmp_path, planet_posts(300)))
    (prediction,) = reader.read([Post("cincin besar sekali, bulan titan terlihat")])
    assert prediction.opd
    assert prediction.opd.code == "saturnus"
    assert prediction.actionable is None
    assert prediction.category is None
    assert prediction.decision == "route"
    assert reader.labels == {"opd": frozenset(PLANETS)}


def test_labels_with_too_few_posts_are_told_and_left_to_a_person(tmp_path: Path) -> None:
    posts = [*planet_posts(90), LabelledPost("p", "batu kecil jauh sekali", opd="pluto")]
    version = made(tmp_path, posts)
    assert Registry(tmp_path).card(version)["data"]["folded"]["opd"] == ["pluto"]
    assert "pluto" not in Reader.of(Registry(tmp_path), version).labels["opd"]


def test_one_label_teaches_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="two labels"):
        made(tmp_path, [post for post in planet_posts(30) if post.opd == "bumi"])


def test_when_nothing_can_be_promised_nothing_is_routed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    posts = [replace(post, opd=str(rng.choice(list(PLANETS)))) for post in planet_posts(200)]
    reader = Reader.of(Registry(tmp_path), made(tmp_path, posts))
    predictions = reader.read([Post(post.text) for post in posts])
    assert {prediction.decision for prediction in predictions} == {"review"}
    assert all(prediction.threshold is None for prediction in predictions)


def test_an_office_without_one_label_is_proposed_by_what_the_city_says_of_it(tmp_path: Path) -> None:
    """All labels of one office are taken away; its duties alone must bring it among the first three."""
    own = [post for post in some_posts(1) if post.opd == "pdam"][:60]
    others = [replace(post, opd=None) if post.opd == "pdam" else post for post in some_posts(12)]
    reader = Reader.of(Registry(tmp_path), made(tmp_path, others))
    predictions = reader.read([Post(post.text) for post in own])
    found = ["pdam" in [choice.code for choice in prediction.opd_top3] for prediction in predictions]
    assert np.mean(found) > 0.5


# ── What must not be learnt ───────────────────────────────────────────────────────────────────────────────────────


def test_training_refuses_the_frozen_test_as_a_file_and_as_a_text(tmp_path: Path) -> None:
    freeze(tmp_path, split(some_posts(16) + some_posts(16, "test.csv")))
    frozen, _ = read_labels(tmp_path / "test.csv")
    leaked = tmp_path / "more.csv"
    write_labels(leaked, [*planet_posts(30), replace(frozen[3], text=f"  {frozen[3].text.upper()}!! ")])
    for path, why in ((tmp_path / "test.csv", "is the frozen test"), (leaked, "stands in the frozen test")):
        with pytest.raises(DataRefused, match=why):
            make_candidate(Registry(tmp_path / "m"), sources(path, tmp_path), Recipe(), NOW, lambda step: None)


def test_a_frozen_test_that_was_edited_is_noticed(tmp_path: Path) -> None:
    freeze(tmp_path, split(some_posts(16) + some_posts(16, "test.csv")))
    with (tmp_path / "test.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(DataRefused, match="the test is frozen"):
        sources(tmp_path / "train.csv").read()


# ── The two ways to the same weights ──────────────────────────────────────────────────────────────────────────────


def test_what_is_held_out_is_what_a_model_without_that_fold_says() -> None:
    rng = np.random.default_rng(0)
    rows = sparse.random_array((60, 40), density=0.3, rng=rng, format="csr")
    targets = np.where(rng.integers(0, 3, 60)[:, None] == np.arange(3), 1.0, -1.0)
    folds = rng.integers(-1, 4, 60)
    lesson = Lesson(rows, targets, rng.uniform(0.5, 2, 60), folds, penalty=0.7)
    direct, steps = fit_directly(lesson, (rows @ rows.T).toarray()), fit_by_steps(lesson, 4)
    np.testing.assert_allclose(direct.weights, steps.weights, atol=2e-4)
    np.testing.assert_allclose(direct.held_out, steps.held_out, atol=2e-4)
    outside = folds != 2
    part = Lesson(rows[outside], targets[outside], lesson.importance[outside], np.full(outside.sum(), -1), 0.7)
    without = fit_directly(part, gram_of(rows[outside]))
    said = rows[~outside] @ without.weights + without.bias
    np.testing.assert_allclose(direct.held_out[~outside], said, atol=1e-5)
    assert np.isnan(direct.held_out[folds < 0]).all()


# ── Very many posts ───────────────────────────────────────────────────────────────────────────────────────────────


def test_of_too_many_posts_rare_labels_are_learnt_whole_and_common_ones_in_part() -> None:
    posts = [LabelledPost(f"{label}{number}", f"kata {number}", opd=label) for label, count in
             (("sering", 900), ("kadang", 90), ("jarang", 10)) for number in range(count)]  # fmt: skip
    chosen = Counter(post.opd for post in drawn(posts, 200, seed=0))
    assert chosen == {"sering": 100, "kadang": 90, "jarang": 10}
    assert drawn(posts, 200, seed=0) == drawn(posts, 200, seed=0) != drawn(posts, 200, seed=1)
    assert drawn(posts, 1000, seed=0) == posts


def test_many_posts_are_learnt_without_a_matrix_of_all_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.training.DIRECT_UP_TO", 500)
    monkeypatch.setattr("classifier.training.MANY", 500)
    monkeypatch.setattr("classifier.linear.MANY", 500)
    monkeypatch.setattr("classifier.training.gram_of", None)
    reader = Reader.of(Registry(tmp_path), made(tmp_path, planet_posts(900)))
    predictions = reader.read([Post(post.text) for post in planet_posts(60)])
    assert [p.opd.code if p.opd else "" for p in predictions] == [post.opd for post in planet_posts(60)]
