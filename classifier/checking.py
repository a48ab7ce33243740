"""A look at labelled posts before anything is learnt from them: what a person should see, and what must be mended."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from city import City
from classifier.labels import LabelledPost, text_key
from classifier.likeness import alike, alike_between, differing
from classifier.succession import Carried, carry_forward

_RARE = 10  # posts of a label; below, its figures say little
_SHOWN = 20
_PERSONAL = {
    "phone number": re.compile(r"(?<!\d)(?:\+?62|0)8\d{2}[\s.-]?\d{3,4}[\s.-]?\d{3,5}(?!\d)"),
    "identity number": re.compile(r"(?<!\d)\d{16}(?!\d)"),
    # The letters of Indonesia's regions only: "RT 6 SDH" and "LT 120 LB" are none.
    "number plate": re.compile(
        r"\b(?:[ABDEFGHKLMNPRSTWZ]|A[ABDEG]|B[ABDEGHKLMNP]|D[ABDEGHKLMNRSTW]|E[ABD]|K[BHTU]|P[ABG])"
        r"\s?\d{1,4}\s?(?!(?:RT|RW|KEL|KEC|SDH|LB|LT)\b)[A-Z]{2,3}\b"
    ),
    "mail address": re.compile(r"\b[\w.+-]+@[\w-]+\.\w[\w.-]+\b"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person must look at, with the posts it is about."""

    kind: str
    what: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    rows: int
    labels: Mapping[str, Mapping[str, int]]  # posts of each label of each question
    mapped: Mapping[str, int]  # labels from before a change of the city, now those of its successors
    near_duplicates: float  # share of the posts that have a near-identical one before them
    beside: str | None  # the other side of the split, where there is one
    near_duplicates_beside: float | None  # share of the posts that have a near-identical one there
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def check(
    posts: Sequence[LabelledPost], city: City, beside: tuple[str, Sequence[LabelledPost]] | None = None
) -> Checked:
    """Everything that can be seen in the labels, in the city's codes of today.

    `beside`: name and posts of the other side of a split.
    """
    told = carry_forward(posts, city)
    posts = told.posts
    labels = {
        "actionable": _counts("yes" if post.actionable else "no" for post in posts if post.actionable is not None),
        "category": _counts(post.category for post in posts if post.category),
        "opd": _counts(post.opd for post in posts if post.opd),
    }
    pairs = list(alike(posts))
    findings = [
        *_repeated(posts),
        *_contradictions(pairs),
        *_undecided(told),
        *_unknown_codes(posts, labels, city),
        *_rare(labels),
        *_personal_data(posts),
    ]
    again = {later.id for _, later in pairs}
    there = {post.id for post, _ in alike_between(posts, beside[1])} if beside else set()
    return Checked(
        rows=len(posts),
        labels=labels,
        mapped=told.mapped,
        near_duplicates=len(again) / max(1, len(posts)),
        beside=beside[0] if beside else None,
        near_duplicates_beside=len(there) / max(1, len(posts)) if beside else None,
        findings=tuple(findings),
    )


def _counts(labels: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(labels).items()))


def _repeated(posts: Sequence[LabelledPost]) -> Iterator[Finding]:
    by_text: dict[str, list[str]] = defaultdict(list)
    for post in posts:
        by_text[text_key(post.text)].append(post.id)
    for text, ids in by_text.items():
        if len(ids) > 1:
            yield Finding("repeated text", _short(text), tuple(ids))


def _contradictions(pairs: Iterable[tuple[LabelledPost, LabelledPost]]) -> Iterator[Finding]:
    for first, second in pairs:
        if differ := differing(first, second):
            what = f"near-identical, but {' and '.join(differ)} differ: {_short(first.text)}"
            yield Finding("contradiction", what, (first.id, second.id))


def _undecided(told: Carried) -> Iterator[Finding]:
    for code, ids in told.undecided.items():
        what = f"changes.csv leaves open who took these over from {code!r}; training leaves that label of theirs out"
        yield Finding("undecided change", what, ids)


def _unknown_codes(
    posts: Sequence[LabelledPost], labels: Mapping[str, Mapping[str, int]], city: City
) -> Iterator[Finding]:
    """Codes that the city does not have, when the label set is the city's at all."""
    known = {"category": set(city.categories), "opd": {*city.opds, *city.authorities}}
    for question, codes in known.items():
        if not codes & set(labels[question]):
            continue
        for code in sorted(set(labels[question]) - codes):
            ids = tuple(post.id for post in posts if getattr(post, question) == code)
            yield Finding("unknown code", f"{question} {code!r} is no code of this city", ids)


def _rare(labels: Mapping[str, Mapping[str, int]]) -> Iterator[Finding]:
    for question, counts in labels.items():
        if rare := [f"{label} {count}" for label, count in sorted(counts.items()) if count < _RARE]:
            yield Finding("rare label", f"{question} with fewer than {_RARE} posts: {', '.join(rare)}", ())


def _personal_data(posts: Sequence[LabelledPost]) -> Iterator[Finding]:
    for kind, pattern in _PERSONAL.items():
        ids = tuple(post.id for post in posts if pattern.search(post.text))
        if ids:
            yield Finding("personal data", f"what looks like a {kind}", ids)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def lines(checked: Checked) -> Iterator[str]:
    """What was found, for a terminal."""
    near = f"{checked.rows} rows, {checked.near_duplicates:.2%} near-identical to an earlier one"
    if checked.beside:
        near += f", {checked.near_duplicates_beside:.2%} to one of {checked.beside}"
    yield near
    for question, counts in checked.labels.items():
        if counts:
            common = ", ".join(f"{label} {count}" for label, count in Counter(counts).most_common(8))
            yield f"{question}: {len(counts)} labels; {common}"
    if checked.mapped:
        changes = ", ".join(f"{change} {count}" for change, count in checked.mapped.items())
        yield f"mapped forward: {sum(checked.mapped.values())} labels from before a change; {changes}"
    for finding in checked.findings:
        ids = ", ".join(finding.posts[:_SHOWN]) + (" …" if len(finding.posts) > _SHOWN else "")
        yield f"{finding.kind}: {finding.what}" + (f" ({ids})" if ids else "")
