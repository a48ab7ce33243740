"""Whether complaints changed, at the desk: what is said, what to do, and that no page waits for the model."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from classifier.drift import look as compare
from database.engine import writing
from tests.desk.conftest import Office
from tests.screenshots import HOME
from tests.tickets.test_watching import items
from tickets.watched import keep, look_of
from tickets.watching import Watch

PAGE = "/model/pergeseran"


def seen(office: Office, lately: int, before: int, *, monkeys: int = 0) -> None:
    """Keep a look at so many tickets, `monkeys` of which tell of what nobody told before."""
    rng = random.Random(9)
    new, old = items(lately - monkeys, rng) + items(monkeys, rng, topic=("monyet",)), items(before, rng)
    with writing(office.store.engine) as connection:
        keep(connection, look_of(Watch(lately, before, compare(new, old)), office.now))


def test_what_changed_is_said_with_its_numbers_and_what_to_do(office: Office) -> None:
    seen(office, 280, 1820, monkeys=50)
    dewi = office.colleague("dewi")
    page = dewi.open(PAGE)
    assert "1 hal berubah" in page
    assert "Kata “monyet”" in page
    assert "50 / 280 (17,9 %, selang 95 % 13,8–22,8 %)" in page
    assert "0 / 1.820" in page
    assert "/antrean?cari=monyet&amp;status=belum_terverifikasi" in page
    assert "1 hal berubah" in dewi.open("/model")


@pytest.mark.parametrize(
    ("lately", "before", "told"),
    [
        (0, 40, "Belum ada yang dapat dibandingkan"),
        (40, 0, "Belum ada yang dapat dibandingkan"),
        (12, 300, "masih terlalu sedikit"),
        (200, 900, "Tidak ada perubahan yang meyakinkan"),
    ],
)
def test_too_little_is_said_to_be_too_little(office: Office, lately: int, before: int, told: str) -> None:
    seen(office, lately, before)
    assert told in office.colleague("dewi").open(PAGE)


def test_before_the_first_look_one_can_ask_for_it_and_without_a_model_that_is_said(office: Office) -> None:
    ratna = office.colleague()
    assert "Belum pernah dihitung" in ratna.open(PAGE)
    assert "Sedang dihitung" in ratna.send(PAGE)
    office.parts.processes.wait("drift", 60)
    assert "belum ada model yang dapat dipakai" in ratna.open(PAGE)


def test_a_look_is_made_beside_the_desk_with_the_champion(office: Office) -> None:
    office.parts = replace(office.parts, models_dir=HOME / "models")
    ratna = office.colleague()
    ratna.open(PAGE)
    ratna.send(PAGE)
    office.parts.processes.wait("drift", 60)
    assert "Belum ada yang dapat dibandingkan" in ratna.open(PAGE)


def test_whoever_learns_nothing_here_does_not_see_it(office: Office) -> None:
    for name in ("joko", "tamu"):
        assert office.colleague(name).client.get(PAGE).status_code == 403
