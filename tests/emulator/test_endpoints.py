"""The other endpoints, through the real tweepy client."""

from __future__ import annotations

import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
import tweepy

from listener.emulator import Emulator, Habits, HandClock
from tests.emulator.client import client_of, found_ids

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def test_posts_are_looked_up_by_id_and_the_missing_are_named(x: Emulator, client: tweepy.Client) -> None:
    [there] = x.publish("#laporhendi lampu mati")
    [gone] = x.publish("#laporhendi salah kirim")
    x.delete(gone)
    answer = client.get_tweets([gone, there], tweet_fields=["created_at"])
    assert [(str(post.id), post.text) for post in answer.data] == [(there, "#laporhendi lampu mati")]
    [error] = answer.errors
    assert error["detail"] == f"Could not find tweet with ids: [{gone}]."
    assert (error["value"], error["parameter"], error["resource_type"]) == (gone, "ids", "tweet")


def test_ids_must_be_ids_and_no_more_than_a_hundred(client: tweepy.Client) -> None:
    with pytest.raises(tweepy.BadRequest, match="does not match"):
        client.get_tweets(["budi"])
    with pytest.raises(tweepy.BadRequest, match=r"\[101\] is not between 1 and 100"):
        client.get_tweets(list(range(1, 102)))
    with pytest.raises(tweepy.BadRequest, match="can not be empty"):
        client.get_tweets([])


def test_handles_are_resolved_whatever_their_case_and_the_unknown_are_named(x: Emulator, client: tweepy.Client) -> None:
    [identity] = x.open_account("laporsemar")
    answer = client.get_users(usernames=["LaporSemar", "nobody_here"], user_fields=["created_at"])
    assert [(str(user.id), user.username) for user in answer.data] == [(identity, "laporsemar")]
    assert answer.data[0].created_at is not None
    assert [error["value"] for error in answer.errors] == ["nobody_here"]
    assert [str(user.id) for user in client.get_users(ids=[identity]).data] == [identity]
    with pytest.raises(tweepy.BadRequest, match="does not match"):
        client.get_users(usernames=["this_is_far_too_long"])


def test_who_writes_or_is_mentioned_is_known(x: Emulator, client: tweepy.Client) -> None:
    x.publish("halo @laporsemar", author="budi")
    assert len(client.get_users(usernames=["budi", "laporsemar"]).data) == 2


def test_mentions_of_an_account_come_in_pages_newest_first(x: Emulator, client: tweepy.Client) -> None:
    [account] = x.open_account("laporsemar")
    written = x.publish("@LaporSemar jalan rusak {n}", count=12)
    x.publish("@laporsemar_smg bukan ini")
    x.publish("dari @laporsemar sendiri", author="laporsemar")
    first = client.get_users_mentions(account, max_results=5)
    second = client.get_users_mentions(account, max_results=5, pagination_token=first.meta["next_token"])
    assert [str(post.id) for post in [*first.data, *second.data]] == written[:1:-1]
    assert "previous_token" not in first.meta
    back = client.get_users_mentions(account, max_results=5, pagination_token=second.meta["previous_token"])
    assert back.data == first.data


def test_mentions_go_back_further_than_search_but_no_more_than_800(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    [account] = x.open_account("laporsemar")
    written = x.publish("@laporsemar", count=805, at=clock() - timedelta(days=30))
    found: list[str] = []
    token = None
    while page := client.get_users_mentions(account, max_results=100, pagination_token=token):
        found += [str(post.id) for post in page.data]
        token = page.meta.get("next_token")
        if token is None:
            break
    assert found == written[:4:-1]


def test_mentions_take_ids_beside_times_and_the_ids_win(x: Emulator, client: tweepy.Client, clock: HandClock) -> None:
    [account] = x.open_account("laporsemar")
    written = x.publish("@laporsemar", count=5)
    page = client.get_users_mentions(account, since_id=written[2], start_time=clock() - 30 * SECOND)
    assert [str(post.id) for post in page.data] == written[:2:-1]


def test_mentions_of_nobody_are_an_error_without_data(client: tweepy.Client) -> None:
    answer = client.get_users_mentions(4711)
    assert answer.data is None
    assert answer.errors[0]["detail"] == "Could not find user with id: [4711]."


def test_counts_add_up_to_what_search_finds(x: Emulator, client: tweepy.Client, clock: HandClock) -> None:
    x.publish("#laporhendi", count=7, at=clock() - 5 * HOUR)
    x.publish("#laporhendi", count=3, at=clock() - 90 * MINUTE)
    answer = client.get_recent_tweets_count("#laporhendi", granularity="hour")
    assert answer.meta["total_tweet_count"] == 10
    filled = [(bucket["start"], bucket["tweet_count"]) for bucket in answer.data if bucket["tweet_count"]]
    assert filled == [("2026-03-02T02:00:00.000Z", 6), ("2026-03-02T03:00:00.000Z", 1), ("2026-03-02T06:00:00.000Z", 3)]
    assert all(one["end"] == following["start"] for one, following in zip(answer.data, answer.data[1:], strict=False))
    assert len(client.get_recent_tweets_count("#laporhendi", granularity="day").data) == 8


def test_usage_tells_the_posts_of_each_day_as_numbers_or_as_text(clock: HandClock) -> None:
    for naming, kind in (("tweets", int), ("posts", str)):
        with Emulator(clock, habits=Habits(naming=naming)) as x:  # type: ignore[arg-type]
            client = client_of(x, kind=dict)
            x.publish("#laporhendi", count=3)
            client.search_recent_tweets("#laporhendi")
            answer: requests.Response = client.request("GET", "/2/usage/tweets", params={"days": 7})
            usage = answer.json()["data"]
            assert usage["project_usage"] == kind(3)
            assert usage["daily_project_usage"]["usage"] == [{"date": "2026-03-02T00:00:00.000Z", "usage": kind(3)}]
            client.session.close()


def test_an_app_cannot_write(x: Emulator, client: tweepy.Client) -> None:
    with pytest.raises(tweepy.Forbidden) as refused:
        client.create_tweet(text="halo", user_auth=False)
    assert refused.value.response.json()["type"].endswith("/unsupported-authentication")


def test_what_is_not_there_is_not_found(client: tweepy.Client) -> None:
    with pytest.raises(tweepy.NotFound):
        client.request("GET", "/2/tweets/search/all", params={"query": "#a"})


def test_another_token_or_none_is_unauthorized(x: Emulator) -> None:
    with pytest.raises(tweepy.Unauthorized) as refused:
        client_of(x, token="the-wrong-token").search_recent_tweets("#a")
    assert refused.value.api_messages == ["Unauthorized"]
    assert requests.get(f"{x.url}/2/tweets?ids=1", timeout=5).status_code == 401


def test_without_a_token_of_its_own_any_will_do(clock: HandClock) -> None:
    with Emulator(clock) as x:
        assert client_of(x, token="anything").search_recent_tweets("#a").meta == {"result_count": 0}
        assert requests.get(f"{x.url}/2/tweets?ids=1", timeout=5).status_code == 401


def test_every_request_is_logged_without_its_token(x: Emulator, client: tweepy.Client, clock: HandClock) -> None:
    client.search_recent_tweets("#a", max_results=20)
    [asked] = x.requests
    assert (asked.at, asked.method, asked.path, asked.status) == (clock(), "GET", "/2/tweets/search/recent", 200)
    assert asked.parameters == {"query": "#a", "max_results": "20"}
    assert x.token not in repr(asked)


# Rate limits


def test_each_answer_tells_what_is_left_of_its_window(x: Emulator, clock: HandClock) -> None:
    client = client_of(x, kind=requests.Response)
    first = client.search_recent_tweets("#a")
    clock.move(MINUTE)
    second = client.search_recent_tweets("#a")
    assert [answer.headers["x-rate-limit-remaining"] for answer in (first, second)] == ["449", "448"]
    assert first.headers["x-rate-limit-limit"] == "450"
    reset = int((clock() - MINUTE + 15 * MINUTE).timestamp())
    assert int(second.headers["x-rate-limit-reset"]) == reset
    assert client.get_users(usernames=["a"]).headers["x-rate-limit-remaining"] == "299"


def test_a_window_that_is_used_up_opens_again_at_its_reset(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    x.limit("search", 2)
    for _ in range(2):
        client.search_recent_tweets("#a")
    with pytest.raises(tweepy.TooManyRequests) as refused:
        client.search_recent_tweets("#a")
    assert refused.value.reset_time == int((clock() + 15 * MINUTE).timestamp())
    clock.move(15 * MINUTE)
    client.search_recent_tweets("#a")


# The clock and the door


def test_many_clients_at_once_and_an_author_beside_them_all_get_whole_pages(x: Emulator) -> None:
    written = x.publish("#laporhendi {n}", count=200)

    def read(_: int) -> list[str]:
        client = client_of(x)
        found = found_ids(client, "#laporhendi", max_results=50, until_id=int(written[-1]) + 1)
        client.session.close()
        return found

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read, number) for number in range(16)]
        for _ in range(50):
            x.publish("#laporhendi baru", at=x.service.now())
        assert all(reader.result() == written[::-1] for reader in readers)


def test_a_client_that_is_killed_in_the_middle_leaves_no_trace_on_the_screen(
    x: Emulator, capfd: pytest.CaptureFixture[str]
) -> None:
    x.publish("#laporhendi", count=100)
    address = urlsplit(x.url)
    request = "GET /2/tweets/search/recent?query=%23laporhendi&max_results=100 HTTP/1.1\r\nHost: x\r\n"
    for _ in range(5):
        with socket.create_connection((str(address.hostname), int(address.port or 0))) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # as a killed process does
            line.sendall(f"{request}Authorization: Bearer {x.token}\r\n\r\n".encode())
    assert client_of(x).search_recent_tweets("#laporhendi", max_results=100).meta["result_count"] == 100
    x.stop()
    assert capfd.readouterr().err == ""


def test_an_emulator_that_was_never_started_can_be_stopped(clock: HandClock) -> None:
    x = Emulator(clock)
    x.stop()
    with pytest.raises(requests.ConnectionError):
        client_of(x).search_recent_tweets("#a")


def test_a_stopped_emulator_answers_nobody_and_keeps_no_port(clock: HandClock) -> None:
    with Emulator(clock) as x:
        client, port = client_of(x), int(x.url.rsplit(":", 1)[1])
        client.search_recent_tweets("#a")  # leaves its connection open
    with pytest.raises(requests.ConnectionError):
        client.search_recent_tweets("#a")
    with Emulator(clock, port=port) as again:
        assert again.url == x.url
