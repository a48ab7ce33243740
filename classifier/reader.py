"""Reads posts with one model: the same object in a notebook, on the command line and in the service."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from city import City
from city.changes import successors
from classifier.artefact import knowledge_folder, load_artefact
from classifier.deciding import Answer, Decider
from classifier.document import Document
from classifier.errors import ClassifierError, DataRefused, ModelMissing, ModelRefused
from classifier.knowledge import Knowledge, frozen_hash, frozen_knowledge
from classifier.model import YES, Model, Question
from classifier.post import Post
from classifier.prediction import Prediction
from classifier.reading import ReadText, read_text
from classifier.reasons import reasons
from classifier.registry import Registry, day_of
from classifier.scoring import Scored, Scorer
from classifier.succession import Told, tell_forward

_log = logging.getLogger(__name__)
_PARENT_WEIGHT = 0.5  # of the words of the post that is answered, beside a post's own
_WORDS_OF_DANGER = 3  # of the model that are told
_BATCH = 1000  # posts scored at once; more takes more memory and no less time


@dataclass(frozen=True, slots=True)
class Today:
    """The city of the day on which a model reads, and the day on which it was made."""

    city: City
    made: date


class Reader:
    """A pure function of posts: the same post has the same answer, whatever is read beside it.

    >>> reader = Reader.load(Path("models"))                                           # doctest: +SKIP
    >>> reader.read([Post("lampu jalan mati di depan pasar")])[0].category.code        # doctest: +SKIP
    'pju'
    """

    def __init__(self, version: str, model: Model, knowledge: Knowledge, today: Today | None = None) -> None:
        self.model = version
        self._today = today
        self._model = model
        self._knowledge = knowledge
        self._scorer = Scorer(model, knowledge.meanings)
        self._decider = Decider(model, knowledge.city)

    @property
    def error(self) -> float:
        """The promised share of wrong OPDs among what is routed."""
        return self._model.promise.error

    @property
    def labels(self) -> dict[Question, frozenset[str]]:
        """The answers that it can give to each question."""
        return {
            question: frozenset(heir for label in head.labels for heir in self._heirs(label))
            for question, head in self._model.heads.items()
        }

    def _heirs(self, label: str) -> tuple[str, ...]:
        return successors(self._today.city, label) if self._today else (label,)

    @property
    def city(self) -> City:
        """The city as the model knows it."""
        return self._knowledge.city

    def knows(self, word: str) -> bool:
        """Whether the model has met a normal word, in this form or by its stem."""
        return self._model.features.knows(word, self._knowledge.meanings)

    def topics(self, normalised: str) -> frozenset[str]:
        """The stems and concepts of a normalised text: what new topics are counted by."""
        words, meanings = normalised.split(), self._knowledge.meanings
        concepts = (concept for found in meanings.concepts_along(words) for concept in found)
        return frozenset((*map(meanings.stem, words), *concepts))

    @classmethod
    def load(cls, models_dir: Path, today: City | None = None) -> Reader:
        """The champion; if it must not be loaded, the latest former champion that may, and a warning.

        `today`: the city of this day, for answers in its codes, whatever changed since the model was made.

        Raises ModelMissing when nobody was ever promoted, ModelRefused when no champion of the history can serve.
        """
        registry = Registry(models_dir)
        refusal: ClassifierError | None = None
        for version in registry.serving_order():
            try:
                reader = cls.of(registry, version, today)
            except (ModelMissing, ModelRefused) as error:
                refusal = refusal or error
                continue
            if refusal is not None:
                _log.warning("%s; %s serves on", refusal, version)
            return reader
        if refusal is None:
            raise ModelMissing(f"no champion in {models_dir}; make one: python -m classifier train")
        raise refusal

    @classmethod
    def of(cls, registry: Registry, version: str, today: City | None = None) -> Reader:
        """One version of a registry, champion or not."""
        model = load_artefact(registry, version)
        folder = knowledge_folder(registry, version)
        card = registry.card(version)
        if (found := frozen_hash(folder)) != card.get("knowledge_sha256"):
            raise ModelRefused(f"{version}: its {folder.name} was changed (hash {found[:12]}…); train --from {version}")
        try:
            made = day_of(card)
            return cls(version, model, frozen_knowledge(folder, made), Today(today, made) if today else None)
        except DataRefused as error:
            raise ModelRefused(f"{version}: its {folder.name} cannot be read by this Simak: {error}") from None

    def read(self, posts: Sequence[Post]) -> list[Prediction]:
        """One prediction a post, in order."""
        predictions: list[Prediction] = []
        for first in range(0, len(posts), _BATCH):
            predictions += self._read_batch(posts[first : first + _BATCH])
        return predictions

    def _read_batch(self, posts: Sequence[Post]) -> list[Prediction]:
        texts = [read_text(post.text, self._knowledge) for post in posts]
        scored = self._scorer.score([text.document for text in texts])
        parents = self._parents_say(posts)
        answers = self._decider.decide(self._model.probabilities(scored.scores + parents), texts)
        return [
            self._prediction(row, post, text, answer, scored)
            for row, (post, text, answer) in enumerate(zip(posts, texts, answers, strict=True))
        ]

    def _parents_say(self, posts: Sequence[Post]) -> np.ndarray:
        """What the posts that are answered add to the scores of kind and office; never to whether it is a complaint."""
        added = np.zeros((len(posts), len(self._model.bias)))
        rows = [row for row, post in enumerate(posts) if post.parent_text]
        if not rows:
            return added
        documents = [self._parent(posts[row]) for row in rows]
        added[rows] = (self._scorer.score(documents).scores - self._model.bias) * _PARENT_WEIGHT
        if "actionable" in self._model.heads:
            added[:, self._model.heads["actionable"].columns] = 0
        return added

    def _parent(self, post: Post) -> Document:
        return read_text(post.parent_text or "", self._knowledge).document

    def _prediction(self, row: int, post: Post, text: ReadText, answer: Answer, scored: Scored) -> Prediction:
        told = self._told(answer, text)
        dropped = told.decision == "drop"
        return Prediction(
            id=post.id,
            decision=told.decision,
            actionable=answer.actionable,
            category=told.categories[0] if told.categories and not dropped else None,
            opd=told.opds[0] if told.opds and not dropped else None,
            opd_top3=told.opds,
            category_top3=told.categories,
            place=text.place,
            priority=answer.priority,
            priority_rule=text.danger.rule,
            priority_why=self._why_urgent(row, text, answer, scored),
            why=reasons(text, scored.spoken(row, self._column_to_explain(answer)), self._knowledge.meanings),
            normalised=text.normalised.text,
            rewrites=text.normalised.trace,
            threshold=self._model.promise.threshold,
            model=self.model,
        )

    def _told(self, answer: Answer, text: ReadText) -> Told:
        """The answer in the codes of today."""
        if self._today is None or not self._today.city.changes:
            return Told(answer.categories, answer.opds, answer.decision)
        kecamatan = text.place.kecamatan if text.place else None
        city, made = self._today.city, self._today.made
        return tell_forward(city, answer.categories, answer.opds, answer.decision, kecamatan, made)

    def _why_urgent(self, row: int, text: ReadText, answer: Answer, scored: Scored) -> tuple[str, ...]:
        """The words of the rule; without one, the strongest of those by which the model found the post urgent."""
        if answer.priority == "biasa":
            return ()
        if text.danger.words:
            return (text.danger.words,)
        spoken = scored.spoken(row, self._column("priority", answer.priority))
        told = reasons(text, spoken, self._knowledge.meanings)
        return tuple(reason.term for reason in told if reason.weight > 0)[:_WORDS_OF_DANGER]

    def _column_to_explain(self, answer: Answer) -> int:
        """Of the label that the reasons are about: the OPD; else the category; else whether it is a complaint."""
        heads = self._model.heads
        if answer.decision == "drop" and "actionable" in heads:
            return self._column("actionable", YES)
        if answer.opds and "opd" in heads:
            label = answer.opds[0].code
            return self._column("opd", label if label in heads["opd"].labels else "kec_*")
        if answer.categories:
            return self._column("category", answer.categories[0].code)
        return self._column("actionable", YES)

    def _column(self, question: Question, label: str) -> int:
        head = self._model.heads[question]
        return head.first + head.labels.index(label)
