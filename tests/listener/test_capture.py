"""An hour's run against an X that speaks the wire format: nothing lost, nothing doubled, money counted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from city.watchlist import Term
from database.engine import reading, writing
from database.tables import authors, posts
from listener.capture import name_authors, recheck
from listener.emulator import Emulator
from listener.emulator.accounts import account_of
from tests.listener.conftest import Clock, Listener, Store, dollars


def test_everything_of_the_last_seven_days_is_stored_once(x: Emulator, store: Store, listener: Listener) -> None:
    written = x.publish("jalan rusak ke-{n} #laporhendi", count=250)
    x.publish("tidak ada tagarnya", count=5)
    run = store.run(listener.run())
    assert (run.status, run.errors) == ("complete", [])
    assert store.source_ids() == written
    assert store.balances()


def test_a_second_run_asks_for_the_overlap_only_and_adds_nothing(x: Emulator, store: Store, listener: Listener) -> None:
    x.publish("lama #laporhendi", count=30, at=listener.clock() - timedelta(hours=5))
    x.publish("baru #laporhendi", count=3, at=listener.clock() - timedelta(minutes=10))
    listener.run()
    listener.clock.move(hours=1)
    listener.run()
    assert store.counts() == (33 + 3, 3, 0, 33)


def test_a_run_cut_off_between_two_pages_loses_no_post_and_doubles_none(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    # Given more posts than one page of 100 holds, and a line that breaks after the first page,
    written = x.publish("lampu mati {n} #laporhendi", count=250)
    x.hang_up_after(pages=1)
    # when this hour's run fails there and the next hour comes,
    first = store.run(listener.run())
    clock.move(hours=1)
    second = store.run(listener.run())
    # then the first says what it lacks, and the second mends it.
    assert (first.status, second.status) == ("partial", "complete")
    assert [error["kind"] for error in first.errors] == ["transient"]
    assert store.gaps() == []
    assert store.source_ids() == written
    assert store.balances()


def test_a_week_asleep_is_a_gap_and_the_run_goes_on_behind_it(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    listener.run()
    x.publish("tak pernah terbaca #laporhendi", at=clock() + timedelta(days=1))
    clock.move(days=10)
    (fresh,) = x.publish("masih terbaca #laporhendi")
    run = store.run(listener.run())
    assert store.gaps() == ["#laporhendi"]
    assert (run.status, store.source_ids()) == ("complete", [fresh])
    clock.move(hours=1)
    listener.run()
    assert store.gaps() == ["#laporhendi"]  # told once


def test_a_post_that_x_indexes_late_is_found_in_the_overlap(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    (late,) = x.publish("telat #laporhendi", indexed_after=timedelta(minutes=20))
    listener.run()
    assert store.source_ids() == []
    clock.move(hours=1)
    listener.run()
    assert store.source_ids() == [late]


def test_an_edit_replaces_the_text_and_is_read_again(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    (written,) = x.publish("lampu mati di jl. pandanran #laporhendi", at=clock() - timedelta(minutes=5))
    listener.run()
    edited = x.edit(written, "lampu mati di jl. pandanaran #laporhendi", at=clock() + timedelta(minutes=2))
    clock.move(hours=1)
    listener.run()
    post = store.post(written)
    assert post.text == "lampu mati di jl. pandanaran #laporhendi"
    assert (post.version_id, post.outcome, post.edited_at) == (edited, "waiting", clock())
    assert store.counts() == (2, 0, 1, 1)
    assert store.later_versions() == {edited: written}


def test_a_deleted_post_loses_its_text_and_keeps_its_row(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    gone, stays = x.publish("rumahku {n} kebanjiran #laporhendi", count=2)
    listener.run()
    x.delete(gone)
    clock.move(hours=1)
    listener.run()
    removed, kept = store.post(gone), store.post(stays)
    assert (removed.text, removed.payload, removed.removed_at) == (None, None, clock())
    assert kept.text
    assert store.balances()


def test_a_parent_that_comes_along_is_context_and_is_billed(x: Emulator, store: Store, listener: Listener) -> None:
    (parent,) = x.publish("di tlogosari air mati sejak pagi", author="tetangga")
    (reply,) = x.publish("sama min, di sini juga #laporhendi", reply_to=parent)
    listener.run()
    post = store.post(reply)
    assert (post.parent_text, post.reply_to) == ("di tlogosari air mati sejak pagi", parent)
    assert store.billed() == {parent, reply} == set(x.billed_posts())


def test_long_posts_escapes_photos_and_places_arrive_whole(x: Emulator, store: Store, listener: Listener) -> None:
    text = "Got mampet & bau <sekali> " + "panjang " * 60 + "#laporhendi"
    (written,) = x.publish(text, photos=2, place="Semarang, Indonesia")
    listener.run()
    post = store.post(written)
    assert post.text.startswith(text)
    assert len(post.media) == 2
    assert post.place_name == "Semarang, Indonesia"


def test_a_removed_and_a_new_term_open_no_hole(x: Emulator, store: Store, listener: Listener, clock: Clock) -> None:
    old = x.publish("lama @laporsemar", at=clock() - timedelta(days=2))
    listener.run()
    assert store.source_ids() == []
    clock.move(hours=1)
    listener.run(terms=(Term("#laporhendi"), Term("@laporsemar")))
    assert store.source_ids() == old


def test_the_budget_is_asked_before_each_page(x: Emulator, store: Store, listener: Listener) -> None:
    x.publish("jalan rusak {n} #laporhendi", count=250)
    run_id = listener.run(budget=replace(listener.parts.budget, monthly=dollars("1.2")))
    run = store.run(run_id)
    assert (run.status, [error["kind"] for error in run.errors]) == ("partial", ["budget"])
    assert 0 < len(x.billed_posts()) * dollars("0.005") <= dollars("1.2")
    assert store.billed() == set(x.billed_posts())


def test_a_budget_of_nothing_asks_nothing(x: Emulator, store: Store, listener: Listener) -> None:
    x.publish("jalan rusak #laporhendi")
    run = store.run(listener.run(budget=replace(listener.parts.budget, monthly=0)))
    assert (run.status, x.requests) == ("failed", ())


def test_an_answer_lost_on_the_way_counts_as_spent_until_its_page_was_read_again(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    x.publish("jalan rusak {n} #laporhendi", count=20)
    x.fault("hang_up_in_body", times=None)
    lost = listener.run()
    assert store.run(lost).asked_micros > 0
    x.mend()
    clock.move(minutes=30)
    listener.run()
    assert store.run(lost).asked_micros == 0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("revoked_token", "auth"),
        ("not_enrolled", "auth"),
        ("no_credit", "quota"),
        ("usage_capped", "quota"),
        ("spend_cap", "quota"),
        ("rate_limit_day", "quota"),
        ("rate_limit", "rate_limit"),
        ("rate_limit_without_reset", "rate_limit"),
        ("unavailable", "transient"),
        ("unavailable_page", "transient"),
        ("internal_error", "transient"),
        ("hang_up", "transient"),
        ("hang_up_in_body", "transient"),
        ("cut_json", "transient"),
        ("stall", "transient"),
        ("error_list", "transient"),
        ("errors_null", "transient"),
        ("drip", "transient"),
    ],
)
def test_whatever_x_refuses_with_is_named_and_mended_by_the_next_run(
    x: Emulator, store: Store, listener: Listener, clock: Clock, fault: str, kind: str
) -> None:
    written = x.publish("jalan rusak {n} #laporhendi", count=120)
    x.fault(fault, times=None, **({"seconds": 4} if fault in ("drip", "stall") else {}))
    failed = store.run(listener.run())
    assert (failed.status, [error["kind"] for error in failed.errors]) == ("failed", [kind])
    assert store.source_ids() == []
    x.mend()
    clock.move(hours=1)
    assert store.run(listener.run()).status == "complete"
    assert store.source_ids() == written


def test_a_rate_limit_that_ends_soon_is_waited_for(x: Emulator, store: Store, listener: Listener) -> None:
    written = x.publish("jalan rusak {n} #laporhendi", count=120)
    x.fault("rate_limit", seconds=1)
    assert store.run(listener.run()).status == "complete"
    assert store.source_ids() == written


PASSING = [
    "rate_limit_too_fast",
    "unavailable",
    "hang_up",
    "cut_json",
    "repeated_post",
    "overlapping_pages",
    "empty_page",
    "short_page",
    "missing_parents",
    "protected_parents",
    "half_a_character",
    "invalid_utf8",
    "no_rate_headers",
]


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_by_itself_is_not_even_noticed(x: Emulator, store: Store, listener: Listener, fault: str) -> None:
    written = x.publish("jalan rusak {n} #laporhendi", count=230)
    x.fault(fault, times=1)
    run = store.run(listener.run())
    assert (run.status, run.errors) == ("complete", [])
    assert store.source_ids() == written
    assert store.balances()


BAD_POSTS = ["post_without_text", "post_with_null_text", "null_post", "bad_created_at"]


@pytest.mark.parametrize("fault", BAD_POSTS)
def test_a_post_that_was_garbled_by_accident_is_had_whole_by_asking_again(
    x: Emulator, store: Store, listener: Listener, fault: str
) -> None:
    written = x.publish("jalan rusak {n} #laporhendi", count=5)
    x.fault(fault, times=1)
    run = store.run(listener.run())
    assert (run.status, run.errors) == ("complete", [])
    assert store.source_ids(outcome="waiting") == written
    assert store.billed() == set(x.billed_posts()) == set(written)


@pytest.mark.parametrize("fault", BAD_POSTS)
def test_one_bad_post_is_quarantined_with_its_payload_and_the_others_go_on(
    x: Emulator, store: Store, listener: Listener, fault: str
) -> None:
    written = x.publish("jalan rusak {n} #laporhendi", count=5)
    x.fault(fault, times=2)  # the page is asked for again, in case it was an accident
    run = store.run(listener.run())
    (bad,) = store.source_ids(outcome="quarantined")
    assert [error["kind"] for error in run.errors] == ["bad_payload"]
    assert store.source_ids(outcome="waiting") == written[:-1]
    assert store.post(bad).payload is not None
    assert store.balances()


def test_a_page_token_that_expires_costs_nothing_but_a_question(x: Emulator, store: Store, listener: Listener) -> None:
    written = x.publish("jalan rusak {n} #laporhendi", count=320)
    x.fault("expired_page_token", times=2, after=1)
    assert store.run(listener.run()).status == "complete"
    assert store.source_ids() == written


def test_a_token_that_leads_back_to_its_page_does_not_hold_the_run_for_ever(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    written = x.publish("jalan rusak {n} #laporhendi", count=150)
    x.fault("token_loop", times=None)
    assert store.run(listener.run()).status == "partial"
    x.mend()
    clock.move(minutes=5)
    assert store.run(listener.run()).status == "complete"
    assert store.source_ids() == written


def test_handles_of_the_citys_own_accounts_are_learnt_once(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    x.open_account("sapambakita")
    x.publish("jalan rusak #laporhendi")
    for _ in range(2):
        listener.run(own_accounts=frozenset({"sapambakita", "tidakada"}))
        clock.move(hours=1)
    assert len(store.billed("user")) == len(x.billed_users()) == 1
    assert sum(request.path == "/2/users/by" for request in x.requests) == 1


def test_what_was_deleted_long_after_is_found_by_asking_again(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    gone, stays = x.publish("rumahku {n} kebanjiran #laporhendi", count=2)
    listener.run()
    clock.move(days=2)
    listener.run()
    x.delete(gone)
    recheck(listener.parts, since=clock() - timedelta(days=3))
    assert (store.post(gone).text, store.post(stays).text is None) == (None, False)
    assert store.balances()


def test_what_a_post_repeats_is_kept_with_it(x: Emulator, store: Store, listener: Listener) -> None:
    (lamp,) = x.publish("lampu mati #laporhendi")
    (bare,) = x.publish("tuh kan #laporhendi", quotes=lamp)
    (answer,) = x.publish("betul #laporhendi", reply_to=lamp)
    listener.run()
    told = {
        source_id: (store.post(source_id).repeats, store.post(source_id).reply_to) for source_id in (lamp, bare, answer)
    }  # type: ignore[attr-defined]
    assert told == {lamp: (None, None), bare: (lamp, None), answer: (None, lamp)}


def test_who_wrote_a_draft_is_looked_up_once_with_the_age_of_the_account(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    x.publish("lampu mati #laporhendi", author="sari_pedurungan")
    run_id = listener.run()
    with writing(store.engine) as connection:
        connection.execute(update(posts).values(outcome="drafted"))
    for _ in range(2):
        name_authors(listener.parts, run_id)
    with reading(store.engine) as connection:
        (known,) = connection.execute(select(authors)).all()
    account = account_of("sari_pedurungan")
    assert (known.handle, known.joined_at) == ("sari_pedurungan", account.created_at)
    assert store.billed("user") == {str(account.id)}
