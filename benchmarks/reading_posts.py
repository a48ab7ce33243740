"""Posts per second of the champion, beside PySastrawi + scikit-learn as one would write it today.

The other pipeline answers three questions (complaint, category, OPD) and nothing else: no probabilities that hold, no
place, no priority, no reasons.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measuring import take_turns
from classifier import Post, Reader

HOME = Path(__file__).resolve().parents[1]
LABELS = HOME / "training_data" / "labels" / "train.csv"
POSTS = 2_000


def labelled() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def usual_pipeline(rows: Sequence[dict[str, str]]) -> tuple[Callable[[Sequence[str]], object], Callable[[], None]]:
    """What reads texts, and what empties its stemmer's cache."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    stemmer = StemmerFactory().create_stemmer()
    vectoriser = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    matrix = vectoriser.fit_transform([row["text"] for row in rows])
    models = [LinearSVC().fit(matrix, [row[name] for row in rows]) for name in ("actionable", "category", "opd")]

    def read(texts: Sequence[str]) -> object:
        found = vectoriser.transform([stemmer.stem(text) for text in texts])
        return [model.predict(found) for model in models]

    def forget() -> None:
        stemmer.cache.data.clear()

    return read, forget


def main() -> None:
    rows = labelled()
    texts = [row["text"] for row in rows][:POSTS]
    posts = [Post(text) for text in texts]
    usual, forget = usual_pipeline(rows)
    reader = Reader.load(HOME / "models")

    def usual_cold() -> None:
        forget()
        usual(texts)

    figures = take_turns(
        {
            "champion, in batches of 200, warm": lambda: [
                reader.read(posts[n : n + 200]) for n in range(0, POSTS, 200)
            ],
            "champion, loaded anew": lambda: Reader.load(HOME / "models").read(posts),
            "usual pipeline, words seen before": lambda: usual(texts),
            "usual pipeline, empty cache": usual_cold,
        },
        turns=3,
    )
    for figure in figures:
        print(figure.line(POSTS, "posts"))


if __name__ == "__main__":
    main()
