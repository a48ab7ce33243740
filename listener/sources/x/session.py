"""The HTTP session that tweepy is given: any base address, a time limit on every call, and a body read to its end."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

_TWEEPY_HOST = "https://api.twitter.com"  # written into tweepy.Client; there is no argument for it


# At DEBUG these write tokens into the log.
for _talkative in ("tweepy", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_talkative).setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that one call may take. A read time-out alone bounds the gap between two bytes."""

    connect: float = 10
    read: float = 20
    whole: float = 60
    body: int = 64_000_000


class AnswerTooSlow(requests.exceptions.Timeout):
    """The answer kept dripping beyond the limit."""


class StopRequested(requests.exceptions.RequestException):
    """The listener was told to stop while an answer was coming in."""


class RebasedSession(requests.Session):
    """Sends what tweepy addresses to its built-in host to `base_url`, within `limits`; gives up when `stop` is set."""

    def __init__(self, base_url: str, limits: Limits, stop: threading.Event) -> None:
        super().__init__()
        self.base_url = base_url
        self.limits = limits
        self.stop = stop
        # With an `auth` of its own, requests does not let a ~/.netrc entry override tweepy's Authorization header.
        self.auth = _as_it_is

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        options.setdefault("timeout", (self.limits.connect, self.limits.read))
        begun = time.monotonic()
        response = super().request(method, url.replace(_TWEEPY_HOST, self.base_url, 1), stream=True, **options)
        self._read_body(response, begun)
        return response

    def _read_body(self, response: requests.Response, begun: float) -> None:
        """Read the body in pieces, so that neither a dripping nor an endless one holds the run."""
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in response.iter_content(65_536):
                pieces.append(piece)
                size += len(piece)
                if self.stop.is_set():
                    raise StopRequested("stopped while an answer was coming in")
                if time.monotonic() - begun > self.limits.whole:
                    raise AnswerTooSlow(f"the answer was not complete after {self.limits.whole:g} seconds")
                if size > self.limits.body:
                    raise AnswerTooSlow(f"the answer is larger than {self.limits.body:,} bytes")
        except BaseException:
            response.close()
            raise
        response._content = b"".join(pieces)  # what requests itself does when it does not stream
        response._content_consumed = True  # type: ignore[attr-defined]


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
