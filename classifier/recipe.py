"""How a model is made: every choice that changes its answers, as it stands on its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from classifier.features import FeatureSettings


@dataclass(frozen=True, slots=True)
class Recipe:
    """The defaults were chosen by cross-validation; what was tried beside them stands in docs/model-card.md."""

    features: FeatureSettings = field(default_factory=FeatureSettings)
    penalty: float = 0.7  # on the weights of `linear`
    balance: float = 0.5  # rare labels weigh more: (mean count / count) ^ balance
    prior_weight: float = 1.0  # of a phrase known beforehand, beside a labelled post
    agreement: float = 0.3  # strength of the lift between category and OPD; 0 = each for itself
    fewest: int = 3  # posts that a label needs, where nothing is known of it beforehand
    error: float = 0.05  # promised share of wrong OPDs among what is routed
    emergencies: float = 0.93  # share of the emergencies that should be told as such
    recall: float = 0.985  # share of the complaints that may not be dropped
    folds: int = 5
    most: int = 40_000  # posts learnt from; more took hours and brought nothing
    seed: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Recipe:
        """Raises TypeError for a name that is no choice of a recipe."""
        return cls(**{**values, "features": FeatureSettings(**values["features"])})
