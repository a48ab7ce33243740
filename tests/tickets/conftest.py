from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from city import City, load_city
from tests.tickets.builder import Desk


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(Path(__file__).parents[2] / "city" / "semarang")


@pytest.fixture
def desk(engine: Engine, city: City) -> Desk:
    return Desk(engine, city)
