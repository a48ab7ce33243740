"""Asking X: tweepy's client with every refusal turned into one of `errors`, and bounded retries.

Answers come back as `requests.Response`: tweepy's own objects lose headers, bytes, and the whole page if one post is
malformed. Whatever goes wrong surfaces as an XError; the caller decides what that means for the run.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
import stamina
import tweepy
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from listener.cursor import Window
from listener.sources.x.errors import Garbled, RateLimited, Stopped, Transient
from listener.sources.x.refusals import innermost, refusal_of
from listener.sources.x.session import Limits, RebasedSession, StopRequested

# No expansion of authors: each would be billed as a user read. Parents and media come with their posts.
POST_FIELDS = [
    "attachments",
    "author_id",
    "conversation_id",
    "created_at",
    "edit_controls",
    "edit_history_tweet_ids",
    "entities",
    "geo",
    "in_reply_to_user_id",
    "lang",
    "note_tweet",
    "referenced_tweets",
]
EXPANSIONS = ["referenced_tweets.id", "attachments.media_keys", "geo.place_id"]
MEDIA_FIELDS = ["media_key", "type", "url", "preview_image_url"]
PLACE_FIELDS = ["full_name", "id"]
USER_FIELDS = ["created_at"]
PAGE_SIZES = (10, 100)

_MOST_DIGITS = 400
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run puts up with X, in seconds."""

    attempts: int = 4  # of one request that fails for reasons that pass
    first_wait: float = 0.5  # before the second attempt; doubled each time, with jitter
    longest_wait: float = 8
    rate_limit: float = 300  # for the window to open again; longer, and the next hour's run goes on
    pace: float = 1  # between two requests


class XClient:
    """One app-only token at one address."""

    def __init__(
        self,
        token: str,
        base_url: str,
        *,
        stop: threading.Event | None = None,
        limits: Limits | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._client = tweepy.Client(bearer_token=token, return_type=requests.Response, wait_on_rate_limit=False)
        self._stop = stop or threading.Event()
        self._client.session = RebasedSession(base_url, limits or Limits(), self._stop)
        self._patience = patience or Patience()
        self._last_asked = float("-inf")

    def search(self, query: str, window: Window, *, size: int, page: str | None) -> Answer:
        """One page of posts in `window`, newest first."""
        return self._ask(
            self._search_page,
            query,
            since_id=window.after,
            until_id=window.until,
            max_results=size,
            next_token=page,
            sort_order="recency",
            tweet_fields=POST_FIELDS,
            expansions=EXPANSIONS,
            media_fields=MEDIA_FIELDS,
            place_fields=PLACE_FIELDS,
        )

    def _search_page(self, query: str, **parameters: Any) -> Answer:
        """A 200 that is no page must not pass for an empty one: the cursor would move over what it hides."""
        answer = _answer(self._client.search_recent_tweets, query, **parameters)
        posts = answer.get("data", [])
        meta = answer.get("meta")
        told = meta.get("result_count") if isinstance(meta, dict) else None
        if not isinstance(posts, list) or told != len(posts) or (not posts and answer.get("errors")):
            problem = f"result_count {told}, errors {str(answer.get('errors'))[:200]}"
            raise Transient(f"X answered 200 with what is no page of posts ({problem})", perhaps_billed=True)
        return answer

    def posts(self, ids: list[str]) -> Answer:
        """The posts with these ids (at most 100) as X shows them now; `errors` names those that are gone."""
        return self._ask(
            partial(_answer, self._client.get_tweets),
            ids,
            tweet_fields=POST_FIELDS,
            expansions=EXPANSIONS,
            media_fields=MEDIA_FIELDS,
            place_fields=PLACE_FIELDS,
        )

    def users(self, *, ids: list[str] | None = None, handles: list[str] | None = None) -> Answer:
        """Accounts (at most 100) by id or by handle."""
        names: dict[str, Any] = {"ids": ids, "usernames": handles, "user_fields": USER_FIELDS}
        return self._ask(partial(_answer, self._client.get_users), **names, user_auth=False)

    def _ask(self, method: Callable[..., Answer], *args: Any, **parameters: Any) -> Answer:
        """Ask until there is an answer, as often and as long as `patience` allows. Raises XError."""
        deadline = time.monotonic() + self._patience.rate_limit
        while True:
            try:
                return self._retrying(method, *args, **parameters)
            except Garbled as garbled:  # X sends it so each time: better a stray byte than no page
                return garbled.answer
            except RateLimited as limit:
                if limit.seconds is None or time.monotonic() + limit.seconds > deadline:
                    raise
                self._sleep(limit.seconds)

    def _retrying(self, method: Callable[..., Answer], *args: Any, **parameters: Any) -> Answer:
        patience = self._patience
        for attempt in stamina.retry_context(
            on=_passes,
            attempts=patience.attempts,
            timeout=None,
            wait_initial=patience.first_wait,
            wait_max=patience.longest_wait,
            wait_jitter=patience.first_wait,
        ):
            with attempt:
                self._keep_pace()
                return method(*args, **parameters)
        raise AssertionError("stamina raises or returns")

    def _keep_pace(self) -> None:
        self._sleep(self._last_asked + self._patience.pace - time.monotonic())
        self._last_asked = time.monotonic()

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(max(seconds, 0)):
            raise Stopped("told to stop")


def _passes(error: Exception) -> bool:
    """Whether the same request may well be answered in a moment."""
    return isinstance(error, Transient) or (isinstance(error, RateLimited) and error.seconds is None)


def _answer(method: Callable[..., requests.Response], *args: Any, **parameters: Any) -> Answer:
    try:
        response = method(*args, **parameters)
    except tweepy.HTTPException as error:
        raise refusal_of(error.response, parameters) from None
    except StopRequested as error:
        raise Stopped(str(error), perhaps_billed=True) from None
    except requests.exceptions.ConnectionError as error:
        unsent = isinstance(innermost(error), (NewConnectionError, ConnectTimeoutError))
        raise Transient(f"X cannot be reached: {innermost(error)}", perhaps_billed=not unsent) from None
    except requests.exceptions.RequestException as error:
        raise Transient(f"X did not answer to the end: {innermost(error)}", perhaps_billed=True) from None
    except (AttributeError, TypeError, ValueError) as error:  # tweepy stumbles over bodies and headers of unknown shape
        raise Transient(f"X answered in an unknown form ({error})") from None
    return _parse(response)


def _parse(response: requests.Response) -> Answer:
    text = response.content.decode("utf-8", "replace")
    try:
        # The standard parser, and not a stricter one: half a surrogate pair or a number beyond 64 bits in one post must
        # not cost the page.
        answer = json.loads(text, parse_int=_whole_number)
    except (ValueError, RecursionError) as error:
        raise Transient(f"X's answer is no whole JSON ({error})", perhaps_billed=True) from None
    if not isinstance(answer, dict):
        raise Transient(f"X's answer is a {type(answer).__name__}, not an object", perhaps_billed=True)
    if "\ufffd" in text and "\ufffd".encode() not in response.content:
        raise Garbled("X's answer holds bytes that are no UTF-8", answer)
    return answer


def _whole_number(digits: str) -> int | str:
    """Python refuses to read numbers of thousands of digits; nobody's post must fail for one."""
    return int(digits) if len(digits) < _MOST_DIGITS else digits
