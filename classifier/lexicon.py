"""What the reading of a post knows of the language: slang, Javanese and words of danger, from files that people edit.

| file | holds |
|---|---|
| `slang.csv` | short forms and slang; `becomes` empty: a word to be left as it is, with its meaning for people |
| `javanese.csv` | Javanese words; `only_in_javanese`: Indonesian too, changed only beside other Javanese words |
| `context.csv` | words whose meaning their neighbours settle, first fitting line wins |
| `names.csv` | words of names, which no rule may take for something else |
| `emoji.csv` | emoji that say something; the others are passed over |
| `dangers.toml` | words of danger and what takes the danger away, see `dangers` |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from city.tables import Row, read_table
from classifier.dangers import Dangers, load_dangers
from classifier.errors import DataRefused
from classifier.stem import Stemmer

Rule = Literal["slang", "javanese"]

NUMBER = "#"  # in context.csv: any number
IN_JAVANESE = "#javanese"  # in context.csv, as `before`: a post with other Javanese words
_LONGEST_PHRASE = 3
_LONGEST_CHAIN = 3  # bgt → banget → sangat


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word or phrase is rewritten to, and by which file's rule."""

    becomes: tuple[str, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Context:
    """One line of context.csv. Words with `!` must not be there; an empty side asks for nothing."""

    becomes: tuple[str, ...]
    before: frozenset[str]
    not_before: frozenset[str]
    after: frozenset[str]
    not_after: frozenset[str]

    def fits(self, before: str, after: str, javanese: bool) -> bool:
        """Whether the neighbours (numbers as NUMBER, none as empty) are those that this line asks for."""
        if javanese and IN_JAVANESE in self.not_before:
            return False
        if before in self.not_before or after in self.not_after:
            return False
        return (not self.before or before in self.before) and (not self.after or after in self.after)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of all files, ready to be looked up. Equal files make equal answers."""

    words: Mapping[str, Entry]  # single words that always change
    phrases: Mapping[tuple[str, ...], Entry]  # two or three words that always change
    in_javanese: Mapping[str, Entry]  # words that change beside other Javanese words
    javanese: frozenset[str]  # words that show that a post is Javanese
    contexts: Mapping[str, tuple[Context, ...]]
    emoji: Mapping[str, str]
    known: frozenset[str]  # all words of the files and of what they become: nothing to mend in them
    stemmer: Stemmer
    dangers: Dangers
    phrase_starts: frozenset[str] = frozenset()
    memory: dict[object, object] = field(default_factory=dict, compare=False, repr=False)  # answers by word, bounded

    def knows(self, word: str) -> bool:
        """Whether `word` is a word of the files or of Indonesian, with its regular affixes or without."""
        return word in self.known or self.stemmer.knows(word)


def load_lexicon(folder: Path) -> Lexicon:
    """Read and check the files of `folder`. Raises DataRefused with file, line and remedy."""
    slang = _entries(read_table(folder / "slang.csv", ("word", "becomes", "meaning"), DataRefused), "slang")
    rows = read_table(folder / "javanese.csv", ("word", "becomes", "only_in_javanese", "meaning"), DataRefused)
    shared = [row for row in rows if row.yes("only_in_javanese")]
    javanese = _entries((row for row in rows if not row.yes("only_in_javanese")), "javanese")
    in_javanese = _changes(_entries(shared, "javanese"))
    everything = {**javanese, **slang}
    changes = _changes(everything)
    phrases = {tuple(words.split()): entry for words, entry in changes.items() if " " in words}
    return Lexicon(
        words={word: _resolved(entry, changes) for word, entry in changes.items() if " " not in word},
        phrases=phrases,
        in_javanese=in_javanese,
        javanese=frozenset(_changes(javanese).keys() - slang.keys()),
        contexts=_contexts(folder / "context.csv"),
        emoji=_emoji(folder / "emoji.csv"),
        known=frozenset((*_parts(everything), *_parts(in_javanese), *_names(folder / "names.csv"))),
        stemmer=Stemmer(),
        dangers=load_dangers(folder / "dangers.toml"),
        phrase_starts=frozenset(words[0] for words in phrases),
    )


def _entries(rows: Iterable[Row], rule: Rule) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for row in rows:
        word = row.text("word")
        if word != word.lower() or len(word.split()) > _LONGEST_PHRASE:
            raise row.refuse(f"word is {word!r}", f"write up to {_LONGEST_PHRASE} words in small letters")
        if word in entries:
            raise row.refuse(f"{word!r} stood there before", "keep one of the two lines")
        row.text("meaning")
        entries[word] = Entry(tuple(row.cells["becomes"].lower().split()), rule)
    return entries


def _changes(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return {word: entry for word, entry in entries.items() if entry.becomes and " ".join(entry.becomes) != word}


def _resolved(entry: Entry, changes: Mapping[str, Entry]) -> Entry:
    """The entry with what it becomes rewritten in turn, as far as that goes."""
    for _ in range(_LONGEST_CHAIN):
        if len(entry.becomes) != 1 or entry.becomes[0] not in changes:
            break
        entry = Entry(changes[entry.becomes[0]].becomes, entry.rule)
    return entry


def _parts(entries: Mapping[str, Entry]) -> Iterable[str]:
    for word, entry in entries.items():
        yield from word.split()
        yield from entry.becomes


def _names(path: Path) -> Iterable[str]:
    return (row.text("name") for row in read_table(path, ("name",), DataRefused))


def _contexts(path: Path) -> dict[str, tuple[Context, ...]]:
    contexts: dict[str, tuple[Context, ...]] = {}
    for row in read_table(path, ("word", "becomes", "before", "after"), DataRefused):
        before, after = row.several("before"), row.several("after")
        line = Context(
            tuple(row.text("becomes").split()),
            *(_asked(before), _refused(before), _asked(after), _refused(after)),
        )
        contexts[row.text("word")] = (*contexts.get(row.text("word"), ()), line)
    return contexts


def _asked(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if not word.startswith("!"))


def _refused(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[1:] for word in words if word.startswith("!"))


def _emoji(path: Path) -> dict[str, str]:
    return {row.text("emoji"): row.text("becomes") for row in read_table(path, ("emoji", "becomes"), DataRefused)}
