"""How urgent a post is: life in danger now, a hazard that can wait hours, or the rest; with the rule that said so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from classifier.dangers import DangerRule, Dangers, Level
from classifier.lexicon import Lexicon
from classifier.normalise import Normalised

__all__ = ["PRIORITIES", "Level", "Priority", "priority_of"]

PRIORITIES: tuple[Level, ...] = ("darurat", "tinggi", "biasa")

_BEFORE = 3  # words before a danger in which a word such as "nyaris" takes it away
_NEAR = 6  # words around it in which another does


@dataclass(frozen=True, slots=True)
class Priority:
    level: Level
    rule: str | None  # the name of the rule that fired; None when none did
    words: str | None = None  # the words that made it fire


def priority_of(normalised: Normalised, lexicon: Lexicon) -> Priority:
    """The most urgent level that a rule gives to the post."""
    dangers, text = lexicon.dangers, normalised.text
    candidates = dangers.candidates({token.word for token in normalised.tokens})
    if not candidates:
        return Priority("biasa", None)
    if dangers.anywhere.search(text):
        return Priority("biasa", None)
    for rule in candidates:
        for words in _fires(rule, text, dangers):
            return Priority(rule.level, rule.name, words)
    return Priority("biasa", None)


def _fires(rule: DangerRule, text: str, dangers: Dangers) -> Iterator[str]:
    """The words in `text` that make `rule` fire, guards observed."""
    if not all(companion.search(text) for companion in rule.companions):
        return  # nowhere at all, so not near either
    for found in rule.triggers.finditer(text):
        around = text if rule.within is None else _around(text, found.start(), found.end(), rule.within)
        if not all(companion.search(around) for companion in rule.companions):
            continue
        near = _around(text, found.start(), found.end(), _NEAR)
        if rule.guard and rule.guard.search(near):
            continue
        if rule.level == "darurat" and _is_calmed(rule, text, found.start(), near, dangers):
            continue
        yield found[0]


def _is_calmed(rule: DangerRule, text: str, start: int, near: str, dangers: Dangers) -> bool:
    """Whether the words around say that the danger is none: denied, feared, likened, or of another time."""
    before = " ".join(text[:start].split()[-_BEFORE:])
    if dangers.before.search(before) or dangers.near.search(near):
        return True
    return rule.now and dangers.past.search(near) is not None and dangers.now.search(text) is None


def _around(text: str, start: int, end: int, words: int) -> str:
    """`text` from so many words before `start` to so many after `end`."""
    before = text[:start].split()[-words:]
    after = text[end:].split()[:words]
    return " ".join((*before, text[start:end], *after))
