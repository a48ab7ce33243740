"""The query language: what is found, what is refused, and that it composes."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.emulator.habits import Habits
from listener.emulator.posts import Shown
from listener.emulator.query import QueryRefused, compile_query
from listener.emulator.timeline import Draft, Timeline

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HABITS = Habits()


def shown(text: str, **more: object) -> Shown:
    timeline = Timeline()
    identity = timeline.publish(Draft(text=text, at=NOON, **({"author": "budi"} | more)))  # type: ignore[arg-type]
    version = timeline.version(identity, NOON)
    assert version is not None
    return version


def finds(query: str, post: Shown, habits: Habits = HABITS) -> bool:
    return compile_query(query, habits)(post)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        # keywords are whole words, and neither case nor accents count
        ("lapor", "mau lapor pak", True),
        ("lapor", "mau melapor pak", False),
        ("LAPOR", "lapor", True),
        ("cafe", "dekat Café itu", True),
        ("café", "dekat CAFE itu", True),
        ("lapor", "pak,lapor!jalan rusak", True),
        ("lapor", "#lapor jalan rusak", False),
        ("jalan", "https://contoh.id/jalan", False),
        ("hendi", "lapor_hendi", True),
        ("🔥", "kebakaran 🔥🔥", True),
        # phrases are words in a row
        ('"lapor hendi"', "Lapor, Hendi! jalan", True),
        ('"lapor hendi"', "lapor pak hendi", False),
        ('"hendi lapor"', "lapor hendi", False),
        ('"jum\'at"', "hari jum at", True),
        ('"and"', "rock and roll", True),
        # tags and mentions are exact
        ("#laporhendi", "halo #LaporHendi", True),
        ("#laporhendi", "halo #laporhendismg", False),
        ("#laporhendi", "halo laporhendi", False),
        ("#laporhendi", "halo x#laporhendi", False),
        ("#laporhendi", "(#laporhendi)", True),
        ("@laporsemar", "min @LaporSemar tolong", True),
        ("@laporsemar", "min @laporsemar_smg tolong", False),
        ("@laporsemar", "surel a@laporsemar.id", False),
        # a space is AND and binds tighter than OR
        ("jalan rusak", "jalan ini rusak", True),
        ("jalan rusak", "jalan ini mulus", False),
        ("apel OR jeruk manis", "apel", True),
        ("apel OR jeruk manis", "jeruk", False),
        ("apel OR jeruk manis", "jeruk manis", True),
        ("(apel OR jeruk) manis", "apel", False),
        ("(apel OR jeruk) manis", "manis apel", True),
        ("((apel))", "apel", True),
        # a negation belongs to the operator behind it
        ("apel -busuk", "apel segar", True),
        ("apel -busuk", "apel busuk", False),
        ("jeruk OR apel -busuk", "jeruk busuk", True),
        ("(jeruk OR apel) -busuk", "jeruk busuk", False),
        ('apel -"sudah busuk"', "apel sudah busuk", False),
        ("apel -#iklan", "apel #iklan", False),
        # the rest
        ("from:budi", "apa saja", True),
        ("from:@Budi", "apa saja", True),
        ("from:bud", "apa saja", False),
        ("apa lang:in", "apa saja", True),
        ("apa lang:en", "apa saja", False),
        ("apa has:hashtags", "apa #saja", True),
        ("apa has:hashtags", "apa saja", False),
        ("apa has:links", "apa https://contoh.id", True),
        ("apa has:mentions", "apa @saja", True),
        ("apa has:media", "apa saja", False),
        ("apa -has:media", "apa saja", True),
        ("apa -is:retweet", "apa saja", True),
        ("apa -is:nullcast", "apa saja", True),
        ("url:contoh.id", "lihat https://contoh.id/a", True),
        ("$simk", "saham $SIMK naik", True),
        ("apa min_likes:1", "apa saja", False),
        ("the jalan", "the jalan", True),
    ],
)
def test_a_query_finds_what_it_says(query: str, text: str, found: bool) -> None:
    assert finds(query, shown(text)) is found


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("lang:in", "lang cannot be used as a standalone operator (at position 1)"),
        ("(#a OR is:reply) -is:retweet", "is cannot be used as a standalone operator (at position 8)"),
        ("has:media -lapor", "has cannot be used as a standalone operator (at position 1)"),
        ("-lapor", "Rules must contain a non-negation term"),
        ("-lapor -is:retweet", "Rules must contain a non-negation term"),
        ("#a OR -lapor", "Rules must contain at least one positive, non-stopword clause (at position 7)"),
        ("the", "Rules must contain at least one positive, non-stopword clause (at position 1)"),
        ("jalan and rusak", "Ambiguous use of and as a keyword."),
        ("jalan or rusak", 'Use a space to logically join two clauses, or "or" to find occurrences of or in text'),
        ("jalan AND rusak", "(at position 7)"),
        ("since:2026-01-01", "Reference to invalid operator 'since'"),
        ("filter:links jalan", "Reference to invalid operator 'filter'"),
        ("min_faves:3 jalan", "Reference to invalid operator 'min_faves'"),
        ("jalan is:nonsense", "Reference to invalid operator 'is:nonsense'"),
        ("jalan is:nullcast", "Reference to invalid operator 'is:nullcast'"),
        ("conversation_id:budi", "Reference to invalid operator 'conversation_id:budi'"),
        ("jalan)", "missing EOF at ')' (at position 6)"),
        ("(jalan", "missing ')' at '<EOF>' (at position 7)"),
        ("jalan [rusak]", "no viable alternative at input '['"),
        ("OR jalan", "no viable alternative at input 'OR'"),
        ("jalan OR", "no viable alternative at input '<EOF>'"),
        ("()", "no viable alternative at input ')'"),
        ('"jalan', "no viable alternative at input '\"'"),
        ("jum'at", "no viable alternative at input '''"),
        ("anti-macet", "no viable alternative at input '-'"),
        ("jalan -(a b)", "no viable alternative at input '-('"),
        ("", "Rules must be between 1 and 512 characters, not 0"),
        ("a" * 513, "Rules must be between 1 and 512 characters, not 513"),
        ("(" * 60 + "jalan" + ")" * 60, "Rules must not be nested that deep"),
    ],
)
def test_a_query_that_x_would_refuse_is_refused_in_its_words(query: str, refusal: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        compile_query(query, HABITS)
    assert str(refused.value).startswith("There were errors processing your request: ")
    assert refusal in str(refused.value)


def test_several_problems_are_named_together() -> None:
    with pytest.raises(QueryRefused) as refused:
        compile_query("since:2026 jalan and until:2026", HABITS)
    assert all(part in str(refused.value) for part in ("'since'", "Ambiguous use of and", "'until'"))


def test_a_query_of_exactly_the_longest_length_is_taken() -> None:
    assert finds("a" * 512, shown("a" * 512))
    assert finds("b" * 4096, shown("b" * 4096), Habits(query_length=4096))


def test_what_refers_to_another_post_is_found_by_kind_author_and_id() -> None:
    timeline = Timeline()
    root = timeline.publish(Draft("lampu mati", "budi", NOON))
    reply = timeline.publish(Draft("sama", "sari", NOON, reply_to=root))
    quote = timeline.publish(Draft("lihat", "tono", NOON, quotes=root))
    repost = timeline.publish(Draft("", "wati", NOON, reposts=root))
    found = {
        query: [one.id for one in timeline.as_of(NOON)[::-1] if finds(query, one)]
        for query in (
            f"conversation_id:{root}",
            f"in_reply_to_tweet_id:{root}",
            f"quotes_of_tweet_id:{root}",
            f"retweets_of_tweet_id:{root}",
            "to:budi",
            "retweets_of:@Budi",
            "(from:budi OR from:sari OR from:tono OR from:wati) is:reply",
            "(from:budi OR from:sari OR from:tono OR from:wati) is:quote",
            "(from:budi OR from:sari OR from:tono OR from:wati) -is:retweet",
        )
    }
    assert list(found.values()) == [
        [root, reply],
        [reply],
        [quote],
        [repost],
        [reply],
        [repost],
        [reply],
        [quote],
        [root, reply, quote],
    ]


def test_search_looks_beyond_the_cut_unless_that_is_not_its_habit() -> None:
    long = shown("jalan " * 60 + "ambles")
    assert finds("ambles", long)
    assert not finds("ambles", long, Habits(reads_notes=False))
    assert finds("jalan", long, Habits(reads_notes=False))


def test_a_keyword_finds_its_tag_where_that_is_the_habit() -> None:
    assert finds("lapor", shown("#lapor"), Habits(keywords_find_tags=True))


WORDS = ["jalan", "rusak", "banjir", "lampu", "mati"]
TERMS = [*WORDS, "#laporhendi", "@laporsemar", '"lampu mati"', "from:budi", "from:sari"]
texts = st.lists(st.sampled_from([*WORDS, "#laporhendi", "@laporsemar", "#laporhendismg"]), max_size=6).map(" ".join)
posts = st.builds(shown, texts, author=st.sampled_from(["budi", "sari", "tono"]))


@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=6), posts)
def test_terms_packed_with_or_find_what_each_of_them_finds(terms: list[str], post: Shown) -> None:
    assert finds(f"({' OR '.join(terms)}) -is:retweet", post) is any(finds(term, post) for term in terms)


@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=4), posts)
def test_terms_side_by_side_find_what_all_of_them_find(terms: list[str], post: Shown) -> None:
    assert finds(" ".join(terms), post) is all(finds(term, post) for term in terms)


# A query tree is a word, or ("and" | "or", its parts).
Tree = str | tuple[str, list["Tree"]]
trees: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(WORDS),
    lambda parts: st.tuples(st.sampled_from(["and", "or"]), st.lists(parts, min_size=2, max_size=3)),
    max_leaves=8,
)


def written(tree: Tree) -> str:
    """With no more parentheses than the grammar needs: OR binds weaker than a space."""
    if isinstance(tree, str):
        return tree
    kind, parts = tree
    if kind == "or":
        return " OR ".join(written(part) for part in parts)
    return " ".join(f"({written(part)})" if part[0] == "or" else written(part) for part in parts)


def meant(tree: Tree, words: set[str]) -> bool:
    if isinstance(tree, str):
        return tree in words
    kind, parts = tree
    return (any if kind == "or" else all)(meant(part, words) for part in parts)


@given(trees, st.sets(st.sampled_from(WORDS)))
def test_any_tree_of_terms_means_what_its_spelling_says(tree: Tree, words: set[str]) -> None:
    assert finds(written(tree), shown(" ".join(sorted(words))), Habits(query_length=4096)) is meant(tree, words)


@given(st.text(st.sampled_from('aO R()-"#@:$_🔥é\u0301[') | st.characters(), max_size=60))
def test_any_string_is_either_a_query_or_refused(query: str) -> None:
    with suppress(QueryRefused):  # any other error would be the emulator's fault
        assert finds(query, shown("jalan rusak")) in (True, False)
