"""All posts, and how the whole of them stands at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from listener.emulator.accounts import Account, account_of
from listener.emulator.posts import EDITABLE, MOST_EDITS, Place, Post, Reference, Shown, Version
from listener.emulator.wording import handles_in
from listener.snowflake import first_id_at


class NotOnX(Exception):
    """A story asks for something that X would not do: the message says what."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author writes, before it has an id."""

    text: str
    author: str
    at: datetime
    reply_to: int | None = None
    quotes: int | None = None
    reposts: int | None = None
    photos: int = 0
    place: str | None = None
    lang: str = "in"
    indexed_after: timedelta = timedelta(0)


@dataclass
class Timeline:
    """Keeps posts by id. Not locked: the service that holds it is."""

    _posts: dict[int, Post] = field(default_factory=dict)
    _first_of: dict[int, int] = field(default_factory=dict)  # id of a version → id of its post
    _accounts: dict[str, Account] = field(default_factory=dict)
    _moments: list[datetime] | None = None
    _view: tuple[int, list[Shown]] | None = None  # how many moments have passed, and what was shown then

    def publish(self, draft: Draft) -> int:
        """A new post; returns its id. An answer begins with the handle of whom it answers, as X has it."""
        identity, author, text = self._new_id(draft.at), self.account(draft.author), draft.text
        answered, reposted = self._post(draft.reply_to), self._post(draft.reposts)
        if reposted is not None:
            text = reposted.versions[-1].typed
        elif answered is not None and answered.author != author and f"@{answered.author.handle}" not in text:
            text = f"@{answered.author.handle} {text}"
        for handle in handles_in(text):
            self.account(handle)
        self._keep(
            Post(
                versions=(Version(identity, text, draft.at),),
                author=author,
                conversation=answered.conversation if answered else identity,
                indexed_at=draft.at + draft.indexed_after,
                reply_to=self._reference(draft.reply_to),
                quotes=self._reference(draft.quotes),
                reposts=self._reference(draft.reposts),
                photos=draft.photos,
                place=None if draft.place is None else Place(_place_id(draft.place), draft.place),
                lang=draft.lang,
            )
        )
        return identity

    def edit(self, version_id: int, text: str, at: datetime) -> int:
        """A new version with a new id. Raises NotOnX where X allows no edit."""
        post = self._post(version_id)
        if post is None:
            raise NotOnX(f"no post {version_id} to edit")
        if post.reply_to is not None or post.reposts is not None:
            raise NotOnX("replies and reposts cannot be edited")
        if at > post.versions[0].written_at + EDITABLE or len(post.versions) > MOST_EDITS:
            raise NotOnX(f"a post is edited at most {MOST_EDITS} times, and within {EDITABLE}")
        version = Version(self._new_id(at), text, at)
        self._keep(replace(post, versions=(*post.versions, version)))
        return version.id

    def delete(self, version_id: int, at: datetime) -> None:
        post = self._post(version_id)
        if post is None:
            raise NotOnX(f"no post {version_id} to delete")
        self._keep(replace(post, deleted_at=at))

    def account(self, handle: str) -> Account:
        """The account of that handle, opened if need be."""
        return self._accounts.setdefault(handle.casefold(), account_of(handle))

    def known_account(self, handle: str) -> Account | None:
        return self._accounts.get(handle.casefold())

    def account_by_id(self, identity: int) -> Account | None:
        return next((account for account in self._accounts.values() if account.id == identity), None)

    def as_of(self, moment: datetime) -> Sequence[Shown]:
        """The newest version of every post there is at `moment`, newest first."""
        if self._moments is None:
            self._moments = sorted({moment for post in self._posts.values() for moment in post.moments})
        passed = bisect_right(self._moments, moment)
        if self._view is None or self._view[0] != passed:
            earlier = {} if self._view is None else {(shown.id, shown.history): shown for shown in self._view[1]}
            shown = [self._show(post, moment, earlier) for post in self._posts.values()]
            self._view = passed, sorted(filter(None, shown), key=lambda one: -one.id)
        return self._view[1]

    def version(self, version_id: int, moment: datetime) -> Shown | None:
        """That very version, as it stands at `moment`; None when there is none."""
        post = self._post(version_id)
        if post is None:
            return None
        versions = post.versions_at(moment)
        history = tuple(version.id for version in versions)
        return next((Shown(post, version, history) for version in versions if version.id == version_id), None)

    def _show(self, post: Post, moment: datetime, earlier: dict[tuple[int, tuple[int, ...]], Shown]) -> Shown | None:
        versions = post.versions_at(moment)
        if not versions:
            return None
        history = tuple(version.id for version in versions)
        known = earlier.get((history[-1], history))
        return known if known is not None and known.post is post else Shown(post, versions[-1], history)

    def _post(self, version_id: int | None) -> Post | None:
        return None if version_id is None else self._posts.get(self._first_of.get(version_id, -1))

    def _reference(self, version_id: int | None) -> Reference | None:
        post = self._post(version_id)
        if version_id is None:
            return None
        if post is None:
            raise NotOnX(f"no post {version_id} to answer, quote or repost")
        return Reference(version_id, post.author)

    def _keep(self, post: Post) -> None:
        self._posts[post.id] = post
        self._first_of.update((version.id, post.id) for version in post.versions)
        self._moments = None
        # Anything shown may have changed, but what did not change is shown as it was.
        self._view = None if self._view is None else (-1, self._view[1])

    def _new_id(self, at: datetime) -> int:
        """The next free id of that millisecond."""
        identity = first_id_at(at)
        while identity in self._first_of:
            identity += 1
        return identity


def _place_id(name: str) -> str:
    return f"{account_of(name).id:016x}"
