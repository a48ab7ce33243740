"""What a draft says: a function of the posts it stands for, of what a person chose, and of nothing else.

Drawn again from its posts whenever they change, a draft never depends on the order in which they were captured.
Writing it down is `drafts`' work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from city import City
from tickets.place import Place, phrase, vagueness
from tickets.read_post import PRIORITY_RANKS, Priority, ReadPost
from tickets.successors import chosen_today, told_today

# From which probability of the category on a title states it. Probabilities are calibrated: of the titles that barely
# reach this, one in twenty names the wrong kind of complaint, and its reviewer sees why beside it.
CERTAIN = 0.95


@dataclass(frozen=True, slots=True)
class Draft:
    """One matter as the classifier and the citizens tell it; the fields are columns of `tickets`."""

    title: str
    text: str
    decision: str
    category: str | None
    opd: str | None
    opd_p: float | None
    queue: str | None
    priority: Priority
    priority_rank: int
    place: Mapping[str, object] | None
    kecamatan: str | None
    model: str
    prediction: Mapping[str, object]
    posted_at: datetime
    last_posted_at: datetime
    post_count: int

    def as_columns(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def draft(posts: Collection[ReadPost], city: City, chosen: Mapping[str, Any] | None = None) -> Draft:
    """The draft that `posts` (at least one) make; `chosen` are columns that a person set, and no reading overrides.

    The earliest post lends words, category and office; the most urgent one the priority, the sharpest one the place.
    What a person said of the urgency holds for the posts that were there: one that comes later may raise it.
    """
    placed = _sharpest(posts)
    kecamatan = placed.place.kecamatan if placed and placed.place else None
    choices = chosen_today(chosen or {}, city, kecamatan)
    lead = told_today(min(posts, key=lambda post: post.order), city, kecamatan)
    urgent = min(posts, key=lambda post: PRIORITY_RANKS[post.priority])
    priority = _priority(posts, choices) or urgent.priority
    decision = "review" if lead.decision == "drop" else lead.decision  # a person kept it: a person looks at it
    category, opd = choices.get("category", lead.category), choices.get("opd", lead.opd)
    certain = "category" in choices or (lead.category_p or 0) >= CERTAIN
    return Draft(
        title=choices.get("title") or title(category, opd, placed.place if placed else None, city, certain=certain),
        text=lead.text,
        decision=decision,
        category=category,
        opd=opd,
        opd_p=choices.get("opd_p", lead.opd_p),
        queue=choices.get("queue", lead.opd if decision == "route" else None),
        priority=priority,
        priority_rank=PRIORITY_RANKS[priority],
        place=_content(placed),
        kecamatan=kecamatan,
        model=lead.model,
        prediction=lead.content if urgent is lead else {**lead.content, **_urgency_of(urgent)},
        posted_at=lead.created_at,
        last_posted_at=max(post.created_at for post in posts),
        post_count=len(posts),
    )


def _urgency_of(post: ReadPost) -> dict[str, object]:
    """What was predicted of its urgency, and whose words those are: they go when its author removes the post."""
    told = {name: post.content.get(name) for name in ("priority", "priority_rule", "priority_why")}
    return {**told, "priority_id": post.content.get("id")}


def _priority(posts: Collection[ReadPost], choices: Mapping[str, Any]) -> Priority | None:
    """The most urgent of what a person said and of the posts that came since; None if nobody said anything."""
    said: Priority | None = choices.get("priority")
    if said is None:
        return None
    since = (post.priority for post in posts if post.id > choices["priority_to"])
    return min((said, *since), key=PRIORITY_RANKS.__getitem__)


def title(category: str | None, opd: str | None, place: Place | None, city: City, *, certain: bool) -> str:
    """A formal title in Indonesian. What the model only supposes stands in brackets, as a supposition."""
    where = f" di {phrase(place)}" if phrase(place) else ""
    if authority := city.authorities.get(opd or ""):
        return f"Aduan warga{where} (kemungkinan kewenangan {authority.name})"
    known = city.categories.get(category or "")
    if known is None:
        return f"Aduan warga{where}"
    return f"{known.name}{where}" if certain else f"Aduan warga{where} (kemungkinan: {known.name})"


def _sharpest(posts: Collection[ReadPost]) -> ReadPost | None:
    """The post that names its place best; of equals the earliest."""
    placed = [post for post in posts if post.place]
    return min(placed, key=lambda post: (_vagueness(post), post.order), default=None)


def _vagueness(post: ReadPost) -> tuple[int, bool]:
    return vagueness(post.place.precision, post.place.kelurahan) if post.place else vagueness(None, None)


def _content(post: ReadPost | None) -> Mapping[str, object] | None:
    place = post.content.get("place") if post else None
    return dict(place) if isinstance(place, Mapping) else None
