"""What a model or a person said of a post before the city changed, told in the codes of today.

Stored predictions stay as they were said; a draft is always drawn in the codes of the city that it is drawn with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from city import City
from city.changes import forward
from classifier.prediction import Choice, Decision
from classifier.succession import tell_forward
from tickets.read_post import ReadPost

CODED = ("category", "opd", "queue")  # columns that hold a code of the city


def told_today(post: ReadPost, city: City, kecamatan: str | None) -> ReadPost:
    """A read post with the codes of `city`, which is that of a day. Without a change it is what it was."""
    if not city.changes:
        return post
    categories = _choices(post.content, "category_top3", post.category, post.category_p)
    opds = _choices(post.content, "opd_top3", post.opd, post.opd_p)
    told = tell_forward(city, categories, opds, cast(Decision, post.decision), kecamatan)
    category = told.categories[0] if post.category else None
    opd = told.opds[0] if post.opd else None
    content = dict(post.content) | {
        "decision": told.decision,
        "category": category.as_dict() if category else None,
        "opd": opd.as_dict() if opd else None,
    }
    for name, choices in (("category_top3", told.categories), ("opd_top3", told.opds)):
        if content.get(name):
            content[name] = [choice.as_dict() for choice in choices]
    return replace(
        post,
        decision=told.decision,
        category=category.code if category else None,
        category_p=category.p if category else None,
        opd=opd.code if opd else None,
        opd_p=opd.p if opd else None,
        content=content,
    )


def chosen_today(chosen: Mapping[str, Any], city: City, kecamatan: str | None) -> dict[str, Any]:
    """What a person chose. Of a code that ended its successor; nothing, where a person must choose again."""
    category = chosen.get("category")
    found = {}
    for name, value in chosen.items():
        code = value
        if name in CODED and value in city.former:
            code = forward(city, value, categories=[category] if category else (), kecamatan=kecamatan)
        if code is not None or value is None:
            found[name] = code
    return found


def _choices(content: Mapping[str, object], name: str, code: str | None, p: float | None) -> Sequence[Choice]:
    top = cast("Sequence[Mapping[str, Any]]", content.get(name) or ())
    return [Choice(one["code"], one["p"]) for one in top] or ([Choice(code, p or 0.0)] if code else [])
