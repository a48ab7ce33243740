"""What the benchmarks measure with: baselines that answer as they are told to, comparisons that are paired."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.baselines import NAMES, Lesson, baselines, keywords
from benchmarks.pairing import Answers, compared

HOME = Path(__file__).resolve().parents[1]


def test_four_baselines_answer_and_those_that_learn_are_right_more_often() -> None:
    words = {"pju": "lampu jalan padam gelap", "sampah": "sampah bau menumpuk tps", "air": "pdam air keruh keran"}
    texts, labels = [], []
    for number in range(180):
        label = sorted(words)[number % 3]
        own = words[label].split()
        texts.append(f"pak di gang {number} ada {own[number % 4]} {own[(number + 1) % 4]} tolong")
        labels.append(label)
    lesson = Lesson(texts[:160], labels[:160])
    answers = baselines(lesson, texts[160:], {"pju": ["lampu padam"], "sampah": ["bau menumpuk"], "air": ["air keruh"]})
    assert tuple(answers) == NAMES
    share = {name: sum(a == b for a, b in zip(said, labels[160:], strict=True)) / 20 for name, said in answers.items()}
    assert share["majority"] < 0.5 < share["keywords"]
    assert share["Signalen's recipe"] == share["usual pipeline"] == 1


def test_keywords_counts_different_words_and_says_the_commonest_where_there_are_none() -> None:
    known = {"pju": ["lampu jalan mati"], "sampah": ["sampah jalan"]}
    asked = ["lampu jalan mati, sampah sampah sampah", "jalan", "pagi"]
    assert keywords(known, asked, otherwise="pju") == ["pju", "sampah", "pju"]


def test_a_difference_is_paired_by_group() -> None:
    labels = ["a", "b"] * 40
    groups = [str(row // 4) for row in range(80)]
    better = [label if row % 10 else "b" for row, label in enumerate(labels)]
    first, second = compared(
        [Answers("all a", ["a"] * 80), Answers("better", better)], labels, [frozenset({one}) for one in labels], groups
    )
    assert (first.n, first.groups, first.more_right) == (80, 20, None)
    assert second.more_right is not None
    assert second.more_right[0] == second.right[0] - first.right[0]  # type: ignore[operator]
    assert second.more_right[1] > 0  # type: ignore[operator]


def test_every_target_that_make_names_is_there() -> None:
    makefile = (HOME / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_real_samples_say_what_to_give_when_there_is_no_folder() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.real_samples"], cwd=HOME, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "the folder with the samples is missing; give it: make bench-real SAMPLES=folder"
