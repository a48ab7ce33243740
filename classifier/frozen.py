"""The frozen test: which labelled posts are kept from training for ever, and the refusal to learn from them.

Split by time and by event, never at random: a post is for testing when its date, and that of every post of its event,
lies on or after `TEST_SINCE`. What is in the test stays in it; the files of new writers are split by the same rule.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import DataRefused
from classifier.labels import LabelledPost, file_hash, read_labels, text_key, write_labels

TEST_SINCE = "2026-05-01"
TRAIN_FILE, TEST_FILE, _SEAL = "train.csv", "test.csv", "test.json"


@dataclass(frozen=True, slots=True)
class Split:
    train: list[LabelledPost]
    test: list[LabelledPost]


def split(posts: Sequence[LabelledPost], since: str = TEST_SINCE) -> Split:
    """Both sides, each in the order of the ids. A text that stands on both sides goes to training only."""
    events: dict[str, list[str]] = defaultdict(list)
    for post in posts:
        events[post.together].append(post.date)
    is_late = {key: min(dates) >= since for key, dates in events.items()}
    ordered = sorted(posts, key=lambda post: post.id)
    train = [post for post in ordered if not is_late[post.together]]
    learnt = {text_key(post.text) for post in train}
    late = [post for post in ordered if is_late[post.together]]
    train += [post for post in late if text_key(post.text) in learnt]
    return Split(sorted(train, key=lambda post: post.id), [post for post in late if text_key(post.text) not in learnt])


def freeze(folder: Path, parts: Split) -> None:
    """Write both sides and the seal of the test into `folder`."""
    write_labels(folder / TRAIN_FILE, parts.train)
    write_labels(folder / TEST_FILE, parts.test)
    seal = {"file": TEST_FILE, "sha256": file_hash(folder / TEST_FILE), "rows": len(parts.test), "since": TEST_SINCE}
    (folder / _SEAL).write_text(json.dumps(seal, indent=1) + "\n", encoding="utf-8")


def grown(folder: Path, posts: Iterable[LabelledPost]) -> Split:
    """What stands in `folder`, and `posts` split by the same rule beside it. Raises DataRefused for a known writer."""
    train, test = (
        read_labels(folder / name)[0] if (folder / name).exists() else [] for name in (TRAIN_FILE, TEST_FILE)
    )
    known = {post.writer for post in (*train, *test)}
    fresh = list(posts)
    for post in fresh:
        if post.writer in known:
            raise DataRefused(f"{post.writer}: its posts are here already; the frozen test grows by new writers only")
    added = split(fresh)
    old = {text_key(post.text) for post in (*train, *test)}
    new_train = [post for post in added.train if text_key(post.text) not in old]
    new_test = [post for post in added.test if text_key(post.text) not in old]
    return Split(train + new_train, test + new_test)


class FrozenTest:
    """What training must not read, known by the hash of its file and by its texts."""

    def __init__(self, folder: Path) -> None:
        """Read the seal in `folder`, if there is one. Raises DataRefused when the test is not what was sealed."""
        self._sha256: str | None = None
        self._texts: frozenset[str] = frozenset()
        if not (folder / _SEAL).exists():
            return
        try:
            seal = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
            self._sha256 = str(seal["sha256"])
            path = folder / str(seal["file"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataRefused(f"{_SEAL}: cannot be read ({error}); restore it") from None
        if not path.exists() or file_hash(path) != self._sha256:
            raise DataRefused(f"{path.name}: is not the file that {_SEAL} seals; restore it, the test is frozen")
        self._texts = frozenset(text_key(post.text) for post in read_labels(path)[0])

    def refuse(self, path: Path, posts: Iterable[LabelledPost]) -> None:
        """Raise DataRefused when `path` is the frozen test, or one of its posts is among `posts`."""
        if self._sha256 is not None and file_hash(path) == self._sha256:
            raise DataRefused(f"{path.name}: is the frozen test; training must not read it")
        if leak := [post.id for post in posts if text_key(post.text) in self._texts]:
            raise DataRefused(f"{path.name}: post {leak[0]} stands in the frozen test; take it out of training")

    def among(self, path: Path, posts: Iterable[LabelledPost]) -> list[str]:
        """The ids of `posts` that stand in the frozen test; none when `path` is the frozen test itself."""
        if self._sha256 is not None and file_hash(path) == self._sha256:
            return []
        return [post.id for post in posts if text_key(post.text) in self._texts]
