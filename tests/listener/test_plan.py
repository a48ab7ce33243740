"""What is asked next, so that no id of a term is ever passed over unread."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.watchlist import Term
from listener.cursor import Cursor, PostsWouldBeLost, Window
from listener.plan import Horizon, searches
from listener.snowflake import first_id_at, last_id_before, moment_of

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
HASHTAG = Term("#laporhendi")


def horizon(now: datetime = NOW, overlap: int = 60) -> Horizon:
    return Horizon.at(now, timedelta(minutes=overlap), JAKARTA)


def read_up_to(moment: datetime) -> Cursor:
    read_to = last_id_before(moment)
    return Cursor("#laporhendi", read_to, read_to)


def test_a_term_never_read_begins_as_far_back_as_x_answers() -> None:
    (search,) = searches([HASHTAG], {}, horizon(), 512)
    assert moment_of(search.window.after) == pytest.approx(NOW - timedelta(days=7), abs=timedelta(minutes=2))
    assert moment_of(search.window.up_to) < NOW - timedelta(seconds=29)
    assert not search.gaps


def test_each_run_reads_the_last_hour_again() -> None:
    read_to = last_id_before(NOW - timedelta(hours=1))
    (search,) = searches([HASHTAG], {"#laporhendi": Cursor("#laporhendi", read_to, read_to)}, horizon(), 512)
    assert search.window.after == last_id_before(moment_of(read_to) - timedelta(hours=1))


def test_what_was_not_looked_for_again_is_read_again_however_far_back() -> None:
    unchecked = replace(read_up_to(NOW - timedelta(hours=1)), checked_to=last_id_before(NOW - timedelta(hours=5)))
    (search,) = searches([HASHTAG], {"#laporhendi": unchecked}, horizon(), 512)
    assert search.window.after == last_id_before(NOW - timedelta(hours=6, milliseconds=1))


def test_a_new_term_opens_no_hole_and_does_not_share_the_old_ones_query() -> None:
    known = {"#laporhendi": read_up_to(NOW - timedelta(hours=1))}
    plan = searches([HASHTAG, Term("@laporsemar")], known, horizon(), 512)
    assert [search.terms for search in plan] == [("@laporsemar",), ("#laporhendi",)]


def test_an_unfinished_window_is_finished_before_anything_else_is_asked() -> None:
    window = Window(
        last_id_before(NOW - timedelta(hours=3)),
        last_id_before(NOW - timedelta(hours=2)),
        first_id_at(NOW - timedelta(hours=2, minutes=30)),
    )
    known = {"#laporhendi": Cursor("#laporhendi", window.after, window.after, window)}
    (search,) = searches([HASHTAG, Term("@laporsemar")], known, horizon(), 512)
    assert search.terms == ("#laporhendi",)
    assert (search.window, search.window.until) == (window, window.oldest_read)


def test_what_x_no_longer_answers_for_is_a_gap_and_the_run_goes_on_behind_it() -> None:
    asleep = NOW - timedelta(days=10)
    (search,) = searches([HASHTAG], {"#laporhendi": read_up_to(asleep)}, horizon(), 512)
    (gap,) = search.gaps
    assert gap.start == pytest.approx(asleep, abs=timedelta(seconds=1))
    assert gap.end == moment_of(search.window.after) == moment_of(horizon().floor)
    assert search.cursors[0].past(search.window).read_to == horizon().up_to


def test_of_an_unfinished_window_only_the_part_that_nobody_read_is_a_gap() -> None:
    # Given a window whose newer half was read, nine to eight days ago,
    begin, half, end = (last_id_before(NOW - timedelta(days=days)) for days in (9, 8.5, 8))
    known = {"#laporhendi": Cursor("#laporhendi", begin, begin, Window(begin, end, half))}
    (search,) = searches([HASHTAG], known, horizon(), 512)
    # then its older half is missing, and what came after it up to X's horizon.
    stretches = [(gap.start, gap.end) for gap in search.gaps]
    assert stretches == [(moment_of(begin), moment_of(half - 1)), (moment_of(end), moment_of(horizon().floor))]
    assert search.window == Window(horizon().floor, horizon().up_to)


def test_a_term_counts_from_its_first_date_to_its_last_in_the_citys_own_time() -> None:
    term = Term("#laporhendi", since=date(2026, 3, 6), until=date(2026, 3, 8))
    (search,) = searches([term], {}, horizon(), 512)
    assert moment_of(search.window.after + 1) == datetime(2026, 3, 6, tzinfo=JAKARTA)
    assert moment_of(search.window.up_to + 1) == datetime(2026, 3, 9, tzinfo=JAKARTA)


def test_a_term_read_to_its_last_date_is_not_asked_again() -> None:
    term = Term("#laporhendi", until=date(2026, 3, 8))
    (search,) = searches([term], {}, horizon(), 512)
    done = search.cursors[0].past(search.window)
    assert searches([term], {"#laporhendi": done}, horizon(), 512) == []


def test_a_cursor_refuses_to_move_over_a_stretch_that_nobody_read() -> None:
    with pytest.raises(PostsWouldBeLost, match="search again from 100"):
        Cursor("#laporhendi", 100, 100).past(Window(200, 300))


@given(st.lists(st.tuples(st.integers(1, 14 * 24 * 60), st.booleans(), st.integers(0, 120)), min_size=1, max_size=12))
def test_however_the_hours_go_every_id_is_read_or_named_as_a_gap(hours: list[tuple[int, bool, int]]) -> None:
    """`hours`: minutes until the next run, whether its window is read to the end, and the overlap."""
    now, known, begin = NOW, {}, 0
    covered: list[tuple[int, int]] = []
    for minutes, finished, overlap in hours:
        now += timedelta(minutes=minutes)
        for search in searches([HASHTAG], known, horizon(now, overlap), 512):
            gaps = [(last_id_before(gap.start), last_id_before(gap.end) + 1) for gap in search.gaps]
            covered += gaps
            (cursor,) = search.cursors
            if cursor.is_first:  # until a first window is finished, X's reach decides where reading began
                begin = search.window.after
            elif known and (given_up := known[cursor.term]).is_first and given_up.unfinished:
                begin = given_up.unfinished.until - 1
            if finished:
                covered.append((search.window.after, search.window.until - 1))
                known = {cursor.term: cursor.past(search.window).checked()}
            else:
                middle = (search.window.after + search.window.until) // 2 + 1
                covered.append((middle - 1, search.window.until - 1))
                known = {cursor.term: cursor.within(search.window.read_down_to(middle))}
    read_to = known["#laporhendi"].read_to if known else 0
    reached = begin
    millisecond = 1 << 22  # what a gap's times, told as moments, may be off by
    for after, up_to in sorted(covered):
        assert after <= reached + millisecond or reached + millisecond >= read_to, "a hole"
        reached = max(reached, up_to)
    assert reached + millisecond >= read_to
