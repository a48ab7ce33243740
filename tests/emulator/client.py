"""The real tweepy client, its session replaced so that it talks to the emulator."""

from __future__ import annotations

from typing import Any

import requests
import tweepy

from listener.emulator import Emulator


class RebasedSession(requests.Session):
    """Sends what is meant for X to `base_url`, and waits for no byte longer than `timeout`."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__()
        self.base_url, self.timeout = base_url, timeout
        self.trust_env = False

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        options.setdefault("timeout", self.timeout)
        return super().request(method, url.replace("https://api.twitter.com", self.base_url, 1), **options)


def client_of(x: Emulator, token: str | None = None, kind: type = tweepy.Response, timeout: float = 5) -> tweepy.Client:
    client = tweepy.Client(token or x.token, return_type=kind)
    client.session = RebasedSession(x.url, timeout)
    return client


def found_ids(client: tweepy.Client, query: str, **parameters: Any) -> list[str]:
    """Ids of all pages in the order in which they came."""
    found: list[str] = []
    parameters.setdefault("max_results", 100)
    while True:
        page = client.search_recent_tweets(query, **parameters)
        found += [str(post.id) for post in page.data or []]
        if "next_token" not in page.meta:
            return found
        parameters["next_token"] = page.meta["next_token"]
