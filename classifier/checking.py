"""A look at labelled posts before anything is learnt from them: what a person should see, and what must be mended."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from city import City
from classifier.labels import LabelledPost, text_key

_RARE = 10  # posts of a label; below, its figures say little
_SHOWN = 20
_GRAM = 5  # letters; near-identical texts share most of their runs of this length
_ALIKE = 0.8  # share of runs in common from which on two texts are near-identical
_COMMON = 200  # posts; a run that more of them have tells nothing apart, and is not looked up
_PERSONAL = {
    "phone number": re.compile(r"(?<!\d)(?:\+?62|0)8\d{2}[\s.-]?\d{3,4}[\s.-]?\d{3,5}(?!\d)"),
    "identity number": re.compile(r"(?<!\d)\d{16}(?!\d)"),
    "number plate": re.compile(r"\b[A-Z]{1,2}\s?\d{1,4}\s?[A-Z]{2,3}\b"),
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
    near_duplicates: float  # share of the posts that have a near-identical one before them
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def check(posts: Sequence[LabelledPost], city: City) -> Checked:
    """Everything that can be seen in the labels themselves."""
    labels = {
        "actionable": _counts("yes" if post.actionable else "no" for post in posts if post.actionable is not None),
        "category": _counts(post.category for post in posts if post.category),
        "opd": _counts(post.opd for post in posts if post.opd),
    }
    pairs = list(alike(posts))
    findings = [
        *_repeated(posts),
        *_contradictions(pairs),
        *_unknown_codes(posts, labels, city),
        *_rare(labels),
        *_personal_data(posts),
    ]
    again = {later.id for _, later in pairs}
    return Checked(len(posts), labels, len(again) / len(posts) if posts else 0.0, tuple(findings))


def _counts(labels: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(labels).items()))


def alike(posts: Sequence[LabelledPost]) -> Iterator[tuple[LabelledPost, LabelledPost]]:
    """Pairs of near-identical posts, the earlier first."""
    holders: dict[str, list[int]] = defaultdict(list)
    runs = [_runs(post.text) for post in posts]
    for row, own in enumerate(runs):
        shared: Counter[int] = Counter()
        for run in own:
            if len(holders[run]) <= _COMMON:
                shared.update(holders[run])
            holders[run].append(row)
        for other, count in shared.most_common(5):
            if count >= _ALIKE * len(own | runs[other]):
                yield posts[other], posts[row]


def _runs(text: str) -> frozenset[str]:
    key = text_key(text)
    return frozenset(key[start : start + _GRAM] for start in range(max(1, len(key) - _GRAM + 1)))


def _repeated(posts: Sequence[LabelledPost]) -> Iterator[Finding]:
    by_text: dict[str, list[str]] = defaultdict(list)
    for post in posts:
        by_text[text_key(post.text)].append(post.id)
    for text, ids in by_text.items():
        if len(ids) > 1:
            yield Finding("repeated text", _short(text), tuple(ids))


def _contradictions(pairs: Iterable[tuple[LabelledPost, LabelledPost]]) -> Iterator[Finding]:
    for first, second in pairs:
        told = [(post.actionable, post.category, post.opd) for post in (first, second)]
        differ = [name for name, a, b in zip(("actionable", "category", "opd"), *told, strict=True) if a != b]
        if differ and not first.right_opds & second.right_opds:
            what = f"near-identical, but {' and '.join(differ)} differ: {_short(first.text)}"
            yield Finding("contradiction", what, (first.id, second.id))


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
        for label, count in sorted(counts.items()):
            if count < _RARE:
                yield Finding("rare label", f"{question} {label}: {count} posts", ())


def _personal_data(posts: Sequence[LabelledPost]) -> Iterator[Finding]:
    for kind, pattern in _PERSONAL.items():
        ids = tuple(post.id for post in posts if pattern.search(post.text))
        if ids:
            yield Finding("personal data", f"what looks like a {kind}", ids)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def lines(checked: Checked) -> Iterator[str]:
    """What was found, for a terminal."""
    yield f"{checked.rows} rows, {checked.near_duplicates:.1%} near-identical to an earlier one"
    for question, counts in checked.labels.items():
        if counts:
            common = ", ".join(f"{label} {count}" for label, count in Counter(counts).most_common(8))
            yield f"{question}: {len(counts)} labels; {common}"
    for finding in checked.findings:
        ids = ", ".join(finding.posts[:_SHOWN]) + (" …" if len(finding.posts) > _SHOWN else "")
        yield f"{finding.kind}: {finding.what}" + (f" ({ids})" if ids else "")
