"""Answering on X as the city's account: one request for one answer, and never a second for the same.

Reading is retried, writing is not: an answer whose own answer was lost may be published already. What came of it is
told as it is known, and whoever asked decides.
"""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass
from typing import Any

import requests
import tweepy
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from listener.sources.x.errors import OutOfCredit, RateLimited, TokenRefused, Transient, XError
from listener.sources.x.refusals import innermost, refusal_of
from listener.sources.x.session import Limits, RebasedSession

_LIMITS = Limits(connect=5, read=20, whole=30)  # seconds: a person waits for the page
_OAUTH1_PARTS = 4
# Of X's refusals (403), the words by which they are told apart.
_TOLD_BY = (
    ("duplicate content", "duplicate"),
    ("not been mentioned", "not_mentioned"),
    ("deleted or not visible", "gone"),
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came of it: the id of the answer, or why there is none ("kind: X's words"). Neither: nobody knows."""

    source_id: str | None = None
    problem: str | None = None


class Voice:
    """One account at one address.

    `token`: an OAuth 2.0 user token, or the four parts of OAuth 1.0a (consumer key and secret, access token and
    secret) with spaces between.
    """

    def __init__(self, token: str, base_url: str, *, limits: Limits = _LIMITS) -> None:
        self._parts = token.split()
        self._base_url = base_url
        self._limits = limits

    @property
    def ends(self) -> bool:
        """Whether the token ends by itself, as those of OAuth 2.0 do."""
        return len(self._parts) != _OAUTH1_PARTS

    def __call__(self, text: str, answers: str) -> Spoken:
        """Publish `text` as an answer to the post `answers`. Raises nothing that a network or X may bring about."""
        spoken = self._speak(text, answers)
        if spoken.source_id is None:
            _log.warning("no answer to %s on X: %s", answers, spoken.problem or "whether it was published is not known")
        return spoken

    def _speak(self, text: str, answers: str) -> Spoken:
        # A connection of its own: one that was kept may have been closed by X, and its loss would tell nothing.
        client = self._client()
        try:
            response = client.create_tweet(text=text, in_reply_to_tweet_id=answers, user_auth=not self.ends)
        except tweepy.HTTPException as error:
            return _refused(error.response)
        except requests.exceptions.ConnectionError as error:
            unsent = isinstance(innermost(error), (NewConnectionError, ConnectTimeoutError))
            return Spoken(problem=f"unreachable: {innermost(error)}") if unsent else Spoken()
        except (requests.exceptions.RequestException, AttributeError, TypeError, ValueError):
            return Spoken()  # too late, cut off, or in a form that tweepy stumbles over
        finally:
            client.session.close()
        return Spoken(source_id=_id_in(response))

    def _client(self) -> tweepy.Client:
        keys: dict[str, str] = {"bearer_token": self._parts[0]}
        if not self.ends:
            names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
            keys = dict(zip(names, self._parts, strict=True))
        client = tweepy.Client(**keys, return_type=requests.Response, wait_on_rate_limit=False)
        client.session = RebasedSession(self._base_url, self._limits, threading.Event())
        return client


def _refused(response: requests.Response) -> Spoken:
    """Why X published nothing; of an error on its own side nobody knows whether it did."""
    error = refusal_of(response, {})
    if isinstance(error, Transient):
        return Spoken()
    return Spoken(problem=f"{_kind_of(error)}: {error}")


def _kind_of(error: XError) -> str:
    for words, kind in _TOLD_BY:
        if words in str(error):
            return kind
    for kinds, kind in ((OutOfCredit, "quota"), (RateLimited, "rate_limit"), (TokenRefused, "auth")):
        if isinstance(error, kinds):
            return kind
    return "bad_request"


def _id_in(response: requests.Response) -> str | None:
    """The id of what was published; None when the answer does not tell it."""
    try:
        told: Any = json.loads(response.content)
        identity = str(told["data"]["id"])
    except (ValueError, KeyError, TypeError):
        return None
    return identity if identity.isdecimal() else None
