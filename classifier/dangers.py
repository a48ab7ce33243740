"""Rules of danger as people write them in `dangers.toml`, made ready for searching a normalised text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from classifier.errors import DataRefused

Level = Literal["darurat", "tinggi", "biasa"]
Pattern = re.Pattern[str]

_RULE_KEYS = {"name": str, "level": str, "any": list, "with": list, "unless": list, "within": int, "now": bool}
_NONE: frozenset[int] = frozenset()
_GUARDS = ("before", "near", "anywhere", "past", "now")


@dataclass(frozen=True, slots=True)
class DangerRule:
    """One rule: what it is called, the level that it gives, and when it fires."""

    name: str
    level: Level
    triggers: Pattern
    companions: tuple[Pattern, ...]  # each must be found too
    guard: Pattern | None  # takes the danger away when it stands near
    within: int | None  # words around the danger where companions count; None = anywhere
    now: bool  # only when the text doesn't tell of another time


@dataclass(frozen=True, slots=True)
class Dangers:
    """All rules, darurat first, and the guards that every rule of darurat shares."""

    rules: tuple[DangerRule, ...]
    before: Pattern
    near: Pattern
    anywhere: Pattern
    past: Pattern
    now: Pattern
    by_word: Mapping[str, frozenset[int]]  # words with which a trigger may begin → indexes of rules
    by_beginning: tuple[tuple[str, int], ...]  # beginnings of such words, where a trigger says *
    beginnings: tuple[str, ...]

    def candidates(self, words: Collection[str]) -> list[DangerRule]:
        """The rules that may fire on a text of these words: most texts have none, and are done with."""
        found: set[int] = set()
        for word in words:
            found |= self.by_word.get(word, _NONE)
            if word.startswith(self.beginnings):
                found.update(index for beginning, index in self.by_beginning if word.startswith(beginning))
        return [self.rules[index] for index in sorted(found)]


def load_dangers(path: Path) -> Dangers:
    """Read and check the rules. Raises DataRefused with the rule's number, what was found and what to write."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataRefused(f"{path.name}: cannot be read ({error}); restore it, saved as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise DataRefused(f"{path.name}: not in TOML's form: {error}; mend that line") from None
    guards, entries = document.get("guards", {}), document.get("rule", [])
    if set(document) - {"guards", "rule"} or not entries or set(guards) != set(_GUARDS):
        raise DataRefused(f"{path.name}: write [guards] with {', '.join(_GUARDS)}, and each rule under [[rule]]")
    rules = [_rule(entry, f"{path.name}: rule {number}") for number, entry in enumerate(entries, 1)]
    order = sorted(range(len(rules)), key=lambda index: (rules[index].level != "darurat", index))
    shared = {name: _pattern(guards[name], f"{path.name}: [guards] {name}") for name in _GUARDS}
    by_word: dict[str, set[int]] = {}
    by_beginning: list[tuple[str, int]] = []
    for position, index in enumerate(order):
        for word in (word for trigger in entries[index]["any"] for word in _first_words(trigger)):
            if word.endswith("*"):
                by_beginning.append((word[:-1], position))
            else:
                by_word.setdefault(word, set()).add(position)
    return Dangers(
        rules=tuple(rules[index] for index in order),
        by_word={word: frozenset(positions) for word, positions in by_word.items()},
        by_beginning=tuple(by_beginning),
        beginnings=tuple(sorted({beginning for beginning, _ in by_beginning})),
        **shared,
    )


def _first_words(trigger: str) -> list[str]:
    """The words with which a trigger may begin: "(api|geni)* … besar" → api*, geni*."""
    first = trigger[: trigger.index(")") + 1] if trigger.startswith("(") else trigger.split(maxsplit=1)[0]
    tail = "*" if trigger[len(first) : len(first) + 1] == "*" else ""
    return [word.split()[0] + tail for word in first.strip("()").split("|")]


def _rule(entry: Mapping[str, Any], where: str) -> DangerRule:
    for key, value in entry.items():
        if key not in _RULE_KEYS or type(value) is not _RULE_KEYS[key]:
            known = ", ".join(f"{name} ({kind.__name__})" for name, kind in _RULE_KEYS.items())
            raise DataRefused(f"{where}: {key} = {value!r} is not understood; the keys are {known}")
    if entry.get("level") not in ("darurat", "tinggi") or not entry.get("name") or not entry.get("any"):
        raise DataRefused(f'{where}: write name, level ("darurat" or "tinggi") and any (a list of words)')
    unless = entry.get("unless")
    return DangerRule(
        name=entry["name"],
        level=cast(Level, entry["level"]),
        triggers=_pattern(entry["any"], where),
        companions=tuple(_pattern(group, where) for group in entry.get("with", ())),
        guard=_pattern(unless, where) if unless else None,
        within=entry.get("within"),
        now=entry.get("now", False),
    )


def _pattern(phrases: Any, where: str) -> Pattern:
    """One pattern for all `phrases`: `*` is any letters, `…` up to six words, (a|b) either."""
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
        raise DataRefused(f'{where}: {phrases!r} is no list of words; write ["…", "…"]')
    try:
        # The edges of words once for all phrases, not in each: most places in a text are no edge, and are left at once.
        return re.compile(rf"(?<!\S)(?:{'|'.join(_expression(phrase) for phrase in phrases)})(?!\S)")
    except re.error as error:
        raise DataRefused(f"{where}: {error}; write (a|b) with both brackets") from None


def _expression(phrase: str) -> str:
    words = []
    for word in phrase.split():
        if word == "…":
            words.append(r"(?:\S+ ){0,6}?")
        else:
            words.append("".join(_letter(letter) for letter in word) + " ")
    return "".join(words).rstrip()


def _letter(letter: str) -> str:
    if letter == "*":
        return r"\S*"
    if letter == "(":
        return "(?:"
    return letter if letter in "|)" else re.escape(letter)
