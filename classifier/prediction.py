"""What the classifier says of one post, as plain values: needs neither the model stack nor a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from classifier.normalise import Rewrite
from classifier.place import Place
from classifier.priority import Level

Decision = Literal["route", "review", "drop", "not_ours"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A code and how probable it is, from 0 to 1."""

    code: str
    p: float

    def as_dict(self) -> dict[str, str | float]:
        return {"code": self.code, "p": _rounded(self.p)}


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of the post, as the citizen wrote them, and how much they spoke for the answer (below 0: against)."""

    term: str
    weight: float

    def as_dict(self) -> dict[str, str | float]:
        return {"term": self.term, "weight": round(self.weight, 3)}


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one post. `None` stands for what the model was not taught, or what is not known."""

    id: str | None
    decision: Decision
    actionable: float | None
    category: Choice | None
    opd: Choice | None
    opd_top3: tuple[Choice, ...]
    category_top3: tuple[Choice, ...]
    place: Place | None
    priority: Level
    priority_rule: str | None
    priority_why: tuple[str, ...]  # the words that made it urgent; none when it is not
    why: tuple[Reason, ...]
    normalised: str
    rewrites: tuple[Rewrite, ...]
    threshold: float | None  # from where on a draft is routed; None = nothing is, a person decides all
    model: str

    def as_dict(self) -> dict[str, object]:
        """The object that `python -m classifier predict` prints."""
        return {
            "id": self.id,
            "decision": self.decision,
            "actionable": None if self.actionable is None else _rounded(self.actionable),
            "category": self.category and self.category.as_dict(),
            "opd": self.opd and self.opd.as_dict(),
            "opd_top3": [choice.as_dict() for choice in self.opd_top3],
            "category_top3": [choice.as_dict() for choice in self.category_top3],
            "place": self.place and self.place.as_dict(),
            "priority": self.priority,
            "why": [reason.as_dict() for reason in self.why],
            "normalised": self.normalised,
            "model": self.model,
            "threshold": self.threshold,
            "priority_rule": self.priority_rule,
            "priority_why": list(self.priority_why),
            "rewrites": [[rewrite.original, rewrite.became, rewrite.rule] for rewrite in self.rewrites],
        }


def _rounded(p: float) -> float:
    return round(p, 6)
