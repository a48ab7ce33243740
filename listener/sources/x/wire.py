"""Reading what X answers: posts one by one, in both generations of field names, with their parents, media and places.

Field by field from the published data dictionary. A post that cannot be read costs itself, not its page.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from pydantic import (
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from listener.post import LONGEST_TEXT, Captured, CapturedPost, Unreadable, storable
from listener.snowflake import EPOCH, moment_of

CHANNEL = "x"


def _renamed(old: str, new: str) -> Any:
    """A field that X is renaming: read under both names."""
    return Field(default=None, validation_alias=AliasChoices(old, new))


def _or_nothing(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


# What a post can do without must not cost it, whatever shape it comes in.
_Lenient = WrapValidator(_or_nothing)
Id = Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class _Note(_Wire):
    text: str


class _Reference(_Wire):
    type: str
    id: Id


class _Attachments(_Wire):
    media_keys: Annotated[list[Annotated[str | None, _Lenient]] | None, _Lenient] = None


class _Geo(_Wire):
    place_id: str | None = None


class WirePost(_Wire):
    """What is read of a post; everything may be missing but its id and its text."""

    id: Id
    text: str
    created_at: datetime | None = None
    author_id: Annotated[Id | None, _Lenient] = None
    edit_history: Annotated[list[Id] | None, _Lenient] = _renamed("edit_history_tweet_ids", "edit_history_post_ids")
    note: Annotated[_Note | None, _Lenient] = _renamed("note_tweet", "note_post")
    references: Annotated[list[Annotated[_Reference | None, _Lenient]] | None, _Lenient] = _renamed(
        "referenced_tweets", "referenced_posts"
    )
    attachments: Annotated[_Attachments | None, _Lenient] = None
    geo: Annotated[_Geo | None, _Lenient] = None
    lang: Annotated[str | None, Field(pattern=r"^[A-Za-z-]{1,12}$"), _Lenient] = None

    @property
    def full_text(self) -> str:
        """The text as it was written: a long post's note, without HTML's escapes."""
        return html.unescape(self.note.text if self.note else self.text)

    @property
    def moment(self) -> datetime:
        """When it was written; its id tells where X did not."""
        if self.created_at is None:
            return moment_of(int(self.id))
        return self.created_at if self.created_at.tzinfo else self.created_at.replace(tzinfo=UTC)

    def referred(self, *kinds: str) -> Iterator[str]:
        for reference in self.references or []:
            if reference and reference.type in kinds:
                yield reference.id


class WireUser(_Wire):
    """What is read of an account; an answer about one that X would not name holds no such thing."""

    id: Id
    username: Annotated[str, Field(min_length=1, max_length=80)]
    created_at: Annotated[AwareDatetime | None, _Lenient] = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its posts in the order in which they came, and what is to be known for going on."""

    posts: tuple[Captured, ...]
    billed_ids: frozenset[str]  # posts that X counts as read, those in `includes` too
    missing_ids: frozenset[str]  # of the posts asked for by id, those that X does not show (any more)
    oldest_id: int | None
    next_page: str | None

    @property
    def unreadable(self) -> int:
        return sum(isinstance(post, Unreadable) for post in self.posts)


def read_page(answer: Mapping[str, Any], channel: str = CHANNEL) -> Page:
    """The page that `answer` is. Nothing in it can make this fail."""
    includes = Includes.of(answer.get("includes"))
    items = _list(answer.get("data"))
    posts = tuple(read_post(item, includes, channel) for item in items)
    ids = [identity for item in items if (identity := _id_of(item)) is not None]
    meta: Mapping[str, Any] = found if isinstance(found := answer.get("meta"), Mapping) else {}
    token = meta.get("next_token")
    return Page(
        posts=posts,
        billed_ids=frozenset([*ids, *includes.posts]),
        missing_ids=frozenset(_missing(_list(answer.get("errors")))),
        oldest_id=min(map(int, ids), default=_number(meta.get("oldest_id"))),
        next_page=str(token) if token else None,
    )


@dataclass(frozen=True, slots=True)
class Includes:
    """What X sent along with a page, by id."""

    posts: Mapping[str, Mapping[str, Any]]
    media: Mapping[str, str]
    places: Mapping[str, str]
    handles: Mapping[str, str]

    @classmethod
    def of(cls, includes: Any) -> Includes:
        parts: Mapping[str, Any] = includes if isinstance(includes, Mapping) else {}
        posts = [post for post in (*_list(parts.get("tweets")), *_list(parts.get("posts"))) if _id_of(post)]
        return cls(
            posts={str(post["id"]): post for post in posts},
            media=_table(parts.get("media"), "media_key", "url", "preview_image_url"),
            places=_table(parts.get("places"), "id", "full_name"),
            handles=_table(parts.get("users"), "id", "username"),
        )

    def text_of(self, post_id: str) -> str | None:
        """The whole text of an included post, if it is there and readable."""
        try:
            return storable(WirePost.model_validate(self.posts[post_id]).full_text)
        except (KeyError, ValidationError):
            return None


def read_users(answer: Mapping[str, Any]) -> Iterator[WireUser]:
    """The accounts of an answer; what cannot be read as one is left out."""
    for item in _list(answer.get("data")):
        try:
            yield WireUser.model_validate(item)
        except ValidationError:
            continue


def read_post(item: Any, includes: Includes, channel: str = CHANNEL) -> Captured:
    """One post, or what was sent in its place with the reason why it cannot be read."""
    payload = as_bytes(item)
    try:
        post = WirePost.model_validate(item)
        return _captured(post, includes, channel, payload)
    except ValidationError as error:
        return Unreadable(channel, payload, _explain(error))
    except (ValueError, OverflowError) as error:
        return Unreadable(channel, payload, str(error))


def _captured(post: WirePost, includes: Includes, channel: str, payload: bytes) -> CapturedPost:
    if not _is_id(int(post.id)):
        raise ValueError(f"id is {post.id}, which is none that X gives out")
    if post.moment < EPOCH:
        raise ValueError(f"created_at is {post.moment}, before X gave out such ids")
    text = storable(post.full_text)
    parents = [includes.text_of(parent) for parent in post.referred("replied_to", "quoted")]
    repost = next(post.referred("retweeted"), None)
    if repost:
        text = includes.text_of(repost) or text  # a repost's own text is cut
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"the text has {len(text):,} characters; X's longest posts have 25,000")
    if not text.strip():
        raise ValueError("the text is empty")
    keys = (post.attachments and post.attachments.media_keys) or []
    versions = tuple(dict.fromkeys([*(post.edit_history or []), post.id]))
    return CapturedPost(
        channel=channel,
        source_id=versions[0],
        text=text,
        created_at=post.moment,
        payload=payload,
        version_id=post.id,
        version_ids=versions,
        author_id=post.author_id,
        author_handle=includes.handles.get(post.author_id or ""),
        parent_text="\n".join(filter(None, parents)) or None,
        reply_to=next(post.referred("replied_to"), None),
        is_repost=repost is not None,
        repeats=repost or next(post.referred("quoted"), None),
        language=post.lang,
        place_name=includes.places.get((post.geo and post.geo.place_id) or ""),
        media=tuple(address for key in keys if (address := includes.media.get(key or ""))),
        url=f"https://x.com/i/status/{post.id}",
    )


def as_bytes(item: Any) -> bytes:
    """`item` as JSON again, whatever it holds."""
    try:
        return orjson.dumps(item)
    except (orjson.JSONEncodeError, RecursionError):  # half a surrogate pair, a number beyond 64 bits
        return json.dumps(item).encode()


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "the post"
    return f"{place}: {first['msg']}"


def _missing(errors: Iterable[Any]) -> Iterator[str]:
    """Ids that were asked for and not found; a missing parent is named by another parameter, and is no loss."""
    for error in errors:
        if isinstance(error, Mapping) and error.get("parameter") in ("ids", "id"):
            ending = str(error.get("type", "")).rsplit("/", 1)[-1]
            identity = error.get("resource_id") or error.get("value")
            if ending in ("resource-not-found", "not-authorized-for-resource", "resource-unavailable") and identity:
                yield str(identity)


def _id_of(item: Any) -> str | None:
    identity = str(item.get("id")) if isinstance(item, Mapping) else ""
    return identity if identity.isascii() and identity.isdigit() and _is_id(int(identity[:20])) else None


def _is_id(number: int) -> bool:
    """Whether X can have given it out: after its first milliseconds, and within 63 bits."""
    return 1 << 40 < number < 1 << 63


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> int | None:
    return int(value) if str(value).isascii() and str(value).isdigit() else None


def _table(items: Any, key: str, *values: str) -> dict[str, str]:
    """key → the first of `values` that an item has, for those that have both."""
    table: dict[str, str] = {}
    for item in _list(items):
        if isinstance(item, Mapping):
            value = next((item[name] for name in values if isinstance(item.get(name), str)), None)
            if value and item.get(key):
                table[str(item[key])] = storable(value)
    return table
