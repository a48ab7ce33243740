"""The same recipe, trained and tested on samples of real complaints, beside four other ways. Nothing of them is kept.

    python -m benchmarks.real_samples FOLDER [--champion]

FOLDER holds surabaya_wargaku.csv, bandung_tweets.csv, lapor_national_2017.csv: columns text, label, group, and
created_at or simak_category where there are any. Folds go by group; a hit on any label of a text's group counts.
With --champion, the shipped model (which has never seen them) is asked instead: its category, and complaint or not.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.baselines import NAMES, Lesson, baselines, signalen_settings
from benchmarks.pairing import Answers, lines
from classifier.folds import folds_of
from classifier.knowledge import Knowledge, load_knowledge
from classifier.labels import LabelledPost
from classifier.post import Post
from classifier.reader import Reader
from classifier.recipe import Recipe
from classifier.training import train

HOME = Path(__file__).resolve().parents[1]
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labelled(rows: Sequence[Row]) -> list[LabelledPost]:
    return [LabelledPost(row["id"], row["text"], opd=row["label"], group=row["group"]) for row in rows]


def ours_by_groups(rows: Sequence[Row], knowledge: Knowledge) -> list[str]:
    held_out = train(labelled(rows), knowledge, Recipe()).held_out
    return [answer.opds[0].code if answer and answer.opds else "" for answer in held_out]


def ours(learnt: Sequence[Row], asked: Sequence[Row], knowledge: Knowledge) -> list[str]:
    reader = Reader("sample", train(labelled(learnt), knowledge, Recipe()).model, knowledge)
    return [one.opd_top3[0].code if one.opd_top3 else "" for one in reader.read([Post(row["text"]) for row in asked])]


def compare(rows: Sequence[Row], folds: np.ndarray, own: list[str]) -> list[str]:
    """`folds`: which posts are asked together; below 0 = only learnt from. `own`: ours, for those asked."""
    asked_rows = [row for row in range(len(rows)) if folds[row] >= 0]
    contenders = {name: [""] * len(rows) for name in NAMES}
    words = {label: [label] for label in {row["label"] for row in rows}}  # of their duties, their names are known
    settings: dict[str, object] | None = None
    for fold in range(int(folds.max()) + 1):
        learnt = [rows[row] for row in np.flatnonzero(folds != fold)]
        where = np.flatnonzero(folds == fold)
        lesson = Lesson([row["text"] for row in learnt], [row["label"] for row in learnt])
        settings = settings or signalen_settings(lesson)  # by the first fold's grid, for the others too
        for name, said in baselines(lesson, [rows[row]["text"] for row in where], words, settings).items():
            for row, label in zip(where, said, strict=True):
                contenders[name][row] = label
    also: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        also[row["group"]].add(row["label"])
    answers = [Answers("this recipe", own)]
    answers += [Answers(name, [said[row] for row in asked_rows]) for name, said in contenders.items()]
    return lines(
        answers,
        [rows[row]["label"] for row in asked_rows],
        [frozenset(also[rows[row]["group"]]) for row in asked_rows],
        [rows[row]["group"] for row in asked_rows],
    )


def forward_in_time(rows: Sequence[Row]) -> np.ndarray:
    """The newest fifth is asked (0), the rest learnt from (-1); a group that is on both sides is learnt from."""
    order = np.argsort([row["created_at"] for row in rows], kind="stable")
    folds = np.full(len(rows), -1)
    folds[order[int(0.8 * len(rows)) :]] = 0
    old = {row["group"] for row, fold in zip(rows, folds, strict=True) if fold < 0}
    return np.array([-1 if row["group"] in old else fold for row, fold in zip(rows, folds, strict=True)])


def trained_there(folder: Path) -> None:
    knowledge = load_knowledge(HOME / "city" / "semarang", HOME / "training_data" / "language")
    for name in ("surabaya_wargaku", "bandung_tweets", "lapor_national_2017"):
        rows = read(folder / f"{name}.csv")
        print(f"\n{name}, by groups, 5 folds")
        recipe = Recipe()
        folds = folds_of([f"group:{row['group']}" for row in rows], recipe.folds, recipe.seed)
        print("\n".join(compare(rows, folds, ours_by_groups(rows, knowledge))))
        if name == "surabaya_wargaku":
            folds = forward_in_time(rows)
            learnt, asked = (
                [row for row, f in zip(rows, folds, strict=True) if (f < 0) == old] for old in (True, False)
            )
            print(f"\n{name}, forward in time")
            print("\n".join(compare(rows, folds, ours(learnt, asked, knowledge))))


def asked_of_champion(folder: Path) -> None:
    """By class only, never text by text: these samples must not steer what is written for training."""
    reader = Reader.load(HOME / "models")
    for name in ("surabaya_wargaku", "bandung_tweets"):
        rows = read(folder / f"{name}.csv")
        predictions = reader.read([Post(row["text"]) for row in rows])
        chosen = [
            (row, one)
            for row, one in zip(rows, predictions, strict=True)
            if row["simak_category"] not in ("", "bukan_aduan") and row["label"] not in ("bukan", "respon")
        ]
        said = [one.category_top3[0].code for _, one in chosen]
        labels = [row["simak_category"] for row, _ in chosen]
        print(f"\n{name}: category of complaints, by champion {reader.model}")
        right = [frozenset({label}) for label in labels]
        print("\n".join(lines([Answers("champion", said)], labels, right, [row["group"] for row, _ in chosen])))
        if name == "bandung_tweets":
            are = np.array([row["label"] == "keluhan" for row in rows])
            told = np.array([one.decision != "drop" for one in predictions])
            both = (are & told).sum()
            print(f"complaint or not: F1 {2 * both / (are.sum() + told.sum()):.3f}, recall {both / are.sum():.3f}")


if __name__ == "__main__":
    folders = [Path(given) for given in sys.argv[1:] if given and not given.startswith("--")]
    if len(folders) != 1 or not folders[0].is_dir():
        sys.exit("the folder with the samples is missing; give it: make bench-real SAMPLES=folder")
    (asked_of_champion if "--champion" in sys.argv else trained_there)(folders[0])
