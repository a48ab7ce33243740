"""How urgent a post is: life in danger now, a hazard that can wait hours, or the rest; each with the rule that said so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from classifier.lexicon import Lexicon
from classifier.normalise import Normalised

Level = Literal["darurat", "tinggi", "biasa"]


@dataclass(frozen=True, slots=True)
class Priority:
    level: Level
    rule: str | None  # the name of the rule that fired; None when none did


def priority_of(normalised: Normalised, lexicon: Lexicon) -> Priority:
    """The most urgent level that a rule gives to the post."""
    return Priority("biasa", None)
