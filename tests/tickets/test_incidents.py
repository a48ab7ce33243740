"""When two posts tell of one event, and what becomes of their drafts."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import Post
from tests.tickets.builder import NOON, Answer, Desk, RuleReader
from tests.tickets.event_posts import load_posts
from tickets.incidents import keys, same_event
from tickets.read_post import ReadPost, Written, read_post


def read(text: str, author: str | None = None, *, hours: float = 0, **columns: str) -> ReadPost:
    source_id = columns.pop("source_id", f"{author}-{hours}-{hash(text)}")
    written = Written(1, "x", source_id, author, columns.pop("reply_to", None), text, NOON + timedelta(hours=hours))
    (answer,) = RuleReader().read([Post(text=text, id=source_id)])
    return read_post(written, answer.as_dict())


ONE_EVENT = [
    # one event seen by many, in their own words
    ("banjir di jl. Kaligawe, motor mogok semua", "jl Kaligawe banjir lagi min sepinggang"),
    ("lampu jalan mati jl. Gajah gelap", "min lampu PJU jl. Gajah padam dari kemarin"),
]
TWO_EVENTS = [
    ("lampu mati di jl. Gajah", "lampu mati di jl. Merak"),  # two streets
    ("lampu mati di jl. Gajah", "sampah menumpuk di jl. Gajah"),  # two matters in one street
    ("lampu mati kel. Wonodri", "lampu mati kel. Pleburan"),  # two kelurahan
    ("lampu mati di jl. Gajah kel. Wonodri", "lampu mati di jl. Gajah kel. Pleburan"),  # one name, two streets
    ("lampu jalan mati min", "lampu mati pak"),  # nobody says where
    ("lampu mati di jl. Gajah", "lampu mati kel. Wonodri"),  # it may be there, or not
]


@pytest.mark.parametrize(("one", "other"), ONE_EVENT)
def test_different_people_who_name_one_spot_tell_of_one_event(one: str, other: str) -> None:
    assert same_event(read(one, "budi"), read(other, "siti", hours=5))


@pytest.mark.parametrize(("one", "other"), TWO_EVENTS)
def test_what_cannot_be_one_event_or_cannot_be_told_is_left_apart(one: str, other: str) -> None:
    assert not same_event(read(one, "budi"), read(other, "siti"))


def test_the_same_street_another_week_is_another_event() -> None:
    assert not same_event(read("banjir jl. Kaligawe", "budi"), read("banjir jl. Kaligawe", "siti", hours=49))


def test_who_repeats_himself_tells_of_one_event_unless_he_names_another_place() -> None:
    first = read("lampu jalan depan rumah mati", "budi")
    assert same_event(first, read("lampu jalan mati belum dibenerin", "budi", hours=20))
    assert not same_event(first, read("lampu jalan mati belum dibenerin", "siti", hours=20))
    placed = read("lampu mati di jl. Gajah", "budi")
    assert not same_event(placed, read("lampu mati di jl. Merak", "budi"))


def test_a_reply_and_a_copy_belong_to_what_they_answer_and_copy() -> None:
    call = "tolong lampu taman kampung kami mati semua sejak lebaran bersama ini kami laporkan"
    assert same_event(read(call, "budi"), read("#LaporHendi " + call.upper(), "siti"))
    asked = read("lampu mati min", "budi", source_id="77")
    assert same_event(asked, read("sama lampu sini juga gelap", "siti", reply_to="77"))


def test_on_hand_written_events_nothing_is_joined_wrongly_and_little_is_missed() -> None:
    """1,300 pairs with many near misses: the same street on another day, the same matter two streets on."""
    posts = load_posts()
    joined = components([post for _, post in posts])
    right = wrong = missed = 0
    for (event, one), (other_event, other) in combinations(posts, 2):
        together = joined[one.id] == joined[other.id]
        right += together and event == other_event
        wrong += together and event != other_event
        missed += event == other_event and not together
    assert wrong == 0
    assert 2 * right / (2 * right + wrong + missed) >= 0.92


def components(posts: list[ReadPost]) -> dict[int, int]:
    """What a component is, said as plainly as can be: post → the smallest id it is linked to."""
    home = {post.id: post.id for post in posts}
    for one, other in combinations(posts, 2):
        if same_event(one, other):
            low, high = sorted((home[one.id], home[other.id]))
            home = {post: low if number == high else number for post, number in home.items()}
    return home


def test_the_store_joins_exactly_the_components_of_the_relation(desk: Desk) -> None:
    read_posts = [post for _, post in load_posts()]
    desk.reader = Told({post.source_id: post.content for post in read_posts})  # type: ignore[assignment]
    shuffled = random.Random(7).sample(read_posts, len(read_posts))
    for post in shuffled:
        desk.post(post.text, post.author, source_id=post.source_id, created_at=post.created_at)
    desk.read(batch=7)
    expected: dict[int, set[str]] = {}
    for post in read_posts:
        expected.setdefault(components(read_posts)[post.id], set()).add(post.source_id)
    assert desk.partition() == {frozenset(group) for group in expected.values()}


@dataclass
class Told:
    """A reader that was told its answers."""

    answers: Mapping[str, Mapping[str, object]]
    model: str = "told"

    def read(self, posts: Sequence[Post]) -> list[Answer]:
        return [Answer({**self.answers[str(post.id)], "id": post.id}) for post in posts]


TEXTS = st.sampled_from(sorted({text for pair in (*ONE_EVENT, *TWO_EVENTS) for text in pair}))
POSTS = st.builds(
    read, TEXTS, st.sampled_from(["budi", "siti", None]), hours=st.integers(-60, 60),
    source_id=st.sampled_from("123"), reply_to=st.sampled_from([*"123", None]),
)  # fmt: skip


@given(POSTS, POSTS)
def test_the_relation_is_symmetric_and_whom_it_relates_share_a_key(one: ReadPost, other: ReadPost) -> None:
    assert same_event(one, other) == same_event(other, one)
    if same_event(one, other):
        assert {*keys(one).own} & {*keys(other).search}
        assert {*keys(other).own} & {*keys(one).search}


# ── In the store ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_event_seen_by_many_is_one_draft_with_the_earliest_words_and_the_highest_priority(desk: Desk) -> None:
    late = desk.post("banjir di jl. Kaligawe bahaya", "siti", minutes=30)
    desk.read()
    early = desk.post("jl. Kaligawe banjir lagi", "budi", minutes=5)
    desk.read()
    ticket = desk.ticket_of(early)
    assert desk.row(late)["ticket_id"] == ticket["id"]
    assert (desk.row(late)["outcome"], desk.row(early)["outcome"]) == ("drafted", "joined")
    assert (ticket["text"], ticket["priority"], ticket["post_count"]) == ("jl. Kaligawe banjir lagi", "tinggi", 2)
    assert [line["action"] for line in desk.history(ticket["id"])] == ["draft", "join"]


def test_a_post_that_links_two_drafts_merges_them_and_the_higher_number_points_on(desk: Desk) -> None:
    first = desk.post("banjir di jl. Kaligawe", "budi", minutes=0)
    far = desk.post("jl. Kaligawe banjir", "siti", minutes=60 * 90)
    desk.read()
    assert len(desk.alive()) == 2
    between = desk.post("jl. Kaligawe banjir", "tono", minutes=60 * 45)
    desk.read()
    (ticket,) = desk.alive()
    assert {desk.row(post)["ticket_id"] for post in (first, far, between)} == {ticket["id"]}
    merged = desk.ticket(2)
    assert (ticket["number"], merged["merged_into"]) == ("2026-000001", ticket["id"])
    assert desk.row(far)["outcome"] == "drafted", "merges never change what the reading made of a post"
    assert desk.history(2)[-1]["before"]["posts"] == [far]


def test_a_burst_is_one_draft(desk: Desk) -> None:
    for number in range(60):
        desk.post(f"banjir di jl. Kaligawe motor mogok nomor {number}", f"w{number}", minutes=number)
    desk.read(batch=25)
    (ticket,) = desk.alive()
    assert (ticket["post_count"], ticket["version"]) == (60, 1), "growing alone asks for no verdict again"


STORY = [
    ("banjir di jl. Kaligawe", "budi", 0),
    ("jl. Kaligawe banjir", "siti", 60 * 47),
    ("jl. Kaligawe banjir lagi", "tono", 60 * 90),
    ("banjir di jl. Majapahit", "budi", 10),
    ("lampu mati", "budi", 20),
]


def told_in(desk: Desk, order: tuple[int, ...], batch: int) -> tuple[set[frozenset[str]], list[str]]:
    for index in order:
        text, author, minutes = STORY[index]
        desk.post(text, author, minutes=minutes, source_id=f"s{index}")
        if batch == 1:
            desk.read()
    desk.read()
    told = ("title", "text", "category", "opd", "queue", "priority", "place", "posted_at", "post_count")
    drafts = sorted(str([ticket[name] for name in told]) for ticket in desk.alive())
    return desk.partition(), drafts


@pytest.mark.parametrize("batch", [1, 200])
def test_the_same_posts_in_any_order_make_the_same_drafts(desk: Desk, batch: int) -> None:
    orders = list(permutations(range(5)))[:: 17 if batch == 1 else 11]
    expected = None
    for order in orders:
        found = told_in(desk, order, batch)
        expected = expected or found
        assert found == expected, order
        desk.wipe()
    assert expected is not None
    assert len(expected[0]) == 3
