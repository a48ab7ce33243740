"""One post as any source hands it over, and what becomes of what cannot be read as one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

LONGEST_TEXT = 30_000  # characters; X's longest posts have 25,000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair


@dataclass(frozen=True, slots=True)
class CapturedPost:
    """A public message, from any channel, with its payload kept."""

    channel: str
    source_id: str  # the first version's id: it names the post for life
    text: str
    created_at: datetime
    payload: bytes  # as it came
    version_id: str  # the version that this is
    version_ids: tuple[str, ...]  # all that the source knows of, oldest first
    author_id: str | None = None
    author_handle: str | None = None
    parent_text: str | None = None  # of the posts it answers or quotes, when the source sent them along
    reply_to: str | None = None
    is_repost: bool = False
    repeats: str | None = None  # source id of the post that it reposts or quotes
    language: str | None = None
    place_name: str | None = None
    media: tuple[str, ...] = ()
    url: str | None = None

    @property
    def newest_version_id(self) -> str:
        return max(self.version_ids, key=version_order)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a source sent in a post's place: kept, with the reason, so that a person can look."""

    channel: str
    payload: bytes
    reason: str

    @property
    def source_id(self) -> str:
        """Known by its bytes: the same bytes again are the same thing."""
        return fingerprint(self.payload)


Captured = CapturedPost | Unreadable


def fingerprint(*parts: bytes) -> str:
    """A name for what has none of its own."""
    return "sha256:" + hashlib.sha256(b"\x1f".join(parts)).hexdigest()


def storable(text: str) -> str:
    """`text` with the characters that no store keeps replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def version_order(version_id: str) -> tuple[int, str]:
    """Sorts version ids by age: X's by number, anything else as text."""
    return (int(version_id), "") if version_id.isdecimal() else (0, version_id)
