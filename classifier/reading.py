"""Texts → documents: the part of reading that training and answering have in common."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.document import Document, document_of
from classifier.knowledge import Knowledge
from classifier.normalise import Normalised, normalise
from classifier.place import Place
from classifier.priority import Priority, priority_of


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as far as it is understood without a model."""

    text: str
    normalised: Normalised
    place: Place | None
    danger: Priority  # what the rules of danger say of it
    document: Document


def read_text(text: str, knowledge: Knowledge) -> ReadText:
    normalised = normalise(text, knowledge.lexicon)
    place = knowledge.places.find(normalised, text)
    danger = priority_of(normalised, knowledge.lexicon)
    return ReadText(text, normalised, place, danger, document_of(text, normalised, place, danger, knowledge.meanings))
