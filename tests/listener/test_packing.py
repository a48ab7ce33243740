"""Terms share as few queries as fit, and only with terms of the same window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.cursor import Window
from listener.packing import SAFETY, QueryTooLong, pack, pack_by_window, query_of

terms = st.lists(st.from_regex(r"#[a-z]{1,30}", fullmatch=True), unique=True, max_size=40)


@given(terms, st.integers(64, 512))
def test_every_term_is_asked_for_exactly_once_and_no_query_is_too_long(words: list[str], longest: int) -> None:
    groups = pack(words, longest)
    assert sorted(term for group in groups for term in group) == sorted(words)
    assert all(len(query_of(group)) <= longest - SAFETY for group in groups)


@given(terms)
def test_terms_that_fit_one_query_share_it(words: list[str]) -> None:
    fits = len(query_of(words)) <= 512 - SAFETY
    assert len(pack(words, 512)) == (0 if not words else 1) or not fits


def test_the_negation_holds_for_all_terms() -> None:
    assert query_of(["#laporhendi", "@laporsemar"]) == "(#laporhendi OR @laporsemar) -is:retweet"


def test_a_term_that_no_query_can_hold_is_named() -> None:
    with pytest.raises(QueryTooLong, match="#lapor"):
        pack(["#lapor" + "r" * 100], 64)


def test_terms_with_different_windows_never_share_a_query() -> None:
    early, late = Window(10, 100), Window(50, 100)
    packed = pack_by_window({"#a": early, "#b": late, "#c": early}, 512)
    assert packed == [(("#a", "#c"), early), (("#b",), late)]
