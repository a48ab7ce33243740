"""What speaks against a candidate by itself: by its card, its figures, and what it finds too easy.

Beside the comparison with the champion, which tells only that a candidate is worse, these name why: labels that were
shuffled, a label that was left out, a test that it has seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from scipy.stats import binomtest, fisher_exact

from classifier.comparing import ENOUGH
from classifier.model import YES, Question
from classifier.objections import Objection, objection

_UNLIKELY = 0.01  # chance, were nothing learnt, of being right so often
_TOO_GOOD = 1e-6  # chance of a gap so wide between posts held out and a test, were both unseen …
_GAP = 0.05  # … and so wide must it be: a test may be a little easier


def unlearnt(card: Mapping[str, Any], metrics: Mapping[str, Any]) -> Iterator[Objection]:
    """Questions on which it is right no more often, on posts held out of its training, than its commonest label is."""
    for question, counts in card["data"]["labels"].items():
        if question == "priority":  # it rather warns in vain than misses a danger: being right often is not its aim
            continue
        right, n = _right_of(metrics.get("held out", {}).get(question, {}), counts)
        if n < ENOUGH:
            continue
        label, count = max(counts.items(), key=lambda item: item[1])
        share = count / sum(counts.values())
        if question == "actionable":
            label, share = "yes", counts.get(YES, 0) / sum(counts.values())
        by_luck = binomtest(right, n, share, alternative="greater").pvalue > _UNLIKELY
        if by_luck and not _tells_labels_apart(metrics["held out"][question], share, len(counts)):
            yield objection("learnt_nothing", question=question, right=right / n, label=label, share=share)


def _tells_labels_apart(figures: Mapping[str, Any], share: float, labels: int) -> bool:
    """Whether macro F1 is well above that of always saying the commonest label: where that is nearly all, it may be."""
    f1 = figures.get("macro_f1", [None])[0]
    return f1 is not None and f1 > 1.5 * (2 * share / (1 + share)) / labels


def _right_of(figures: Mapping[str, Any], counts: Mapping[str, int]) -> tuple[int, int]:
    """How many answers were right, of how many. Of what it took for complaints, where that is the question."""
    if "accuracy" in figures and figures["accuracy"][0] is not None:
        return round(figures["accuracy"][0] * figures["n"]), figures["n"]
    if figures.get("precision", [None])[0]:
        found = round(figures["recall"][0] * counts.get(YES, 0))
        return found, round(found / figures["precision"][0])
    return 0, 0


def forgotten(
    card: Mapping[str, Any], champions: Mapping[str, Any], unknown: Mapping[Question, Collection[str]]
) -> Iterator[Objection]:
    """Labels of which it has seen no post, and the champion many: what is known beforehand must not hide that.

    Labels that are `unknown` to it altogether are not told again.
    """
    missing = {(str(question), label) for question, labels in unknown.items() for label in labels}
    for question, counts in champions["data"]["labels"].items():
        own = card["data"]["labels"].get(question, {})
        for label, count in counts.items():
            if count >= ENOUGH and not own.get(label) and (question, label) not in missing:
                champion = champions["version"]
                yield objection("forgotten", question=question, label=label, champion=champion, count=count)


def too_easy(metrics: Mapping[str, Any], hits: Mapping[str, tuple[int, int]]) -> Iterator[Objection]:
    """Questions on which it is right much more often on a test ({question: right, of how many}) than held out."""
    for question, (right, n) in hits.items():
        held_out = metrics.get("held out", {}).get(question, {})
        share, held = held_out.get("accuracy", [None])[0], held_out.get("n", 0)
        if share is None or not n or right / n - share < _GAP:
            continue
        table = [[right, n - right], [round(share * held), held - round(share * held)]]
        if fisher_exact(table, alternative="greater").pvalue < _TOO_GOOD:
            yield objection("leaked", question=question, right=right / n, held=share)
