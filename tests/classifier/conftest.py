"""A registry with a small champion, trained once a session; stories that change something take a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.frozen import freeze, split
from classifier.reader import Reader
from classifier.registry import Registry
from tests.classifier.language import LANGUAGE
from tests.classifier.models import copied, made, promoted, some_posts
from tests.classifier.shell import Shell


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Read-only."""
    folder = tmp_path_factory.mktemp("small") / "models"
    promoted(Registry(folder), made(folder, some_posts()))
    return Registry(folder)


@pytest.fixture(scope="session")
def reader(small: Registry) -> Reader:
    return Reader.load(small.folder)


@pytest.fixture
def registry(small: Registry, tmp_path: Path) -> Registry:
    """One's own copy of the small registry."""
    return copied(small, tmp_path / "models")


@pytest.fixture
def shell(registry: Registry, tmp_path: Path) -> Shell:
    labels = tmp_path / "training_data" / "labels"
    labels.mkdir(parents=True)
    freeze(labels, split(some_posts(24) + some_posts(4, "test.csv")))
    (tmp_path / "training_data" / "language").symlink_to(LANGUAGE)
    return Shell(tmp_path)
