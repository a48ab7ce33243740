"""The desk beside the listener: where it is, how to log in the first time, and that it ends with it."""

from __future__ import annotations

import gc
import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import requests
from pydantic import SecretStr
from sqlalchemy import Connection, Engine

from city import load_city
from desk.serving import DeskCannotServe, serving
from tests.desk.crowd import crowd
from tickets.census import Census


@dataclass(frozen=True)
class Settings:
    desk_address: str
    city: Path = Path(__file__).parents[2] / "city" / "semarang"
    watchlist_path: Path = Path(__file__).parents[2] / "city" / "semarang" / "watchlist.toml"
    timezone: str = "Asia/Jakarta"
    models_dir: Path = Path("models")
    training_data_dir: Path = Path(__file__).parents[2] / "training_data"
    x_bearer_token: SecretStr | None = None
    x_monthly_budget_usd: Decimal = Decimal(50)


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def test_the_first_start_says_once_how_to_log_in_and_it_works(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, stop = Settings(free_address()), threading.Event()
    with serving(engine, settings, stop):
        told = re.search(r"Meja tinjau: (\S+) · masuk sebagai (\S+) / (\S+)", capsys.readouterr().err)
        assert told is not None
        browser = requests.Session()
        answer = browser.post(f"{told[1]}/masuk", data={"nama": told[2], "sandi": told[3]}, timeout=10)
        assert (answer.status_code, "Antrean kosong" in answer.text) == (200, True)
    assert stop.is_set()
    with serving(engine, settings, threading.Event()):
        assert "masuk sebagai" not in capsys.readouterr().err


def test_all_tickets_were_read_before_the_first_page_is_asked_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = load_city(Settings.city)
    crowd(engine, city, datetime.now(UTC), count=30, open_drafts=10)
    read: list[int] = []
    reading_them = Census._read

    def noted(census: Census, connection: Connection, ids: Sequence[int]) -> None:
        read.extend(ids)
        reading_them(census, connection, ids)

    monkeypatch.setattr(Census, "_read", noted)
    with serving(engine, Settings(free_address()), threading.Event()):
        assert {*range(1, 31)} <= {*read}
        assert gc.get_freeze_count()
    gc.unfreeze()


def test_an_address_that_is_taken_is_named_before_anything_is_served(engine: Engine) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(DeskCannotServe, match=address), serving(engine, Settings(address), threading.Event()):
            pass
