"""Words → stems, exactly as PySastrawi makes them, remembered by word."""

from __future__ import annotations

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory


class Stemmer:
    """PySastrawi with a memory of `capacity` words; when it is full, it starts anew."""

    def __init__(self, capacity: int = 200_000) -> None:
        self._sastrawi = StemmerFactory().create_stemmer(False)
        self._capacity = capacity
        self._stems: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of one word in small letters."""
        stem = self._stems.get(word)
        if stem is None:
            if len(self._stems) >= self._capacity:
                self._stems.clear()
            stem = self._stems[word] = str(self._sastrawi.stem(word))
        return stem
