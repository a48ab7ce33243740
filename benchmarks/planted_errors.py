"""Wrong labels, planted in a copy of the training posts: how many of the first that `doubts` names are they?

python -m benchmarks.planted_errors [LABELS.csv]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from classifier.doubting import doubts
from classifier.knowledge import load_knowledge
from classifier.labels import LabelledPost, read_labels
from classifier.recipe import Recipe

HOME = Path(__file__).resolve().parents[1]
SHARE = 0.03
NO_COMPLAINT_SHARE = 0.2  # of the wrong labels on complaints, that say it is none
SEEDS = (0, 1, 2)


def plant(posts: Sequence[LabelledPost], share: float, seed: int) -> tuple[list[LabelledPost], set[str]]:
    """A copy in which `share` of the labels are wrong, and the ids of those posts.

    A wrong label is kind and office of another complaint, drawn by lot; or that a complaint is none, or the reverse.
    """
    rng = random.Random(seed)
    changed = list(posts)
    rows = rng.sample(range(len(posts)), round(share * len(posts)))
    complaints = [post for post in posts if post.opd]
    for row in rows:
        post = posts[row]
        if post.actionable and rng.random() < NO_COMPLAINT_SHARE:
            changed[row] = replace(post, actionable=False, category=None, opd=None, opd_also=())
            continue
        other = rng.choice([one for one in complaints if one.category != post.category and one.opd != post.opd])
        changed[row] = replace(post, actionable=True, category=other.category, opd=other.opd, opd_also=())
    return changed, {posts[row].id for row in rows}


def main(labels: Path) -> None:
    posts, _ = read_labels(labels)
    knowledge = load_knowledge(HOME / "city" / "semarang", HOME / "training_data" / "language")
    print(f"{len(posts)} posts, {SHARE:.0%} of them with a wrong label")
    for seed in SEEDS:
        changed, planted = plant(posts, SHARE, seed)
        found = [one.id in planted for one in doubts(changed, [], knowledge, Recipe())]
        told = ", ".join(f"{sum(found[:k])} of the first {k}" for k in (50, 100, len(planted), 2 * len(planted)))
        print(f"seed {seed}: planted {len(planted)}: {told}; {sum(found)} among all {len(found)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME / "training_data" / "labels" / "train.csv")
