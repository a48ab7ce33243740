"""Words → stems, exactly as PySastrawi makes them, remembered by word."""

from __future__ import annotations


class Stemmer:
    """PySastrawi with a memory of `capacity` words; when it is full, it begins anew, so that it never grows for ever.

    >>> Stemmer().stem("perbaikannya")
    'baik'
    """

    def __init__(self, capacity: int = 200_000) -> None:
        from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # here: an hour with nothing new never needs it

        factory = StemmerFactory()
        self._sastrawi = factory.create_stemmer(False)  # without its own memory, which has no bound
        self._roots = frozenset(factory.get_words())
        self._capacity = capacity
        self._stems: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of one word in small letters. What PySastrawi makes of it, always."""
        stem = self._stems.get(word)
        if stem is None:
            if len(self._stems) >= self._capacity:
                self._stems.clear()
            stem = self._stems[word] = str(self._sastrawi.stem(word))
        return stem

    def knows(self, word: str) -> bool:
        """Whether `word` is a word of Indonesian, plain or with its regular affixes."""
        return word in self._roots or self.stem(word) in self._roots

    def is_root(self, word: str) -> bool:
        """Whether `word` stands in PySastrawi's list of roots as it is."""
        return word in self._roots

    def __len__(self) -> int:
        """How many stems are remembered."""
        return len(self._stems)
