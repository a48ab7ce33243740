"""Several readers and reviewers at once, and a reader killed in the middle."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from database.engine import reading, writing
from database.tables import posts, predictions
from tests.tickets.builder import Desk, RuleReader
from tests.tickets.test_workflow import ADMIN, act
from tickets.errors import WorkflowError
from tickets.ledger import run_report
from tickets.steps import Accept, Merge
from tickets.workflow import perform

STREETS = ("Gajah", "Merak", "Kuda", "Naga", "Singa")


def many_posts(desk: Desk, count: int) -> None:
    rng = random.Random(3)
    for number in range(count):
        words = rng.choice(["lampu mati", "banjir", "sampah", "lubang", "pagi"])
        desk.post(f"{words} di jl. {rng.choice(STREETS)}", f"w{number}", minutes=rng.randrange(5 * 24 * 60))


def all_at_once(*works: Callable[[], object]) -> None:
    failures: list[Exception] = []

    def guarded(work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  shown to the test below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_readers_side_by_side_read_each_post_once_and_make_the_same_drafts(desk: Desk) -> None:
    many_posts(desk, 120)
    desk.read()
    alone = desk.partition()
    desk.wipe()
    desk._serial = 0
    many_posts(desk, 120)
    counts: list[int] = []
    all_at_once(*[lambda: counts.append(desk.read(batch=9)) for _ in range(3)])
    assert sum(counts) == 120
    assert desk.partition() == alone
    with reading(desk.engine) as connection:
        assert connection.execute(select(func.count()).select_from(predictions)).scalar_one() == 120


def test_reviewers_and_edits_beside_a_reader_neither_lock_up_nor_lose_a_post(desk: Desk) -> None:
    many_posts(desk, 80)
    desk.read()
    edited = [row["id"] for row in desk.posts() if row["ticket_id"]][::4]

    def review() -> None:
        for ticket in desk.alive():
            try:
                act(desk, ticket["id"], Accept())
            except WorkflowError:
                continue

    def tidy() -> None:
        first, *others = [ticket["id"] for ticket in desk.alive()]
        for other in others:
            try:
                act(desk, other, Merge(into=first))
            except WorkflowError:
                continue

    def edit_and_read() -> None:
        for number, post_id in enumerate(edited):
            desk.edit(post_id, f"sampah di jl. {STREETS[number % 5]}", version=f"9{number}")
            if number % 3 == 0:
                desk.read(batch=5)
        desk.read()

    all_at_once(review, tidy, edit_and_read)
    with reading(desk.engine) as connection:
        grouped = select(posts.c.outcome, func.count()).group_by(posts.c.outcome)
        outcomes = {row[0]: row[1] for row in connection.execute(grouped)}
    assert sum(outcomes.values()) == 80
    assert "waiting" not in outcomes
    for ticket in desk.alive():
        theirs = [row for row in desk.posts() if row["ticket_id"] == ticket["id"]]
        assert ticket["post_count"] == len(theirs) > 0


def test_two_people_on_one_draft_the_second_is_told(desk: Desk) -> None:
    desk.tell("lampu mati di jl. Gajah")
    seen = desk.ticket(1)["version"]
    told: list[str] = []

    def decide() -> None:
        try:
            with writing(desk.engine) as connection:
                perform(connection, desk.city, 1, Accept(), ADMIN, desk.now, version=seen)
            told.append("done")
        except WorkflowError as error:
            told.append(f"{error.code} by {error.parameters.get('who')}")

    all_at_once(decide, decide, decide)
    assert sorted(told) == ["changed_meanwhile by ratna", "changed_meanwhile by ratna", "done"]


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from city import load_city
from database.engine import open_store
from tests.tickets.builder import NOON, RuleReader
from tickets.reading import read_waiting

class Slow(RuleReader):
    def read(self, posts):
        time.sleep(0.01)
        return super().read(posts)

city = load_city(Path("city/semarang"))
print("ready", flush=True)
read_waiting(open_store(sys.argv[1]), Slow(), lambda: NOON, city=city, run_id="run-1", batch=4)
"""


def test_a_reader_killed_again_and_again_loses_nothing_and_doubles_nothing(desk: Desk, store_url: str) -> None:
    many_posts(desk, 100)
    desk.read()
    alone = desk.partition()
    desk.wipe()
    desk._serial = 0
    many_posts(desk, 100)
    rng = random.Random(5)
    home = Path(__file__).parents[2]
    for _ in range(4):
        command = [sys.executable, "-c", KILLED, store_url]
        process = subprocess.Popen(
            command, cwd=home, env=os.environ | {"PYTHONPATH": str(home)}, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0.05, 0.3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    desk.reader = RuleReader()
    desk.read(run_id="run-1")
    assert desk.partition() == alone
    assert run_report(desk.engine, "run-1").read == 100
    assert all(ticket["post_count"] > 0 for ticket in desk.alive())
