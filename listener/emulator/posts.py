"""A post, its versions and its end, and how it stands at a moment.

Frozen: an edit or a deletion makes a new value, with the moment at which it happens. Ids are snowflakes of their
moments; the first version's id names the post for life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from listener.emulator.accounts import Account
from listener.emulator.wording import Wording, word, word_repost

EDITABLE = timedelta(minutes=30)
MOST_EDITS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """What a post may be tagged with: mostly a city, never an address."""

    id: str
    full_name: str
    kind: str = "city"


@dataclass(frozen=True, slots=True)
class Version:
    id: int
    typed: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Reference:
    """That version of another post, and who wrote it."""

    id: int
    author: Account


@dataclass(frozen=True, slots=True)
class Post:
    """One post through its life."""

    versions: tuple[Version, ...]  # oldest first
    author: Account
    conversation: int
    indexed_at: datetime  # from here on search finds it
    reply_to: Reference | None = None
    quotes: Reference | None = None
    reposts: Reference | None = None
    photos: int = 0
    place: Place | None = None
    lang: str = "in"
    deleted_at: datetime | None = None

    @property
    def id(self) -> int:
        return self.versions[0].id

    @property
    def moments(self) -> tuple[datetime, ...]:
        """When its looks change."""
        ends = () if self.deleted_at is None else (self.deleted_at,)
        return (self.indexed_at, *(version.written_at for version in self.versions), *ends)

    @property
    def media_keys(self) -> tuple[str, ...]:
        return tuple(f"3_{self.id + number}" for number in range(self.photos))

    def versions_at(self, moment: datetime) -> tuple[Version, ...]:
        """Those written by `moment`; none when it is not yet written or deleted: one goes, all go."""
        if self.deleted_at is not None and self.deleted_at <= moment:
            return ()
        return tuple(version for version in self.versions if version.written_at <= moment)


@dataclass(frozen=True, eq=False)
class Shown:
    """One version of a post as X shows it at a moment, with the history that it has by then."""

    post: Post
    version: Version
    history: tuple[int, ...]  # oldest first

    @property
    def id(self) -> int:
        return self.version.id

    @property
    def is_newest(self) -> bool:
        return self.history[-1] == self.version.id

    @cached_property
    def wording(self) -> Wording:
        post = self.post
        if post.reposts is not None:
            return word_repost(post.reposts.author.handle, self.version.typed)
        quoted = None
        if post.quotes is not None:
            quoted = f"https://twitter.com/{post.quotes.author.handle}/status/{post.quotes.id}"
        return word(self.version.typed, str(self.id), post.media_keys, quoted)

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(self.wording.words)

    @cached_property
    def tokens_before_cut(self) -> frozenset[str]:
        return frozenset(self.wording.words_before_cut)
