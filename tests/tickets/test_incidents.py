"""When two posts tell of one event, and what becomes of their drafts."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import Post
from database.engine import reading
from tests.tickets.builder import NOON, Answer, Desk, RuleReader
from tests.tickets.event_posts import SEALS, Half, load, seal
from tests.tickets.joining import joined
from tickets import chance
from tickets.crowds import CROWD
from tickets.drafting import draft
from tickets.evidence import Evidence
from tickets.incidents import keys, same_event
from tickets.kinds import known_kinds
from tickets.partition import SPAN, Held, partition
from tickets.read_post import ReadPost, Written, read_post
from tickets.stored_posts import of_tickets


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
    assert same_event(read("banjir jl. Kaligawe", "budi"), read("jl. Kaligawe banjir", "siti", hours=20))
    assert not same_event(read("banjir jl. Kaligawe", "budi"), read("jl. Kaligawe banjir", "siti", hours=49))


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


@pytest.mark.parametrize(
    ("half", "pairs", "least_f1", "most_wrong"),
    [
        ("choose", 2_000, 0.9, 0.006),
        ("develop", 1_200, 0.84, 0.005),
        ("frozen", 350, 0.86, 0.03),
        ("sealed", 1_200, 0.68, 0.02),
    ],
)
def test_on_hand_written_events_hardly_any_are_joined_wrongly_and_little_is_missed(
    half: Half, pairs: int, least_f1: float, most_wrong: float
) -> None:
    """Many near misses: the same street on another day, the same matter two streets on, another matter next door."""
    found = joined(load(half))
    assert found.right + found.missed + found.near_misses >= pairs
    assert found.f1 >= least_f1, found
    assert found.wrong_joins <= most_wrong, found


@pytest.mark.parametrize("half", SEALS)
def test_the_events_that_measure_were_not_changed_since_they_were_written(half: Half) -> None:
    assert seal(half) == SEALS[half]


def test_each_trait_has_a_weight() -> None:
    names = {name for one, other in pairs_of_a_scene() for name in chance.traits(Evidence(one, other))}
    assert names <= {*chance.known_weights(), "elsewhere", "one tells of the past"}, "benchmarks.weighing_traits"


def pairs_of_a_scene() -> Iterator[tuple[ReadPost, ReadPost]]:
    return combinations([told.post for told in load("develop")][:40], 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("got mampet jl. Gajah gang 9", "jl. Gajah gang XII got mampet"),
        ("lampu halte koridor 5 mati di jl. Gajah", "lampu halte koridor 6 mati di jl. Gajah"),
    ],
)
def test_another_lane_or_bus_line_is_another_event(one: str, other: str) -> None:
    assert not same_event(read(one, "budi"), read(other, "siti"))
    assert same_event(read(one, "budi"), read(one.upper(), "siti"))


def test_kinds_of_event_name_kinds_that_there_are_and_tell_nothing_twice() -> None:
    kinds = known_kinds().by_name
    for kind in kinds.values():
        assert kind.along <= kinds.keys(), kind.name
        assert len(set(kind.words)) == len(kind.words), kind.name


def test_groups_depend_on_nothing_but_the_posts() -> None:
    posts = [each.post for each in load("choose")]
    expected = ids(partition(posts))
    for seed in range(3):
        assert ids(partition(random.Random(seed).sample(posts, len(posts)))) == expected


def ids(groups: Sequence[Sequence[ReadPost]]) -> set[frozenset[str]]:
    return {frozenset(post.source_id for post in group) for group in groups}


def test_the_store_joins_exactly_what_the_posts_in_any_order_would_be(desk: Desk) -> None:
    read_posts = [each.post for each in load("choose")][:160]
    desk.reader = Told({post.source_id: post.content for post in read_posts})  # type: ignore[assignment]
    shuffled = random.Random(7).sample(read_posts, len(read_posts))
    for post in shuffled:
        desk.post(post.text, post.author, source_id=post.source_id, created_at=post.created_at)
    desk.read(batch=7)
    assert desk.partition() == ids(partition(read_posts))


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


# ── Groups ────────────────────────────────────────────────────────────────────────────────────────────────────────


def numbered(*posts: ReadPost) -> list[ReadPost]:
    return [replace(post, id=number, source_id=f"{number:03}") for number, post in enumerate(posts)]


def groups_of(*posts: ReadPost, held: Sequence[Held] = ()) -> list[list[int]]:
    return sorted([post.id for post in group] for group in partition(numbered(*posts), held))


def test_one_vague_post_does_not_make_one_spot_of_two() -> None:
    here = read("lampu mati jl. Gajah kel. Wonodri", "budi")
    vague = read("lampu mati di kel. Wonodri", "siti", hours=1)
    there = read("lampu mati jl. Merak kel. Wonodri", "tono", hours=2)
    assert not same_event(here, there)
    assert all(len(group) < 3 for group in groups_of(here, vague, there))


def test_a_chain_of_days_ends_within_a_week() -> None:
    days = [read("lampu mati di jl. Gajah", f"warga {day}", hours=24 * day) for day in range(30)]
    assert same_event(days[0], days[1])
    posts = numbered(*days)
    for group in partition(posts):
        assert group[-1].created_at - group[0].created_at <= SPAN
    assert len(partition(posts)) < 10


def test_what_a_person_put_together_is_neither_parted_nor_joined_with_another_such() -> None:
    one, other = read("lampu mati di jl. Gajah", "budi"), read("sampah di jl. Merak", "siti")
    like = read("jl. Gajah lampu mati", "tono", hours=1)
    assert groups_of(one, other, like, held=[Held(frozenset({0, 1}), by_hand=True)]) == [[0, 1, 2]]
    both = [Held(frozenset({0, 1}), by_hand=True), Held(frozenset({2}), by_hand=True)]
    assert groups_of(one, other, like, held=both) == [[0, 1], [2]]


@given(st.lists(POSTS, max_size=8), st.randoms(use_true_random=False))
def test_groups_never_depend_on_the_order_of_capture(posts: list[ReadPost], chance: random.Random) -> None:
    given_ids = numbered(*posts)
    shuffled = chance.sample(given_ids, len(given_ids))
    assert ids(partition(shuffled)) == ids(partition(given_ids))
    for group in partition(given_ids):
        assert group[-1].created_at - group[0].created_at <= SPAN


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
    first = desk.post("lampu mati di jl. Kaligawe", "budi", minutes=0)
    far = desk.post("jl. Kaligawe lampu mati", "siti", minutes=60 * 90)
    desk.read()
    assert len(desk.alive()) == 2
    between = desk.post("jl. Kaligawe lampu mati", "tono", minutes=60 * 45)
    desk.read()
    (ticket,) = desk.alive()
    assert {desk.row(post)["ticket_id"] for post in (first, far, between)} == {ticket["id"]}
    merged = desk.ticket(2)
    assert (ticket["number"], merged["merged_into"]) == ("2026-000001", ticket["id"])
    assert desk.row(far)["outcome"] == "drafted", "merges never change what the reading made of a post"
    assert desk.history(2)[-1]["before"]["posts"] == [far]


def test_a_burst_of_400_is_one_draft_within_seconds_and_says_what_all_its_posts_would(desk: Desk) -> None:
    for number in range(400):
        urgent = "bahaya" if number == 350 else ""
        house = "kel. Kaligawe" if number == 390 else ""
        text = f"banjir di jl. Kaligawe {house} motor mogok nomor {number} {urgent}"
        desk.post(text, f"w{number}", minutes=number / 7)
    began = time.perf_counter()
    desk.read(batch=150)
    assert time.perf_counter() - began < 5
    (ticket,) = desk.alive()
    assert (ticket["post_count"], ticket["priority"], ticket["place"]["kelurahan"]) == (400, "tinggi", "Kaligawe")
    assert ticket["post_count"] > CROWD
    with reading(desk.engine) as connection:
        whole = draft(of_tickets(connection, [ticket["id"]])[ticket["id"]], desk.city).as_columns()
    assert {name: ticket[name] for name in whole} == whole


STORY = [
    ("lampu mati di jl. Kaligawe", "budi", 0),
    ("jl. Kaligawe lampu mati", "siti", 60 * 47),
    ("jl. Kaligawe lampu mati lagi", "tono", 60 * 90),
    ("lampu mati di jl. Majapahit", "budi", 10),
    ("sampah", "budi", 20),
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
