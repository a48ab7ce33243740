"""Reading what citizens write: is it a complaint, of what kind, whose matter, where, how urgent, and why.

Importing this package is cheap; the model stack is loaded with the first use of `Reader`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from classifier.post import Post
from classifier.prediction import Prediction

if TYPE_CHECKING:
    from classifier.reader import Reader

__all__ = ["Post", "Prediction", "Reader"]


def __getattr__(name: str) -> Any:
    if name == "Reader":
        from classifier.reader import Reader

        return Reader
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
