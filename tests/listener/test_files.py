"""Archives and exports in the forms in which people keep them."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from listener.importing import import_file
from listener.post import CapturedPost, Unreadable
from listener.sources.files import FileRefused, Reading, read_file
from tests.listener.conftest import ZONE, Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
POST = {
    "id": "2028273833210806272",
    "text": "got mampet &amp; bau #laporhendi",
    "created_at": "2026-03-02T00:10:00.000Z",
    "author_id": "77",
    "edit_history_tweet_ids": ["2028273833210806272"],
}
OTHER = {"id": "2028273833210806273", "text": "jalan rusak"}
PARENT = {"id": "2028273833210800000", "text": "banjir lagi di genuk"}


def captured(path: Path, channel: str = "x") -> list[CapturedPost | Unreadable]:
    return list(read_file(path, Reading(channel, ZONE, NOW)))


def written(tmp_path: Path, content: str | bytes, name: str = "posts") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


page = {
    "data": [POST | {"referenced_tweets": [{"type": "replied_to", "id": PARENT["id"]}]}],
    "includes": {"tweets": [PARENT]},
}
flattened = POST | {
    "author": {"id": "77", "username": "contoh_077"},
    "referenced_tweets": [{"type": "replied_to", **PARENT}],
    "geo": {"place_id": "abc", "full_name": "Semarang, Indonesia"},
    "__twarc": {"version": "2.14"},
}
renamed = {
    "id": int(POST["id"]),
    "text": "cut …",
    "note_post": {"text": POST["text"]},
    "created_at": POST["created_at"],
    "edit_history_post_ids": [POST["id"]],
}
old = {
    "id_str": POST["id"],
    "full_text": POST["text"],
    "created_at": "Mon Mar 02 00:10:00 +0000 2026",
    "user": {"id_str": "77", "screen_name": "contoh_077"},
}


@pytest.mark.parametrize("form", [page, flattened, renamed, old], ids=["page", "flattened", "renamed", "v1.1"])
def test_an_archive_of_any_form_gives_the_same_post(tmp_path: Path, form: dict[str, object]) -> None:
    (post,) = captured(written(tmp_path, json.dumps(form) + "\n"))
    assert isinstance(post, CapturedPost)
    assert (post.source_id, post.text) == (POST["id"], "got mampet & bau #laporhendi")
    assert post.created_at == datetime(2026, 3, 2, 0, 10, tzinfo=UTC)


def test_parents_places_and_handles_that_an_archive_holds_are_used(tmp_path: Path) -> None:
    (post,) = captured(written(tmp_path, json.dumps(flattened)))
    assert isinstance(post, CapturedPost)
    assert (post.parent_text, post.place_name, post.author_handle) == (
        "banjir lagi di genuk",
        "Semarang, Indonesia",
        "contoh_077",
    )


def test_arrays_gzip_byte_marks_and_foreign_line_ends_are_read(tmp_path: Path) -> None:
    lines = json.dumps(POST) + "\r\n" + json.dumps(OTHER) + "\r\n"
    forms = [
        json.dumps([POST, OTHER]).encode(),
        gzip.compress(lines.encode()),
        b"\xef\xbb\xbf" + lines.encode(),
    ]
    for number, form in enumerate(forms):
        posts = captured(written(tmp_path, form, f"posts{number}"))
        assert [post.source_id[-1] for post in posts] == ["2", "3"]


def test_a_torn_last_line_is_kept_with_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    good, torn = captured(written(tmp_path, json.dumps(POST) + '\n{"id": "20282738332108', "arsip.jsonl"))
    assert isinstance(good, CapturedPost)
    assert isinstance(torn, Unreadable)
    assert torn.reason == "arsip.jsonl, line 2: no whole JSON"


def test_a_csv_needs_only_a_text(tmp_path: Path) -> None:
    first, second = captured(written(tmp_path, 'text\n"lampu mati,\ndi gang 3"\nlampu mati\n'), "whatsapp")
    assert isinstance(first, CapturedPost)
    assert (first.text, first.created_at) == ("lampu mati,\ndi gang 3", NOW)
    assert first.source_id != second.source_id


def test_times_without_a_zone_are_the_citys(tmp_path: Path) -> None:
    (post,) = captured(written(tmp_path, "id,text,created_at\n5,macet,2026-03-01 07:00\n"), "sms")
    assert isinstance(post, CapturedPost)
    assert post.created_at == datetime(2026, 3, 1, 0, 0, tzinfo=UTC)


def test_rows_that_cannot_be_read_are_kept_with_their_reason(tmp_path: Path) -> None:
    rows = b"id,text,created_at\n1,,\n2,macet,kemarin\n3,\xff\xfe rusak,\n4,baik,\n5," + b"a" * 5_000_000 + b",\n"
    posts = captured(written(tmp_path, rows, "ekspor.csv"), "app")
    reasons = [post.reason if isinstance(post, Unreadable) else None for post in posts]
    assert [reason and reason.split(":")[0] for reason in reasons] == [
        "ekspor.csv, line 2",
        "ekspor.csv, line 3",
        "ekspor.csv, line 4",
        None,
        "ekspor.csv, line 6",
    ]
    assert "5,000,000 characters" in str(reasons[-1])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"nama,isi\nbudi,rusak\n", "a column text"),
        (b'{"nama": "budi"}\n', "the keys nama"),
        (b"\x1f\x8b torn", "cannot be read"),
    ],
)
def test_a_file_of_no_known_form_is_refused_before_anything_is_stored(
    tmp_path: Path, engine: Engine, store: Store, content: bytes, told: str
) -> None:
    with pytest.raises(FileRefused, match=told):
        import_file(engine, written(tmp_path, content), Reading("x", ZONE, NOW), lambda: NOW)
    assert store.counts() == (0, 0, 0, 0)


def test_importing_a_file_again_adds_nothing(tmp_path: Path, engine: Engine, store: Store) -> None:
    path = written(tmp_path, "text\nlampu mati\nlampu mati\njalan rusak\n")
    for _ in range(2):
        import_file(engine, path, Reading("manual", ZONE, NOW), lambda: NOW)
    assert store.counts() == (6, 3, 0, 3)


def test_an_archive_brings_no_removed_post_back(tmp_path: Path, engine: Engine, store: Store) -> None:
    from database.engine import writing
    from listener.keeping import remove

    path = written(tmp_path, json.dumps(POST))
    import_file(engine, path, Reading("x", ZONE, NOW), lambda: NOW)
    with writing(engine) as connection:
        remove(connection, "x", [POST["id"]], NOW)
    import_file(engine, path, Reading("x", ZONE, NOW), lambda: NOW)
    assert store.post(POST["id"]).text is None
    assert store.balances()
