"""Archives of X posts, in the forms people keep them in, brought to the form of an answer of the API.

Pages as twarc2 writes them; posts "flattened" (author, parents and media put into the post itself); and the v1.1 form
of older archives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Page = dict[str, Any]


def is_post_or_page(item: Mapping[str, Any]) -> bool:
    return any(key in item for key in ("data", "errors", "meta")) or ("id" in item and "text" in item) or _is_v1(item)


def as_page(item: Any) -> Page:
    """`item` as an answer with `data` (a list) and `includes`."""
    if not isinstance(item, Mapping):
        return {"data": [item]}
    if "data" in item:
        data = item["data"]
        return {**item, "data": data if isinstance(data, list) else [data]}
    if _is_v1(item):
        return _from_v1(item)
    if "id" not in item and ("errors" in item or "meta" in item):
        return dict(item)  # a page without posts
    return _unflattened(item)


def _unflattened(post: Mapping[str, Any]) -> Page:
    author = post.get("author")
    references = post.get("referenced_tweets") or post.get("referenced_posts")
    attachments = post.get("attachments")
    geo = post.get("geo")
    includes = {
        "users": [author] if isinstance(author, Mapping) else [],
        "tweets": [item for item in references if isinstance(item, Mapping) and "text" in item]
        if isinstance(references, list)
        else [],
        "media": attachments.get("media") if isinstance(attachments, Mapping) else [],
        "places": [{**geo, "id": geo.get("id") or geo.get("place_id")}] if isinstance(geo, Mapping) else [],
    }
    return {"data": [post], "includes": includes}


def _is_v1(item: Mapping[str, Any]) -> bool:
    return "id_str" in item and ("full_text" in item or "text" in item)


def _from_v1(post: Mapping[str, Any]) -> Page:
    """The fields of a v1.1 status under their v2 names."""
    user = _mapping(post.get("user"))
    quoted, reposted = _mapping(post.get("quoted_status")), _mapping(post.get("retweeted_status"))
    references = [
        ("replied_to", post.get("in_reply_to_status_id_str")),
        ("quoted", quoted.get("id_str")),
        ("retweeted", reposted.get("id_str")),
    ]
    media = _mapping(post.get("extended_entities") or post.get("entities")).get("media")
    photos = [item for item in media if isinstance(item, Mapping)] if isinstance(media, list) else []
    data = {
        "id": post["id_str"],
        "text": _v1_text(post),
        "created_at": _v1_moment(post.get("created_at")),
        "author_id": user.get("id_str"),
        "lang": post.get("lang"),
        "referenced_tweets": [{"type": kind, "id": identity} for kind, identity in references if identity],
        "attachments": {"media_keys": [str(item.get("id_str")) for item in photos]},
    }
    includes = {
        "users": [{"id": user.get("id_str"), "username": user.get("screen_name")}],
        "tweets": [{"id": item["id_str"], "text": _v1_text(item)} for item in (quoted, reposted) if "id_str" in item],
        "media": [{"media_key": str(item.get("id_str")), "url": item.get("media_url_https")} for item in photos],
    }
    return {"data": [data], "includes": includes}


def _v1_text(post: Mapping[str, Any]) -> Any:
    return _mapping(post.get("extended_tweet")).get("full_text") or post.get("full_text") or post.get("text")


def _v1_moment(written: Any) -> Any:
    """`Wed Jan 06 18:40:40 +0000 2021` in ISO form; anything else as it is, for the reader to refuse."""
    try:
        return datetime.strptime(written, "%a %b %d %H:%M:%S %z %Y").isoformat()
    except (TypeError, ValueError):
        return written


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
