"""What people's verdicts say of the model, and of each other: how often it is right, and where they disagree.

How often the model is right is taken from blind verdicts alone: whoever sees a proposal tends to agree with it. A
ticket counts once, whatever the number of its posts; of a verdict on many tickets at once nothing is learnt here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, select
from sqlalchemy.orm import aliased

from database.tables import audit, labels, posts, predictions, tickets
from tickets.second_looks import VERDICTS
from tickets.shares import Share, kappa, share


@dataclass(frozen=True, slots=True)
class Said:
    """What a person or a model takes a post for; no complaint has neither category nor OPD."""

    who: str
    actionable: bool
    category: str | None
    opd: str | None

    @property
    def answer(self) -> tuple[str | None, str | None]:
        return self.category, self.opd


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket with what two said of it. `at`: when the later one did."""

    ticket_id: int
    number: str
    text: str
    at: datetime
    one: Said
    other: Said
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two said the same: of complaint or not, and, where both take it for one, of category and OPD."""

    actionable: Share
    category: Share
    opd: Share
    kappa_category: float | None
    kappa_opd: float | None


@dataclass(frozen=True, slots=True)
class Learnt:
    """All figures. `models`: of each model, the newest first, how often it agreed with blind verdicts."""

    models: Mapping[str, Agreement]
    taken_back: int  # blind verdicts that were undone once the proposal was seen, and so count nowhere
    people: Agreement
    seen: Agreement  # the model against verdicts of those who saw its proposal


def learnt(connection: Connection) -> Learnt:
    verdicts = list(against_model(connection))
    blind = [each for each in verdicts if each.blind]
    models = dict.fromkeys(each.other.who for each in blind)
    return Learnt(
        models={model: agreement([each for each in blind if each.other.who == model]) for model in models},
        taken_back=_taken_back(connection),
        people=agreement(list(between_people(connection))),
        seen=agreement([each for each in verdicts if not each.blind]),
    )


def agreement(judged: Sequence[Judged]) -> Agreement:
    both = [(each.one, each.other) for each in judged if each.one.actionable and each.other.actionable]
    categories = [(one.category, other.category) for one, other in both]
    opds = [(one.opd, other.opd) for one, other in both]
    return Agreement(
        actionable=share([each.one.actionable == each.other.actionable for each in judged]),
        category=share([one == other for one, other in categories]),
        opd=share([one == other for one, other in opds]),
        kappa_category=kappa(categories),
        kappa_opd=kappa(opds),
    )


def against_model(connection: Connection) -> Iterator[Judged]:
    """The first verdict that stands on each ticket, beside what the model had proposed; the newest first."""
    for row in _each_ticket_once(connection, _verdicts()):
        yield Judged(
            row["ticket_id"],
            row["number"],
            row["text"],
            row["at"],
            _person(row),
            _model(row),
            not row["saw_prediction"],
        )


def between_people(connection: Connection) -> Iterator[Judged]:
    """Second looks that stand, each beside the verdict that it did not know."""
    firsts = {row["ticket_id"]: row for row in _each_ticket_once(connection, _verdicts())}
    looks = _labels().where(audit.c.action == "second_look")
    for row in _each_ticket_once(connection, looks):
        if row["ticket_id"] in firsts:
            first = firsts[row["ticket_id"]]
            yield Judged(row["ticket_id"], row["number"], row["text"], row["at"], _person(first), _person(row))


def of_candidates(connection: Connection, candidate: str, limit: int) -> list[Judged]:
    """Posts of which a candidate that reads along says something else than the champion did; the newest first."""
    along = aliased(predictions)
    same = and_(along.c.post_id == predictions.c.post_id, along.c.version_id == predictions.c.version_id)
    query = (
        select(
            tickets.c.id, tickets.c.number, posts.c.text, along.c.read_at, along.c.content.label("told"),
            predictions.c.content, predictions.c.model,
        )
        .join(predictions, and_(predictions.c.post_id == posts.c.id, predictions.c.shadow.is_(False)))
        .join(along, and_(same, along.c.model == candidate, along.c.shadow.is_(True)))
        .join(tickets, tickets.c.id == posts.c.ticket_id)
        .where(posts.c.text.is_not(None), tickets.c.blind.is_(False), predictions.c.version_id == posts.c.version_id)
        .order_by(posts.c.id.desc())
        .limit(20 * limit)
    )  # fmt: skip
    found = []
    for row in connection.execute(query):
        one, other = of_prediction(row.model, row.content), of_prediction(candidate, row.told)
        if one.answer != other.answer:
            found.append(Judged(row.id, row.number, row.text, row.read_at, one, other))
    return found[:limit]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two models on the same verdicts: how often each was right, and on how many only one of them was."""

    question: Literal["category", "opd"]
    champion: Share
    candidate: Share
    won: int
    lost: int


def beside(connection: Connection, champion: str, candidate: str, since: datetime) -> list[Beside]:
    """What two models said, when they read them, of the posts on which verdicts were given since then."""
    told = (predictions.c.post_id == labels.c.post_id, predictions.c.model.in_((champion, candidate)))
    query = (
        select(labels.c.ticket_id, labels.c.post_id, labels.c.category, labels.c.opd, predictions.c.model,
               predictions.c.content)
        .join(audit, audit.c.id == labels.c.audit_id)
        .join(predictions, and_(*told))
        .where(labels.c.withdrawn_at.is_(None), labels.c.actionable, labels.c.at >= since)
        .where(audit.c.action.in_(VERDICTS), audit.c.batch_id.is_(None))
        .order_by(labels.c.id, predictions.c.read_at)
    )  # fmt: skip
    said: dict[int, dict[int, dict[str, tuple[Said, str | None, str | None]]]] = {}
    for row in connection.execute(query):
        of_post = said.setdefault(row.ticket_id, {}).setdefault(row.post_id, {})
        of_post[row.model] = (of_prediction(row.model, row.content), row.category, row.opd)
    pairs = [
        (of_post[champion], of_post[candidate])
        for posts_of_ticket in said.values()
        for of_post in [next((each for each in posts_of_ticket.values() if len(each) == 2), None)]
        if of_post
    ]
    categories = [(one.category == right, other.category == right) for (one, right, _), (other, *_) in pairs if right]
    opds = [(one.opd == right, other.opd == right) for (one, _, right), (other, *_) in pairs if right]
    return [_beside("category", categories), _beside("opd", opds)]


def _beside(question: Literal["category", "opd"], hits: Sequence[tuple[bool, bool]]) -> Beside:
    one, other = share([hit for hit, _ in hits]), share([hit for _, hit in hits])
    return Beside(question, one, other, sum(b and not a for a, b in hits), sum(a and not b for a, b in hits))


def differing(judged: Iterator[Judged], limit: int) -> list[Judged]:
    """Those on which the two disagree."""
    found = (each for each in judged if each.one.answer != each.other.answer)
    return [each for each, _ in zip(found, range(limit), strict=False)]


def of_prediction(model: str, told: Mapping[str, Any]) -> Said:
    if told.get("decision") == "drop":
        return Said(model, actionable=False, category=None, opd=None)
    category, opd = told.get("category") or {}, told.get("opd") or {}
    return Said(model, actionable=True, category=category.get("code"), opd=opd.get("code"))


def _verdicts() -> Select[Any]:
    return _labels().where(audit.c.action.in_(VERDICTS), audit.c.batch_id.is_(None))


def _labels() -> Select[Any]:
    """The labels that stand, with their tickets; of each ticket the latest verdict first."""
    columns = ("ticket_id", "at", "reviewer", "actionable", "category", "opd", "saw_prediction", "model")
    return (
        select(*(labels.c[name] for name in columns), tickets.c.number, tickets.c.text, tickets.c.prediction)
        .join(audit, audit.c.id == labels.c.audit_id)
        .join(tickets, tickets.c.id == labels.c.ticket_id)
        .where(labels.c.withdrawn_at.is_(None), tickets.c.withdrawn_at.is_(None))
        .order_by(labels.c.id.desc())
    )


def _each_ticket_once(connection: Connection, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
    """Of several labels of one ticket the latest counts; a blind one before any other."""
    met: set[int] = set()
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in sorted(rows, key=lambda row: row["saw_prediction"]):
        if row["ticket_id"] not in met:
            met.add(row["ticket_id"])
            yield row


def _person(row: Mapping[str, Any]) -> Said:
    return Said(row["reviewer"], row["actionable"], row["category"], row["opd"])


def _model(row: Mapping[str, Any]) -> Said:
    return of_prediction(row["model"], row["prediction"])


def _taken_back(connection: Connection) -> int:
    query = (
        select(labels.c.audit_id)
        .join(audit, audit.c.id == labels.c.audit_id)
        .where(labels.c.withdrawn_at.is_not(None), labels.c.saw_prediction.is_(False), audit.c.action.in_(VERDICTS))
        .distinct()
    )
    return len(connection.execute(query).all())
