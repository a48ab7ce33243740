"""A candidate is weighed once, and becomes champion by what was found; whoever reads next reads with it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from city import load_city
from classifier.championing import kept_judgement, promote_weighed, rollback, weigh_and_keep
from classifier.errors import ModelRefused, NotPromoted
from classifier.labels import write_labels
from classifier.reader import Reader
from classifier.registry import ARTEFACT, Registry
from run_listener import Parts, read_what_waits
from tests.classifier.models import CITY, NOW, some_posts
from tests.tickets.builder import Desk

TWIN = "20261102-twin"


@pytest.fixture
def twins(registry: Registry) -> Registry:
    """The champion, and a candidate that is exactly like it."""
    champion = registry.champion()
    assert champion is not None
    shutil.copytree(registry.path(champion), registry.path(TWIN))
    return registry


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    write_labels(tmp_path / "test.csv", some_posts(8, "test.csv"))
    return tmp_path / "test.csv"


def weighed(registry: Registry, posts: Path, version: str = TWIN) -> None:
    weigh_and_keep(registry.folder, version, posts, NOW.isoformat())


def test_a_candidate_is_promoted_by_what_weighing_found_and_the_history_says_so(twins: Registry, posts: Path) -> None:
    with pytest.raises(NotPromoted, match="not weighed"):
        promote_weighed(twins, TWIN, "sari", "lebih baik", NOW)
    weighed(twins, posts)
    found = kept_judgement(twins, TWIN)
    assert found is not None
    assert found.objections == ()
    assert {each["question"] for each in found.differences} == {"actionable", "category", "opd"}
    move = promote_weighed(twins, TWIN, "sari", "lebih baik", NOW)
    assert (move, twins.champion(), twins.history()[-1].gate) == (twins.history()[-1], TWIN, found.told)
    assert Reader.load(twins.folder).model == TWIN
    assert rollback(twins, "sari", "ternyata tidak", NOW).version != TWIN


def test_what_was_found_beside_another_champion_counts_no_more(twins: Registry, posts: Path) -> None:
    third = "20261103-third"
    shutil.copytree(twins.path(TWIN), twins.path(third))
    for version in (TWIN, third):
        weighed(twins, posts, version)
    promote_weighed(twins, TWIN, "sari", "lebih baik", NOW)
    assert kept_judgement(twins, third) is None
    with pytest.raises(NotPromoted):
        promote_weighed(twins, third, "sari", "lebih baik lagi", NOW)


def test_a_damaged_candidate_is_an_objection_when_weighed_and_refused_afterwards(twins: Registry, posts: Path) -> None:
    weighed(twins, posts)
    (twins.path(TWIN) / ARTEFACT).write_bytes(b"something else")
    with pytest.raises(ModelRefused):
        promote_weighed(twins, TWIN, "sari", "lebih baik", NOW)
    weighed(twins, posts)
    with pytest.raises(NotPromoted, match=ARTEFACT):
        promote_weighed(twins, TWIN, "sari", "lebih baik", NOW)


def test_the_service_that_runs_reads_with_the_new_champion_from_its_next_run_on(
    twins: Registry, posts: Path, engine: Engine
) -> None:
    store = Desk(engine, load_city(CITY))
    parts = listening(engine, twins)
    first = store.post("Lampu jalan mati di jl. Pandanaran sudah seminggu", "warga")
    assert read_what_waits(parts, "run-1") is None
    weighed(twins, posts)
    promote_weighed(twins, TWIN, "sari", "lebih baik", NOW)
    store.now += timedelta(hours=1)
    second = store.post("Sampah menumpuk di TPS Kedungmundu, baunya menyengat", "tetangga")
    assert read_what_waits(parts, "run-1") is None
    assert store.ticket_of(first)["model"] != TWIN
    assert store.ticket_of(second)["model"] == TWIN


def listening(engine: Engine, registry: Registry) -> Parts:
    """The parts of a service that stays up all the while."""
    from threading import Event

    from city.watchlist import Watchlist
    from settings import Settings

    chosen = Settings().model_copy(update={"models_dir": registry.folder, "city": CITY})
    return Parts(chosen, Watchlist(terms=(), own_accounts=frozenset()), engine, Event())
