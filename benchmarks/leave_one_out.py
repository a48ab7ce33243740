"""An office without one label: how often do its duties and names alone bring it up?

    python -m benchmarks.leave_one_out [LABELS.csv]

For each office with enough labels, a model without any of its posts, of any label, is asked about them. Kind and office
are asked each for itself, for what goes together is learnt from labels. The offices of all kecamatan count as one.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from benchmarks.pairing import interval
from classifier.deciding import Answer
from classifier.evaluation import wilson
from classifier.knowledge import load_knowledge
from classifier.labels import LabelledPost, read_labels
from classifier.recipe import Recipe
from classifier.training import label_of, train

HOME = Path(__file__).resolve().parents[1]
ENOUGH = 20  # labels of an office


def left_out(labels: Path) -> dict[str, list[tuple[LabelledPost, Answer]]]:
    """{office: its posts, and what models say that saw none of them}."""
    posts = [post for post in read_labels(labels)[0] if post.opd]
    knowledge = load_knowledge(HOME / "city" / "semarang", HOME / "training_data" / "language")
    offices = [str(label_of(post, "opd", knowledge)) for post in posts]
    # Whatever is together is held out together: one fold an office. Whether it is a complaint is not asked.
    asked = [replace(post, group=office, actionable=None) for post, office in zip(posts, offices, strict=True)]
    trained = train(asked, knowledge, replace(Recipe(), folds=len(set(offices)), agreement=0.0))
    found: dict[str, list[tuple[LabelledPost, Answer]]] = defaultdict(list)
    for post, answer in zip(trained.posts, trained.held_out, strict=True):
        if answer is not None:
            found[post.group].append((post, answer))
    return {office: rows for office, rows in sorted(found.items()) if len(rows) >= ENOUGH}


def main(labels: Path) -> None:
    rows: list[tuple[str, int, int, int]] = []
    for office, answers in left_out(labels).items():
        first = sum(bool(answer.opds) and answer.opds[0].code == post.opd for post, answer in answers)
        three = sum(post.opd in [choice.code for choice in answer.opds] for post, answer in answers)
        rows.append((office, len(answers), first, three))
    n, first, three = (sum(row[column] for row in rows) for column in (1, 2, 3))
    print("| office without labels | n | proposed first | among the first three |\n|---|---|---|---|")
    print(f"| **all {len(rows)}** | {n} | {interval(wilson(first, n))} | {interval(wilson(three, n))} |")
    for office, count, one, some in sorted(rows, key=lambda row: (-row[3] / row[1], row[0])):
        print(f"| {office} | {count} | {one / count:.2f} | {interval(wilson(some, count))} |")
    means = Counter({"first": sum(row[2] / row[1] for row in rows), "three": sum(row[3] / row[1] for row in rows)})
    print(f"\nMean over offices: first {means['first'] / len(rows):.3f}, among three {means['three'] / len(rows):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME / "training_data" / "labels" / "train.csv")
