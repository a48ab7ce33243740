"""The switchboard as another process reaches it."""

from __future__ import annotations

import pytest
import requests
import tweepy

from listener.emulator import KINDS, Emulator
from tests.emulator.client import client_of


def tell(x: Emulator, path: str, **told: object) -> requests.Response:
    return requests.post(f"{x.url}/_emulator/{path}", json=told, timeout=5)


def look(x: Emulator, path: str) -> dict[str, object]:
    return requests.get(f"{x.url}/_emulator/{path}", timeout=5).json()  # type: ignore[no-any-return]


def test_a_fault_is_switched_on_seen_and_switched_off(x: Emulator, client: tweepy.Client) -> None:
    assert tell(x, "faults", kind="unavailable", times=None, endpoint="search", lasts=60).status_code == 200
    seen = look(x, "faults")
    assert [fault["kind"] for fault in seen["on"]] == ["unavailable"]
    assert set(seen["kinds"]) == set(KINDS)
    with pytest.raises(tweepy.TwitterServerError):
        client.search_recent_tweets("#a")
    requests.delete(f"{x.url}/_emulator/faults", timeout=5)
    client.search_recent_tweets("#a")
    assert look(x, "faults")["on"] == []


def test_posts_are_published_edited_and_deleted(x: Emulator) -> None:
    post = tell(x, "posts", text="#laporhendi lampu mati", author="budi").json()["id"]
    reply = tell(x, "posts", text="sama", author="sari", reply_to=post).json()["id"]
    newer = tell(x, "edits", id=post, text="#laporhendi lampu padam").json()["id"]
    client = client_of(x)
    told = client.get_tweets([newer, reply], tweet_fields=["conversation_id"]).data
    assert (told[0].text, str(told[1].conversation_id)) == ("#laporhendi lampu padam", post)
    tell(x, "deletions", id=post)
    assert client.get_tweets([newer]).data is None
    client.session.close()


def test_the_log_and_the_bill_can_be_read(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish("#laporhendi", count=2)
    client.search_recent_tweets("#laporhendi")
    [asked] = look(x, "requests")
    assert (asked["path"], asked["status"]) == ("/2/tweets/search/recent", 200)
    assert look(x, "bill") == {"spent_usd": "0.010", "day": "2026-03-02", "posts": written, "users": []}


@pytest.mark.parametrize(
    ("path", "told", "complaint"),
    [
        ("faults", {"kind": "flood"}, "no fault 'flood'"),
        ("faults", {"kind": "hang_up", "often": 3}, "often"),
        ("posts", {}, "text"),
        ("edits", {"id": "1", "text": "a"}, "no post 1 to edit"),
        ("deletions", {}, "id"),
    ],
)
def test_what_is_told_wrong_is_refused_with_the_reason(
    x: Emulator, path: str, told: dict[str, object], complaint: str
) -> None:
    answer = tell(x, path, **told)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_a_body_that_is_no_json_object_and_an_unknown_control_are_refused(x: Emulator) -> None:
    url = f"{x.url}/_emulator"
    assert requests.post(f"{url}/faults", data=b"{", timeout=5).status_code == 400
    assert requests.post(f"{url}/faults", data=b"[]", timeout=5).status_code == 400
    assert requests.get(f"{url}/nothing", timeout=5).status_code == 404
