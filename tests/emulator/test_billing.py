"""What the emulator charges."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import requests
import tweepy

from listener.emulator import Emulator, Habits, HandClock
from tests.emulator.client import client_of, found_ids


def test_a_post_is_charged_once_a_utc_day_however_often_it_is_read(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    written = x.publish("#laporhendi", count=30)
    for _ in range(2):
        found_ids(client, "#laporhendi", max_results=10)
    assert x.billed_posts() == frozenset(written)
    assert x.spent == Decimal("0.150")
    clock.move(timedelta(hours=17))  # past midnight UTC
    client.get_tweets(written[:1])
    assert x.billed_posts(date(2026, 3, 2)) == frozenset(written)
    assert x.billed_posts(date(2026, 3, 3)) == frozenset(written[:1])
    assert x.spent == Decimal("0.155")


def test_users_are_charged_when_looked_up_and_counts_each_time(x: Emulator, client: tweepy.Client) -> None:
    ids = x.open_account("laporsemar", "sapambakita")
    client.get_users(usernames=["laporsemar", "sapambakita", "nobody"])
    client.get_users(ids=ids)
    assert x.billed_users() == frozenset(ids)
    for _ in range(2):
        client.get_recent_tweets_count("#a")
    assert x.spent == Decimal("0.020") + 2 * Decimal("0.005")


def test_what_rides_along_is_charged_too_unless_that_is_not_its_habit(clock: HandClock) -> None:
    for habits, posts, users in ((Habits(), 2, 1), (Habits(bills_includes=False), 1, 0)):
        with Emulator(clock, habits=habits) as x:
            [parent] = x.publish("lampu mati", author="budi")
            x.publish("sama", author="sari", reply_to=parent)
            client = client_of(x)
            client.search_recent_tweets("from:sari", expansions=["referenced_tweets.id", "author_id"])
            assert (len(x.billed_posts()), len(x.billed_users())) == (posts, users)
            client.session.close()


def test_an_author_id_as_a_field_costs_nothing(x: Emulator, client: tweepy.Client) -> None:
    x.publish("#laporhendi")
    client.search_recent_tweets("#laporhendi", tweet_fields=["author_id"])
    assert x.billed_users() == frozenset()


def test_refusals_and_empty_answers_are_free(x: Emulator, client: tweepy.Client) -> None:
    x.publish("#laporhendi")
    client.search_recent_tweets("#lain")
    x.fault("unavailable")
    x.fault("hang_up", after=1)
    with pytest.raises(tweepy.TwitterServerError):
        client.search_recent_tweets("#laporhendi")
    with pytest.raises(requests.ConnectionError):
        client.search_recent_tweets("#laporhendi")
    assert x.spent == 0


def test_an_answer_that_is_lost_on_its_way_is_charged(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish("#laporhendi", count=3)
    x.fault("hang_up_in_body")
    with pytest.raises(requests.exceptions.RequestException):
        client.search_recent_tweets("#laporhendi")
    assert x.billed_posts() == frozenset(written)


def test_credit_that_runs_out_is_denied_after_the_answer_that_overdrew_it(clock: HandClock) -> None:
    with Emulator(clock, credit=Decimal("0.060")) as x:
        x.publish("#laporhendi", count=30)
        client = client_of(x)
        page = client.search_recent_tweets("#laporhendi")
        page = client.search_recent_tweets("#laporhendi", next_token=page.meta["next_token"])
        assert x.spent == Decimal("0.100")
        with pytest.raises(tweepy.HTTPException) as refused:
            client.search_recent_tweets("#laporhendi", next_token=page.meta["next_token"])
    assert refused.value.response.status_code == 402
    assert refused.value.response.json()["title"] == "CreditsDepleted"
    assert refused.value.response.headers["x-rate-limit-remaining"] == "447"
