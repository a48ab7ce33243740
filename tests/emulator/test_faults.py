"""Each fault, as the real tweepy client meets it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
import tweepy

from listener.emulator import KINDS, Emulator, HandClock, UnknownFault
from tests.emulator.client import client_of, found_ids

QUERY = "#laporhendi"
MINUTE = timedelta(minutes=1)


def search(x: Emulator, **parameters: object) -> tweepy.Response:
    client = client_of(x, timeout=0.3)
    try:
        return client.search_recent_tweets(QUERY, **parameters)
    finally:
        client.session.close()


def refused(x: Emulator, kind: type[Exception], **parameters: object) -> Exception:
    with pytest.raises(kind) as refusal:
        search(x, **parameters)
    return refusal.value


# What is refused


def test_a_window_that_is_over_says_when_it_opens(x: Emulator, clock: HandClock) -> None:
    x.fault("rate_limit", seconds=120)
    error = refused(x, tweepy.TooManyRequests)
    assert error.reset_time == int(clock().timestamp()) + 120
    assert error.response.headers["x-rate-limit-remaining"] == "0"
    assert search(x).meta["result_count"] == 0


def test_a_window_may_be_over_without_saying_more(x: Emulator) -> None:
    x.fault("rate_limit_without_reset")
    error = refused(x, tweepy.TooManyRequests)
    assert error.reset_time is None
    assert not [name for name in error.response.headers if name.startswith("x-rate")]


def test_asking_too_fast_leaves_requests_over(x: Emulator) -> None:
    x.fault("rate_limit_too_fast")
    error = refused(x, tweepy.TooManyRequests)
    assert int(error.response.headers["x-rate-limit-remaining"]) > 0
    assert "x-app-limit-24hour-remaining" not in error.response.headers


def test_a_day_that_is_used_up_shows_in_a_header_of_its_own(x: Emulator, clock: HandClock) -> None:
    x.fault("rate_limit_day")
    headers = refused(x, tweepy.TooManyRequests).response.headers
    assert int(headers["x-rate-limit-remaining"]) > 0
    assert headers["x-app-limit-24hour-remaining"] == "0"
    assert int(headers["x-app-limit-24hour-reset"]) == int(clock().timestamp()) + 24 * 3600


@pytest.mark.parametrize(
    ("kind", "error", "status", "ending"),
    [
        ("usage_capped", tweepy.TooManyRequests, 429, "usage-capped"),
        ("unavailable", tweepy.TwitterServerError, 503, "about:blank"),
        ("internal_error", tweepy.TwitterServerError, 500, "about:blank"),
        ("revoked_token", tweepy.Unauthorized, 401, "about:blank"),
        ("not_enrolled", tweepy.Forbidden, 403, "client-forbidden"),
        ("spend_cap", tweepy.Forbidden, 403, "spend-cap-reached"),
        ("no_credit", tweepy.HTTPException, 402, "credits"),
    ],
)
def test_a_refusal_has_its_status_and_type(
    x: Emulator, kind: str, error: type[tweepy.HTTPException], status: int, ending: str
) -> None:
    x.fault(kind)
    response = refused(x, error).response
    assert (response.status_code, response.json()["type"].rsplit("/", 1)[-1]) == (status, ending.rsplit("/", 1)[-1])
    assert "x-rate-limit-remaining" in response.headers


def test_the_edge_answers_with_a_page(x: Emulator) -> None:
    x.fault("unavailable_page")
    error = refused(x, tweepy.TwitterServerError)
    assert error.api_messages == []
    assert error.response.text.startswith("<!DOCTYPE html>")


def test_some_error_bodies_break_tweepy_itself(x: Emulator) -> None:
    x.fault("error_list")
    assert refused(x, AttributeError)
    x.fault("errors_null")
    assert refused(x, TypeError)


def test_a_page_token_may_expire(x: Emulator) -> None:
    x.publish(QUERY, count=20)
    x.fault("expired_page_token")
    first = search(x)
    error = refused(x, tweepy.BadRequest, next_token=first.meta["next_token"])
    assert "Invalid 'next_token'" in error.api_messages[0]
    assert search(x, next_token=first.meta["next_token"]).data


# What is spoilt on the way


def test_a_line_that_breaks_before_the_answer_is_a_connection_error(x: Emulator) -> None:
    x.fault("hang_up")
    assert refused(x, requests.exceptions.ConnectionError)
    assert x.requests[-1].status == 0


def test_a_line_that_breaks_within_the_body_is_a_broken_body(x: Emulator) -> None:
    x.publish(QUERY, count=100)
    x.fault("hang_up_in_body")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        search(x, max_results=100)


def test_half_of_the_json_is_no_json(x: Emulator) -> None:
    x.publish(QUERY, count=10)
    x.fault("cut_json")
    assert refused(x, requests.exceptions.JSONDecodeError)


def test_a_byte_that_is_no_utf8_reaches_the_client(x: Emulator) -> None:
    x.publish(QUERY)
    x.fault("invalid_utf8")
    response = client_of(x, kind=requests.Response).search_recent_tweets(QUERY)
    with pytest.raises(UnicodeDecodeError):
        response.content.decode()


def test_a_dripping_body_passes_a_timeout_that_watches_the_gap_between_bytes(x: Emulator) -> None:
    x.publish(QUERY, count=10)
    x.fault("drip", seconds=1)
    begun = time.monotonic()
    assert len(search(x).data) == 10  # with a read timeout of 0.3 s
    assert time.monotonic() - begun > 0.8


def test_a_stalled_answer_is_a_timeout(x: Emulator) -> None:
    x.fault("stall", seconds=60)
    assert refused(x, requests.exceptions.ReadTimeout)


def test_the_rate_headers_may_be_missing(x: Emulator) -> None:
    x.fault("no_rate_headers")
    response = client_of(x, kind=requests.Response).search_recent_tweets(QUERY)
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("x-rate")]


# Spoilt pages


def test_a_post_may_come_twice_in_a_page(x: Emulator) -> None:
    written = x.publish(QUERY, count=3)
    x.fault("repeated_post")
    assert [str(post.id) for post in search(x).data] == [written[2], *written[::-1]]


def test_posts_may_come_again_on_the_next_page(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish(QUERY, count=25)
    x.fault("overlapping_pages", posts=2)
    found = found_ids(client, QUERY, max_results=10)
    assert len(found) == 27
    assert found[8:10] == found[10:12]
    assert list(dict.fromkeys(found)) == written[::-1]


def test_overlapping_pages_come_to_an_end_even_when_all_overlap(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish(QUERY, count=25)
    x.fault("overlapping_pages", posts=100, times=None)
    found = found_ids(client, QUERY, max_results=10)
    assert list(dict.fromkeys(found)) == written[::-1]


def test_a_page_may_be_empty_or_short_and_go_on(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish(QUERY, count=25)
    x.fault("empty_page")
    empty = search(x)
    assert empty.data is None
    assert empty.meta["result_count"] == 0
    assert empty.meta["next_token"]
    x.fault("empty_page", after=1)
    x.fault("short_page", posts=3)
    assert found_ids(client, QUERY, max_results=10) == written[::-1]


def test_a_token_may_lead_to_its_own_page(x: Emulator) -> None:
    x.publish(QUERY, count=5)
    x.fault("token_loop", times=2)
    first = search(x)
    second = search(x, next_token=first.meta["next_token"])
    assert first.data == second.data
    assert first.meta["next_token"] == second.meta["next_token"]
    assert "next_token" not in search(x, next_token=first.meta["next_token"]).meta


def test_some_posts_may_be_found_late(x: Emulator, client: tweepy.Client, clock: HandClock) -> None:
    old = x.publish(QUERY, count=4, at=clock() - 30 * MINUTE)
    new = x.publish(QUERY, count=40, at=clock() - MINUTE + timedelta(milliseconds=1))
    x.fault("late_index", seconds=600)
    found = found_ids(client, QUERY)
    assert set(old) < set(found) < {*old, *new}
    assert found_ids(client, QUERY) == [*new[::-1], *old[::-1]]


# Spoilt bodies


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("post_without_text", KeyError),
        ("null_post", TypeError),
        ("bad_created_at", ValueError),
    ],
)
def test_one_bad_post_loses_the_page_for_tweepys_own_objects(x: Emulator, kind: str, error: type[Exception]) -> None:
    x.publish(QUERY, count=3)
    x.fault(kind)
    refused(x, error, tweet_fields=["created_at"])


@pytest.mark.parametrize(
    ("kind", "is_bad"),
    [
        ("post_without_text", lambda post: "text" not in post),
        ("post_with_null_text", lambda post: post["text"] is None),
        ("null_post", lambda post: post is None),
        ("bad_created_at", lambda post: post["created_at"] == "yesterday"),
        ("half_a_character", lambda post: post["text"].endswith("\ud83d")),
    ],
)
def test_as_many_posts_are_bad_as_was_asked_for(x: Emulator, kind: str, is_bad: Callable[[object], bool]) -> None:
    x.publish(QUERY, count=5)
    x.fault(kind, posts=2)
    page = client_of(x, kind=dict).search_recent_tweets(QUERY, tweet_fields=["created_at"])
    assert [is_bad(post) for post in page["data"][:2]] == [True, True]
    assert all(post["text"] == QUERY for post in page["data"][2:])


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("missing_parents", "resource-not-found"), ("protected_parents", "not-authorized-for-resource")],
)
def test_parents_may_be_out_of_reach(x: Emulator, kind: str, ending: str) -> None:
    [parent] = x.publish("lampu mati", author="budi")
    x.publish(f"sama {QUERY}", author="sari", reply_to=parent)
    x.fault(kind)
    page = search(x, expansions=["referenced_tweets.id"])
    assert page.data
    assert "tweets" not in page.includes
    [error] = page.errors
    assert (error["resource_id"], error["type"].rsplit("/", 1)[-1]) == (parent, ending)


# The switchboard


def test_a_fault_strikes_as_often_as_told_and_then_no_more(x: Emulator) -> None:
    x.fault("unavailable", times=2, after=1)
    search(x)
    for _ in range(2):
        refused(x, tweepy.TwitterServerError)
    search(x)


def test_a_fault_without_a_number_lasts_until_it_is_mended(x: Emulator) -> None:
    x.fault("unavailable", times=None)
    x.fault("rate_limit", times=None, endpoint="counts")
    for _ in range(5):
        refused(x, tweepy.TwitterServerError)
    x.mend("unavailable")
    search(x)
    with pytest.raises(tweepy.TooManyRequests):
        client_of(x).get_recent_tweets_count(QUERY)
    x.mend()
    client_of(x).get_recent_tweets_count(QUERY)


def test_a_line_that_breaks_after_some_pages_is_mended_by_time(x: Emulator, clock: HandClock) -> None:
    x.publish(QUERY, count=30)
    x.hang_up_after(pages=1)
    token = search(x).meta["next_token"]
    for _ in range(3):
        refused(x, requests.exceptions.ConnectionError, next_token=token)
    clock.move(60 * MINUTE)
    assert search(x, next_token=token).data


def test_a_fault_keeps_to_its_endpoint(x: Emulator, client: tweepy.Client) -> None:
    x.fault("revoked_token", endpoint="users_by")
    search(x)
    with pytest.raises(tweepy.Unauthorized):
        client.get_users(usernames=["budi"])


def test_faults_of_different_sorts_strike_together(x: Emulator) -> None:
    x.publish(QUERY, count=5)
    x.fault("repeated_post")
    x.fault("post_with_null_text")
    x.fault("no_rate_headers")
    page = client_of(x, kind=dict).search_recent_tweets(QUERY)
    assert len(page["data"]) == 6
    assert page["data"][0]["text"] is None
    assert x.requests[-1].faults == ("repeated_post", "post_with_null_text", "no_rate_headers")


def test_an_unknown_fault_or_endpoint_is_named(x: Emulator) -> None:
    with pytest.raises(UnknownFault, match="no fault 'flood'; there are rate_limit, "):
        x.fault("flood")
    with pytest.raises(UnknownFault, match="no endpoint 'timeline'; there are search, "):
        x.fault("hang_up", endpoint="timeline")


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"drip"}))  # a drip changes nothing but the time
def test_every_fault_changes_what_a_client_gets_and_passes(x: Emulator, kind: str) -> None:
    [parent] = x.publish(f"lampu mati {QUERY}", author="budi")
    x.publish(f"{QUERY} {{n}}", count=24, reply_to=parent)
    healthy = _pages(x)
    x.fault(kind, times=None, seconds=0.4 if kind == "stall" else 600)
    assert _pages(x) != healthy
    x.mend()
    assert _pages(x) == healthy


def _pages(x: Emulator) -> list[object]:
    """All that a client sees of two pages: status, rate headers there or not, body; or the name of the error."""
    session, token, seen = requests.Session(), None, []
    for _ in range(2):
        parameters = {"query": QUERY, "tweet.fields": "created_at", "expansions": "referenced_tweets.id"}
        parameters |= {"next_token": token} if token else {}
        try:
            answer = session.get(
                f"{x.url}/2/tweets/search/recent",
                params=parameters,
                headers={"Authorization": f"Bearer {x.token}"},
                timeout=1,
            )
            seen.append((answer.status_code, "x-rate-limit-limit" in answer.headers, answer.content))
            if answer.ok:
                token = token or json.loads(answer.content)["meta"]["next_token"]
        except (requests.RequestException, ValueError) as error:
            seen.append(type(error).__name__)
    session.close()
    return seen
