"""What the emulator makes of posts that are written through the API, asked by the real tweepy client."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import tweepy

from listener.emulator import Emulator, HandClock
from tests.emulator.client import RebasedSession, client_of


def writer(x: Emulator, handle: str = "laporsemar") -> tweepy.Client:
    return client_of(x, token=x.log_in(handle))


def say(client: tweepy.Client, text: str, answers: str) -> str:
    return str(client.create_tweet(text=text, in_reply_to_tweet_id=answers, user_auth=False).data["id"])


def test_an_answer_to_whoever_mentioned_the_account_is_there(x: Emulator, clock: HandClock) -> None:
    [asked] = x.publish("@LaporSemar lampu mati", author="siti")
    client = writer(x)
    identity = say(client, "Sudah kami teruskan.", asked)
    clock.move(timedelta(seconds=5))
    [there] = client_of(x).get_tweets([identity], tweet_fields=["in_reply_to_user_id", "referenced_tweets"]).data
    assert there.text == "@siti Sudah kami teruskan."
    assert str(there.referenced_tweets[0].id) == asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#laporhendi lampu mati", "have not been mentioned"),
        ("lampu mati @laporsemar_smg", "have not been mentioned"),
    ],
)
def test_whoever_did_not_mention_the_account_is_not_answered(x: Emulator, text: str, told: str) -> None:
    [asked] = x.publish(text, author="siti")
    with pytest.raises(tweepy.Forbidden, match=told):
        say(writer(x), "Sudah.", asked)


def test_whoever_quotes_the_account_may_be_answered_and_so_may_it_itself(x: Emulator) -> None:
    [own] = x.publish("Pompa sudah jalan", author="laporsemar")
    [quote] = x.publish("belum tuh", author="siti", quotes=own)
    client = writer(x)
    say(client, "Kami cek.", quote)
    say(client, "Tambahan.", own)


def test_the_same_text_twice_a_deleted_post_and_one_that_is_too_long_are_refused(x: Emulator) -> None:
    [asked, other] = x.publish("@laporsemar lampu mati {n}", author="siti", count=2)
    client = writer(x)
    say(client, "Sudah.", asked)
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        say(client, "Sudah.", other)
    say(writer(x, "sapambakita"), "Sudah.", x.publish("@sapambakita ya", author="siti")[0])
    with pytest.raises(tweepy.Forbidden, match="too long"):
        say(client, "a" * 281, other)
    x.delete(other)
    with pytest.raises(tweepy.Forbidden, match="deleted or not visible"):
        say(client, "Sudah, ya.", other)


def test_a_token_of_nobody_is_refused_and_a_malformed_request_named(x: Emulator) -> None:
    [asked] = x.publish("@laporsemar lampu mati", author="siti")
    with pytest.raises(tweepy.Unauthorized):
        say(client_of(x, token="user-1"), "Sudah.", asked)
    with pytest.raises(tweepy.BadRequest, match="is required"):
        writer(x).create_tweet(text="  ", user_auth=False)
    with pytest.raises(tweepy.BadRequest, match="in_reply_to_tweet_id"):
        say(writer(x), "Sudah.", "bukan-nomor")


def test_an_account_may_write_so_often_and_its_limit_is_told(x: Emulator) -> None:
    x.limit("create", 1)
    asked = x.publish("@laporsemar lampu mati {n}", author="siti", count=2)
    client = writer(x)
    say(client, "Satu.", asked[0])
    with pytest.raises(tweepy.TooManyRequests) as refused:
        say(client, "Dua.", asked[1])
    assert refused.value.response.headers["x-rate-limit-remaining"] == "0"


def test_a_signed_request_of_oauth_1_acts_for_its_account(x: Emulator) -> None:
    [asked] = x.publish("@laporsemar lampu mati", author="siti")
    client = tweepy.Client(
        consumer_key="k", consumer_secret="s", access_token=x.log_in("laporsemar"), access_token_secret="t"
    )
    client.session = RebasedSession(x.url, 5)
    assert client.create_tweet(text="Sudah.", in_reply_to_tweet_id=asked).data["text"] == "Sudah."
    client.session.close()


def test_writing_is_billed_by_its_kind(x: Emulator) -> None:
    asked = x.publish("@laporsemar lampu mati {n}", author="siti", count=2)
    client = writer(x)
    say(client, "Sudah.", asked[0])
    assert x.spent == Decimal("0.010")
    say(client, "Lihat lapor.go.id", asked[1])
    assert x.spent == Decimal("0.210")
    client.create_tweet(text="Selamat pagi.", user_auth=False)
    assert x.spent == Decimal("0.225")
