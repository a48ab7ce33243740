"""Figures that people rely on: intervals, calibration, and the promise that a threshold keeps."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.calibration import calibrate, expected_calibration_error
from classifier.evaluation import Said, bootstrap, evaluate, macro_f1, wilson
from classifier.folds import folds_of
from classifier.frozen import split
from classifier.labels import LabelledPost
from classifier.place import Place
from classifier.place_figures import place_figures
from classifier.prediction import Choice
from classifier.promise import promise

# ── The promise ───────────────────────────────────────────────────────────────────────────────────────────────────


def invented_answers(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidences that are a little too high, and whether each answer was right."""
    confidence = rng.beta(2.5, 0.4, count)
    return confidence, rng.random(count) < confidence**1.3


def test_the_promise_is_kept_in_nineteen_of_twenty_calibrations() -> None:
    rng = np.random.default_rng(11)
    aside_confidence, aside_right = invented_answers(rng, 200_000)
    broken, coverage = 0, []
    for _ in range(200):
        confidence, was_right = invented_answers(rng, 1200)
        threshold = promise(confidence, was_right, 0.05).threshold
        passed = aside_confidence >= (2 if threshold is None else threshold)
        coverage.append(passed.mean())
        broken += bool(passed.any() and 1 - aside_right[passed].mean() > 0.05)
    assert broken <= 10
    assert np.mean(coverage) > 0.15  # it is no promise to route nothing


def test_answers_that_are_wrong_too_often_get_no_threshold() -> None:
    confidence = np.linspace(0, 1, 500)
    assert promise(confidence, np.arange(500) % 5 != 0, 0.05).threshold is None
    assert promise(np.array([]), np.array([], dtype=bool), 0.05).threshold is None


def test_a_handful_of_right_answers_promises_nothing() -> None:
    assert promise(np.full(20, 0.99), np.full(20, True), 0.05).threshold is None


# ── Calibration ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_calibrated_scores_mean_what_they_say_and_keep_their_order() -> None:
    rng = np.random.default_rng(5)
    truth = rng.dirichlet(np.full(6, 0.3), 6000)
    right = np.array([rng.choice(6, p=row) for row in truth])
    scores = 2 * truth - 1 + rng.normal(0, 0.05, truth.shape)
    p = calibrate(scores[:3000], right[:3000]).probabilities(scores[3000:])
    assert np.array_equal(p.argmax(axis=1), scores[3000:].argmax(axis=1))
    assert expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == right[3000:]) < 0.03


def test_calibration_error_is_the_weighted_gap_of_ten_bins() -> None:
    assert expected_calibration_error(np.array([0.95, 0.95, 0.15, 0.15]), np.array([1, 1, 0, 0])) == pytest.approx(0.1)


# ── Intervals and shares ──────────────────────────────────────────────────────────────────────────────────────────


def test_wilson_is_the_published_interval() -> None:
    assert wilson(8, 10) == pytest.approx([0.8, 0.4902, 0.9433], abs=1e-4)
    assert wilson(0, 0) == [None, 0.0, 1.0]


def test_the_bootstrap_draws_whole_groups() -> None:
    groups = np.repeat(np.arange(4), 50)
    value, low, high = bootstrap(lambda rows: float((groups[rows] < 2).mean()), groups, seed=0)
    assert value == 0.5
    assert low is not None
    assert high is not None
    assert low <= 0.25
    assert high >= 0.75


def test_macro_f1_counts_each_label_alike() -> None:
    right, told = np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0])
    assert macro_f1(right, told, 2) == pytest.approx((6 / 7 + 0) / 2)


def said(category: str, opd: str, *, dropped: bool = False, routed: bool = False) -> Said:
    return Said(dropped, routed, (Choice(category, 0.9),), (Choice(opd, 0.9),))


def test_evaluation_scores_what_is_labelled_and_lets_a_second_office_be_right() -> None:
    posts = [
        LabelledPost("1", "a", actionable=True, category="pju", opd="disperkim", opd_also=("pln",)),
        LabelledPost("2", "b", actionable=True, opd="dpu"),
        LabelledPost("3", "c", actionable=False),
        LabelledPost("4", "d"),
    ]
    answers = [
        said("pju", "pln", routed=True),
        said("x", "dlh", dropped=True),
        said("x", "dpu", routed=True),
        said("", ""),
    ]
    figures = evaluate(posts, answers, "m", 0.05)
    assert figures["actionable"]["n"] == 3
    assert figures["actionable"]["recall"][0] == 0.5
    assert (figures["category"]["n"], figures["category"]["accuracy"][0]) == (1, 1.0)
    assert (figures["opd"]["n"], figures["opd"]["accuracy"][0]) == (2, 0.5)
    # A routed post that is no complaint breaks the promise.
    assert figures["opd"]["promise"]["kept"][0] == 0.5
    assert figures["opd"]["promise"]["coverage"][0] == 0.5


def test_emergencies_are_counted_by_themselves_among_the_complaints() -> None:
    levels = [("darurat", "darurat"), ("darurat", "tinggi"), ("biasa", "darurat"), ("biasa", "biasa")]
    posts = [LabelledPost(str(row), str(row), actionable=True, priority=label) for row, (label, _) in enumerate(levels)]
    posts.append(LabelledPost("x", "x", actionable=False, priority="biasa"))
    answers = [Said(False, False, (), (), told) for _, told in [*levels, ("biasa", "darurat")]]
    figures = evaluate(posts, answers, "m", 0.05)["priority"]
    assert (figures["n"], figures["accuracy"][0]) == (4, 0.5)
    assert (figures["emergencies_precision"][0], figures["emergencies_recall"][0]) == (0.5, 0.5)


def test_places_are_right_by_their_words_and_where_nobody_marked_one_they_are_wrong() -> None:
    def post(row: int, place: tuple[str, ...], kelurahan: str = "", actionable: bool = True) -> LabelledPost:
        return LabelledPost(str(row), str(row), place=place, kelurahan=kelurahan, actionable=actionable)

    def told(text: str, level: str, kelurahan: str | None = None) -> Place:
        return Place(text, level, kelurahan, None, None, None, "")  # type: ignore[arg-type]

    posts = [
        post(0, ("depan pasar jatingaleh",), "Jatingaleh"),
        post(1, ("jl. sriwijaya",), "Candi"),
        post(2, ()),
        post(3, ("gang mawar",)),
        post(4, (), actionable=False),
    ]
    places = [
        told("Pasar Jatingaleh", "landmark", "Jatingaleh"),
        told("Jl. Pemuda", "street", "Sekayu"),
        told("genuk", "kecamatan"),
        None,
        told("simpang lima", "landmark"),
    ]
    figures = place_figures(posts, places)
    assert (figures["n"], figures["precision"][0], figures["recall"][0]) == (4, pytest.approx(1 / 3), 1 / 3)
    assert (figures["precision_landmark"][0], figures["precision_street"][0]) == (1, 0)
    assert (figures["kelurahan_right"][0], figures["kelurahan_found"][0]) == (0.5, 0.5)
    assert place_figures([post(5, ())], [None])["n"] == 0  # a label set that marks no places says nothing of them


# ── Splits ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_event_is_for_testing_only_as_a_whole() -> None:
    posts = [
        LabelledPost("1", "sungai naik", date="2026-04-30", event="banjir", writer="a"),
        LabelledPost("2", "sudah masuk rumah", date="2026-05-02", event="banjir", writer="a"),
        LabelledPost("3", "lampu mati", date="2026-05-02", event="banjir", writer="b"),
        LabelledPost("4", "jalan ambles", date="2026-06-01"),
        LabelledPost("5", "Jalan ambles!", date="2024-06-01"),
    ]
    parts = split(posts)
    assert [post.id for post in parts.train] == ["1", "2", "4", "5"]
    assert [post.id for post in parts.test] == ["3"]


def test_what_belongs_together_is_in_one_fold_and_folds_are_equally_large() -> None:
    keys = [f"g{number % 70}" for number in range(200)]
    folds = folds_of(keys, 5, seed=1)
    assert all(len({folds[row] for row in range(200) if keys[row] == key}) == 1 for key in set(keys))
    assert np.ptp(np.bincount(folds)) <= 3
    assert np.array_equal(folds, folds_of(keys, 5, seed=1))
