"""What a person says of a draft's urgency: it stands, it is taught, it is taken back, and new danger goes before it."""

from __future__ import annotations

import pytest

from database.engine import reading, writing
from tests.tickets.builder import NOON, Desk
from tests.tickets.test_workflow import LAMP, act, take_back
from tickets.drafts import Moved, merge, redraw
from tickets.errors import Incomplete
from tickets.exports import label_table
from tickets.queue import history
from tickets.steps import Accept, Correct, Prioritise

FIRE = "sampah terbakar, ada kebakaran di jl. Gajah"


def urgency(desk: Desk, ticket_id: int = 1) -> tuple[str, int]:
    row = desk.ticket(ticket_id)
    return row["priority"], row["priority_rank"]


def taught(desk: Desk) -> list[tuple[object, object, object]]:
    with reading(desk.engine) as connection:
        return [(row["opd"], row["actionable"], row["priority"]) for row in label_table(connection).rows]


def draw_again(desk: Desk, ticket_id: int = 1) -> None:
    with writing(desk.engine) as connection:
        redraw(connection, desk.city, {ticket_id: Moved("reread")}, desk.now)


def test_it_stands_however_often_the_posts_are_read_again_and_undo_brings_the_models_back(desk: Desk) -> None:
    desk.tell(FIRE)
    assert urgency(desk) == ("darurat", 0)
    done = act(desk, 1, Prioritise("biasa"))
    draw_again(desk)
    assert urgency(desk) == ("biasa", 2)
    with reading(desk.engine) as connection:
        line = history(connection, 1)[-1]
    assert (line["action"], line["before"]["priority"], line["after"]["priority"]) == ("prioritise", "darurat", "biasa")
    take_back(desk, done)
    assert urgency(desk) == ("darurat", 0)


def test_a_post_that_tells_of_danger_later_raises_it_again(desk: Desk) -> None:
    desk.tell(f"bahaya {LAMP}")
    act(desk, 1, Prioritise("biasa"))
    desk.post(LAMP, "warga8", minutes=10)
    desk.read()
    assert urgency(desk) == ("biasa", 2)
    desk.post(f"bahaya {LAMP}", "warga9", minutes=20)
    desk.read()
    assert [row["post_count"] for row in desk.alive()] == [3]
    assert urgency(desk) == ("tinggi", 1)


def test_of_two_drafts_that_become_one_the_more_urgent_counts(desk: Desk) -> None:
    desk.tell(FIRE, "lubang di jl. Merak")
    act(desk, 2, Prioritise("biasa") if urgency(desk, 2)[0] != "biasa" else Prioritise("tinggi"))
    act(desk, 1, Prioritise("biasa"))
    with writing(desk.engine) as connection:
        came = merge(connection, {2: 1}, {}, desk.now)
        redraw(connection, desk.city, {1: Moved(came=tuple(came[1]))}, desk.now)
    assert urgency(desk) == ("tinggi", 1)


def test_what_was_said_of_it_is_a_label_once_the_draft_is_decided_and_says_nothing_of_category_or_office(
    desk: Desk,
) -> None:
    desk.tell(FIRE)
    done = act(desk, 1, Prioritise("tinggi"))
    assert taught(desk) == []
    act(desk, 1, Correct(opd="damkar"))
    assert taught(desk) == [("damkar", 1, "tinggi")]
    act(desk, 1, Accept())
    assert taught(desk) == [("damkar", 1, "tinggi")]
    assert done.ticket_id == 1


def test_a_label_that_was_taken_back_is_taught_no_more(desk: Desk) -> None:
    desk.tell(FIRE)
    act(desk, 1, Accept())
    done = act(desk, 1, Prioritise("tinggi"))
    assert taught(desk) == [("dlh", 1, "tinggi")]
    take_back(desk, done)
    assert taught(desk) == [("dlh", 1, None)]


def test_the_words_of_danger_are_those_of_the_most_urgent_post_and_go_when_its_author_removes_it(desk: Desk) -> None:
    desk.tell(LAMP)
    second = desk.post(f"bahaya {LAMP}", "warga9", minutes=20)
    desk.read()
    act(desk, 1, Accept())
    assert desk.ticket(1)["prediction"]["priority_why"] == ["bahaya"]
    desk.remove(second)
    desk.read()
    assert (desk.ticket(1)["prediction"]["priority_why"], desk.ticket(1)["text"]) == ([], LAMP)


def test_what_is_so_already_is_no_change(desk: Desk) -> None:
    desk.tell(FIRE)
    with pytest.raises(Incomplete, match="urgent_already"):
        act(desk, 1, Prioritise("darurat"))
    assert desk.now == NOON
