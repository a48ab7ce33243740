"""The bundled posts: two months of an invented city life, placed relative to the moment at which the emulator starts.

One JSON object a line in `posts.jsonl`, or an object with only `note`, which says what the file is:

    key          names the post within the file
    before_now   "5d 03:12": written so many days, hours and minutes before the start; or
    after_start  "00:04": written so many hours and minutes after it
    author       a handle
    text         as typed; or `retweets`, the key of the post that is passed on
    reply_to, quotes                the key of another, older post
    photos, place {full_name}, lang, edited {after: "00:12", text}      all may be left out
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

POSTS = Path(__file__).with_name("posts.jsonl")
_DISTANCE = re.compile(r"(?:(\d+)d )?(\d\d):(\d\d)")


class BundleError(Exception):
    """A line of the bundle is not usable: file, line and what it should be."""


@dataclass(frozen=True, slots=True)
class BundledPost:
    """A line of the file. `offset` is its distance to the start, negative before it."""

    key: str
    offset: timedelta
    author: str
    text: str
    retweets: str | None = None
    reply_to: str | None = None
    quotes: str | None = None
    photos: int = 0
    place: str | None = None
    lang: str = "in"
    edited_after: timedelta | None = None
    edited_text: str = ""

    def written_at(self, start: datetime, speed: float = 1) -> datetime:
        """When it is written, if the emulator starts at `start` and what is to come comes `speed` times as fast."""
        return start + (self.offset / speed if self.offset > timedelta(0) else self.offset)


def read_bundle(path: Path = POSTS) -> list[BundledPost]:
    """All posts of the file, oldest first. Raises BundleError."""
    posts: list[BundledPost] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            told = json.loads(line)
            if set(told) != {"note"}:
                posts.append(_post(told))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleError(
                f"{path.name}:{number}: {error!r}; see listener/emulator/bundle.py for the form"
            ) from error
    return sorted(posts, key=lambda post: post.offset)


def _post(told: Mapping[str, object]) -> BundledPost:
    place, edited = told.get("place"), told.get("edited")
    return BundledPost(
        key=str(told["key"]),
        offset=-_distance(told["before_now"]) if "before_now" in told else _distance(told["after_start"]),
        author=str(told["author"]),
        text="" if "retweets" in told else str(told["text"]),
        retweets=_text(told, "retweets"),
        reply_to=_text(told, "reply_to"),
        quotes=_text(told, "quotes"),
        photos=int(str(told.get("photos", 0))),
        place=str(place["full_name"]) if isinstance(place, dict) else None,
        lang=str(told.get("lang", "in")),
        edited_after=_distance(edited["after"]) if isinstance(edited, dict) else None,
        edited_text=str(edited["text"]) if isinstance(edited, dict) else "",
    )


def _distance(value: object) -> timedelta:
    found = _DISTANCE.fullmatch(str(value))
    if found is None:
        raise ValueError(f"{value!r} should be a distance such as '5d 03:12' or '00:04'")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _text(told: Mapping[str, object], name: str) -> str | None:
    return str(told[name]) if name in told else None
