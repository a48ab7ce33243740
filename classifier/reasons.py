"""Why an answer was given: what each word of the post, as the citizen wrote it, spoke for the answer or against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from classifier.document import SIGN
from classifier.prediction import Reason
from classifier.reading import ReadText

_MOST = 8
_LEAST = 0.005  # of the score; less is noise to a reader


def reasons(read: ReadText, spoken: Mapping[str, float]) -> tuple[Reason, ...]:
    """The strongest words for and against, strongest first. `spoken`: what each unit of the document added.

    A pair of words shares its part between the two; a word that stands there several times is told once; a sign (the
    owner of a place, an account) is told by the citizen's words for it.
    """
    by_word: dict[str, float] = defaultdict(float)
    written: dict[str, str] = {}
    tokens = read.normalised.tokens
    for token in tokens:
        written.setdefault(token.word, read.text[token.start : token.end])
    for unit, part in spoken.items():
        if unit.startswith(SIGN):
            by_word[_told(unit, read)] += part
            continue
        words = unit.split(" ")
        for word in words:
            by_word[written.get(word, word)] += part / len(words)
    told = [Reason(term, weight) for term, weight in by_word.items() if abs(weight) >= _LEAST and term]
    told.sort(key=lambda reason: (-abs(reason.weight), reason.term))
    return tuple(told[:_MOST])


def _told(sign: str, read: ReadText) -> str:
    kind, _, value = sign.removeprefix(SIGN).partition(" ")
    if kind == "handle":
        return f"@{value}"
    return read.place.text if read.place is not None else value
