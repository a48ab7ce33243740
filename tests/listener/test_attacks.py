"""What a hostile tester found: each of these once lost a post, a run or money."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from database.engine import reading
from database.tables import posts
from listener.cursor import Window
from listener.emulator import Emulator
from listener.importing import import_file
from listener.post import CapturedPost, Unreadable
from listener.sources.files import FileRefused, Reading, read_file
from listener.sources.x import client
from listener.sources.x.client import XClient
from listener.sources.x.errors import Transient
from listener.sources.x.wire import read_page, read_users
from tests.listener.conftest import QUICK, ZONE, Clock, Listener, Store, dollars

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
POST = {"id": "2028273833210806272", "text": "got mampet"}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"meta": {"result_count": 8}},
        {"errors": [{"title": "internal-error"}], "meta": {"result_count": 0}},
        {"errors": [{"title": "internal-error"}]},
        {"data": POST, "meta": {}},
        {"data": [POST], "meta": {"result_count": 2}},
    ],
)
def test_a_200_that_is_no_page_does_not_pass_for_an_empty_one(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    monkeypatch.setattr(client, "_answer", lambda *words, **parameters: answer)
    with pytest.raises(Transient, match="no page of posts"):
        XClient("token", "http://127.0.0.1:9", patience=QUICK).search("#a", Window(1, 2), size=10, page=None)


def test_lost_answers_of_a_day_count_once_however_often_they_are_lost(
    x: Emulator, store: Store, listener: Listener, clock: Clock
) -> None:
    x.publish("jalan rusak #laporhendi")
    x.fault("cut_json", times=None)
    frugal = replace(listener.parts.budget, monthly=dollars("2"))
    for _ in range(8):
        clock.move(hours=1)
        run = store.run(listener.run(budget=frugal))
        assert [error["kind"] for error in run.errors] == ["transient"]
    x.mend()
    clock.move(hours=1)
    assert store.run(listener.run(budget=frugal)).status == "complete"


@pytest.mark.parametrize(
    "odd",
    [
        {"lang": "in\u0000"},
        {"lang": "\ud800"},
        {"lang": "x" * 500},
        {"author_id": "\ud800"},
        {"author_id": {}},
        {"note_tweet": {"text": None}},
        {"attachments": {"media_keys": [None]}},
        {"geo": "x"},
        {"referenced_tweets": [{"id": None}]},
        {"edit_history_tweet_ids": "none"},
    ],
)
def test_what_a_post_can_do_without_costs_neither_it_nor_the_page(odd: dict[str, Any]) -> None:
    (post,) = read_page({"data": [POST | odd]}).posts
    assert isinstance(post, CapturedPost)
    assert (post.text, post.language, post.author_id) == ("got mampet", None, None)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({}, [("7", None)]),
        ({"created_at": "yesterday"}, [("7", None)]),
        ({"created_at": "2019-03-01T10:00:00"}, [("7", None)]),
        ({"created_at": "2019-03-01T10:00:00.000Z"}, [("7", datetime(2019, 3, 1, 10, tzinfo=UTC))]),
        ({"id": 7}, [("7", None)]),
        ({"id": None}, []),
        ({"username": ""}, []),
        ({"username": {}}, []),
    ],
)
def test_an_account_that_is_told_oddly_costs_its_age_or_itself_and_no_other(
    odd: dict[str, Any], told: list[Any]
) -> None:
    answer = {"data": [{"id": "7", "username": "sari"} | odd, None, {"id": "8", "username": "budi"}]}
    assert [(user.id, user.created_at) for user in read_users(answer)] == [*told, ("8", None)]
    assert [*read_users({"data": None})] == [*read_users({})] == []


@pytest.mark.parametrize(
    ("references", "repeats"),
    [
        ([{"type": "retweeted", "id": "11"}], "11"),
        ([{"type": "quoted", "id": "12"}], "12"),
        ([{"type": "replied_to", "id": "13"}, {"type": "quoted", "id": "12"}], "12"),
        ([{"type": "replied_to", "id": "13"}], None),
        ([{"type": "quoted", "id": None}, None], None),
        (None, None),
    ],
)
def test_what_a_post_repeats_is_read_from_either_generation_of_names(references: Any, repeats: str | None) -> None:
    for name in ("referenced_tweets", "referenced_posts"):
        (post,) = read_page({"data": [POST | {name: references}]}).posts
        assert isinstance(post, CapturedPost)
        assert post.repeats == repeats


@pytest.mark.parametrize("identity", ["5", "0", "9999999999999999999"])
def test_an_id_that_x_cannot_have_given_out_moves_no_cursor(identity: str) -> None:
    page = read_page({"data": [POST | {"id": identity}]})
    assert isinstance(page.posts[0], Unreadable)
    assert page.oldest_id is None


def test_posts_of_the_citys_own_account_are_read_again_once_it_is_known(
    x: Emulator, store: Store, listener: Listener, clock: Clock, engine: Engine
) -> None:
    x.open_account("sapambakita")
    (own,) = x.publish("terima kasih laporannya #laporhendi", author="sapambakita")
    parts = {"own_accounts": frozenset({"sapambakita"})}
    x.fault("internal_error", times=None, endpoint="users_by")
    run = store.run(listener.run(**parts))
    assert [error["kind"] for error in run.errors] == ["transient"]
    with engine.begin() as connection:
        connection.execute(posts.update().values(outcome="drafted"))  # as the reading that follows may do
    x.mend()
    clock.move(minutes=20)
    listener.run(**parts)
    assert store.post(own).outcome == "waiting"


def imported(engine: Engine, path: Path) -> list[tuple[str, str | None]]:
    import_file(engine, path, Reading("email", ZONE, NOW), lambda: NOW)
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(posts.c.outcome, posts.c.reason).order_by(posts.c.id))]


@pytest.mark.parametrize(
    ("rows", "outcomes", "told"),
    [
        (f"{'m' * 200},macet,,,\n", ["waiting"], ""),
        (",macet,9999-12-31T23:59:59-12:00,,\n,rusak,,,\n", ["quarantined", "waiting"], "line 2"),
        (',"macet,,,\n2,rusak,,,\n', ["quarantined"], "not closed"),
        ("1,macet,,,\n1,rusak,,,\n", ["waiting", "quarantined"], "another text"),
    ],
)
def test_odd_rows_of_a_table_are_kept_or_told(
    engine: Engine, tmp_path: Path, rows: str, outcomes: list[str], told: str
) -> None:
    path = tmp_path / "surat.csv"
    path.write_text("id,text,created_at,author,url\n" + rows)
    found = imported(engine, path)
    assert [outcome for outcome, _ in found] == outcomes
    assert told in " ".join(reason or "" for _, reason in found)


def test_a_torn_archive_gives_what_is_whole_and_says_where_it_is_torn(engine: Engine, tmp_path: Path) -> None:
    import gzip

    whole = gzip.compress(
        "".join(json.dumps(POST | {"id": str(int(POST["id"]) + n)}) + "\n" for n in range(9_000)).encode()
    )
    path = tmp_path / "torn.jsonl.gz"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = imported(engine, path)
    assert len(found) > 100
    assert "damaged after" in str(found[-1][1])


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no regular file"):
        read_file(tmp_path, Reading("x", ZONE, NOW))
