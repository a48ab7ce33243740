"""A candidate reads along, and nothing comes of it but its own predictions."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from classifier import Post
from classifier.registry import Registry
from classifier.shadow import let_read_along
from classifier.stored import read_stored
from database.engine import reading
from database.tables import predictions, tickets
from tests.classifier.language import ROOT
from tests.tickets.builder import NOON, Answer, Desk, RuleReader
from tickets.__main__ import app
from tickets.crowds import pillars
from tickets.errors import ReaderFailed
from tickets.shadowing import candidate_reads_along, read_along

TEXTS = ("lampu mati di jl. Gajah", "sampah di jl. Mataram", "pagi semua", "banjir di jl. Kaligawe")


class Contrary(RuleReader):
    """A candidate that takes everything for an urgent matter of the fire brigade, at another place."""

    def _content(self, post: Post) -> dict[str, object]:
        if "poison" in post.text:
            raise ValueError("poison")
        place = {"kelurahan": "Jomblang", "kecamatan": None, "text": "jl. Lain", "precision": "street"}
        told = {"decision": "route", "opd": {"code": "damkar", "p": 0.99}, "category": {"code": "darurat", "p": 0.99}}
        return super()._content(post) | told | {"priority": "darurat", "place": place}


@dataclass
class Broken:
    model: str = "broken-1"

    def read(self, posts: Sequence[Post]) -> list[Answer]:
        raise MemoryError(f"no room for {len(posts)} posts")


def along(desk: Desk, candidate: Any, **options: Any) -> int:
    return read_along(desk.engine, candidate, lambda: desk.now, since=NOON - timedelta(hours=1), **options)


def kept(desk: Desk, model: str) -> list[Mapping[str, Any]]:
    with reading(desk.engine) as connection:
        query = select(predictions).where(predictions.c.model == model).order_by(predictions.c.post_id)
        return [*connection.execute(query).mappings()]


def all_tickets(desk: Desk) -> list[dict[str, Any]]:
    with reading(desk.engine) as connection:
        return [dict(row) for row in connection.execute(select(tickets).order_by("id")).mappings()]


def test_what_a_candidate_reads_is_kept_as_a_shadows_and_changes_no_ticket(desk: Desk) -> None:
    desk.tell(*TEXTS)
    before = all_tickets(desk)
    assert along(desk, Contrary("other-1"), batch=3) == len(TEXTS)
    assert [row["shadow"] for row in kept(desk, "other-1")] == [True] * len(TEXTS)
    assert [row["shadow"] for row in kept(desk, "rules-1")] == [False] * len(TEXTS)
    assert all_tickets(desk) == before
    assert along(desk, Contrary("other-1")) == 0, "each post is read once"


def test_drafts_drawn_later_know_nothing_of_a_shadow(desk: Desk) -> None:
    """A post joins, one is edited: each time the newest prediction is looked for."""
    first = desk.post("lampu mati di jl. Gajah", "a")
    desk.post("lampu padam di jl. Gajah", "b", minutes=5)
    desk.read()
    desk.later(10)
    along(desk, Contrary("other-1"))
    joined = desk.post("lampu di jl. Gajah gelap", "c", minutes=10)
    desk.read()
    desk.edit(first, "lampu mati di jl. Gajah, gelap")
    desk.read()
    ticket = desk.ticket_of(joined)
    assert desk.row(first)["ticket_id"] == ticket["id"]
    assert ticket["post_count"] == 3
    assert (ticket["opd"], ticket["category"], ticket["priority"]) == ("disperkim", "pju", "biasa")
    assert ticket["place"]["text"] == "jl. Gajah"
    assert ticket["model"] == "rules-1"


def test_a_crowds_draft_is_drawn_from_the_same_posts_as_without_a_shadow(desk: Desk) -> None:
    texts = ("lampu mati", "lampu padam", "lampu mati lalu jatuh bahaya", "lampu gelap")
    for minutes, text in enumerate(texts):
        desk.post(f"{text} di jl. Gajah", f"warga{minutes}", minutes=minutes)
    desk.read()
    (ticket,) = desk.alive()
    desk.later(10)

    def drawn_from() -> set[str]:
        with reading(desk.engine) as connection:
            return {post.text.split(" di ")[0] for post in pillars(connection, ticket["id"]).posts}

    assert drawn_from() == {"lampu mati", "lampu mati lalu jatuh bahaya", "lampu gelap"}
    along(desk, Contrary("other-1"))
    assert drawn_from() == {"lampu mati", "lampu mati lalu jatuh bahaya", "lampu gelap"}


def test_a_candidate_that_fails_disturbs_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.tell(*TEXTS)
    before = all_tickets(desk)
    with pytest.raises(ReaderFailed):
        along(desk, Broken())
    let_read_along(Registry(tmp_path), "20260101-aaaaaaaa", "sari", "a week", NOON)
    with caplog.at_level(logging.WARNING):
        assert candidate_reads_along(desk.engine, tmp_path, lambda: desk.now) == 0
    assert "20260101-aaaaaaaa does not read along (ModelMissing" in caplog.text
    (tmp_path / "shadows.jsonl").write_text("torn\n")
    assert candidate_reads_along(desk.engine, tmp_path, lambda: desk.now) == 0
    assert all_tickets(desk) == before


def test_one_post_that_the_candidate_cannot_read_is_passed_over(desk: Desk) -> None:
    desk.tell("lampu mati", "lampu poison", "sampah")
    assert len(kept(desk, "rules-1")) == 2, "the champion has put one in quarantine"
    assert along(desk, Contrary("other-1")) == 2


def test_only_posts_since_it_began_are_read_and_removed_ones_are_not(desk: Desk) -> None:
    desk.tell("lampu mati di jl. Lama")
    desk.later(60)
    gone, new = desk.post("sampah di jl. Baru", "x"), desk.post("got di jl. Baru", "y")
    desk.read()
    desk.remove(gone)
    desk.read()
    assert read_along(desk.engine, Contrary("other-1"), lambda: desk.now, since=NOON + timedelta(minutes=30)) == 1
    assert [row["post_id"] for row in kept(desk, "other-1")] == [new]


def test_the_words_of_a_removed_post_go_from_a_shadows_prediction_too(desk: Desk) -> None:
    (post_id,) = desk.tell("lampu mati di jl. Rahasia")
    along(desk, Contrary("other-1"))
    desk.remove(post_id)
    desk.read()
    assert "rahasia" not in str(kept(desk, "other-1")).lower()


def test_a_candidate_that_becomes_champion_reads_with_effect_again(desk: Desk) -> None:
    (post_id,) = desk.tell("lampu mati di jl. Gajah")
    along(desk, Contrary("other-1"))
    desk.later(10)
    desk.reader = Contrary("other-1")
    desk._change(post_id, outcome="waiting")
    desk.read()
    assert [row["shadow"] for row in kept(desk, "other-1")] == [False]
    assert desk.ticket_of(post_id)["opd"] == "damkar"


@pytest.mark.parametrize("package", ["tickets", "desk"])
def test_whoever_reads_predictions_says_whose(package: str) -> None:
    """A module that takes predictions from the store leaves out shadows', or writes to all of them."""
    writes_to_all = {"revisions.py"}  # forgets the words of removed posts, whoever read them
    for path in (ROOT / package).glob("*.py"):
        code = path.read_text(encoding="utf-8")
        if "predictions.c" in code and path.name not in writes_to_all:
            assert "OF_CHAMPIONS" in code or "predictions.c.shadow" in code, path.name


def test_what_both_said_comes_out_side_by_side_as_compare_reads_it(desk: Desk, store_url: str, tmp_path: Path) -> None:
    desk.tell(*TEXTS)
    along(desk, Contrary("other-1"))
    out = tmp_path / "read.jsonl"
    command = ["export", "--predictions", "--json", "--out", str(out)]
    assert CliRunner().invoke(app, command, env={"SIMAK_DATABASE_URL": store_url}).exit_code == 0
    stored = read_stored(out)
    posts, champion, candidate = stored.of(("rules-1", "other-1"), stored.posts)
    assert [post.text for post in posts] == list(TEXTS)
    assert [one.dropped for one in champion] == [False, False, True, False]
    assert [one.routed for one in candidate] == [True] * 4
