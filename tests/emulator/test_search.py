"""Recent search through the real tweepy client: pages, windows, and how a post looks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import tweepy
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.emulator import Emulator, Habits, HandClock
from listener.snowflake import first_id_at, moment_of
from tests.emulator.client import client_of, found_ids

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
FIELDS = ["author_id", "created_at", "conversation_id", "entities", "in_reply_to_user_id", "lang", "note_tweet"]
FIELDS += ["referenced_tweets", "attachments", "geo"]


def refusal(call: object, *arguments: object, **parameters: object) -> str:
    with pytest.raises(tweepy.BadRequest) as refused:
        call(*arguments, **parameters)  # type: ignore[operator]
    return str(refused.value.api_messages[0])


# Pages


def test_paging_to_the_end_gives_each_post_once_newest_first(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish("#laporhendi jalan rusak {n}", count=250)
    x.publish("jalan rusak tanpa tagar", count=20)
    found = found_ids(client, "#laporhendi -is:retweet")
    assert found == written[::-1]
    assert [request.parameters.get("max_results") for request in x.requests] == ["100"] * 3


def test_a_page_says_its_newest_and_oldest_id_and_how_many_it_holds(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish("#laporhendi", count=12)
    page = client.search_recent_tweets("#laporhendi")
    assert page.meta["newest_id"] == written[-1]
    assert page.meta["oldest_id"] == written[2]
    assert page.meta["result_count"] == 10  # the default


def test_no_match_is_a_bare_meta(x: Emulator) -> None:
    found = client_of(x, kind=dict).search_recent_tweets("#laporhendi")
    assert found == {"meta": {"result_count": 0}}


@settings(max_examples=25, deadline=None)
@given(counts=st.lists(st.integers(0, 40), min_size=1, max_size=5), size=st.integers(10, 100))
def test_whatever_is_written_paging_finds_all_of_it_once(counts: list[int], size: int) -> None:
    clock = HandClock(datetime.fromisoformat("2026-03-02T08:00:00Z"))
    with Emulator(clock) as x:
        written: list[str] = []
        for hours, count in enumerate(counts, 1):
            written = x.publish("#laporhendi", count=count, at=clock() - HOUR * hours) + written
            x.publish("lain", count=3, at=clock() - HOUR * hours - MINUTE)
        client = client_of(x)
        assert found_ids(client, "#laporhendi", max_results=size) == written[::-1]
        client.session.close()


def test_posts_that_come_while_paging_do_not_shift_the_pages(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish("#laporhendi", count=30)
    first = client.search_recent_tweets("#laporhendi", max_results=20)
    x.publish("#laporhendi", count=5, at=x.service.now() - 40 * SECOND)
    second = client.search_recent_tweets("#laporhendi", max_results=20, next_token=first.meta["next_token"])
    assert [str(post.id) for post in [*first.data, *second.data]] == written[::-1]


def test_a_page_token_of_another_query_is_refused(x: Emulator, client: tweepy.Client) -> None:
    x.publish("#laporhendi", count=30)
    token = client.search_recent_tweets("#laporhendi").meta["next_token"]
    assert "Invalid 'next_token'" in refusal(client.search_recent_tweets, "#lain", next_token=token)
    assert "Invalid 'next_token'" in refusal(client.search_recent_tweets, "#laporhendi", next_token="xyz")


def test_max_results_stays_between_10_and_100(client: tweepy.Client) -> None:
    for size in (9, 101):
        message = refusal(client.search_recent_tweets, "#laporhendi", max_results=size)
        assert message == f"The `max_results` query parameter value [{size}] is not between 10 and 100"


# Windows


def test_ids_bound_a_search_on_both_sides_exclusively(x: Emulator, client: tweepy.Client) -> None:
    written = x.publish("#laporhendi", count=10)
    assert found_ids(client, "#laporhendi", since_id=written[2], until_id=written[6]) == written[5:2:-1]


def test_times_bound_a_search_the_start_included_the_end_not(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    times = [clock() - HOUR * hours for hours in (3, 2, 1)]
    written = [x.publish("#laporhendi", at=moment)[0] for moment in times]
    assert found_ids(client, "#laporhendi", start_time=times[0], end_time=times[2]) == written[1::-1]


def test_ids_together_with_times_are_refused(client: tweepy.Client, clock: HandClock) -> None:
    message = refusal(client.search_recent_tweets, "#a", since_id=1, start_time=clock() - HOUR)
    assert message == "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'."


def test_a_since_id_older_than_the_window_is_refused_and_the_refusal_says_from_where_on(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    floor = first_id_at(clock() - timedelta(days=7))
    message = refusal(client.search_recent_tweets, "#a", since_id=floor)
    assert message == (
        "'since_id' must be a tweet id created after 2026-02-23T08:00Z. "
        f"Please use a 'since_id' that is larger than {floor}"
    )
    assert client.search_recent_tweets("#a", since_id=floor + 1).meta == {"result_count": 0}


def test_the_wording_is_that_of_the_refusal_seen_on_the_real_x() -> None:
    seen = 2083157183716917248
    with Emulator(HandClock(moment_of(seen) + timedelta(days=7))) as x:
        message = refusal(client_of(x).search_recent_tweets, "#a", since_id=1)
    assert message == (
        "'since_id' must be a tweet id created after 2026-07-31T11:45Z. "
        "Please use a 'since_id' that is larger than 2083157183716917248"
    )


def test_a_start_older_than_the_window_is_refused(client: tweepy.Client, clock: HandClock) -> None:
    message = refusal(client.search_recent_tweets, "#a", start_time=clock() - timedelta(days=8))
    assert message == ("Invalid 'start_time':'2026-02-22T08:00Z'. 'start_time' must be on or after 2026-02-23T08:00Z")


def test_an_end_within_ten_seconds_of_now_is_refused(client: tweepy.Client, clock: HandClock) -> None:
    message = refusal(client.search_recent_tweets, "#a", end_time=clock() - 5 * SECOND)
    assert "'end_time' must be a minimum of 10 seconds prior to the request time." in message


def test_search_reaches_back_seven_days(x: Emulator, client: tweepy.Client, clock: HandClock) -> None:
    x.publish("#laporhendi", at=clock() - timedelta(days=7, seconds=1))
    [within] = x.publish("#laporhendi", at=clock() - timedelta(days=7) + SECOND)
    assert found_ids(client, "#laporhendi") == [within]


def test_the_last_thirty_seconds_are_left_out_unless_asked_for(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    [fresh] = x.publish("#laporhendi", at=clock() - 20 * SECOND)
    assert found_ids(client, "#laporhendi") == []
    assert found_ids(client, "#laporhendi", end_time=clock() - 15 * SECOND) == [fresh]
    assert found_ids(client, "#laporhendi", until_id=first_id_at(clock())) == [fresh]
    clock.move(15 * SECOND)
    assert found_ids(client, "#laporhendi") == [fresh]


def test_a_post_that_is_indexed_late_is_found_then_and_looked_up_before(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    [late] = x.publish("#laporhendi", indexed_after=20 * MINUTE)
    assert found_ids(client, "#laporhendi") == []
    assert [str(post.id) for post in client.get_tweets([late]).data] == [late]
    clock.move(20 * MINUTE)
    assert found_ids(client, "#laporhendi") == [late]


def test_reposts_are_left_out_unless_that_is_its_habit(clock: HandClock) -> None:
    for habits, found in ((Habits(), 0), (Habits(finds_reposts=True), 1)):
        with Emulator(clock, habits=habits) as x:
            [original] = x.publish("#laporhendi lampu mati")
            x.publish("", author="tono", reposts=original)
            client = client_of(x)
            assert len(found_ids(client, "from:tono")) == found
            assert found_ids(client, "#laporhendi -is:retweet") == [original]
            client.session.close()


# Posts


def test_by_default_a_post_is_its_id_text_and_history(x: Emulator) -> None:
    [post] = x.publish("#laporhendi")
    [found] = client_of(x, kind=dict).search_recent_tweets("#laporhendi")["data"]
    assert found == {"id": post, "text": "#laporhendi", "edit_history_tweet_ids": [post]}


def test_text_is_escaped_and_entities_stand_where_they_are_in_it(x: Emulator) -> None:
    x.publish("rusak & ambles <parah> #laporhendi @LaporSemar lihat https://contoh.id/foto/jalan-rusak-sekali.")
    [found] = client_of(x, kind=dict).search_recent_tweets("#laporhendi", tweet_fields=FIELDS)["data"]
    text = found["text"]
    assert text.startswith("rusak &amp; ambles &lt;parah&gt; #laporhendi @LaporSemar lihat https://t.co/")
    [tag], [mention], [url] = (found["entities"][kind] for kind in ("hashtags", "mentions", "urls"))
    assert text[tag["start"] : tag["end"]] == "#laporhendi"
    assert text[mention["start"] : mention["end"]] == "@LaporSemar"
    assert text[url["start"] : url["end"]] == url["url"]
    assert url["expanded_url"] == "https://contoh.id/foto/jalan-rusak-sekali"


def test_what_is_empty_is_left_out_or_null_where_that_is_its_habit(clock: HandClock) -> None:
    for habits in (Habits(), Habits(writes_nulls=True)):
        with Emulator(clock, habits=habits) as x:
            x.publish("#laporhendi")
            [found] = client_of(x, kind=dict).search_recent_tweets("#laporhendi", tweet_fields=FIELDS)["data"]
            assert ("geo" in found) is habits.writes_nulls
            assert found.get("geo") is None
            assert found["created_at"] == "2026-03-02T07:59:00.000Z"


def test_a_long_post_is_cut_and_its_whole_stands_in_the_note(x: Emulator) -> None:
    typed = "#laporhendi " + "jalan berlubang di mana-mana & gelap " * 12 + "#akhir"
    x.publish(typed)
    api = client_of(x, kind=dict)
    [found] = api.search_recent_tweets("#laporhendi", tweet_fields=["note_tweet", "entities"])["data"]
    assert len(found["text"].replace("&amp;", "&")) <= 280
    assert "… https://t.co/" in found["text"]
    assert found["note_tweet"]["text"] == typed.replace("&", "&amp;")
    assert [tag["tag"] for tag in found["entities"]["hashtags"]] == ["laporhendi"]
    assert [tag["tag"] for tag in found["note_tweet"]["entities"]["hashtags"]] == ["laporhendi", "akhir"]
    [unasked] = api.search_recent_tweets("#laporhendi")["data"]
    assert "note_tweet" not in unasked


def test_a_reply_brings_its_parent_and_a_quote_what_it_quotes(x: Emulator) -> None:
    [parent] = x.publish("lampu mati di Tlogosari #laporhendi", author="budi")
    [reply] = x.publish("sama, di gang sebelah juga", author="sari", reply_to=parent)
    [quote] = x.publish("ini benar", author="tono", quotes=parent, at=x.service.now() - 50 * SECOND)
    page = client_of(x, kind=dict).search_recent_tweets(
        "from:sari OR from:tono", tweet_fields=FIELDS, expansions=["referenced_tweets.id"]
    )
    quoting, answering = page["data"]
    assert (quoting["id"], answering["id"]) == (quote, reply)
    assert answering["text"] == "@budi sama, di gang sebelah juga"
    assert answering["referenced_tweets"] == [{"type": "replied_to", "id": parent}]
    assert answering["conversation_id"] == parent
    assert "in_reply_to_user_id" in answering
    assert quoting["referenced_tweets"] == [{"type": "quoted", "id": parent}]
    assert "in_reply_to_user_id" not in quoting
    [included] = page["includes"]["tweets"]
    assert included["text"] == "lampu mati di Tlogosari #laporhendi"


def test_a_parent_that_is_gone_is_a_partial_error(x: Emulator, client: tweepy.Client) -> None:
    [parent] = x.publish("lampu mati", author="budi")
    x.publish("sama", author="sari", reply_to=parent)
    x.delete(parent)
    page = client.search_recent_tweets("from:sari", expansions=["referenced_tweets.id"])
    assert page.data
    assert "tweets" not in page.includes
    [error] = page.errors
    assert error["detail"] == f"Could not find tweet with referenced_tweets.id: [{parent}]."
    assert error["type"].endswith("/resource-not-found")


def test_users_media_and_places_come_along_when_asked(x: Emulator, client: tweepy.Client) -> None:
    x.publish("#laporhendi lihat", author="budi_s", photos=2, place="Semarang, Indonesia")
    x.publish("#laporhendi juga", author="budi_s")
    page = client.search_recent_tweets(
        "#laporhendi",
        expansions=["author_id", "attachments.media_keys", "geo.place_id"],
        media_fields=["url"],
    )
    [user], [place] = page.includes["users"], page.includes["places"]
    assert (user.username, place.full_name) == ("budi_s", "Semarang, Indonesia")
    with_photos = page.data[1]
    assert with_photos.attachments["media_keys"] == [media.media_key for media in page.includes["media"]]
    assert all(media.type == "photo" and media.url.startswith("https://") for media in page.includes["media"])
    assert with_photos.geo == {"place_id": place.id}


def test_a_repost_is_cut_and_its_whole_comes_along(clock: HandClock) -> None:
    with Emulator(clock, habits=Habits(finds_reposts=True)) as x:
        [original] = x.publish(
            "lampu mati di gang kami sejak minggu lalu, gelap sekali kalau malam, " * 3, author="budi"
        )
        x.publish("", author="tono", reposts=original)
        page = client_of(x).search_recent_tweets(
            "from:tono", tweet_fields=["referenced_tweets"], expansions=["referenced_tweets.id"]
        )
    [repost] = page.data
    assert repost.text.startswith("RT @budi: lampu mati")
    assert len(repost.text) == 140
    assert repost.referenced_tweets[0].type == "retweeted"
    assert str(page.includes["tweets"][0].id) == original


def test_an_unknown_field_expansion_or_parameter_is_refused_with_what_there_is(client: tweepy.Client) -> None:
    message = refusal(client.search_recent_tweets, "#a", tweet_fields=["created_at", "full_text"])
    assert message.startswith("The `tweet.fields` query parameter value [full_text] is not one of [")
    assert ",created_at," in message
    assert "`expansions`" in refusal(client.search_recent_tweets, "#a", expansions=["author"])
    assert "The query parameter [count] is not one of [query," in refusal(client.search_recent_tweets, "#a", count=3)


# Edits and deletions


def test_an_edit_has_a_new_id_the_first_id_and_takes_the_old_ones_place(
    x: Emulator, client: tweepy.Client, clock: HandClock
) -> None:
    [first] = x.publish("#laporhendi lampu mati di jalan durian", at=clock() - HOUR)
    second = x.edit(first, "#laporhendi lampu mati di jalan sukun", at=clock() - HOUR + 6 * MINUTE)
    [found] = client.search_recent_tweets("#laporhendi").data
    assert (str(found.id), found.edit_history_tweet_ids) == (second, [int(first), int(second)])
    assert found.text.endswith("sukun")
    assert found_ids(client, "durian") == []
    assert client.get_tweets([first]).data[0].text.endswith("durian")


def test_an_edit_that_is_to_come_does_not_show_before(x: Emulator, client: tweepy.Client, clock: HandClock) -> None:
    [first] = x.publish("#laporhendi satu")
    second = x.edit(first, "#laporhendi dua", at=clock() + 5 * MINUTE)
    assert client.search_recent_tweets("#laporhendi").data[0].edit_history_tweet_ids == [int(first)]
    clock.move(6 * MINUTE)
    assert found_ids(client, "#laporhendi") == [second]


def test_deleting_one_version_deletes_all(x: Emulator, client: tweepy.Client, clock: HandClock) -> None:
    [first] = x.publish("#laporhendi satu", at=clock() - HOUR)
    second = x.edit(first, "#laporhendi dua", at=clock() - HOUR + MINUTE)
    x.delete(second)
    assert found_ids(client, "#laporhendi") == []
    answer = client.get_tweets([first, second])
    assert answer.data is None
    assert [error["resource_id"] for error in answer.errors] == [first, second]


# The next naming generation


def test_the_next_naming_generation_says_the_same_in_other_words(clock: HandClock) -> None:
    with Emulator(clock, habits=Habits(naming="posts")) as x:
        [parent] = x.publish("lampu mati", author="budi")
        [reply] = x.publish("sama " * 80, author="sari", reply_to=parent)
        api = client_of(x, kind=dict)
        page = api.search_recent_tweets(
            "from:sari", tweet_fields=["note_tweet", "public_metrics"], expansions=["referenced_tweets.id"]
        )
        [post] = page["data"]
        assert post["edit_history_post_ids"] == [reply]
        assert post["note_post"]["text"].startswith("@budi sama")
        assert post["referenced_posts"] == [{"type": "replied_to", "id": parent}]
        assert "repost_count" in post["public_metrics"]
        assert page["includes"]["posts"][0]["id"] == parent
        counts = api.get_recent_tweets_count("from:sari")
        assert counts["meta"] == {"total_post_count": 1}
        assert "post_count" in counts["data"][0]
        with pytest.raises(tweepy.BadRequest) as refused:
            api.search_recent_tweets("lang:in")
    [error] = refused.value.response.json()["errors"]
    assert (error["parameter"], error["value"]) == ("query", "lang:in")
