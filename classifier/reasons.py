"""Why an answer was given: what each word of the post, as the citizen wrote it, spoke for the answer or against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from classifier.document import CONCEPTS, SIGN
from classifier.meanings import Meanings
from classifier.prediction import Reason
from classifier.reading import ReadText

_MOST = 8
_LEAST = 0.005  # of the score; less is noise to a reader


def reasons(read: ReadText, spoken: Mapping[str, float], meanings: Meanings) -> tuple[Reason, ...]:
    """The strongest words for and against, strongest first. `spoken`: what each unit of the document added.

    A pair of words shares its part between the two, two concepts theirs among their words; a word that stands there
    several times is told once; a sign (the owner of a place, an account) is told by the citizen's words for it.
    """
    by_word: dict[str, float] = defaultdict(float)
    pairs: dict[tuple[str, str], float] = {}
    for unit, part in spoken.items():
        if not part:
            continue  # most pairs of words say nothing
        first, _, second = unit.partition(" ")
        if unit.startswith(CONCEPTS):
            pairs[first.removeprefix(CONCEPTS), second] = part
        elif unit[0] == SIGN:
            by_word[unit] += part
        elif second:
            by_word[first] += part / 2
            by_word[second] += part / 2
        else:
            by_word[unit] += part
    _share_out(pairs, read.document.words, meanings, by_word)
    # The last assignment wins: each word is told as it was first written.
    written = {token.word: token for token in reversed(read.normalised.tokens)}
    by_term: dict[str, float] = defaultdict(float)
    for word, weight in by_word.items():
        token = written.get(word)
        by_term[read.text[token.start : token.end] if token else _told(word, read)] += weight
    told = sorted(by_term.items(), key=lambda reason: (-abs(reason[1]), reason[0]))[:_MOST]
    return tuple(Reason(term, weight) for term, weight in told if abs(weight) >= _LEAST)


def _share_out(
    pairs: Mapping[tuple[str, str], float], words: Sequence[str], meanings: Meanings, by_word: dict[str, float]
) -> None:
    """Let each half of two concepts' part go to the words that stand for the concept."""
    standing: dict[str, list[str]] = defaultdict(list)
    for word, concepts in zip(words, meanings.concepts_along(words), strict=True):
        for concept in concepts:
            standing[concept].append(word)
    for pair, part in pairs.items():
        for concept in pair:
            for word in standing[concept]:
                by_word[word] += part / 2 / len(standing[concept])


def _told(sign: str, read: ReadText) -> str:
    kind, _, value = sign.removeprefix(SIGN).partition(" ")
    if kind == "handle":
        return f"@{value}"
    if kind == "danger":
        return read.danger.words or value
    return read.place.text if read.place is not None else value
