"""Answers of X as bytes → posts in the store, beside `json.loads` + `executemany` into plain SQLite."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import orjson

from benchmarks.measuring import take_turns
from database.engine import open_store, writing
from database.upgrade import upgrade
from listener.keeping import Capture, keep
from listener.ledger import begin_query, begin_run, count_page
from listener.snowflake import first_id_at
from listener.sources.x.wire import read_page

POSTS = 10_000
PAGE = 100
_NOW = datetime(2026, 3, 2, tzinfo=UTC)


def pages(turn: int) -> list[bytes]:
    """10,000 posts as X answers them; other ids each turn."""
    begin = first_id_at(_NOW) + turn * POSTS
    return [
        orjson.dumps({"data": [_post(begin + number) for number in range(start, start + PAGE)]})
        for start in range(0, POSTS, PAGE)
    ]


def _post(number: int) -> dict[str, object]:
    return {
        "id": str(number),
        "text": f"@laporsemar min lampu di gang {number % 97} mati sudah {number % 13} hari &amp; gelap #laporhendi",
        "created_at": "2026-03-02T00:00:00.000Z",
        "author_id": str(number % 1009),
        "edit_history_tweet_ids": [str(number)],
        "lang": "in",
    }


def main() -> None:
    turns = count()
    prepared = {turn: pages(turn) for turn in range(12)}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'store.db'}"
        upgrade(url)
        engine = open_store(url)
        plain = sqlite3.connect(Path(folder) / "plain.db")
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("CREATE TABLE posts (id TEXT PRIMARY KEY, text TEXT, author TEXT, created_at TEXT, payload BLOB)")

        def capture() -> None:
            with writing(engine) as connection:
                run = begin_run(connection, "search", "x", _NOW)
                position = begin_query(connection, run, "benchmark")
            for body in prepared[next(turns)]:
                page = read_page(orjson.loads(body))
                with writing(engine) as connection:
                    kept = keep(connection, page.posts, Capture(run, position, _NOW, revives=True))
                    count_page(connection, run, position, kept)

        def floor() -> None:
            for body in prepared[next(turns)]:
                rows = [
                    (post["id"], post["text"], post["author_id"], post["created_at"], json.dumps(post))
                    for post in json.loads(body)["data"]
                ]
                with plain:
                    plain.executemany("INSERT INTO posts VALUES (?, ?, ?, ?, ?)", rows)

        named = {"capture → stored, page by page": capture, "floor: json.loads + SQLite executemany": floor}
        ours, bare = take_turns(named)
        engine.dispose()
        plain.close()
    for figure in (ours, bare):
        print(figure.line(POSTS, "posts"))
    print(f"{'':52} {ours.median / bare.median:8.2f} x the floor")


if __name__ == "__main__":
    main()
