"""What speaks against a candidate, as values: a code with its particulars.

In English for operators and the data team; a desk says the codes in its own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Each code, and the sentence it stands for.
IN_ENGLISH: Mapping[str, str] = {
    "unknown_label": "it does not know {question} {label}, which {champion} knows",
    "worse": "it is worse on {question} {label}: {won} won and {lost} lost of {n} (p = {p:.2g})",
    "worse_over_all": "it is worse on {question} over all: {won} won and {lost} lost of {n} (p = {p:.2g})",
    "learnt_nothing": (
        "it learnt nothing of {question}: right on {right:.2f} of the posts held out, while always saying {label} is "
        "on {share:.2f}; the labels do not belong to their texts, as if they were shuffled"
    ),
    "forgotten": "it learnt from no post of {question} {label}; {champion} learnt from {count}",
    "leaked": (
        "it is right on {right:.2f} of the test's {question}, and on {held:.2f} of the posts held out of its own "
        "training: the test has leaked into what it learnt from"
    ),
    "missing": "{told}",
    "refused": "{told}",
    "other": "{told}",
}


@dataclass(frozen=True, slots=True)
class Objection:
    """`told`, where it is among the particulars, is for operators: the error as it was raised."""

    code: str
    particulars: Mapping[str, Any]

    def __str__(self) -> str:
        return IN_ENGLISH[self.code].format(**self.particulars)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "particulars": dict(self.particulars)}


def objection(code: str, **particulars: object) -> Objection:
    return Objection(code, particulars)


def read_objection(kept: object) -> Objection:
    """As it was kept; older files keep sentences. Raises ValueError for what is none."""
    if isinstance(kept, str):
        return Objection("other", {"told": kept})
    if not isinstance(kept, Mapping) or kept.get("code") not in IN_ENGLISH:
        raise ValueError(f"{kept!r} is no objection")
    found = Objection(kept["code"], kept["particulars"])
    try:
        str(found)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{kept!r} lacks a particular ({error})") from None
    return found
