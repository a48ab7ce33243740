"""A registry with a small champion, trained once a session; stories that change something take a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.reader import Reader
from classifier.registry import Registry
from tests.classifier.models import copied, made, promoted, some_posts


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
