"""What a word stands for beside itself: its stem, and the concepts of `concepts.csv` that it belongs to.

A word that no labelled post had still says something when its concept is known: "bohlam" speaks as a lamp does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from city.tables import read_table
from classifier.errors import DataRefused
from classifier.stem import Stemmer

Concepts = Mapping[str, tuple[str, ...]]  # words and phrases of two words → their concepts
_MOST_CONCEPTS = 3  # of one word; what stands for everything says nothing
_NONE: tuple[str, ...] = ()


class Meanings:
    """Stems and concepts, looked up by word. Equal files make equal answers."""

    def __init__(self, stemmer: Stemmer, concepts: Concepts) -> None:
        self._concepts = concepts
        self.stem = stemmer.stem
        self.knows = stemmer.knows

    def concepts_of(self, first: str, second: str = "") -> tuple[str, ...]:
        """The concepts of a word, or of a phrase of two words, as they stand or by their stems; in order, each once."""
        if second:
            plain, stems = f"{first} {second}", f"{self.stem(first)} {self.stem(second)}"
        else:
            plain, stems = first, self.stem(first)
        found = self._concepts.get(plain, _NONE)
        if stems == plain or stems not in self._concepts:
            return found
        return tuple(sorted({*found, *self._concepts[stems]}))

    def concepts_along(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """For each word its concepts, and those of the phrase that it begins."""
        along = []
        for word, after in zip_longest(words, words[1:]):
            found = self.concepts_of(word)
            phrase = self.concepts_of(word, after) if after else _NONE
            along.append(tuple(dict.fromkeys((*found, *phrase))) if phrase else found)
        return along


def load_concepts(path: Path) -> Concepts:
    """Read and check the file. Raises DataRefused with line and remedy."""
    concepts: dict[str, tuple[str, ...]] = {}
    names: set[str] = set()
    for row in read_table(path, ("concept", "words"), DataRefused):
        name = row.text("concept")
        if name in names:
            raise row.refuse(f"concept {name!r} stood there before", "put all its words on one line")
        names.add(name)
        for word in dict.fromkeys(row.several("words")):
            if word != word.lower() or len(word.split()) > 2:
                raise row.refuse(f"words has {word!r}", "write one or two words in small letters")
            concepts[word] = tuple(sorted((*concepts.get(word, ()), name)))
            if len(concepts[word]) > _MOST_CONCEPTS:
                raise row.refuse(f"{word!r} stands in a fourth concept", "keep it to three")
    return concepts


__all__ = ["Concepts", "Meanings", "load_concepts"]
