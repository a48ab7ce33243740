"""How often a draft that is shown after a correction wants the same correction: `python -m benchmarks.same_way`.

Half of the labelled posts, split by event, train a model; the other half are read by it. Each of its wrong offices is
corrected as its label says, and what `tickets.same_way` would show then is compared with the labels. The posts that are
kept for measuring the classifier are not looked at.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from os import environ
from pathlib import Path
from statistics import fmean
from typing import Any

from classifier import Post, Reader
from tickets.same_way import Told, compared

HOME = Path(__file__).parents[1]
LABELS = HOME / "training_data" / "labels" / "train.csv"
Row = Mapping[str, Any]


def halves(seed: int = 1) -> tuple[list[Row], list[Row]]:
    """All posts of one event on one side."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    events: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        events[row["event"] or row["id"]].append(row)
    names = sorted(events)
    random.Random(seed).shuffle(names)
    sides: tuple[list[Row], list[Row]] = ([], [])
    for place, name in enumerate(names):
        sides[(place + 1) % 2].extend(events[name])
    return sides


def reader_of(rows: Sequence[Row], folder: Path) -> Reader:
    """A model of these posts alone."""
    data = folder / "train.csv"
    with data.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=[*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    command = [sys.executable, "-m", "classifier", "train", "--data", str(data)]
    subprocess.run(command, cwd=HOME, check=True, env={**environ, "SIMAK_MODELS_DIR": str(folder)}, capture_output=True)
    return Reader.load(folder)


def measure(reader: Reader, rows: Sequence[Row]) -> None:
    drafts: dict[tuple[str, str | None], list[tuple[Row, Told]]] = defaultdict(list)
    for row, read in zip(rows, reader.read([Post(text=row["text"]) for row in rows]), strict=True):
        told = read.as_dict()
        if row["actionable"] == "1" and told["decision"] != "drop" and told["opd"]:
            category = told["category"] and told["category"]["code"]
            columns = {"prediction": told, "text": row["text"], "place": told["place"], "opd_p": told["opd"]["p"]}
            drafts[told["opd"]["code"], category].append((row, Told(columns)))
    shown: list[list[bool]] = []
    corrections = 0
    for (opd, _), theirs in drafts.items():
        for row, told in theirs:
            if opd == row["opd"] or opd in row["opd_also"].split():
                continue
            corrections += 1
            others = [other for other in theirs if other[1] is not told and not _one_event(row, other[0])]
            right = [
                row["opd"] in (other["opd"], *other["opd_also"].split())
                for other, told_there in others
                if compared(told, told_there, {"opd": row["opd"]})
            ]
            shown += [right] if right else []
    every = [each for right in shown for each in right]
    print(f"{sum(map(len, drafts.values()))} proposals, {corrections} wrong; {len(shown)} corrections show others")
    average = fmean(map(fmean, shown))
    print(f"right of all {len(every)} shown: {fmean(every):.2f}; on average over corrections: {average:.2f}")


def _one_event(row: Row, other: Row) -> bool:
    return bool(row["event"]) and row["event"] == other["event"]


if __name__ == "__main__":
    learned, unseen = halves()
    with tempfile.TemporaryDirectory() as folder:
        measure(reader_of(learned, Path(folder)), unseen)
