"""Four other ways beside ours, trained on the same posts and asked the frozen test, in one table.

    python -m benchmarks.baselines

- majority: the commonest label;
- keywords: the words of duties and examples in the city's folder, most hits wins;
- Signalen's recipe (Amsterdam; github.com/Signalen/classification, 2023-11): stems, shares of words, L1 regression a
  label, the better of 8 settings by 5 folds, labels with more than 50 posts only;
- usual pipeline: stems, words and pairs by TF-IDF, a linear SVM.

Differences are from ours, on the same posts, by bootstrap over whole events.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.pairing import Answers, compared, interval
from city import City, load_city
from classifier import Post, Prediction, Reader
from classifier.evaluation import wilson
from classifier.frozen import TEST_FILE, TRAIN_FILE
from classifier.labels import LabelledPost, read_labels
from classifier.model import NO, YES
from classifier.prior import known_of

HOME = Path(__file__).resolve().parents[1]
SIGNALEN_FEWEST = 50  # posts of a label; those of fewer are never answered
NAMES = ("majority", "keywords", "Signalen's recipe", "usual pipeline")


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts and their labels."""

    texts: Sequence[str]
    labels: Sequence[str]


def baselines(
    learnt: Lesson,
    asked: Sequence[str],
    words: Mapping[str, Sequence[str]],
    settings: Mapping[str, object] | None = None,
) -> dict[str, list[str]]:
    """What each way of `NAMES` says of the texts `asked`.

    `words`: phrases known beforehand of each label. `settings`: of Signalen's recipe; its own grid finds them if none.
    """
    stems, asked_stems = stems_of(learnt.texts), stems_of(asked)
    return {
        "majority": [_commonest(learnt.labels)] * len(asked),
        "keywords": keywords(words, asked, otherwise=_commonest(learnt.labels)),
        "Signalen's recipe": signalen(Lesson(stems, learnt.labels), asked_stems, settings),
        "usual pipeline": usual(Lesson(stems, learnt.labels), asked_stems),
    }


def _commonest(labels: Sequence[str]) -> str:
    return Counter(labels).most_common(1)[0][0]


def keywords(words: Mapping[str, Sequence[str]], asked: Sequence[str], otherwise: str) -> list[str]:
    """Most different words in common wins, the label with the fewest words among equals; none: `otherwise`."""
    known = {label: {word for phrase in phrases for word in _words(phrase)} for label, phrases in words.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for label, own in known.items():
        for word in own:
            holders[word].append(label)
    said = []
    for text in asked:
        hits = Counter(label for word in set(_words(text)) for label in holders[word])
        said.append(min(hits, key=lambda label: (-hits[label], len(known[label]), label)) if hits else otherwise)
    return said


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if word not in stop_words()]


@cache
def stop_words() -> frozenset[str]:
    return frozenset(StopWordRemoverFactory().get_stop_words())


def stems_of(texts: Sequence[str]) -> list[str]:
    stemmer = _stemmer()
    return [stemmer.stem(re.sub(r"\W+", " ", text.lower())) for text in texts]


@cache
def _stemmer():  # type: ignore[no-untyped-def]  # the library has no types
    return StemmerFactory().create_stemmer()


def signalen(learnt: Lesson, asked: Sequence[str], settings: Mapping[str, object] | None = None) -> list[str]:
    """The recipe on stems. Labels with few posts are never answered."""
    kept = _with_enough(learnt)
    if len(set(kept.labels)) < 2:
        return [_commonest(learnt.labels)] * len(asked)
    pipeline = _signalen_pipeline().set_params(**(settings or _best_settings(kept)))
    pipeline.fit(kept.texts, kept.labels)
    return [str(label) for label in pipeline.predict(asked)]


def signalen_settings(learnt: Lesson) -> dict[str, object]:
    """The settings that the recipe's own grid finds best, for posts as they are written."""
    return _best_settings(_with_enough(Lesson(stems_of(learnt.texts), learnt.labels)))


def _with_enough(learnt: Lesson) -> Lesson:
    counts = Counter(learnt.labels)
    rows = [row for row, label in enumerate(learnt.labels) if counts[label] > SIGNALEN_FEWEST]
    return Lesson([learnt.texts[row] for row in rows], [learnt.labels[row] for row in rows])


def _best_settings(learnt: Lesson) -> dict[str, object]:
    grid = {
        "countvectorizer__ngram_range": [(1, 1), (1, 2)],
        "onevsrestclassifier__estimator__class_weight": [None, "balanced"],
        "onevsrestclassifier__estimator__max_iter": [300, 500],
    }
    # Stems of stop words are no stop words: the recipe is like that.
    warnings.filterwarnings("ignore", message="Your stop_words may be inconsistent")
    search = GridSearchCV(_signalen_pipeline(), grid, cv=5, scoring="accuracy", refit=False)
    return dict(search.fit(learnt.texts, learnt.labels).best_params_)


def _signalen_pipeline() -> BaseEstimator:
    model = LogisticRegression(l1_ratio=1, solver="liblinear", C=1.0, max_iter=300, random_state=0)
    vectors = CountVectorizer(stop_words=sorted(stop_words()))
    return make_pipeline(vectors, TfidfTransformer(use_idf=False, norm="l2"), OneVsRestClassifier(model))


def usual(learnt: Lesson, asked: Sequence[str]) -> list[str]:
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(random_state=0))
    pipeline.fit(learnt.texts, learnt.labels)
    return [str(label) for label in pipeline.predict(asked)]


# ── The frozen test ───────────────────────────────────────────────────────────────────────────────────────────────


def label_of(post: LabelledPost, question: str) -> str:
    """Empty where the post says nothing of it; kind and office are asked of complaints only."""
    if question == "actionable":
        return "" if post.actionable is None else YES if post.actionable else NO
    if post.actionable is False:
        return ""
    return (post.category if question == "category" else post.opd) or ""


def said(prediction: Prediction, question: str) -> str:
    if question == "actionable":
        return NO if prediction.decision == "drop" else YES
    choices = prediction.category_top3 if question == "category" else prediction.opd_top3
    return choices[0].code if choices else ""


def phrases_of(city: City, question: str) -> dict[str, list[str]]:
    """What the city's folder says of each label. Whatever speaks of any matter speaks for a complaint."""
    found: dict[str, list[str]] = defaultdict(list)
    for known in known_of(city):
        label = {"category": known.category, "opd": known.opd}.get(question, YES)
        if label:
            found[label].append(known.text)
    return found


def main(labels: Path) -> None:
    learnt, test = (read_labels(labels / name)[0] for name in (TRAIN_FILE, TEST_FILE))
    reader, city = Reader.load(HOME / "models"), load_city(HOME / "city" / "semarang")
    ours = reader.read([Post(post.text) for post in test])
    print(f"Trained on {len(learnt)} posts, asked on the frozen test. Ours is the champion, {reader.model}.\n")
    print("| question | way | n (events) | right | macro F1 | right, from ours | macro F1, from ours |")
    print("|---|---|---|---|---|---|---|")
    found: list[str] = []
    for question in ("actionable", "category", "opd"):
        lesson = [(post.text, label) for post in learnt if (label := label_of(post, question))]
        rows = [row for row, post in enumerate(test) if label_of(post, question)]
        others = baselines(
            Lesson([text for text, _ in lesson], [label for _, label in lesson]),
            [test[row].text for row in rows],
            phrases_of(city, question),
        )
        contenders = [Answers("ours", [said(ours[row], question) for row in rows])]
        if question == "actionable":
            at_half = [YES if (ours[row].actionable or 0) >= 0.5 else NO for row in rows]
            contenders.append(Answers("ours, at one half", at_half))
        contenders += [Answers(name, others[name]) for name in NAMES]
        asked = [test[row] for row in rows]
        for line in _table(question, contenders, asked):
            print(line, flush=True)
        if question == "actionable":
            found = list(_complaints_found(contenders, asked))
    print("\nOurs drops a post only where it is surer than one half, so that few complaints are lost:\n")
    print("| way | precision of complaints | recall of complaints |\n|---|---|---|")
    print("\n".join(found))


def _table(question: str, contenders: Sequence[Answers], asked: Sequence[LabelledPost]) -> Iterator[str]:
    marks = [label_of(post, question) for post in asked]
    right = [
        post.right_opds if question == "opd" else frozenset({mark}) for post, mark in zip(asked, marks, strict=True)
    ]
    for one in compared(contenders, marks, right, [post.together for post in asked]):
        more = [interval(value, "+") if value else "" for value in (one.more_right, one.more_macro_f1)]
        cells = [question, one.name, f"{one.n} ({one.groups})", interval(one.right), interval(one.macro_f1), *more]
        yield f"| {' | '.join(cells)} |"


def _complaints_found(contenders: Sequence[Answers], asked: Sequence[LabelledPost]) -> Iterator[str]:
    for one in contenders:
        told = [said_ == YES for said_ in one.said]
        hits = sum(yes and bool(post.actionable) for yes, post in zip(told, asked, strict=True))
        shares = (wilson(hits, sum(told)), wilson(hits, sum(bool(post.actionable) for post in asked)))
        yield f"| {one.name} | {' | '.join(interval(share) for share in shares)} |"


if __name__ == "__main__":
    main(HOME / "training_data" / "labels")
