"""What becomes of a post that waits."""

from __future__ import annotations

from threading import Event

import pytest
from sqlalchemy import func, select

from database.engine import reading
from database.tables import predictions, runs
from tests.tickets.builder import Desk
from tickets.errors import ReaderFailed


def test_a_complaint_becomes_a_draft_in_its_offices_queue(desk: Desk) -> None:
    post_id = desk.post("lampu PJU mati di jl. Pandanaran bahaya", "budi", url="https://x.test/1")
    assert desk.read() == 1
    ticket = desk.ticket_of(post_id)
    assert desk.row(post_id)["outcome"] == "drafted"
    assert ticket["number"] == "2026-000001"
    assert ticket["title"] == "Lampu penerangan jalan umum di Jl. Pandanaran"
    assert ticket["text"] == "lampu PJU mati di jl. Pandanaran bahaya"
    assert (ticket["category"], ticket["opd"], ticket["queue"]) == ("pju", "disperkim", "disperkim")
    assert (ticket["priority"], ticket["status"]) == ("tinggi", "belum_terverifikasi")
    assert desk.history(ticket["id"])[0]["action"] == "draft"


@pytest.mark.parametrize(("text", "decision"), [("ada yang aneh ini", "review"), ("listrik padam lagi", "not_ours")])
def test_what_is_unsure_or_not_ours_stands_in_the_citys_queue_and_its_title_supposes(
    desk: Desk, text: str, decision: str
) -> None:
    ticket = desk.ticket_of(desk.tell(text)[0])
    assert (ticket["decision"], ticket["queue"]) == (decision, None)
    assert "kemungkinan" in ticket["title"]


def test_what_is_no_complaint_is_kept_with_its_reason(desk: Desk) -> None:
    chat, own, repost = (
        desk.post("pagi semua"),
        desk.post("lampu kami cek", "SapaMbakIta"),
        desk.post("lampu mati di jl. Gajah", "siti", is_repost=True),
    )
    desk.read()
    kept = {desk.row(post_id)["reason"]: desk.row(post_id)["outcome"] for post_id in (chat, own, repost)}
    assert kept == {"not_a_complaint": "filtered", "own_account": "filtered", "repost": "filtered"}
    assert desk.alive() == []
    assert desk.reader.asked == [1], "only what may be a complaint is asked about"


def test_one_bad_post_is_quarantined_and_the_rest_goes_on(desk: Desk) -> None:
    bad, good = desk.tell("poison lampu", "sampah menumpuk di jl. Mataram")
    assert (desk.row(bad)["outcome"], desk.row(bad)["reason"]) == ("quarantined", "ValueError: this post is poison")
    assert desk.row(good)["outcome"] == "drafted"


def test_a_reader_that_reads_nothing_quarantines_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_posts: object) -> list[object]:
        raise RuntimeError("no such file")

    monkeypatch.setattr(desk.reader, "read", broken)
    post_id = desk.post("lampu mati")
    with pytest.raises(ReaderFailed, match="rules-1 reads nothing"):
        desk.read()
    assert desk.row(post_id)["outcome"] == "waiting"


def test_reading_goes_on_in_batches_until_told_to_stop(desk: Desk) -> None:
    for number in range(7):
        desk.post(f"sampah di jl. nomor{number}")
    stop, told = Event(), []

    def progress(count: int) -> None:
        told.append(count)
        if len(told) == 2:
            stop.set()

    assert desk.read(batch=3, progress=progress, stop=stop, run_id="run-1") == 6
    assert told == [3, 3]
    assert desk.read(batch=3, run_id="run-1") == 1
    with reading(desk.engine) as connection:
        assert connection.execute(select(runs.c.read)).scalar_one() == 7


def test_a_batch_cut_off_before_its_end_waits_again_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    post_id = desk.post("lampu mati di jl. Gajah")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tickets.reading.note_answers", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.read()
    with reading(desk.engine) as connection:
        assert connection.execute(select(func.count()).select_from(predictions)).scalar_one() == 0
    assert (desk.row(post_id)["outcome"], desk.alive()) == ("waiting", [])
    desk.read()
    assert desk.ticket_of(post_id)["number"] == "2026-000001"


def test_a_post_read_again_by_the_same_model_replaces_its_prediction(desk: Desk) -> None:
    (post_id,) = desk.tell("pagi semua")
    desk._change(post_id, outcome="waiting")
    desk.read()
    with reading(desk.engine) as connection:
        assert connection.execute(select(func.count()).select_from(predictions)).scalar_one() == 1
