"""How well posts of known events are joined, and the tables by which they are.

`python -m benchmarks.joining_incidents` measures all parts of tests/tickets/event_posts.csv. Before that, `--count`
counts the words and senses of the labelled posts anew (tickets/*_counts.csv), and `--read` reads the hand-written posts
again with the champion.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from classifier import Post, Reader
from classifier.evaluation import bootstrap, wilson
from tests.tickets.event_posts import MEASURING, READINGS, Half, Told, load, rows
from tests.tickets.joining import joined, total
from tickets.senses import senses_of
from tickets.words import content_words

HOME = Path(__file__).parents[1]
MODELS = HOME / "models"
LABELS = HOME / "training_data" / "labels" / "train.csv"
COUNTS = HOME / "tickets" / "word_counts.csv"
SENSE_COUNTS = COUNTS.with_name("sense_counts.csv")

_KEPT = ("decision", "category", "opd", "category_top3", "opd_top3", "place", "priority", "normalised", "model")
_FEWEST = 3  # posts a word must stand in to be counted: below that every word is as rare


def main(arguments: Sequence[str]) -> None:
    if "--count" in arguments:
        count_words()
    if "--read" in arguments:
        read_again()
    for halves in (("choose",), ("develop",), ("frozen",), ("sealed",), MEASURING):
        measure(halves)


def measure(halves: Sequence[Half]) -> None:
    """Posts of two scenes lie forty days apart, so that each scene is joined by itself; intervals are over scenes."""
    scenes: dict[str, list[Told]] = defaultdict(list)
    for each in (told for half in halves for told in load(half)):
        scenes[each.scene].append(each)
    found = [joined(told) for told in scenes.values()]

    def f1(rows: np.ndarray) -> float:
        return total(found[row] for row in rows).f1

    whole = total(found)
    low_f1, high_f1 = bootstrap(f1, np.arange(len(found)), seed=0)[1:]
    low, high = wilson(whole.wrong_near_misses, whole.near_misses)[1:]
    print(f"{' + '.join(halves)}, {len(found)} scenes: {whole}")
    print(f"  95 %: F1 {low_f1:.3f} to {high_f1:.3f} over scenes; wrong joins {low:.2%} to {high:.2%}")


def read_again() -> None:
    lines = []
    for prediction in Reader.load(MODELS).read([Post(text=row["text"]) for row in rows()]):
        whole = prediction.as_dict()
        lines.append(json.dumps({name: whole[name] for name in _KEPT}, ensure_ascii=False))
    READINGS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def count_words() -> None:
    """Words and senses, by the labelled posts that have them; the senses are those that the classifier knows."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        posts = [Post(text=row["text"]) for row in csv.DictReader(file)]
    read = Reader.load(MODELS).read(posts)
    words = Counter(word for each in read for word in content_words(str(each.as_dict()["normalised"])))
    senses = Counter(sense for each in read for sense in senses_of(str(each.as_dict()["normalised"])))
    write_counts(COUNTS, "word", {word: count for word, count in words.items() if count >= _FEWEST}, len(posts))
    write_counts(SENSE_COUNTS, "sense", senses, len(posts))


def write_counts(path: Path, of: str, counts: Mapping[str, int], posts: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow((of, "posts"))
        table.writerows(sorted([("", posts), *counts.items()]))


if __name__ == "__main__":
    main(sys.argv[1:])
