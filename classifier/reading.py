"""Texts → documents: the part of reading that training and answering have in common."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.document import Document, document_of
from classifier.knowledge import Knowledge
from classifier.normalise import Normalised, normalise
from classifier.place import Place


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as far as it is understood without a model."""

    text: str
    normalised: Normalised
    place: Place | None
    document: Document


def read_text(text: str, knowledge: Knowledge) -> ReadText:
    normalised = normalise(text, knowledge.lexicon)
    place = knowledge.places.find(normalised, text)
    return ReadText(text, normalised, place, document_of(text, normalised, place, knowledge.meanings))
