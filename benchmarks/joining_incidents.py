"""How well posts of known events are joined, and the tables by which they are.

`python -m benchmarks.joining_incidents` measures all parts of tests/tickets/event_posts.csv. Before that, `--count`
counts the words of the labelled posts anew (tickets/word_counts.csv), and `--read` reads the hand-written posts again
with the champion.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from classifier import Post, Reader
from tests.tickets.event_posts import HALVES, READINGS, load, rows
from tests.tickets.joining import joined
from tickets.words import content_words

HOME = Path(__file__).parents[1]
MODELS = HOME / "models"
LABELS = HOME / "training_data" / "labels" / "train.csv"
COUNTS = HOME / "tickets" / "word_counts.csv"

_KEPT = ("decision", "category", "opd", "category_top3", "opd_top3", "place", "priority", "normalised", "model")
_FEWEST = 3  # posts a word must stand in to be counted: below that every word is as rare


def main(arguments: Sequence[str]) -> None:
    if "--count" in arguments:
        count_words()
    if "--read" in arguments:
        read_again()
    for half in HALVES:
        print(f"{half}: {joined(load(half))}")


def read_again() -> None:
    lines = []
    for prediction in Reader.load(MODELS).read([Post(text=row["text"]) for row in rows()]):
        whole = prediction.as_dict()
        lines.append(json.dumps({name: whole[name] for name in _KEPT}, ensure_ascii=False))
    READINGS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def count_words() -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        posts = [Post(text=row["text"]) for row in csv.DictReader(file)]
    read = Reader.load(MODELS).read(posts)
    words = Counter(word for each in read for word in content_words(str(each.as_dict()["normalised"])))
    words[""] = len(posts)
    with COUNTS.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("word", "posts"))
        table.writerows(sorted((word, count) for word, count in words.items() if count >= _FEWEST))


if __name__ == "__main__":
    main(sys.argv[1:])
