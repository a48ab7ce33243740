"""Parameters of a request, checked as X checks them: what is unknown is refused, with the list of what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from listener.emulator.refusals import invalid_request


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


POST_FIELDS = _names(
    "article attachments author_id card_uri community_id context_annotations conversation_id created_at "
    "display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user_id lang media_metadata "
    "non_public_metrics note_tweet organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics "
    "referenced_tweets reply_settings scopes source suggested_source_links text withheld"
)
USER_FIELDS = _names(
    "affiliation created_at description entities id location most_recent_tweet_id name pinned_tweet_id "
    "profile_banner_url profile_image_url protected public_metrics subscription_type url username verified "
    "verified_type withheld"
)
MEDIA_FIELDS = _names(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url promoted_metrics "
    "public_metrics type url variants width"
)
PLACE_FIELDS = _names("contained_within country country_code full_name geo id name place_type")
POLL_FIELDS = _names("duration_minutes end_datetime id options voting_status")
EXPANSIONS = _names(
    "article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet "
    "attachments.poll_ids author_id edit_history_tweet_ids entities.mentions.username geo.place_id in_reply_to_user_id "
    "entities.note.mentions.username referenced_tweets.id referenced_tweets.id.attachments.media_keys "
    "referenced_tweets.id.author_id"
)
USER_EXPANSIONS = _names("affiliation.user_id most_recent_tweet_id pinned_tweet_id")

# What an expansion brings along in the post itself.
_LINKING = {
    "author_id": "author_id",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "referenced_tweets.id.attachments.media_keys": "referenced_tweets",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "attachments.media_keys": "attachments",
    "attachments.poll_ids": "attachments",
    "geo.place_id": "geo",
    "entities.mentions.username": "entities",
}
# Names of the API's next generation, and what they are called in the one that tweepy speaks.
_NEXT_NAMES = {
    "post.fields": "tweet.fields",
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets.id",
    "edit_history_post_ids": "edit_history_tweet_ids",
}
_FIELD_NAMES = _NEXT_NAMES | {"referenced_posts": "referenced_tweets"}

SELECTION = ("expansions", "tweet.fields", "media.fields", "poll.fields", "place.fields", "user.fields")
_ID = re.compile(r"[0-9]{1,19}")
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_KNOWN = {
    "tweet.fields": POST_FIELDS,
    "user.fields": USER_FIELDS,
    "media.fields": MEDIA_FIELDS,
    "place.fields": PLACE_FIELDS,
    "poll.fields": POLL_FIELDS,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a post and of what hangs on it is to be told."""

    post: frozenset[str]
    user: frozenset[str]
    media: frozenset[str]
    place: frozenset[str]
    expansions: frozenset[str]


def parameters_of(query: Mapping[str, Sequence[str]], allowed: Sequence[str]) -> dict[str, str]:
    """The parameters by today's names, repeated ones joined by commas. Raises Refusal for one that is not allowed."""
    asked = {_NEXT_NAMES.get(name, name): ",".join(values) for name, values in query.items()}
    for name, value in asked.items():
        if name not in allowed:
            raise invalid_request(f"The query parameter [{name}] is not one of [{','.join(allowed)}]", **{name: value})
    return asked


def selection_of(asked: Mapping[str, str], expansions: Sequence[str] = EXPANSIONS) -> Selection:
    """The fields and expansions asked for, with those that always come. Raises Refusal for an unknown one."""
    chosen = frozenset(_choice(asked, "expansions", expansions, _NEXT_NAMES))
    fields = {name: _choice(asked, name, known, _FIELD_NAMES) for name, known in _KNOWN.items()}
    linking = {_LINKING[expansion] for expansion in chosen if expansion in _LINKING}
    return Selection(
        post=frozenset(("id", "text", "edit_history_tweet_ids", *linking, *fields["tweet.fields"])),
        user=frozenset(("id", "name", "username", *fields["user.fields"])),
        media=frozenset(("media_key", "type", *fields["media.fields"])),
        place=frozenset(("id", "full_name", *fields["place.fields"])),
        expansions=chosen,
    )


def _choice(asked: Mapping[str, str], name: str, known: Sequence[str], renamed: Mapping[str, str]) -> list[str]:
    if name not in asked:
        return []
    chosen = [renamed.get(value, value) for value in asked[name].split(",")]
    for value in chosen:
        if value not in known:
            message = f"The `{name}` query parameter value [{value}] is not one of [{','.join(known)}]"
            raise invalid_request(message, **{name: asked[name]})
    return chosen


def number(asked: Mapping[str, str], name: str, least: int, most: int, default: int) -> int:
    """A whole number between `least` and `most`. Raises Refusal."""
    value = asked.get(name, str(default))
    if not value.isascii() or not value.isdecimal() or not least <= int(value) <= most:
        message = f"The `{name}` query parameter value [{value}] is not between {least} and {most}"
        raise invalid_request(message, **{name: value})
    return int(value)


def one_of(asked: Mapping[str, str], name: str, choices: Sequence[str], default: str) -> str:
    value = asked.get(name, default)
    if value not in choices:
        message = f"The `{name}` query parameter value [{value}] is not one of [{','.join(choices)}]"
        raise invalid_request(message, **{name: value})
    return value


def identity(asked: Mapping[str, str], name: str) -> None:
    """Checks that parameter `name`, if given, is the id of a post. Raises Refusal."""
    if name in asked:
        _match(name, asked[name], _ID)


def ids(asked: Mapping[str, str], name: str = "ids") -> list[int]:
    """1 to 100 ids. Raises Refusal."""
    return [int(value) for value in _list(asked, name, _ID)]


def handles(asked: Mapping[str, str]) -> list[str]:
    """1 to 100 handles. Raises Refusal."""
    return _list(asked, "usernames", _HANDLE)


def _list(asked: Mapping[str, str], name: str, form: re.Pattern[str]) -> list[str]:
    values = required(asked, name).split(",")
    if len(values) > 100:
        raise invalid_request(
            f"The number of values in the `{name}` query parameter list [{len(values)}] is not between 1 and 100",
            **{name: asked[name]},
        )
    for value in values:
        _match(name, value, form)
    return values


def required(asked: Mapping[str, str], name: str) -> str:
    if not asked.get(name):
        raise invalid_request(f"The `{name}` query parameter can not be empty", **{name: ""})
    return asked[name]


def _match(name: str, value: str, form: re.Pattern[str]) -> None:
    if not form.fullmatch(value):
        message = f"The `{name}` query parameter value [{value}] does not match ^{form.pattern}$"
        raise invalid_request(message, **{name: value})
