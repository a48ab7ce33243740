"""Whether a candidate may become champion: what speaks against it, each by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city import City
from city.changes import successors
from classifier.comparing import Comparison, compare, right_answers, told
from classifier.evaluation import Said, said
from classifier.labels import LabelledPost
from classifier.objections import Objection, objection
from classifier.reader import Reader
from classifier.registry import METRICS, Registry
from classifier.soundness import forgotten, too_easy, unlearnt


@dataclass(frozen=True, slots=True)
class Papers:
    """What a model's folder says of it."""

    card: dict[str, Any]
    metrics: dict[str, Any]

    @classmethod
    def of(cls, registry: Registry, version: str, today: City | None = None) -> Papers:
        """With labels in the codes of `today`, if given.

        Figures that cannot be read count as none: a candidate is then judged by the comparison alone.
        """
        try:
            metrics = json.loads((registry.path(version) / METRICS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            metrics = {}
        card = registry.card(version)
        if today:
            labels = {question: _counts_of_today(counts, today) for question, counts in card["data"]["labels"].items()}
            card["data"] = card["data"] | {"labels": labels}
        return cls(card, metrics if isinstance(metrics, dict) else {})


def _counts_of_today(counts: Mapping[str, int], today: City) -> dict[str, int]:
    """Posts of each label; of one that ended, its successor's, and nobody's where it was split."""
    found: Counter[str] = Counter()
    for label, count in counts.items():
        heirs = successors(today, label)
        if len(heirs) == 1:
            found[heirs[0]] += count
    return dict(found)


def objections_by_itself(papers: Papers) -> list[Objection]:
    """What speaks against a candidate though there is no champion to compare it with."""
    return list(unlearnt(papers.card, papers.metrics))


def objections(
    champion: Reader, candidate: Reader, posts: Sequence[LabelledPost], champions: Papers, papers: Papers
) -> tuple[list[Objection], Comparison]:
    """Empty when nothing speaks against it. `posts`: labelled, and seen by neither model."""
    texts = [post.post for post in posts]
    before, after = champion.read(texts), candidate.read(texts)
    comparison = compare(
        posts, [said(one) for one in before], [said(one) for one in after], (champion.model, candidate.model)
    )
    unknown = {
        question: sorted(labels - candidate.labels.get(question, frozenset()))
        for question, labels in champion.labels.items()
    }
    found = [
        objection("unknown_label", question=question, label=label, champion=champion.model)
        for question, labels in unknown.items()
        for label in labels
    ]
    found += forgotten(papers.card, champions.card, unknown)
    found += too_easy(papers.metrics, _hits(posts, [said(one) for one in after]))
    found += [
        objection(
            "worse" if one.label else "worse_over_all",
            question=one.question,
            label=one.label,
            won=one.won,
            lost=one.lost,
            n=one.n,
            p=one.p,
        )
        for one in comparison.significant_losses()
    ]
    return found, comparison


def _hits(posts: Sequence[LabelledPost], answers: Sequence[Said]) -> dict[str, tuple[int, int]]:
    """{question: right, of so many}, for kind and office."""
    hits = {}
    for question in ("category", "opd"):
        asked = [(right, answer) for post, answer in zip(posts, answers, strict=True)
                 if (right := right_answers(post, question))]  # fmt: skip
        hits[question] = (sum(told(answer, question) in right for right, answer in asked), len(asked))
    return hits
