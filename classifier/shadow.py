"""Which candidate reads along: it reads what the champion reads, its predictions are kept, and nothing comes of them.

    models/shadows.jsonl    who let which version read along, since when and why; the last line rules

Beside the history of champions, not in it: whoever reads that one finds champions only. Needs no model stack.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from classifier.errors import ModelMissing, ModelRefused
from classifier.registry import Registry

SHADOWS = "shadows.jsonl"


@dataclass(frozen=True, slots=True)
class Turn:
    """`version` reads along from `when` on; no version: nobody does."""

    version: str | None
    who: str
    when: str  # UTC, ISO
    why: str

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.when)


def turns(registry: Registry) -> list[Turn]:
    """All turns, oldest first. Raises ModelRefused when a line cannot be read."""
    path = registry.folder / SHADOWS
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(Turn(**json.loads(line)))
        except (ValueError, TypeError):
            raise ModelRefused(f"{SHADOWS}:{number}: cannot be read; restore the line, or take it out") from None
    return found


def shadow(registry: Registry) -> Turn | None:
    """The candidate that reads along now; a candidate that became champion no longer does."""
    last = turns(registry)[-1:]
    if not last or last[0].version in (None, registry.champion()):
        return None
    return last[0]


def let_read_along(registry: Registry, version: str, who: str, why: str, now: datetime) -> Turn:
    """From now on `version` reads along, instead of any other. Raises ModelMissing for the champion."""
    if version == registry.champion():
        raise ModelMissing(f"{version} is the champion; a candidate reads along beside it")
    return _add(registry, Turn(version, who, now.isoformat(timespec="seconds"), why))


def stop_reading_along(registry: Registry, who: str, why: str, now: datetime) -> Turn:
    """From now on nobody reads along. Raises ModelMissing when nobody did."""
    if shadow(registry) is None:
        raise ModelMissing("no candidate reads along; name one: shadow VERSION")
    return _add(registry, Turn(None, who, now.isoformat(timespec="seconds"), why))


def _add(registry: Registry, turn: Turn) -> Turn:
    registry.folder.mkdir(parents=True, exist_ok=True)
    with (registry.folder / SHADOWS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(turn), ensure_ascii=False) + "\n")
    return turn
