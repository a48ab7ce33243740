"""What is suggested beside a ticket: the likest, told without taking everything apart."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from database.engine import reading
from database.tables import tickets
from tests.tickets.builder import Desk
from tickets import similar as suggesting
from tickets.similar import Similar, similar

MATTERS = ("lampu jalan mati", "sampah menumpuk", "banjir selutut", "pohon tumbang", "jalan berlubang")
STREETS = ("Gajah", "Naga", "Merak", "Kijang")


def test_whoever_is_not_taken_apart_would_not_have_been_among_the_likest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(8)
    for number in range(60):
        desk.later(rng.randrange(1, 120))
        words = rng.sample(MATTERS, rng.choice((1, 1, 2)))
        desk.post(f"{' dan '.join(words)} di jl. {rng.choice(STREETS)} kode {number}", f"warga{number}")
    desk.read()
    may_be_among, compared, kept = suggesting._may_be_among, 0, 0

    def noted(rough: Sequence[Similar], limit: int) -> list[Similar]:
        nonlocal compared, kept
        found = may_be_among(rough, limit)
        compared, kept = compared + len(rough), kept + len(found)
        return found

    with reading(desk.engine) as connection:
        for row in connection.execute(select(tickets)).mappings().all():
            monkeypatch.setattr(suggesting, "_may_be_among", noted)
            quick = similar(connection, row)
            monkeypatch.setattr(suggesting, "_may_be_among", lambda rough, _limit: list(rough))
            assert quick == similar(connection, row)
    assert 0 < kept < compared
