"""What models said of posts when they read them, as `python -m tickets export --predictions --json` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.errors import DataRefused
from classifier.evaluation import Said
from classifier.labels import LabelledPost
from classifier.prediction import Choice


@dataclass(frozen=True, slots=True)
class Stored:
    """The posts of the file, once each, and {model: {id of a post: what it said}}."""

    name: str
    posts: list[LabelledPost]
    answers: Mapping[str, Mapping[str, Said]]

    def of(
        self, models: tuple[str, str], posts: Sequence[LabelledPost]
    ) -> tuple[list[LabelledPost], list[Said], list[Said]]:
        """Those of `posts` that both have read, and what each said. Raises DataRefused where there are none."""
        first, second = (self.answers.get(model, {}) for model in models)
        for model, answers in zip(models, (first, second), strict=True):
            if not answers:
                raise DataRefused(
                    f"{self.name}: no prediction of {model} is in it; let it read along, or leave the file out"
                )
        both = [post for post in posts if post.id in first and post.id in second]
        if not both:
            raise DataRefused(f"{self.name}: holds no post that {' and '.join(models)} both read")
        return both, [first[post.id] for post in both], [second[post.id] for post in both]


def read_stored(path: Path) -> Stored:
    """Raises DataRefused with file and line."""
    posts: dict[str, LabelledPost] = {}
    answers: dict[str, dict[str, Said]] = {}
    for number, row in _rows(path):
        try:
            post = LabelledPost(str(row["id"]), str(row["text"]), date=str(row["created_at"])[:10])
            said = _said(row)
            model = str(row["model"])
        except (KeyError, TypeError, ValueError) as error:
            raise DataRefused(f"{path.name}:{number}: is no prediction ({error}); export the file again") from None
        posts[post.id] = post
        answers.setdefault(model, {})[post.id] = said
    return Stored(path.name, list(posts.values()), answers)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataRefused(f"{path.name}: cannot be read ({error}); name a file of JSON lines") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, dict(json.loads(line))
            except (ValueError, TypeError):
                raise DataRefused(f"{path.name}:{number}: is no JSON object; export with --json") from None


def _said(row: Mapping[str, Any]) -> Said:
    decision = row["decision"]
    categories, opds = (tuple(Choice(one["code"], float(one["p"])) for one in row[name] or ())
                        for name in ("category_top3", "opd_top3"))  # fmt: skip
    return Said(decision == "drop", decision == "route", categories, opds)
