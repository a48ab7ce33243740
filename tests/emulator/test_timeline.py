"""Posts through time: ids, edits that X allows, and speed with many posts."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import tweepy
from hypothesis import given
from hypothesis import strategies as st

from listener.emulator import Emulator, HandClock, NotOnX
from listener.emulator.wording import LONGEST, entities_of, word
from listener.snowflake import first_id_at, moment_of

MINUTE = timedelta(minutes=1)


def test_ids_are_snowflakes_of_their_moment_and_never_twice_the_same(x: Emulator, clock: HandClock) -> None:
    moment = clock() - MINUTE
    ids = [x.publish("a", at=moment)[0] for _ in range(3)]
    assert [int(one) for one in ids] == [first_id_at(moment) + number for number in range(3)]
    assert {moment_of(int(one)) for one in ids} == {moment}


def test_x_allows_five_edits_within_half_an_hour_and_none_of_replies(x: Emulator, clock: HandClock) -> None:
    begun = clock() - 60 * MINUTE
    [post] = x.publish("satu", at=begun)
    for number in range(5):
        x.edit(post, f"ke-{number}", at=begun + MINUTE * (number + 1))
    with pytest.raises(NotOnX, match="at most 5 times"):
        x.edit(post, "keenam", at=begun + 10 * MINUTE)
    [late] = x.publish("dua", at=begun)
    with pytest.raises(NotOnX, match="within 0:30:00"):
        x.edit(late, "terlambat", at=begun + 31 * MINUTE)
    [reply] = x.publish("balasan", author="sari", reply_to=late)
    with pytest.raises(NotOnX, match="replies and reposts"):
        x.edit(reply, "lain")
    with pytest.raises(NotOnX, match="no post 1 to delete"):
        x.delete("1")
    with pytest.raises(NotOnX, match="no post 1 to answer"):
        x.publish("balasan", reply_to="1")


def test_a_post_that_is_to_come_or_to_go_shows_only_in_between(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    [post] = x.publish("halo", at=clock() + 5 * MINUTE)
    x.delete(post, at=clock() + 10 * MINUTE)
    seen = []
    for _ in range(4):
        seen.append(client.get_tweets([post]).data is not None)
        clock.move(4 * MINUTE)
    assert seen == [False, False, True, False]


def test_ten_thousand_posts_are_searched_and_paged_in_no_time(x: Emulator, client: tweepy.Client) -> None:
    x.publish("jalan {n} rusak parah di depan pasar", count=10_000)
    query = " OR ".join(f'"tidak ada {number}"' for number in range(20)) + " OR rusak"
    client.search_recent_tweets(query, max_results=100)  # the first one splits all texts into words
    begun = time.perf_counter()
    page = client.search_recent_tweets(f"({query}) -is:retweet", max_results=100)
    client.search_recent_tweets("#adaapa", max_results=100)
    took = time.perf_counter() - begun
    assert page.meta["result_count"] == 100
    assert took < 5  # seconds; a hundredth of it on a machine with nothing else to do


typed_texts = st.text(st.sampled_from("ab#@&<> é🔥.") | st.characters(codec="utf-8"), max_size=700)


@given(typed_texts, st.integers(0, 4))
def test_every_text_is_cut_to_its_length_and_its_entities_stand_in_it(typed: str, photos: int) -> None:
    wording = word(typed, "1", tuple(str(number) for number in range(photos)))
    plain = wording.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert len(plain) <= LONGEST
    if wording.note is None:
        assert plain.startswith(typed)
    for hits in entities_of(wording.text, wording.links).values():
        for hit in hits:
            part = wording.text[hit["start"] : hit["end"]]  # type: ignore[misc]
            assert part[1:] in hit.values() or part in hit.values()
