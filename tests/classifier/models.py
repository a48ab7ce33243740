"""Small models for stories: trained once a session, on every tenth of the project's own posts."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from classifier.championing import promote
from classifier.labels import LabelledPost, read_labels, write_labels
from classifier.making import Sources, make_candidate
from classifier.recipe import Recipe
from classifier.registry import Registry
from tests.classifier.language import LANGUAGE, ROOT

LABELS = ROOT / "training_data" / "labels"
CITY = ROOT / "city" / "semarang"
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)


def some_posts(every: int = 10, of: str = "train.csv") -> list[LabelledPost]:
    return read_labels(LABELS / of)[0][::every]


def sources(labels: Path, frozen: Path | None = None) -> Sources:
    return Sources(labels, frozen or labels.parent, CITY, LANGUAGE, invented=False)


def made(folder: Path, posts: list[LabelledPost], name: str = "labels.csv", recipe: Recipe | None = None) -> str:
    """Train a candidate from `posts` into the registry in `folder`; returns its name."""
    folder.mkdir(parents=True, exist_ok=True)
    write_labels(folder / name, posts)
    return make_candidate(Registry(folder), sources(folder / name), recipe or Recipe(), NOW, lambda step: None)


def copied(registry: Registry, to: Path) -> Registry:
    shutil.copytree(registry.folder, to)
    return Registry(to)


def promoted(registry: Registry, version: str) -> str:
    promote(registry, version, "sari", "first", NOW)
    return version
