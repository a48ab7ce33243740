"""What each part of the model is worth: the recipe without it, on the same held-out posts of training.

python -m benchmarks.ablations [LABELS.csv]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.pairing import Answers, lines
from classifier.evaluation import Said, evaluate
from classifier.knowledge import Knowledge, load_knowledge
from classifier.labels import LabelledPost, read_labels
from classifier.model import NO, YES
from classifier.recipe import Recipe
from classifier.training import Trained, train

HOME = Path(__file__).resolve().parents[1]
RECIPE = Recipe()


def variants() -> Iterator[tuple[str, Recipe]]:
    yield "the recipe", RECIPE
    features = RECIPE.features
    yield "without runs of letters", replace(RECIPE, features=replace(features, longest_run=0))
    yield "runs of letters as heavy as words", replace(RECIPE, features=replace(features, run_weight=1.0))
    yield "without stems", replace(RECIPE, features=replace(features, stems=False))
    yield "without pairs of words", replace(RECIPE, features=replace(features, pairs=False))
    yield "without signs (owner of a place, accounts)", replace(RECIPE, features=replace(features, sign_weight=0.0))
    yield "without what the city says of its offices", replace(RECIPE, prior_weight=0.0)
    yield "category and OPD each for itself", replace(RECIPE, agreement=0.0)
    yield "rare labels weigh no more", replace(RECIPE, balance=0.0)
    yield "half the penalty", replace(RECIPE, penalty=RECIPE.penalty / 2)
    yield "twice the penalty", replace(RECIPE, penalty=RECIPE.penalty * 2)


def without_normaliser(knowledge: Knowledge) -> Knowledge:
    lexicon = knowledge.lexicon
    bare = replace(
        lexicon, words={}, phrases={}, in_javanese={}, javanese=frozenset(), contexts={}, emoji={}, memory={},
        phrase_starts=frozenset(),
    )  # fmt: skip
    return replace(knowledge, lexicon=bare)


def told(trained: Trained, posts: list[LabelledPost]) -> dict[str, list[str]]:
    answers = trained.held_out
    assert all(answer is not None for answer in answers)
    found: dict[str, list[str]] = {"actionable": [], "category": [], "opd": []}
    for answer in answers:
        assert answer is not None
        found["actionable"].append(NO if answer.decision == "drop" else YES)
        found["category"].append(answer.categories[0].code if answer.categories else "")
        found["opd"].append(answer.opds[0].code if answer.opds else "")
    return found


def main(labels: Path) -> None:
    posts, _ = read_labels(labels)
    knowledge = load_knowledge(HOME / "city" / "semarang", HOME / "training_data" / "language")
    runs = [(name, recipe, knowledge) for name, recipe in variants()]
    runs.append(("without the normaliser's words", RECIPE, without_normaliser(knowledge)))
    said: dict[str, list[Answers]] = {"actionable": [], "category": [], "opd": []}
    for name, recipe, known in runs:
        print(f"… {name}", file=sys.stderr)
        trained = train(posts, known, recipe)
        for question, answers in told(trained, posts).items():
            said[question].append(Answers(name, answers))
        pairs = [(post, answer) for post, answer in zip(posts, trained.held_out, strict=True) if answer]
        figures = evaluate(
            [post for post, _ in pairs],
            [Said(a.decision == "drop", a.decision == "route", a.categories, a.opds, a.priority) for _, a in pairs],
            name,
            recipe.error,
        )
        promise = figures["opd"]["promise"]
        print(
            f"{name:44} ECE category {figures['category']['ece'][0]:.3f}, OPD {figures['opd']['ece'][0]:.3f}; "
            f"routed {promise['coverage'][0]:.3f}, of them right {promise['kept'][0] or 1:.3f}"
        )
    for question, contenders in said.items():
        print(f"\n{question}")
        right = [_right(post, question) for post in posts]
        rows = [row for row, ok in enumerate(right) if ok]
        chosen = [Answers(one.name, [one.said[row] for row in rows]) for one in contenders]
        marks = [_label(posts[row], question) for row in rows]
        for line in lines(chosen, marks, [right[row] for row in rows], [posts[row].together for row in rows]):
            print(line)


def _right(post: LabelledPost, question: str) -> frozenset[str]:
    if question == "opd":
        return post.right_opds
    label = _label(post, question)
    return frozenset({label} if label else ())


def _label(post: LabelledPost, question: str) -> str:
    if question == "actionable":
        return YES if post.actionable else NO
    return (post.category if question == "category" else post.opd) or ""


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME / "training_data" / "labels" / "train.csv")
