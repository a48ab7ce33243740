"""How right places are, beside the words that people marked as the place: precision by level, recall, where it lies.

A place that is told where nobody marked one counts as wrong, although some of those are right: labels leave out places
that are no matter of the complaint.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classifier.evaluation import wilson
from classifier.labels import LabelledPost, text_key
from classifier.place import Place

LEVELS = ("address", "street", "landmark", "kelurahan", "kecamatan")
_SAYS_NOTHING = frozenset(
    ("jalan", "jl", "jln", "gang", "gg", "raya", "barat", "timur", "utara", "selatan", "tengah", "pasar", "kota")
)


def place_figures(posts: Sequence[LabelledPost], places: Sequence[Place | None]) -> dict[str, Any]:
    """Shares with their intervals, of the complaints in a label set that marks places; `n` is 0 in one that doesn't."""
    marked = any(post.place for post in posts)
    pairs = [pair for pair in zip(posts, places, strict=True) if marked and pair[0].actionable is not False]
    told = [(post, place) for post, place in pairs if place]
    hits = [_is_right(place, post) for post, place in told]
    by_level = {
        f"precision_{level}": wilson(sum(hit for hit, _ in of_level), len(of_level))
        for level in LEVELS
        if (of_level := [pair for pair in zip(hits, told, strict=True) if pair[1][1].precision == level])
    }
    return {
        "n": len(pairs),
        "precision": wilson(sum(hits), len(hits)),
        "recall": wilson(sum(hits), sum(bool(post.place) for post, _ in pairs)),
        **by_level,
        **_where(pairs, "kelurahan"),
        **_where(pairs, "kecamatan"),
    }


def _is_right(place: Place, post: LabelledPost) -> bool:
    """Whether it has a naming word in common with a marked place, or is the kelurahan or kecamatan of the label."""
    unit = place.precision if place.precision in ("kelurahan", "kecamatan") else ""
    if unit and getattr(place, unit) and getattr(place, unit) == getattr(post, unit):
        return True
    words = set(text_key(place.text).split())
    return any(words & set(text_key(marked).split()) - _SAYS_NOTHING for marked in post.place)


def _where(pairs: Sequence[tuple[LabelledPost, Place | None]], unit: str) -> dict[str, Any]:
    """Of the posts whose `unit` is labelled: how many of those told are right, and how many were found."""
    labelled = [(getattr(post, unit), getattr(place, unit, None)) for post, place in pairs if getattr(post, unit)]
    told = sum(bool(said) for _, said in labelled)
    right = sum(label == said for label, said in labelled)
    return {f"{unit}_right": wilson(right, told), f"{unit}_found": wilson(right, len(labelled))}


__all__ = ["place_figures"]
