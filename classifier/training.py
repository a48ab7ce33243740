"""Labelled posts → a model, and what the model says of each post it had not seen, for all figures on its card.

1. read the texts as they will be read later;
2. fit each question that the labels answer (is it a complaint, of what kind, whose);
3. calibrate on held-out scores, let category and OPD agree, calibrate that;
4. choose below what a post is dropped, and above what a draft is routed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from classifier.agreement import Agreement, learn_agreement
from classifier.calibration import calibrate, sharpness
from classifier.deciding import Answer, Decider
from classifier.document import Document
from classifier.drawing import drawn
from classifier.errors import DataRefused
from classifier.features import Features, for_many, learn_features, matrix_of
from classifier.folds import folds_of
from classifier.knowledge import Knowledge
from classifier.labels import LabelledPost
from classifier.linear import DIRECT_UP_TO, FEW_LABELS, MANY, Fitted, Lesson, fit_by_steps, fit_directly, gram_of
from classifier.model import NO, OF_KECAMATAN, QUESTIONS, YES, Head, Model, Question
from classifier.prior import Known, known_of
from classifier.priority import PRIORITIES
from classifier.promise import Promise, promise
from classifier.reading import ReadText, read_text
from classifier.recipe import Recipe

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trained:
    model: Model
    posts: list[LabelledPost]  # that it learnt from, in order
    held_out: list[Answer | None]  # of each, by a model that never saw its fold; None = it was never held out
    scores: np.ndarray  # posts × labels of all heads, of which `held_out` was made
    rows: dict[Question, Counter[str]]  # labelled posts of each label
    folded: dict[Question, list[str]]  # labels with too few posts: a person decides those


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question with the documents that answer it, posts first, then what is known beforehand."""

    question: Question
    labels: tuple[str, ...]
    posts: np.ndarray  # row numbers among the posts
    known: np.ndarray  # row numbers among the phrases known beforehand
    right: np.ndarray  # column number of the label of each, posts first


def train(
    posts: Sequence[LabelledPost], knowledge: Knowledge, recipe: Recipe, progress: Progress = lambda step: None
) -> Trained:
    """Raises DataRefused when no question has two labels to tell apart."""
    given = len(posts)
    posts = drawn(posts, recipe.most, recipe.seed)
    if len(posts) > MANY:
        recipe = replace(recipe, features=for_many(recipe.features, len(posts)))
    progress(f"reading {len(posts)} posts" + (f", drawn from {given}" if given > len(posts) else ""))
    texts = [read_text(post.text, knowledge) for post in posts]
    prior = known_of(knowledge.city) if recipe.prior_weight else []
    phrases = [read_text(known.text, knowledge).document for known in prior]
    rows: dict[Question, Counter[str]] = {}
    folded: dict[Question, list[str]] = {}
    asked = []
    for question in QUESTIONS:
        labels = [label_of(post, question, knowledge) for post in posts]
        one = _ask(question, labels, [_known_label(known, question, knowledge) for known in prior], recipe)
        rows[question] = Counter(label for label in labels if label)
        folded[question] = sorted(set(rows[question]) - set(one.labels if one else ()))
        if one:
            asked.append(one)
    if not asked:
        raise DataRefused("no question has two labels with enough posts; add labelled posts")
    return _Training(posts, texts, phrases, knowledge, recipe, progress).finish(asked, rows, folded)


def label_of(post: LabelledPost, question: Question, knowledge: Knowledge) -> str | None:
    """The label of a post as the model learns it; None where it says nothing of that question."""
    if question == "actionable":
        return None if post.actionable is None else YES if post.actionable else NO
    if post.actionable is False:
        return None
    if question == "category":
        return post.category
    if question == "priority":
        return post.priority if post.actionable and post.priority in PRIORITIES else None
    return _office(post.opd, knowledge)


def _office(opd: str | None, knowledge: Knowledge) -> str | None:
    offices = {district.opd for district in knowledge.city.kecamatan.values()}
    return OF_KECAMATAN if opd in offices else opd


def _known_label(known: Known, question: Question, knowledge: Knowledge) -> str | None:
    if question == "category":
        return known.category
    return _office(known.opd, knowledge) if question == "opd" else None


def _ask(question: Question, labels: list[str | None], known: list[str | None], recipe: Recipe) -> _Asked | None:
    """The question as the labels put it, or None when they leave nothing to tell apart."""
    counts = Counter(label for label in labels if label)
    # What a city says of its codes helps only a label set that uses them.
    ours = {label for label in known if label}
    speaks = 2 * sum(counts[label] for label in ours) > counts.total()
    kept = {label for label, count in counts.items() if count >= recipe.fewest or (speaks and label in ours)}
    if speaks:
        kept |= ours
    if len(kept) < 2:
        return None
    names = tuple(sorted(kept))
    column = {label: number for number, label in enumerate(names)}
    post_rows = np.array([row for row, label in enumerate(labels) if label in kept], dtype=np.int64)
    known_rows = np.array([row for row, label in enumerate(known) if speaks and label in kept], dtype=np.int64)
    right = [column[str(labels[row])] for row in post_rows] + [column[str(known[row])] for row in known_rows]
    return _Asked(question, names, post_rows, known_rows, np.array(right, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Training:
    """Everything that the steps of one training share."""

    posts: list[LabelledPost]
    texts: list[ReadText]
    phrases: list[Document]
    knowledge: Knowledge
    recipe: Recipe
    progress: Progress

    def finish(
        self, asked: list[_Asked], rows: dict[Question, Counter[str]], folded: dict[Question, list[str]]
    ) -> Trained:
        documents = [text.document for text in self.texts]
        features = learn_features(documents, self.recipe.features, self.knowledge.meanings, self.phrases)
        self.progress(f"{len(features.index)} features")
        matrix = matrix_of([*documents, *self.phrases], features, self.knowledge.meanings).rows
        fits = self._fits(asked, matrix)
        model = self._model(asked, fits, features)
        scores, held = self._held_out_scores(asked, fits, model, matrix[: len(self.posts)])
        self.progress("choosing thresholds")
        model = self._with_thresholds(model, asked, scores, held)
        answers = self._answers(model, scores)
        said = [answer if seen else None for answer, seen in zip(answers, held, strict=True)]
        return Trained(model, self.posts, said, scores, rows, folded)

    def _fits(self, asked: list[_Asked], matrix: sparse.csr_matrix) -> list[Fitted]:
        """One fit a question, in order. Rows of `matrix`: posts, then phrases known beforehand."""
        folds = folds_of([post.together for post in self.posts], self.recipe.folds, self.recipe.seed)
        folds = np.concatenate([folds, np.full(len(self.phrases), -1)])
        directly = [one for one in asked if len(one.right) <= DIRECT_UP_TO and len(one.labels) > FEW_LABELS]
        # Complaints and phrases: what says nothing of kind or office would only fill memory.
        needed = np.unique([row for one in directly for row in self._rows(one)])
        gram = gram_of(matrix[needed]) if directly else np.zeros((0, 0))
        fits = []
        for one in asked:
            self.progress(f"learning {one.question}: {len(one.labels)} labels from {len(one.posts)} posts")
            chosen = self._rows(one)
            targets = np.where(one.right[:, None] == np.arange(len(one.labels)), 1.0, -1.0)
            lesson = Lesson(matrix[chosen], targets, self._importance(one), folds[chosen], self.recipe.penalty)
            if one in directly:
                among = np.searchsorted(needed, chosen)
                fits.append(fit_directly(lesson, gram[np.ix_(among, among)]))
            else:
                # One fold of very many posts is enough to calibrate on, and all that many labels have time for.
                quick = len(chosen) <= DIRECT_UP_TO or (len(one.labels) <= FEW_LABELS and len(chosen) <= MANY)
                fits.append(fit_by_steps(lesson, self.recipe.folds if quick else 1))
        return fits

    def _rows(self, one: _Asked) -> np.ndarray:
        """The rows of all documents that answer the question, posts first."""
        return np.concatenate([one.posts, len(self.posts) + one.known])

    def _importance(self, one: _Asked) -> np.ndarray:
        counts = np.bincount(one.right[: len(one.posts)], minlength=len(one.labels))
        counts = np.maximum(counts, self.recipe.fewest)
        importance = (counts.mean() / counts[one.right]) ** self.recipe.balance
        importance[len(one.posts) :] *= self.recipe.prior_weight
        return np.asarray(importance)

    def _model(self, asked: list[_Asked], fits: list[Fitted], features: Features) -> Model:
        """The model with its calibrations; what it does with its answers is not settled yet."""
        heads: dict[Question, Head] = {}
        first = 0
        for one, fit in zip(asked, fits, strict=True):
            said = fit.held_out[: len(one.posts)]
            seen = ~np.isnan(said[:, 0])
            calibration = calibrate(said[seen], one.right[: len(one.posts)][seen])
            heads[one.question] = Head(one.question, one.labels, first, calibration)
            first += len(one.labels)
        return Model(
            features=features,
            weights=np.ascontiguousarray(np.hstack([fit.weights for fit in fits])),
            bias=np.concatenate([fit.bias for fit in fits]),
            heads=heads,
            agreement=self._agreement({one.question: one for one in asked}),
            sharpen={"category": 1.0, "opd": 1.0},
            drop_below=0.5,
            promise=Promise(self.recipe.error, None, 0, 0, 0),
        )

    def _agreement(self, asked: dict[Question, _Asked]) -> Agreement | None:
        if not self.recipe.agreement or not {"category", "opd"} <= asked.keys():
            return None
        categories, opds = asked["category"].labels, asked["opd"].labels
        counts = np.zeros((len(categories), len(opds)))
        for post in self.posts:
            category, opd = (label_of(post, question, self.knowledge) for question in ("category", "opd"))
            if category in categories and opd in opds:
                counts[categories.index(category), opds.index(opd)] += 1
        usual = np.array([[self._is_usual(category, opd) for opd in opds] for category in categories], dtype=float)
        return learn_agreement(counts, usual, self.recipe.agreement)

    def _is_usual(self, category: str, opd: str) -> bool:
        known = self.knowledge.city.categories.get(category)
        if known is None:
            return False
        if opd == OF_KECAMATAN:
            return known.of_kecamatan
        return opd in known.usual_opds or (known.not_ours and opd in self.knowledge.city.authorities)

    def _held_out_scores(
        self, asked: list[_Asked], fits: list[Fitted], model: Model, matrix: sparse.csr_matrix
    ) -> tuple[np.ndarray, np.ndarray]:
        """Scores of all posts, and which of them are wholly said by models that had not seen the post."""
        scores = np.asarray(matrix @ model.weights + model.bias, dtype=np.float64)
        held = np.ones(len(self.posts), dtype=bool)
        for one, fit in zip(asked, fits, strict=True):
            said = fit.held_out[: len(one.posts)]
            seen = ~np.isnan(said[:, 0])
            held[one.posts[~seen]] = False
            scores[one.posts[seen], model.heads[one.question].columns] = said[seen]
        return scores, held

    def _with_thresholds(self, model: Model, asked: list[_Asked], scores: np.ndarray, held: np.ndarray) -> Model:
        """Sharpness, dropping and routing, each from what was said of posts that were held out."""
        if model.agreement is not None:
            said = model.probabilities(scores)
            sharpen: dict[Question, float] = {
                one.question: sharpness(said[one.question][one.posts], one.right[: len(one.posts)])
                for one in asked
                if one.question in ("category", "opd")
            }
            model = replace(model, sharpen=sharpen)
        if "actionable" in model.heads:
            model = replace(model, drop_below=self._drop_below(model, scores, held))
        if "priority" in model.heads:
            model = replace(model, darurat_from=self._darurat_from(model, scores, held))
        return replace(model, promise=self._promise(self._answers(model, scores), held))

    def _answers(self, model: Model, scores: np.ndarray) -> list[Answer]:
        return Decider(model, self.knowledge.city).decide(model.probabilities(scores), self.texts)

    def _drop_below(self, model: Model, scores: np.ndarray, held: np.ndarray) -> float:
        """The highest threshold that still finds the recipe's share of the complaints, at most one half."""
        p = model.probabilities(scores)["actionable"][:, model.heads["actionable"].labels.index(YES)]
        complaint = held & np.array([post.actionable is True for post in self.posts])
        if not complaint.any():
            return 0.5
        return min(0.5, float(np.quantile(p[complaint], 1 - self.recipe.recall, method="lower")))

    def _darurat_from(self, model: Model, scores: np.ndarray, held: np.ndarray) -> float:
        """The highest threshold that still tells the recipe's share of the emergencies as such, at most one half."""
        labels = model.heads["priority"].labels
        emergency = held & np.array([post.actionable is True and post.priority == "darurat" for post in self.posts])
        if "darurat" not in labels or not emergency.any():
            return 1.0
        p = model.probabilities(scores)["priority"][:, labels.index("darurat")]
        return min(0.5, float(np.quantile(p[emergency], 1 - self.recipe.emergencies, method="lower")))

    def _promise(self, answers: list[Answer], held: np.ndarray) -> Promise:
        """Learnt from the held-out posts that might be routed: labelled ones, and those known to be no complaint."""
        confidence, was_right = [], []
        for post, answer, seen in zip(self.posts, answers, held, strict=True):
            might = answer.decision in ("route", "review") and answer.opds
            if seen and might and (post.opd or post.actionable is False):
                confidence.append(answer.confidence)
                was_right.append(answer.opds[0].code in post.right_opds)
        return promise(np.array(confidence), np.array(was_right, dtype=bool), self.recipe.error)


__all__ = ["Trained", "label_of", "train"]
