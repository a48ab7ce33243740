"""What a draft says: a function of the posts it stands for, of what a person chose, and of nothing else.

Drawn again from its posts whenever they change, a draft never depends on the order in which they were captured.
Writing it down is `drafts`' work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from city import City
from tickets.place import PRECISIONS, Place, phrase
from tickets.read_post import PRIORITY_RANKS, Priority, ReadPost

# The columns of a draft that a person may set; no reading overrides them.
CHOOSABLE = ("title", "category", "opd", "opd_p", "queue")


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


def draft(posts: Collection[ReadPost], city: City, chosen: Mapping[str, object] | None = None) -> Draft:
    """The draft that `posts` (at least one) make.

    The earliest post lends words, category and office; the most urgent one the priority, the sharpest one the place.
    """
    lead = min(posts, key=lambda post: post.order)
    placed = _sharpest(posts)
    decision = "review" if lead.decision == "drop" else lead.decision
    urgent = min(posts, key=lambda post: PRIORITY_RANKS[post.priority])
    columns: dict[str, object] = {
        "title": None,
        "category": lead.category,
        "opd": lead.opd,
        "opd_p": lead.opd_p,
        "queue": lead.opd if decision == "route" else None,
    } | dict(chosen or {})
    certain = decision == "route" or "category" in (chosen or {})
    if columns["title"] is None:
        place = placed.place if placed else None
        columns["title"] = title(_text(columns["category"]), _text(columns["opd"]), place, city, certain)
    return Draft(
        text=lead.text,
        decision=decision,
        priority=urgent.priority,
        priority_rank=PRIORITY_RANKS[urgent.priority],
        place=_content(placed),
        kecamatan=placed.place.kecamatan if placed and placed.place else None,
        model=lead.model,
        prediction=lead.content,
        posted_at=lead.created_at,
        last_posted_at=max(post.created_at for post in posts),
        post_count=len(posts),
        **columns,  # type: ignore[arg-type]  # CHOOSABLE, each of its column's type
    )


def title(category: str | None, opd: str | None, place: Place | None, city: City, certain: bool) -> str:
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
    return min(placed, key=lambda post: (_vagueness(post.place), post.order), default=None)


def _vagueness(place: Place | None) -> tuple[int, bool]:
    assert place is not None
    rank = PRECISIONS.index(place.precision) if place.precision in PRECISIONS else len(PRECISIONS)
    return rank, place.kelurahan is None


def _content(post: ReadPost | None) -> Mapping[str, object] | None:
    place = post.content.get("place") if post else None
    return dict(place) if isinstance(place, Mapping) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
