"""Did this citizen write Javanese? Told from a prediction as it is stored, by the rule that the normaliser goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.normalise import ENOUGH_JAVANESE, SHORT_POST


def wrote_javanese(prediction: Mapping[str, Any]) -> bool:
    """`prediction`: as `Prediction.as_dict` made it. Words without a translation left no trace, so it errs towards no.

    >>> wrote_javanese({"rewrites": [["peteng", "gelap", "javanese"], ["Iki", "ini", "javanese"]], "normalised": ""})
    True
    """
    changed = {str(original).lower() for original, _, rule in prediction.get("rewrites", []) if rule == "javanese"}
    words = len(str(prediction.get("normalised", "")).split())
    return len(changed) >= ENOUGH_JAVANESE or (len(changed) == 1 and 0 < words <= SHORT_POST)
