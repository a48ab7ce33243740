"""Asking the classifier about a batch: one bad post neither stops the rest nor hides a broken model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from classifier import Post
from tickets.errors import ReaderFailed


class Predicted(Protocol):
    """What the classifier says of one post."""

    def as_dict(self) -> Mapping[str, object]:
        """The object that `python -m classifier predict` prints."""


class Reader(Protocol):
    """The champion, or anything that reads as it does."""

    @property
    def model(self) -> str: ...

    def read(self, posts: Sequence[Post]) -> Sequence[Predicted]:
        """One prediction a post, in order."""


class Unreadable(str):
    """Why one post could not be read."""


Answer = Mapping[str, object] | Unreadable

_HARMLESS = Post(text="lampu jalan mati")


def predict(reader: Reader, posts: Sequence[Post]) -> list[Answer]:
    """A prediction, or the reason why there is none, for each post in order.

    Raises ReaderFailed when the reader answers for no post, not even a harmless one: then it is not the posts' fault.
    """
    if not posts:
        return []
    try:
        return [prediction.as_dict() for prediction in reader.read(posts)]
    except Exception:  # noqa: BLE001  whatever it was: find out whose fault it is, one by one
        answers = [_ask(reader, post) for post in posts]
    if any(not isinstance(answer, Unreadable) for answer in answers):
        return answers
    if isinstance(probe := _ask(reader, _HARMLESS), Unreadable):
        raise ReaderFailed(f"the model {reader.model} reads nothing ({probe}); promote or train another")
    return answers


def _ask(reader: Reader, post: Post) -> Answer:
    try:
        (prediction,) = reader.read([post])
        return prediction.as_dict()
    except Exception as error:  # noqa: BLE001  any fault of a post is kept as that post's reason
        return Unreadable(f"{type(error).__name__}: {error}")
