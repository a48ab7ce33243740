"""Every hour, one turn at a time, whatever happened in the one before."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from database.engine import writing
from listener import schedule
from listener.ledger import begin_run, end_run
from listener.schedule import keep_listening, last_complete_run
from tests.listener.conftest import ZONE, Clock


def test_the_first_turn_is_taken_at_once_and_a_failure_does_not_end_the_listening() -> None:
    stop, turns = threading.Event(), []

    def turn() -> None:
        turns.append(time.monotonic())
        stop.set()
        raise RuntimeError("X fell over")

    begun = time.monotonic()
    keep_listening(turn, stop, zone=ZONE, minute=5)
    assert len(turns) == 1
    assert turns[0] - begun < 5


def test_a_stop_waits_for_the_turn_under_way() -> None:
    stop, ended = threading.Event(), threading.Event()

    def turn() -> None:
        stop.set()
        time.sleep(0.5)
        ended.set()

    keep_listening(turn, stop, zone=ZONE, minute=5)
    assert ended.is_set()


def test_turns_missed_while_one_was_long_are_made_up_for_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    # The job's options, as APScheduler is given them: its own defaults would drop a turn that is a second late.
    given: dict[str, object] = {}
    stop = threading.Event()

    class Watched(schedule.BackgroundScheduler):  # type: ignore[misc, name-defined]
        def add_job(self, *words: object, **options: object) -> object:
            given.update(options)
            return super().add_job(*words, **options)

    monkeypatch.setattr(schedule, "BackgroundScheduler", Watched)
    keep_listening(stop.set, stop, zone=ZONE, minute=5)
    assert (given["coalesce"], given["max_instances"], given["misfire_grace_time"]) == (True, 1, 3600)


def test_only_a_search_that_came_to_its_end_counts_as_the_last_run(engine: Engine, clock: Clock) -> None:
    assert last_complete_run(engine) is None
    runs = [("search", "complete"), ("search", "partial"), ("import", "complete")]
    with writing(engine) as connection:
        for hours, (kind, status) in enumerate(runs):
            run = begin_run(connection, kind, "x", clock())
            end_run(connection, run, status, [], clock() + timedelta(hours=hours))
    assert last_complete_run(engine) == clock()
