"""The query language of recent search: from the string to a match, or to a refusal in X's words.

A space is AND and binds tighter than OR; parentheses group; `-` negates one operator. A query must have something to
look for: `is:`, `has:`, `lang:`, negations and stop words only narrow what stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from listener.emulator.habits import Habits
from listener.emulator.operators import NULLCAST, OPERATORS, Matches, keyword, phrase
from listener.emulator.posts import Shown

# Words that X looks for only beside others.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+", "a an and at but by com from http https if in is it its me my or rt the this to too via we www you"
    )
)
DEEPEST = 50
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf"
_TOKEN = re.compile(
    rf"""(?P<open>\() | (?P<close>\))
    | (?P<minus>(?<![^\s(])-(?=[^\s)-]))
    | (?P<operator>[A-Za-z_]+:(?:"[^"]*"|[^\s()"]+))
    | (?P<phrase>"[^"]+")
    | (?P<tag>[#＃]\w+) | (?P<mention>@[A-Za-z0-9_]{{1,15}}\b) | (?P<cashtag>\$[A-Za-z]{{1,6}}\b)
    | (?P<word>\w+ | [{_EMOJI}][{_EMOJI}\ufe0f\u200d]*)
    """,
    re.VERBOSE,
)


class QueryRefused(Exception):
    """X answers 400; the message is X's."""

    def __init__(self, *problems: str) -> None:
        super().__init__("There were errors processing your request: " + ", ".join(problems))


def compile_query(text: str, habits: Habits) -> Matches:
    """What `text` finds. Raises QueryRefused."""
    if not 1 <= len(text) <= habits.query_length:
        raise QueryRefused(f"Rules must be between 1 and {habits.query_length} characters, not {len(text)}")
    parser = _Parser(text, habits)
    clause = parser.parse()
    problems = parser.problems + list(_ungrounded(clause, whole=True))
    if problems:
        raise QueryRefused(*problems)
    return clause.matches


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int  # from 1, as X counts


@dataclass(frozen=True, slots=True)
class _Term:
    """One operator; `grounds` when it is something to look for by itself."""

    find: Matches
    negated: bool
    grounds: bool
    dependent: str | None  # its name, when it cannot stand alone
    position: int

    def matches(self, shown: Shown) -> bool:
        return self.find(shown) is not self.negated


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[_Clause, ...]
    position: int

    @property
    def grounds(self) -> bool:
        return any(part.grounds for part in self.parts)

    def matches(self, shown: Shown) -> bool:
        return all(part.matches(shown) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[_Clause, ...]
    position: int

    @property
    def grounds(self) -> bool:
        return all(part.grounds for part in self.parts)

    def matches(self, shown: Shown) -> bool:
        return any(part.matches(shown) for part in self.parts)


_Clause = _Term | _All | _Any


def _ungrounded(clause: _Clause, *, whole: bool = False) -> Iterator[str]:
    """The refusals for the branches of `clause` that have nothing to look for."""
    if clause.grounds:
        return
    if isinstance(clause, _Any):
        for part in clause.parts:
            yield from _ungrounded(part)
        return
    parts = (clause,) if isinstance(clause, _Term) else clause.parts
    groups = [part for part in parts if not isinstance(part, _Term)]
    for group in groups:
        yield from _ungrounded(group)
    if not groups:
        yield _nothing_to_look_for([part for part in parts if isinstance(part, _Term)], whole)


def _nothing_to_look_for(terms: list[_Term], whole: bool) -> str:
    positive = [term for term in terms if not term.negated]
    if whole and not positive:
        return "Rules must contain a non-negation term"
    dependent = next((term for term in positive if term.dependent), None)
    if dependent:
        return f"{dependent.dependent} cannot be used as a standalone operator (at position {dependent.position})"
    return f"Rules must contain at least one positive, non-stopword clause (at position {terms[0].position})"


class _Parser:
    """Recursive descent. What is wrong with single terms is gathered in `problems`; broken structure is raised."""

    def __init__(self, text: str, habits: Habits) -> None:
        self.problems: list[str] = []
        self._habits = habits
        self._tokens = list(_tokenize(text))
        self._at = 0
        self._depth = 0

    def parse(self) -> _Clause:
        clause = self._any()
        token = self._peek()
        if token.kind != "end":
            raise QueryRefused(f"missing EOF at '{token.text}' (at position {token.position})")
        return clause

    def _any(self) -> _Clause:
        position = self._peek().position
        parts = [self._all()]
        while self._peek().text == "OR":
            self._next()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else _Any(tuple(parts), position)

    def _all(self) -> _Clause:
        position = self._peek().position
        parts: list[_Clause] = []
        while self._peek().kind not in ("close", "end") and self._peek().text != "OR":
            parts.append(self._one())
        if not parts:
            raise _no_alternative(self._peek())
        return parts[0] if len(parts) == 1 else _All(tuple(parts), position)

    def _one(self) -> _Clause:
        token = self._next()
        if token.kind == "open":
            return self._group()
        if token.kind != "minus":
            return self._term(token, negated=False)
        negated = self._next()
        if negated.kind == "open":  # documented: negate its parts one by one
            raise QueryRefused(f"no viable alternative at input '-(' (at position {token.position})")
        return self._term(replace(negated, position=token.position), negated=True)

    def _group(self) -> _Clause:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryRefused("Rules must not be nested that deep")
        clause = self._any()
        closing = self._next()
        if closing.kind != "close":
            raise QueryRefused(f"missing ')' at '{closing.text}' (at position {closing.position})")
        self._depth -= 1
        return clause

    def _term(self, token: _Token, *, negated: bool) -> _Term:
        if token.kind == "operator":
            return self._operator(token, negated)
        if token.kind == "phrase":
            return _Term(phrase(token.text, self._habits), negated, not negated, None, token.position)
        word = token.text.casefold()
        if word in ("and", "or"):
            self.problems.append(
                f"Ambiguous use of {word} as a keyword. Use a space to logically join two clauses, "
                f'or "{word}" to find occurrences of {word} in text (at position {token.position})'
            )
        grounds = not negated and word not in STOP_WORDS
        return _Term(keyword(token.text, self._habits), negated, grounds, None, token.position)

    def _operator(self, token: _Token, negated: bool) -> _Term:
        name, _, value = token.text.partition(":")
        operator = NULLCAST if token.text == "is:nullcast" else OPERATORS.get(name)
        if operator is None:
            return self._invalid(name, token)
        if operator.only_negated and not negated:
            return self._invalid(token.text, token)
        try:
            find = operator.make(value.strip('"'))
        except ValueError:
            return self._invalid(token.text, token)
        dependent = name if operator.dependent else None
        return _Term(find, negated, not negated and not operator.dependent, dependent, token.position)

    def _invalid(self, name: str, token: _Token) -> _Term:
        self.problems.append(f"Reference to invalid operator '{name}' (at position {token.position})")
        return _Term(lambda shown: False, False, True, None, token.position)

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token


def _tokenize(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _no_alternative(_Token("unknown", text[at], at + 1))
        yield _Token(found.lastgroup, found[0], at + 1)
        at = found.end()
    yield _Token("end", "<EOF>", len(text) + 1)


def _no_alternative(token: _Token) -> QueryRefused:
    return QueryRefused(f"no viable alternative at input '{token.text}' (at position {token.position})")
