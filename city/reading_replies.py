"""Reading `replies.toml`: every text is checked for what a reply must hold and must not, and refused by its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from city.errors import CityError
from city.model import City
from city.reply_texts import (
    ESSENTIAL,
    GAPS,
    LONGEST_CONDITION,
    Missing,
    Occasion,
    OfficialChannel,
    Piece,
    Register,
    ReplyTexts,
    listed,
    parsed,
)
from city.x_length import LIMIT, links_in, x_length

FILE = "replies.toml"

_OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
_TABLES: Mapping[str, tuple[str, ...]] = {
    "greeting": get_args(Register),
    "missing": get_args(Missing),
    "words": ("and", "or", "working_days", "hours"),
    "channels": ("text", "link"),
    "channel": ("code", "name", "from", "until"),
    "reply": ("occasion", "category", "text"),
}
_MANY = ("reply", "channel")
_NOT_OURS: frozenset[str] = frozenset({"authority", "onward"})


def load_replies(path: Path, city: City) -> ReplyTexts:
    """Read and check the texts. Raises CityError with file, line, what was found and what to write."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise CityError(f"{path.name}: cannot be read ({error}); restore it, saved as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CityError(f"{path.name}: not in TOML's form: {error}; mend that line") from None
    return _Reader(path.name, text.splitlines(), document, city).texts()


@dataclass(frozen=True, slots=True)
class _Reader:
    """One file, and what its refusals are told with."""

    name: str
    lines: list[str]
    document: Mapping[str, Any]
    city: City

    def texts(self) -> ReplyTexts:
        self._check_tables()
        texts = ReplyTexts(
            greetings={register: self._greetings(register) for register in get_args(Register)},
            replies=self._replies(),
            missing={what: self._words("missing", what) for what in get_args(Missing)},
            last_and=self._words("words", "and"),
            last_or=self._words("words", "or"),
            working_days=self._with_gap("words", "working_days", "n"),
            hours=self._with_gap("words", "hours", "n"),
            channels_text=self._with_gap("channels", "text", "channels"),
            channels_link=self._link(),
            channels=tuple(self._channel(number) for number in range(len(self.document.get("channel", [])))),
            onward=self._onward(),
        )
        self._check_fit(texts)
        return texts

    # ── Tables and keys ───────────────────────────────────────────────────────────────────────────────────────────

    def _check_tables(self) -> None:
        for table, content in self.document.items():
            if table not in (*_TABLES, "onward"):
                raise self._refuse(table, None, None, f"[{table}] is unknown", f"write one of {', '.join(_TABLES)}")
            entries = content if table in _MANY else [content]
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                brackets = f"[[{table}]]" if table in _MANY else f"[{table}]"
                raise self._refuse(table, None, None, f"{table} is written otherwise", f"write {brackets}")
            for number, entry in enumerate(entries):
                for key in entry:
                    if table != "onward" and key not in _TABLES[table]:
                        known = ", ".join(_TABLES[table])
                        raise self._refuse(table, number, key, f"{key!r} is unknown", f"the keys are {known}")

    def _entry(self, table: str, number: int | None) -> Mapping[str, Any]:
        found = self.document.get(table, {})
        entry: Mapping[str, Any] = found if number is None else found[number]
        return entry

    def _words(self, table: str, key: str, number: int | None = None) -> str:
        value = self._entry(table, number).get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._refuse(table, number, key, f"{key} is {value!r}", f'write {key} = "…"')
        return value.strip()

    def _greetings(self, register: Register) -> tuple[str, ...]:
        said = self._entry("greeting", None).get(register)
        if not isinstance(said, list) or not said or not all(isinstance(each, str) and each.strip() for each in said):
            found = f"{register} is {said!r}"
            raise self._refuse("greeting", None, register, found, f'write {register} = ["…", "…"]')
        for each in said:
            self._check_words("greeting", None, each, register)
        return tuple(said)

    def _with_gap(self, table: str, key: str, gap: str) -> str:
        words = self._words(table, key)
        if set(re.findall(r"\{(.*?)\}", words)) != {gap}:
            raise self._refuse(table, None, key, f"{key} is {words!r}", f"write {{{gap}}} where it is to stand")
        return words

    # ── Replies ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _replies(self) -> dict[tuple[Occasion, str | None], tuple[Piece, ...]]:
        found: dict[tuple[Occasion, str | None], tuple[Piece, ...]] = {}
        for number, entry in enumerate(self.document.get("reply", [])):
            occasion = next((each for each in _OCCASIONS if each == entry.get("occasion")), None)
            if occasion is None:
                given = f"occasion is {entry.get('occasion')!r}"
                raise self._refuse("reply", number, "occasion", given, f"write one of {', '.join(_OCCASIONS)}")
            category = entry.get("category")
            if category not in (None, *self.city.categories):
                given = f"category {category!r} is unknown"
                raise self._refuse("reply", number, "category", given, "write a code of categories.csv")
            if (occasion, category) in found:
                remedy = "keep one text for each occasion and category"
                raise self._refuse("reply", number, "occasion", f"{occasion} stood there before", remedy)
            found[occasion, category] = self._pieces(number, occasion)
        for occasion in _OCCASIONS:
            if (occasion, None) not in found:
                remedy = f'write a [[reply]] with occasion = "{occasion}" and no category'
                raise CityError(f"{self.name}: nothing to say when a ticket is {occasion}; {remedy}")
        return found

    def _pieces(self, number: int, occasion: Occasion) -> tuple[Piece, ...]:
        text = self._words("reply", "text", number)
        self._check_words("reply", number, text)
        try:
            pieces = parsed(text)
        except ValueError as error:
            raise self._refuse("reply", number, "text", str(error), "write […] around what may be left out") from None
        allowed = [gap for gap in GAPS if occasion == "not_ours" or gap not in _NOT_OURS]
        for gap in sorted({gap for piece in pieces for gap in piece.gaps}):
            if gap not in allowed:
                told = ", ".join(f"{{{each}}}" for each in allowed)
                raise self._refuse("reply", number, "text", f"{{{gap}}} cannot be filled in here", f"there are {told}")
        if not any("number" in piece.gaps for piece in pieces if not piece.optional):
            raise self._refuse(
                "reply", number, "text", "the ticket's number is missing", "write {number} outside of […]"
            )
        for piece in pieces:
            if not piece.optional and (bare := piece.gaps - {"number", "opd", "authority"}):
                told = f"{{{min(bare)}}} may have nothing to say"
                raise self._refuse("reply", number, "text", told, f"put […] around the words with {{{min(bare)}}}")
        return pieces

    def _check_words(self, table: str, number: int | None, text: str, key: str = "text") -> None:
        bare = re.sub(r"\{\w+\}", "", text)
        if "{" in bare or "}" in bare:
            raise self._refuse(table, number, key, "a { or } has no partner", "write gaps as {number}")
        if links := links_in(bare):
            raise self._refuse(table, number, key, f"{links[0]} is a link", "take it out: X charges for it")
        if "@" in bare:
            raise self._refuse(table, number, key, "an @ names an account", "take it out: nobody is named in public")
        if found := re.search(r"\d+", bare):
            remedy = "write {deadline}, {number} or {emergency}, or say it in words"
            raise self._refuse(table, number, key, f"the digits {found[0]}", remedy)

    # ── Channels ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _link(self) -> str | None:
        link = self._entry("channels", None).get("link")
        if link is not None and (not isinstance(link, str) or links_in(link) != [link]):
            raise self._refuse(
                "channels", None, "link", f"link is {link!r}", 'write link = "https://…", or leave it out'
            )
        return link

    def _channel(self, number: int) -> OfficialChannel:
        entry, name = self._entry("channel", number), self._words("channel", "name", number)
        if links_in(name) or "@" in name:
            raise self._refuse(
                "channel", number, "name", f"{name!r} is a link or an account", "write its name in words"
            )
        for key in ("from", "until"):
            if key in entry and type(entry[key]) is not date:
                remedy = "write a date without quotes, as in 2026-01-31"
                raise self._refuse("channel", number, key, f"{key} is {entry[key]!r}", remedy)
        code = entry.get("code")
        return OfficialChannel(name, None if code is None else str(code), entry.get("from"), entry.get("until"))

    def _onward(self) -> dict[str, str]:
        """Of every authority: what its own line of authorities.csv says, unless it is said for citizens here."""
        said = {code: self._words("onward", code) for code in self.document.get("onward", {})}
        for code, words in said.items():
            if code not in self.city.authorities:
                raise self._refuse("onward", None, code, f"{code!r} is unknown", "write a code of authorities.csv")
            if links_in(words) or "@" in words:
                raise self._refuse("onward", None, code, f"{words!r} holds a link or an account", "say it in words")
        last = self._words("words", "or")
        known = {code: listed(_parts(each.onward_channel), last) for code, each in self.city.authorities.items()}
        return known | said

    # ── Room ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _check_fit(self, texts: ReplyTexts) -> None:
        """On X each text must fit with the longest names that may stand in it, without what may be left out."""
        longest = max((each for said in texts.greetings.values() for each in said), key=x_length)
        for number, (occasion, category) in enumerate(texts.replies):
            kept = [piece for piece in texts.replies[occasion, category] if not piece.may_be_dropped]
            worst = max(
                (f"{longest} {''.join(piece.filled(values) for piece in kept)}" for values in self._extremes(texts)),
                key=x_length,
            )
            if (over := x_length(worst) - LIMIT) > 0:
                told = f"{over} characters too long for X with the longest names ({worst})"
                remedy = f"shorten it, or put […] around what may be left out (not with {', '.join(sorted(ESSENTIAL))})"
                raise self._refuse("reply", number, "text", told, remedy)

    def _extremes(self, texts: ReplyTexts) -> Iterable[Mapping[str, str]]:
        same = {
            "number": "2026-1000000",
            "opd": max((each.name for each in self.city.opds.values()), key=x_length),
            "category": max((each.name for each in self.city.categories.values()), key=x_length),
            "missing": listed([*texts.missing.values()], texts.last_and),
            "condition": "m" * LONGEST_CONDITION,
            "emergency": self.city.emergency_number,
            "deadline": max((texts.working_days, texts.hours), key=x_length).replace("{n}", "100"),
        }
        for code, authority in self.city.authorities.items():
            yield same | {"authority": authority.name, "onward": texts.onward[code]}

    # ── Refusing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _refuse(self, table: str, number: int | None, key: str | None, found: str, remedy: str) -> CityError:
        return CityError(f"{self.name}:{self._line(table, number or 0, key)}: {found}; {remedy}")

    def _line(self, table: str, number: int, key: str | None) -> int:
        """The line of `key` in the table's entry of that number; that of the entry, or the last, where it misses."""
        heads = [at for at, line in enumerate(self.lines) if re.match(rf"\[\[?{re.escape(table)}\]", line.strip())]
        if number >= len(heads):
            return len(self.lines)
        for at in range(heads[number] + 1, len(self.lines)):
            if self.lines[at].lstrip().startswith("["):
                break
            if key and re.match(rf'"?{re.escape(key)}"?\s*=', self.lines[at].strip()):
                return at + 1
        return heads[number] + 1


def _parts(onward_channel: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;/]", onward_channel) if part.strip()]
