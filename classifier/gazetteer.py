"""The city's place names, searched for all at once. Which of its senses a name has in a post is decided in `place`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from city import City
from classifier import place_names
from classifier.place_names import Sense, Spelling, Trust, Words
from classifier.stem import Stemmer

_SHORTEST = 3  # letters of a name; shorter ones are met everywhere


@dataclass(slots=True)
class Name:
    """One way to write a name, with all its senses."""

    words: Words
    trust: Trust
    senses: list[Sense] = field(default_factory=list)  # none: the name of an office, to be passed over


class Gazetteer:
    """All names of a city. Read-only once built; 0.1 s."""

    def __init__(self, city: City) -> None:
        import ahocorasick  # here, because an hour with nothing new never needs it

        self._stemmer = Stemmer()
        self._search = ahocorasick.Automaton()
        by_letters: dict[str, list[Name]] = defaultdict(list)
        for name in self._names_of(city).values():
            by_letters["".join(name.words)].append(name)
        for letters, names in by_letters.items():
            self._search.add_word(letters, tuple(names))
        self._search.make_automaton()

    def find(self, letters: str) -> Iterator[tuple[int, int, tuple[Name, ...]]]:
        """Every name written in `letters` (folded words without spaces): first letter, one past the last, names."""
        for last, names in self._search.iter(letters):
            length = sum(map(len, names[0].words))
            yield last + 1 - length, last + 1, names

    def knows(self, word: str) -> bool:
        """Whether `word` is a word of the language."""
        return self._stemmer.knows(word)

    def is_ordinary(self, name: str) -> bool:
        """Whether every word of `name` is a word of the language, so that the name alone proves nothing."""
        return all(
            len(word) <= _SHORTEST or self._stemmer.knows(word) for word in re.findall(r"[^\W\d_]+", name.lower())
        )

    def _names_of(self, city: City) -> dict[Words, Name]:
        names: dict[Words, Name] = {}
        _add(
            names,
            chain(
                place_names.area_names(city, self.is_ordinary),
                place_names.known_place_names(city, self.is_ordinary),
                place_names.region_names(city),
            ),
        )
        _add(names, place_names.stop_names(city, {words: name.senses for words, name in names.items()}))
        for words in list(place_names.office_names(city, names.keys())):
            names.setdefault(words, Name(words, Trust.ALONE))
        return names


def _add(names: dict[Words, Name], spellings: Iterator[Spelling]) -> None:
    for words, trust, sense in spellings:
        if sum(map(len, words)) >= _SHORTEST:
            name = names.setdefault(words, Name(words, trust))
            name.trust = min(name.trust, trust)
            if sense not in name.senses:
                name.senses.append(sense)
