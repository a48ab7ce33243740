"""From the desk to X and back: the real tweepy between them, a local X at the end, and never a second post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from city import City, load_city
from listener.emulator import Emulator, HandClock
from listener.sources.x.session import Limits
from listener.sources.x.voice import Voice
from tests.desk.conftest import SEMARANG, Colleague, Office, open_office
from tests.desk.invented import NOW
from tests.end_to_end.conftest import Program
from tests.tickets.builder import Desk as Store

QUICK = Limits(connect=1, read=1, whole=2)


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(SEMARANG)


@pytest.fixture
def x() -> Iterator[Emulator]:
    with Emulator(HandClock(NOW), token="app") as emulator:
        yield emulator


@pytest.fixture
def office(engine: Engine, city: City, x: Emulator, tmp_path: Path) -> Office:
    """A desk that speaks as @laporsemar, and two posts about one lamp: one mentions it, the other does not."""
    store = Store(engine, city, now=NOW)
    for text in ("@LaporSemar lampu mati di jl. Gajah", "lampu mati di jl. Gajah #laporhendi"):
        [identity] = x.publish(text, author="siti" if "@" in text else "agus")
        author = "siti" if "@" in text else "agus"
        store.post(text, author, source_id=identity, created_at=NOW - timedelta(minutes=5))
    store.read()
    office = open_office(store, tmp_path / "models")
    office.parts = replace(office.parts, sender=Voice(x.log_in("laporsemar"), x.url, limits=QUICK))
    return office


def accepted(office: Office) -> Colleague:
    (ticket,) = office.store.alive()
    ratna = office.colleague()
    ratna.open(f"/antrean?tiket={ticket['number']}")
    ratna.send("/terima")
    ratna.open(f"/tiket/{ticket['number']}/balas")
    return ratna


def published(x: Emulator) -> list[str]:
    with x.service.lock:
        shown = x.service.timeline.as_of(NOW)
        return [one.version.typed for one in shown if one.post.author.handle.lower() == "laporsemar"]


def test_an_answer_goes_out_once_under_the_post_it_answers(office: Office, x: Emulator) -> None:
    ratna = accepted(office)
    assert ratna.page.text.count("Kirim lewat X") == 1
    page = ratna.send("/balas", cara="x")
    assert "membalas lewat X" in page
    (text,) = published(x)
    number = office.store.alive()[0]["number"]
    assert text.startswith("@siti Terima kasih")
    assert number in text
    assert [one.status for one in x.requests if one.method == "POST"] == [201]
    assert office.store.alive()[0]["answered_at"] == NOW


@pytest.mark.parametrize(("fault", "there"), [("hang_up_in_body", True), ("hang_up", False)])
def test_a_lost_answer_is_asked_about_and_not_said_again(office: Office, x: Emulator, fault: str, there: bool) -> None:
    x.fault(fault, endpoint="create")
    ratna = accepted(office)
    page = ratna.send("/balas", cara="x")
    assert "mungkin sudah terbit" in page
    assert "Kirim lewat X" not in page
    assert bool(published(x)) == there
    ratna.send("/periksa", terbit="ya" if there else "tidak")
    if not there:
        page = ratna.send("/balas", cara="x")
        assert "membalas lewat X" in page
    assert len(published(x)) == 1


def test_a_refusal_is_told_and_the_words_can_be_copied(office: Office, x: Emulator) -> None:
    x.fault("rate_limit", endpoint="create")
    ratna = accepted(office)
    page = ratna.send("/balas", cara="x")
    assert "X meminta menunggu" in page
    assert "X answered 429" in page
    page = ratna.send("/balas", cara="clipboard")
    assert "Ratna membalas." in page
    assert published(x) == []


def test_check_shows_that_a_token_is_set_and_not_which(program: Program, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("kunci rahasia token rahasia2\n")
    told = program.with_settings(SIMAK_X_USER_TOKEN_FILE=str(secret)).run("run_listener.py", "--check").out
    assert "rahasia" not in told
    (line,) = [line for line in told.splitlines() if line.startswith("SIMAK_X_USER_TOKEN ")]
    assert line.split()[1] == "hidden"
    assert "replies through X" in told
    assert "a token of OAuth 1.0a; tried with the first reply" in told
    assert "off: SIMAK_X_USER_TOKEN is unset" in program.run("run_listener.py", "--check").out
