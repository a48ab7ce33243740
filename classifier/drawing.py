"""Which posts to learn from when there are too many: all of the rare labels, and an even share of the common ones."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from classifier.labels import LabelledPost


def drawn(posts: Sequence[LabelledPost], most: int, seed: int) -> list[LabelledPost]:
    """At most `most` posts, in their order. Which ones depends on nothing but their texts and the seed.

    No label loses a post before every commoner label has come down to as many.
    """
    if len(posts) <= most:
        return list(posts)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, post in enumerate(posts):
        rows[f"{post.actionable} {post.opd or post.category}"].append(row)
    limit = _limit([len(own) for own in rows.values()], most)
    chosen = [row for own in rows.values() for row in sorted(own, key=lambda row: _lot(posts[row], seed))[:limit]]
    return [posts[row] for row in sorted(chosen)]


def _limit(counts: list[int], most: int) -> int:
    """The largest number of posts a label may keep so that no more than `most` are kept in all."""
    left = most
    for place, count in enumerate(sorted(counts)):
        share = left // (len(counts) - place)
        if count > share:
            return share
        left -= count
    return max(counts)


def _lot(post: LabelledPost, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {post.id} {post.text}".encode()).digest()
