"""From posts to the JSON that X answers with: fields, `includes`, partial errors, both naming generations.

Empty values are left out. `data`, `includes`, `errors` and `meta` are kept apart until the very end, so that faults can
spoil one part and billing can count another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from listener.emulator.accounts import Account
from listener.emulator.asking import Selection
from listener.emulator.habits import Habits
from listener.emulator.posts import EDITABLE, MOST_EDITS, Post, Shown
from listener.emulator.refusals import Json, missing
from listener.emulator.timeline import Timeline

# How today's names are called in the API's next generation.
_NEXT_NAMES = {
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "tweets": "posts",
    "retweet_count": "repost_count",
    "total_tweet_count": "total_post_count",
    "tweet_count": "post_count",
}


@dataclass
class Answer:
    """One answer in its parts."""

    data: list[Json] | Json | None = None
    includes: dict[str, list[Json]] = field(default_factory=dict)
    errors: list[Json] = field(default_factory=list)
    meta: Json | None = None

    @property
    def items(self) -> list[Json]:
        return self.data if isinstance(self.data, list) else []

    def body(self) -> Json:
        whole: Json = {"data": self.data, "includes": self.includes, "errors": self.errors}
        filled = {name: part for name, part in whole.items() if part}
        return filled if self.meta is None else {**filled, "meta": self.meta}


def encode(body: object, habits: Habits) -> bytes:
    named = _renamed(body) if habits.naming == "posts" else body
    return json.dumps(named, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")


def _renamed(part: object) -> object:
    if isinstance(part, dict):
        return {_NEXT_NAMES.get(name, name): _renamed(value) for name, value in part.items()}
    return [_renamed(item) for item in part] if isinstance(part, list) else part


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells posts as `selection` wants them, as they are at `now`."""

    selection: Selection
    habits: Habits
    timeline: Timeline
    now: datetime

    def answer(self, shown: Sequence[Shown]) -> Answer:
        """The posts with what was asked to come along."""
        answer = Answer(data=[self.post(one) for one in shown])
        referenced = self._referenced(shown, answer)
        self._include(answer, "users", "id", map(self.user, self._accounts(shown, referenced)))
        self._include(answer, "media", "media_key", self._media(shown, referenced))
        if "geo.place_id" in self.selection.expansions:
            self._include(answer, "places", "id", (self._place(one.post) for one in shown if one.post.place))
        return answer

    def post(self, shown: Shown) -> Json:
        told = {name: value for name, value in _post(shown).items() if name in self.selection.post}
        if self.habits.writes_nulls:
            return {**dict.fromkeys(sorted(self.selection.post)), **told}
        return told

    def user(self, account: Account) -> Json:
        return {name: value for name, value in _user(account).items() if name in self.selection.user}

    def _referenced(self, shown: Sequence[Shown], answer: Answer) -> list[Shown]:
        """The posts that these answer, quote or repost; what is gone becomes a partial error."""
        if "edit_history_tweet_ids" in self.selection.expansions:
            self._include(answer, "tweets", "id", map(self.post, self._earlier_versions(shown)))
        if not any(name.startswith("referenced_tweets.id") for name in self.selection.expansions):
            return []
        wanted = dict.fromkeys(target for one in shown for _, target in _references(one.post))
        found = {target: self.timeline.version(target, self.now) for target in wanted}
        answer.errors += [
            missing("tweet", "referenced_tweets.id", str(target)) for target, there in found.items() if there is None
        ]
        there = [one for one in found.values() if one is not None]
        if "referenced_tweets.id" in self.selection.expansions:
            self._include(answer, "tweets", "id", map(self.post, there))
        return there

    def _earlier_versions(self, shown: Sequence[Shown]) -> Iterable[Shown]:
        earlier = (self.timeline.version(identity, self.now) for one in shown for identity in one.history[:-1])
        return (version for version in earlier if version is not None)

    def _accounts(self, shown: Sequence[Shown], referenced: Sequence[Shown]) -> Iterable[Account]:
        expansions = self.selection.expansions
        if "author_id" in expansions:
            yield from (one.post.author for one in shown)
        if "referenced_tweets.id.author_id" in expansions:
            yield from (one.post.author for one in referenced)
        for one in shown:
            if "in_reply_to_user_id" in expansions and one.post.reply_to:
                yield one.post.reply_to.author
            if "entities.mentions.username" in expansions:
                for mention in one.wording.entities.get("mentions", []):
                    yield self.timeline.account(str(mention["username"]))

    def _media(self, shown: Sequence[Shown], referenced: Sequence[Shown]) -> Iterable[Json]:
        expansions = self.selection.expansions
        own = shown if "attachments.media_keys" in expansions else ()
        others = referenced if "referenced_tweets.id.attachments.media_keys" in expansions else ()
        for one in (*own, *others):
            for key in one.post.media_keys:
                told = {"media_key": key, "type": "photo", "url": f"https://pbs.twimg.com/media/{key}.jpg"}
                sized = {**told, "width": 1200, "height": 900}
                yield {name: value for name, value in sized.items() if name in self.selection.media}

    def _place(self, post: Post) -> Json:
        place = post.place
        if place is None:
            return {}
        told: Json = {"id": place.id, "full_name": place.full_name, "name": place.full_name.split(",")[0]}
        told |= {"country": "Indonesia", "country_code": "ID", "place_type": place.kind}
        return {name: value for name, value in told.items() if name in self.selection.place}

    def _include(self, answer: Answer, section: str, key: str, objects: Iterable[Json]) -> None:
        """Each object once, beside what is there."""
        once = {str(one[key]): one for one in (*answer.includes.get(section, []), *objects)}
        if once:
            answer.includes[section] = list(once.values())


def _post(shown: Shown) -> Json:
    post, wording = shown.post, shown.wording
    told: Json = {
        "id": str(shown.id),
        "text": wording.text,
        "edit_history_tweet_ids": [str(identity) for identity in shown.history],
        "author_id": str(post.author.id),
        "conversation_id": str(post.conversation),
        "created_at": _moment(shown.version.written_at),
        "lang": post.lang,
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "public_metrics": dict.fromkeys(_METRICS, 0),
        "edit_controls": _edit_controls(shown),
        "display_text_range": [0, len(wording.text)],
    }
    sometimes: Json = {
        "entities": wording.entities,
        "note_tweet": _note(shown),
        "referenced_tweets": [{"type": kind, "id": str(target)} for kind, target in _references(post)],
        "in_reply_to_user_id": str(post.reply_to.author.id) if post.reply_to else None,
        "attachments": {"media_keys": list(post.media_keys)} if post.photos else None,
        "geo": {"place_id": post.place.id} if post.place else None,
    }
    return told | {name: value for name, value in sometimes.items() if value}


_METRICS = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")


def _note(shown: Shown) -> Json | None:
    if shown.wording.note is None:
        return None
    entities = shown.wording.note_entities
    return {"text": shown.wording.note, **({"entities": entities} if entities else {})}


def _edit_controls(shown: Shown) -> Json:
    until = shown.post.versions[0].written_at + EDITABLE
    return {
        "edits_remaining": MOST_EDITS - shown.history.index(shown.id),
        "is_edit_eligible": shown.post.reply_to is None and shown.post.reposts is None,
        "editable_until": _moment(until),
    }


def _references(post: Post) -> list[tuple[str, int]]:
    all_kinds = (("retweeted", post.reposts), ("quoted", post.quotes), ("replied_to", post.reply_to))
    return [(kind, other.id) for kind, other in all_kinds if other is not None]


def _user(account: Account) -> Json:
    return {
        "id": str(account.id),
        "name": account.name,
        "username": account.handle,
        "created_at": _moment(account.created_at),
        "protected": False,
        "verified": False,
        "description": "",
        "public_metrics": {"followers_count": 0, "following_count": 0, "tweet_count": 0, "listed_count": 0},
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
