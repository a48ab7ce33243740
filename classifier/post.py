"""A post as the classifier sees it: what it says, what it answers, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Post:
    text: str
    parent_text: str | None = None  # of the post that it answers or quotes, when that is known
    posted_at: datetime | None = None
    id: str | None = None
