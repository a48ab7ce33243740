"""The bundled posts, and the emulator as a demo and as a program."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.emulator import BundleError, Emulator, HandClock, read_bundle
from listener.emulator.bundle import POSTS
from listener.snowflake import moment_of
from tests.emulator.client import client_of, found_ids

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = read_bundle()
WEEK = timedelta(days=7)
NOTHING = timedelta(0)


def test_the_file_says_first_that_its_posts_are_invented() -> None:
    note = json.loads(POSTS.read_text(encoding="utf-8").splitlines()[0])
    assert list(note) == ["note"]
    assert note["note"].startswith("Invented posts")


def test_there_are_two_months_of_posts_enough_of_them_in_the_last_week_and_some_to_come() -> None:
    assert len(BUNDLE) >= 400
    assert sum(-WEEK <= post.offset <= NOTHING for post in BUNDLE) >= 150
    assert sum(post.offset > NOTHING for post in BUNDLE) >= 10
    assert BUNDLE[0].offset < -timedelta(days=50)


def test_keys_are_unique_and_refer_to_older_posts() -> None:
    offsets = {post.key: post.offset for post in BUNDLE}
    assert len(offsets) == len(BUNDLE)
    for post in BUNDLE:
        for other in (post.reply_to, post.quotes, post.retweets):
            assert other is None or offsets[other] < post.offset, post.key


def test_no_author_could_be_taken_for_a_citizen() -> None:
    assert [post.author for post in BUNDLE if not re.fullmatch(r"contoh_\d+|sapambakita", post.author)] == []


@pytest.mark.parametrize("start", ["2026-11-24T09:30:00Z", "2028-02-29T23:59:59Z", "2031-01-01T00:00:00Z"])
def test_a_start_on_any_day_finds_the_same_posts_at_the_same_distances(start: str) -> None:
    now = HandClock(datetime.fromisoformat(start))
    with Emulator.with_bundled_posts(now) as x:
        client = client_of(x)
        distances = [now() - moment_of(int(post_id)) for post_id in found_ids(client, "#laporhendi -is:retweet")]
        client.session.close()
    tagged = {
        -(post.offset if post.edited_after is None else post.offset + post.edited_after)
        for post in BUNDLE
        if -WEEK <= post.offset <= -timedelta(minutes=1)
        if "#laporhendi" in re.findall(r"#\w+", (post.edited_text or post.text).lower())
        if post.retweets is None
    }
    assert len(distances) > 100
    assert set(distances) == tagged


def test_a_demo_starts_in_a_moment() -> None:
    begun = time.perf_counter()
    with Emulator.with_bundled_posts() as x:
        client = client_of(x)
        assert client.search_recent_tweets("#laporhendi", max_results=100).meta["result_count"] == 100
        client.session.close()
    assert time.perf_counter() - begun < 3  # a tenth of it on a machine with nothing else to do


def test_a_demo_that_starts_again_with_the_same_start_has_the_same_posts() -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    seen = []
    for now in (start, start + timedelta(hours=5)):
        with Emulator.with_bundled_posts(HandClock(now), start=start) as x:
            seen.append([one.id for one in x.service.timeline.as_of(start + timedelta(hours=5))])
    assert seen[0] == seen[1]


def test_new_posts_arrive_while_it_runs_and_faster_when_asked() -> None:
    clock = HandClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    to_come = [post.offset for post in BUNDLE if post.offset > NOTHING]
    for speed in (1, 60):
        with Emulator.with_bundled_posts(clock, speed=speed) as x:
            before = len(x.service.timeline.as_of(clock()))
            clock.move(timedelta(minutes=10))
            arrived = len(x.service.timeline.as_of(clock())) - before
        assert arrived == sum(offset <= timedelta(minutes=10) * speed for offset in to_come)


def test_edits_replies_quotes_photos_places_and_long_texts_are_there() -> None:
    clock = HandClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    with Emulator.with_bundled_posts(clock) as x:
        shown = x.service.timeline.as_of(clock())
    assert any(len(one.history) > 1 for one in shown)
    assert any(one.wording.note for one in shown)
    for part in ("reply_to", "quotes", "reposts", "photos", "place"):
        assert any(getattr(one.post, part) for one in shown), part


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "posts.jsonl:2: JSONDecodeError"),
        ('{"key": "p1", "author": "contoh_1", "before_now": "1d 00:00"}', "posts.jsonl:2: KeyError('text')"),
        ('{"key": "p1", "author": "contoh_1", "text": "a", "before_now": "soon"}', "'soon' should be a distance"),
        ("[]", "posts.jsonl:2: "),
    ],
)
def test_a_broken_line_is_named_with_file_and_number(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"note": "Invented"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(BundleError) as refused:
        read_bundle(path)
    assert complaint in str(refused.value)


def test_as_a_program_it_says_how_to_point_the_listener_at_it() -> None:
    begun = time.monotonic()
    program = subprocess.Popen(
        [sys.executable, "-m", "listener.emulator", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        told = ""
        while "Ctrl-C" not in told:
            told += program.stdout.readline()
        took = time.monotonic() - begun
        url = re.search(r"SIMAK_X_API_URL=(http://127\.0\.0\.1:\d+) SIMAK_X_BEARER_TOKEN=(\S+)", told)
        assert url is not None
        assert "invented" in told
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=5) == 0
    finally:
        program.kill()
        program.wait()
        if program.stdout is not None:
            program.stdout.close()
    assert took < 5  # on a busy machine; the benchmark has the exact figure


def test_a_port_that_is_taken_is_a_wrong_setting() -> None:
    with Emulator(HandClock(datetime(2026, 11, 24, tzinfo=UTC))) as x:
        port = x.url.rsplit(":", 1)[1]
        told = subprocess.run(
            [sys.executable, "-m", "listener.emulator", "--port", port],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert told.returncode == 2
    assert told.stderr.startswith(f"--port: {port} cannot be used")
