"""Posts that change after they were read, and the city's own answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from database.engine import reading, writing
from database.tables import metadata, post_versions, tickets
from tests.tickets.builder import Desk

SECRET = "kuncirahasia"


def decide(desk: Desk, ticket_id: int) -> None:
    with writing(desk.engine) as connection:
        decided = {"status": "dalam_proses", "decided_at": desk.now}
        connection.execute(update(tickets).where(tickets.c.id == ticket_id).values(decided))


def everything_kept(desk: Desk) -> str:
    with reading(desk.engine) as connection:
        return "\n".join(str(row) for table in metadata.tables.values() for row in connection.execute(select(table)))


def facts(ticket: Mapping[str, Any]) -> dict[str, Any]:
    passing = ("id", "number", "version", "created_at", "updated_at", "posted_at", "last_posted_at", "prediction")
    return {name: value for name, value in ticket.items() if name not in passing}


def test_an_edit_before_a_verdict_is_read_again_under_the_same_number(desk: Desk) -> None:
    (post_id,) = desk.tell("lampu mati di jl. Gajah")
    desk.edit(post_id, "maaf, sampah di jl. Gajah")
    assert desk.read() == 1
    ticket = desk.ticket_of(post_id)
    assert (ticket["number"], ticket["category"], ticket["post_count"]) == ("2026-000001", "sampah", 1)
    assert ticket["text"] == "maaf, sampah di jl. Gajah"
    assert ticket["version"] == 2, "who looked at the old words is told"
    assert desk.row(post_id)["outcome"] == "drafted"
    assert desk.history(ticket["id"])[-1]["action"] == "reread"


def test_an_edit_leaves_the_other_posts_as_if_it_had_never_been_there(desk: Desk) -> None:
    first = desk.post("lampu mati di jl. Kaligawe", "budi")
    between = desk.post("jl. Kaligawe lampu mati", "siti", minutes=60 * 45)
    far = desk.post("jl. Kaligawe lampu mati lagi", "tono", minutes=60 * 90)
    desk.read()
    assert len(desk.alive()) == 1
    desk.edit(between, "sampah di jl. Gajah")
    desk.read()
    assert [desk.ticket_of(post)["text"] for post in (first, far, between)] == [
        "lampu mati di jl. Kaligawe", "jl. Kaligawe lampu mati lagi", "sampah di jl. Gajah",
    ]  # fmt: skip
    assert [ticket["post_count"] for ticket in desk.alive()] == [1, 1, 1]
    assert desk.ticket_of(first)["number"] == "2026-000001"


def test_drafts_that_a_changed_post_had_merged_get_their_own_numbers_back(desk: Desk) -> None:
    first = desk.post("lampu mati di jl. Kaligawe", "budi")
    far = desk.post("jl. Kaligawe lampu mati lagi", "tono", minutes=60 * 90)
    desk.read()
    before = [facts(desk.ticket_of(post)) for post in (first, far)]
    between = desk.post("jl. Kaligawe lampu mati", "siti", minutes=60 * 45)
    desk.read()
    desk.edit(between, "pagi semua")
    desk.read()
    assert [desk.ticket_of(post)["number"] for post in (first, far)] == ["2026-000001", "2026-000002"]
    assert [facts(desk.ticket_of(post)) for post in (first, far)] == before
    assert (desk.row(between)["outcome"], desk.row(between)["reason"]) == ("filtered", "not_a_complaint")


def test_an_edit_that_is_no_complaint_withdraws_a_draft_of_its_own(desk: Desk) -> None:
    (post_id,) = desk.tell("lampu mati di jl. Gajah")
    desk.edit(post_id, "sudah nyala, suwun")
    desk.read()
    assert (desk.alive(), desk.row(post_id)["ticket_id"]) == ([], None)
    assert desk.history(1)[-1]["action"] == "withdraw"


def test_after_a_verdict_the_ticket_only_says_that_it_was_edited_since(desk: Desk) -> None:
    (post_id,) = desk.tell("lampu mati di jl. Gajah")
    decide(desk, 1)
    before = facts(desk.ticket(1))
    desk.later(30)
    desk.edit(post_id, "sampah di jl. Merak")
    desk.read()
    assert facts(desk.ticket(1)) | {"edited_since": None} == before
    assert desk.ticket(1)["edited_since"] == desk.now
    assert (desk.row(post_id)["outcome"], desk.row(post_id)["ticket_id"]) == ("drafted", 1)


def test_a_removed_post_takes_its_words_along_from_everywhere(desk: Desk) -> None:
    removed = desk.post(f"{SECRET} lampu mati di jl. Gajah", "budi", source_id="50")
    kept = desk.post("lampu jl. Gajah mati", "siti", minutes=5)
    reply = desk.post("sampah juga di jl. Merak", "tono", minutes=9, reply_to="50", parent_text=f"{SECRET} lampu")
    desk.read()
    assert SECRET in everything_kept(desk)
    desk.remove(removed)
    desk.read()
    assert SECRET not in everything_kept(desk)
    assert (desk.row(removed)["outcome"], desk.row(removed)["reason"]) == ("filtered", "removed")
    assert desk.ticket_of(kept)["number"] == "2026-000001"
    assert desk.ticket_of(kept)["text"] == "lampu jl. Gajah mati"
    assert desk.row(reply)["parent_text"] is None


def test_a_removed_post_that_was_a_draft_alone_withdraws_it(desk: Desk) -> None:
    (post_id,) = desk.tell(f"{SECRET} lampu mati di jl. {SECRET}")
    desk.remove(post_id)
    desk.read()
    assert desk.alive() == []
    assert SECRET not in everything_kept(desk).lower()


def test_a_ticket_whose_post_is_removed_after_the_verdict_keeps_its_state_and_says_so(desk: Desk) -> None:
    (post_id,) = desk.tell(f"{SECRET} lampu mati di jl. Gajah")
    decide(desk, 1)
    desk.remove(post_id)
    desk.read()
    ticket = desk.ticket(1)
    assert (ticket["status"], ticket["text"], ticket["edited_since"]) == ("dalam_proses", "", desk.now)
    assert desk.row(post_id)["ticket_id"] == 1
    assert SECRET not in everything_kept(desk)


def test_an_edited_post_that_cannot_be_read_is_quarantined_and_leaves_its_draft(desk: Desk) -> None:
    first, second = desk.tell("lampu mati di jl. Gajah", "lampu jl. Gajah mati")
    desk.edit(first, "poison")
    desk.read()
    assert (desk.row(first)["outcome"], desk.row(first)["ticket_id"]) == ("quarantined", None)
    assert desk.ticket_of(second)["post_count"] == 1


def test_the_first_own_reply_answers_the_ticket_whichever_was_captured_first(desk: Desk) -> None:
    late = desk.post("lampu sudah kami cek", "SAPAMBAKITA", minutes=50, reply_to="70")
    desk.read()
    complaint = desk.post("lampu mati di jl. Gajah", "budi", source_id="70")
    desk.read()
    assert desk.ticket_of(complaint)["answered_at"] == desk.row(late)["created_at"]
    early = desk.post("siap", "sapambakita", minutes=20, reply_to="71")
    with writing(desk.engine) as connection:
        connection.execute(post_versions.insert().values(channel="x", version_id="71", source_id="70"))
    desk.read()
    ticket = desk.ticket_of(complaint)
    assert ticket["answered_at"] == desk.row(early)["created_at"], "a reply to a later version of it counts as well"
    assert [line["action"] for line in desk.history(ticket["id"])] == ["draft", "answered", "answered"]
