"""Which other drafts are wrong in the same way as one that was corrected: few, and with what speaks for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from city import City
from classifier import Post
from database.engine import reading
from tests.tickets.builder import Answer, Desk, place_of
from tests.tickets.test_workflow import ADMIN, DPU, VIEWER, act
from tickets.same_way import Correction, same_way
from tickets.steps import Accept, Actor, Correct, Retitle

PROPOSED = {"disperkim": 0.62, "dishub": 0.3}
LIGHTS = "lampu merah simpang padam di jl. Gajah, semrawut"


@dataclass
class DoubtingReader:
    """Takes every lamp for a street lamp, with a second thought; what decided is the first words of the post."""

    model: str = "doubting-1"
    told: dict[str, Mapping[str, object]] = field(default_factory=dict)

    def read(self, posts: Sequence[Post]) -> list[Answer]:
        return [Answer(self._content(post)) for post in posts]

    def _content(self, post: Post) -> dict[str, object]:
        top = [{"code": code, "p": p} for code, p in PROPOSED.items()]
        why = [{"term": word, "weight": 1.0} for word in post.text.lower().split()[:3]]
        return {
            "id": post.id, "actionable": 0.97, "decision": "review", "category": {"code": "pju", "p": 0.7},
            "opd": top[0], "opd_top3": top, "category_top3": [{"code": "pju", "p": 0.7}], "why": why,
            "model": self.model, "normalised": post.text.lower(), "place": place_of(post.text), "priority": "biasa",
        } | self.told.get(post.text, {})  # fmt: skip


@pytest.fixture
def desk(engine: Engine, city: City) -> Desk:
    return Desk(engine, city, reader=DoubtingReader())  # type: ignore[arg-type]


def found(desk: Desk, number: str = "2026-000001", by: Actor = ADMIN) -> Correction | None:
    with reading(desk.engine) as connection:
        return same_way(connection, number, by)


def others(desk: Desk, number: str = "2026-000001") -> list[str]:
    correction = found(desk, number)
    assert correction is not None
    return [str(each.row["text"]) for each in correction.others]


def test_what_the_same_words_decided_and_the_model_half_expected_is_shown_with_both(desk: Desk) -> None:
    desk.tell(
        LIGHTS,
        "lampu merah simpang ngaco kel. Wonodri, antrean mengular sejak pagi buta",
        "tiang miring kel. Bulusan tolong dicek",
    )
    assert found(desk) is None, "nobody corrected anything yet"
    act(desk, 1, Correct(opd="dishub"))
    correction = found(desk)
    assert correction is not None
    (likewise,) = correction.others
    assert (likewise.row["number"], likewise.words[:3], likewise.p) == (
        "2026-000002",
        ("lampu", "merah", "simpang"),
        0.3,
    )
    assert correction.step == Correct(None, "dishub")


def test_what_the_model_never_thought_of_is_shown_only_for_nearly_the_same_words(desk: Desk) -> None:
    desk.tell(
        LIGHTS,
        "lampu merah simpang ngaco kel. Wonodri, antrean mengular sejak pagi buta",
        "lampu merah simpang padam di jl. Merak, semrawut",
    )
    act(desk, 1, Correct(opd="satpolpp"))
    assert others(desk) == ["lampu merah simpang padam di jl. Merak, semrawut"]


def test_another_kind_of_event_another_proposal_and_a_persons_own_choice_are_left_alone(desk: Desk) -> None:
    reader = desk.reader
    assert isinstance(reader, DoubtingReader)
    pole = "lampu merah simpang bocor: pipa pdam pecah kel. Bulusan"
    sure = "lampu merah simpang ngaco kel. Tandang, antrean mengular sejak pagi buta"
    otherwise = "lampu merah simpang mati kel. Jangli"
    reader.told[sure] = {"opd": {"code": "disperkim", "p": 0.95}}
    reader.told[otherwise] = {"opd": {"code": "dpu", "p": 0.6}}
    chosen = "lampu merah simpang mati kel. Kalipancur"
    decided = "lampu merah simpang mati kel. Gisikdrono"
    like_it = "lampu merah simpang mati kel. Sendangguwo"
    desk.tell("lampu merah simpang mati di jl. Gajah", pole, sure, otherwise, chosen, decided, like_it)
    act(desk, 5, Correct(opd="satpolpp"))
    act(desk, 6, Accept())
    act(desk, 1, Correct(opd="dishub"))
    assert others(desk) == [like_it]


def test_after_the_first_ones_follow_nothing_is_left(desk: Desk) -> None:
    desk.tell(LIGHTS, "lampu merah simpang ngaco kel. Wonodri, antrean mengular sejak pagi buta")
    act(desk, 1, Correct(opd="dishub"))
    act(desk, 2, Correct(opd="dishub"))
    assert others(desk) == []


def test_a_title_a_confirmed_proposal_or_anothers_ticket_lead_to_nothing(desk: Desk) -> None:
    desk.tell(LIGHTS, "lampu merah simpang ngaco kel. Wonodri, antrean mengular sejak pagi buta")
    act(desk, 1, Retitle("x"))
    assert found(desk) is None
    act(desk, 1, Correct(opd="disperkim"))
    assert found(desk) is None, "the model had said so itself"
    act(desk, 2, Correct(opd="dishub"))
    assert found(desk, "2026-000002", DPU) is None
    assert found(desk, "2026-000002", VIEWER) is not None, "who only looks may see it; doing is the door's matter"
    assert found(desk, "2026-000099") is None
