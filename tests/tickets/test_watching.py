"""Whether complaints changed: a new topic is found, and chance is not taken for one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from city import City
from classifier.drift import Item, look
from database.engine import reading, writing
from database.tables import tickets
from tests.desk.crowd import crowd
from tickets.watching import watch

NOW = datetime(2026, 11, 1, tzinfo=UTC)
_USUAL = [
    "lampu",
    "jalan",
    "mati",
    "gelap",
    "sampah",
    "menumpuk",
    "bau",
    "parkir",
    "liar",
    "macet",
    "banjir",
    "got",
    "mampet",
    "air",
    "keruh",
    "lubang",
]


def items(count: int, rng: random.Random, *, topic: tuple[str, ...] = ()) -> list[Item]:
    return [
        Item(frozenset([*rng.sample(_USUAL, 5), *topic]), rng.choice("abcdef"), rng.random(), rng.random() < 0.8)
        for _ in range(count)
    ]


def test_chance_raises_less_than_one_alarm_a_quarter() -> None:
    """Six quarters of a desk with ten complaints a day, looked at every week."""
    rng, weeks = random.Random(8), 6 * 13
    stream = items(70 * (30 + weeks), rng)
    ends = (70 * (30 + week) for week in range(weeks))
    looks = [look(stream[end - 280 : end], stream[end - 2100 : end - 280]) for end in ends]
    assert sum(any(finding.alarm for finding in findings) for findings in looks) <= 6


def test_a_new_topic_of_fifty_is_found_and_named() -> None:
    rng = random.Random(9)
    findings = look(items(230, rng) + items(50, rng, topic=("monyet",)), items(1820, rng))
    (alarm,) = (finding for finding in findings if finding.alarm)
    assert (alarm.kind, alarm.name, alarm.of_lately, alarm.of_before) == ("word", "monyet", 280, 1820)
    share, low, high = alarm.lately
    assert share == pytest.approx(50 / 280)
    assert low is not None
    assert high is not None
    assert low < 50 / 280 < high


def test_verdicts_given_blind_tell_when_the_model_gets_worse() -> None:
    rng = random.Random(10)
    worse = [Item(item.words, item.category, item.confidence, right=rng.random() < 0.3) for item in items(100, rng)]
    assert [finding.kind for finding in look(worse, items(400, rng)) if finding.alarm] == ["wrong"]


def test_nothing_to_compare_with_is_no_alarm() -> None:
    assert look(items(10, random.Random(1)), []) == []


def test_the_tickets_of_the_store_are_watched(engine: Engine, city: City) -> None:
    crowd(engine, city, NOW, count=700, open_drafts=120)
    calm = watch(engine, topics, NOW)
    assert (calm.alarms, calm.lately > 120, calm.before > 200) == ([], True, True)
    tell_of_monkeys(engine, 40)
    assert {finding.name for finding in watch(engine, topics, NOW).alarms} >= {"monyet"}


def topics(normalised: str) -> frozenset[str]:
    return frozenset(normalised.split())


def tell_of_monkeys(engine: Engine, count: int) -> None:
    with reading(engine) as connection:
        recent = select(tickets.c.id, tickets.c.prediction).where(tickets.c.posted_at > NOW - timedelta(weeks=4))
        rows: list[Any] = [*connection.execute(recent.order_by(tickets.c.id).limit(count))]
    with writing(engine) as connection:
        for row in rows:
            told = row.prediction | {"normalised": row.prediction["normalised"] + " monyet"}
            connection.execute(update(tickets).where(tickets.c.id == row.id).values(prediction=told))
