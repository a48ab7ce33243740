"""Answering on X: the real tweepy over HTTP, and whatever may go wrong told as it is known, with nothing said twice."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from listener.emulator import Emulator, HandClock
from listener.sources.x.session import Limits
from listener.sources.x.voice import Spoken, Voice

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
QUICK = Limits(connect=1, read=1, whole=2)


@pytest.fixture
def x() -> Iterator[Emulator]:
    with Emulator(HandClock(NOW), token="app") as emulator:
        yield emulator


@pytest.fixture
def asked(x: Emulator) -> str:
    return x.publish("@laporsemar lampu mati", author="siti")[0]


def voice(x: Emulator, handle: str = "laporsemar") -> Voice:
    return Voice(x.log_in(handle), x.url, limits=QUICK)


def written(x: Emulator) -> list[str]:
    with x.service.lock:
        return [one.version.typed for one in x.service.timeline.as_of(NOW) if one.post.author.handle == "laporsemar"]


def test_an_answer_is_published_and_its_id_told(x: Emulator, asked: str) -> None:
    spoken = voice(x)("Sudah kami teruskan.", asked)
    assert spoken.source_id is not None
    assert spoken.source_id.isdecimal()
    assert spoken.problem is None
    assert written(x) == ["@siti Sudah kami teruskan."]


def test_the_four_parts_of_oauth_1_speak_too_and_do_not_end(x: Emulator, asked: str) -> None:
    signed = Voice(f"key secret {x.log_in('laporsemar')} secret", x.url, limits=QUICK)
    assert (signed.ends, voice(x).ends) == (False, True)
    assert signed("Sudah.", asked).source_id is not None


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("revoked_token", "auth"),
        ("not_enrolled", "auth"),
        ("no_credit", "quota"),
        ("spend_cap", "quota"),
        ("usage_capped", "quota"),
        ("rate_limit_day", "quota"),
        ("rate_limit", "rate_limit"),
        ("rate_limit_without_reset", "rate_limit"),
        ("rate_limit_too_fast", "rate_limit"),
    ],
)
def test_what_x_refuses_was_not_said_and_says_why(x: Emulator, asked: str, fault: str, kind: str) -> None:
    x.fault(fault, endpoint="create")
    spoken = voice(x)("Sudah.", asked)
    assert spoken.source_id is None
    assert (spoken.problem or "").startswith(f"{kind}: X answered ")
    assert written(x) == []
    assert len([one for one in x.requests if one.method == "POST"]) == 1, "nothing is tried again by itself"


def test_each_of_xs_own_rules_has_its_name(x: Emulator, asked: str) -> None:
    [tagged] = x.publish("#laporhendi lampu mati", author="agus")
    [other] = x.publish("@laporsemar gelap", author="agus")
    mouth = voice(x)
    assert (mouth("Sudah.", tagged).problem or "").startswith("not_mentioned: X answered 403")
    assert mouth("Sudah.", asked).source_id
    assert (mouth("Sudah.", other).problem or "").startswith("duplicate: X answered 403")
    x.delete(other)
    assert (mouth("Sudah, ya.", other).problem or "").startswith("gone: X answered 403")
    assert (mouth(" ", asked).problem or "").startswith("bad_request: X answered 400")
    assert (Voice("nobody", x.url)("Sudah ya.", asked).problem or "").startswith("auth: X answered 401")
    assert (Voice("app", x.url)("Sudah ya.", asked).problem or "").startswith("auth: X answered 403")


@pytest.mark.parametrize(
    "fault",
    ["stall", "hang_up", "hang_up_in_body", "cut_json", "drip", "internal_error", "unavailable_page", "error_list"],
)
def test_when_its_own_answer_is_lost_nobody_claims_to_know(x: Emulator, asked: str, fault: str) -> None:
    x.fault(fault, endpoint="create", seconds=4)
    assert voice(x)("Sudah.", asked) == Spoken()
    assert len([one for one in x.requests if one.method == "POST"]) == 1, "nothing is tried again by itself"


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        spoken = Voice("token", f"http://127.0.0.1:{taken.getsockname()[1]}", limits=QUICK)("Sudah.", "1")
    assert (spoken.problem or "").startswith("unreachable: ")


def test_neither_the_token_nor_the_words_are_logged(x: Emulator, asked: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    x.fault("revoked_token", endpoint="create")
    token = x.log_in("laporsemar")
    for given in (token, f"key rahasia-1 {token} rahasia-2"):
        Voice(given, x.url, limits=QUICK)("Kata-kata warga.", asked)
    assert "no answer to" in caplog.text
    for secret in (token, "rahasia", "Kata-kata"):
        assert secret not in caplog.text
