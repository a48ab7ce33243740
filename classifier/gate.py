"""Whether a candidate may become champion: what speaks against it, each by name."""

from __future__ import annotations

from collections.abc import Sequence

from classifier.comparing import Comparison, compare
from classifier.labels import LabelledPost
from classifier.post import Post
from classifier.reader import Reader


def objections(champion: Reader, candidate: Reader, posts: Sequence[LabelledPost]) -> tuple[list[str], Comparison]:
    """Empty when nothing speaks against it. `posts`: labelled, and seen by neither model."""
    texts = [Post(post.text) for post in posts]
    comparison = compare(posts, champion.read(texts), candidate.read(texts))
    found = [
        f"it does not know {question} {label}, which {champion.model} knows"
        for question, labels in champion.labels.items()
        for label in sorted(labels - candidate.labels.get(question, frozenset()))
    ]
    found += [
        f"it is worse on {one.question} {one.label or 'over all'}: {one.won} won and {one.lost} lost of {one.n} "
        f"(p = {one.p:.2g})"
        for one in comparison.significant_losses()
    ]
    return found, comparison
