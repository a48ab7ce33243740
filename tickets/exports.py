"""Tickets, labels and posts for other programs: CSV, or one JSON object a line.

CSV ends up in spreadsheets: a cell that a spreadsheet would run as a formula begins with an apostrophe here. JSON lines
hold every text as it is.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection, Select, func, select

from classifier.spreadsheets import harmless
from database.tables import audit, labels, posts, predictions, tickets
from tickets.blind import unproposed
from tickets.ledger import moment
from tickets.queue import PAGE, Filter, PostView, TicketView, every

Row = Mapping[str, object]

_FORMULA = frozenset("=+-@")

TICKET_COLUMNS = (
    "id", "status", "title", "text", "category", "opd", "queue", "priority", "place", "kelurahan", "kecamatan",
    "posts", "reporters", "repeated", "first_url", "posted_at", "created_at", "decided_at", "answered_at", "closed_at",
    "condition", "rejection", "reason", "decision", "opd_p", "model",
)  # fmt: skip
# What `python -m classifier train` and `evaluate` read, and who said so.
LABEL_COLUMNS = (
    "text", "category", "opd", "actionable", "priority", "channel", "created_at", "event", "reviewer", "labelled_at",
    "saw_prediction", "look", "in_bulk", "model", "id",
)  # fmt: skip
SET_ASIDE_COLUMNS = ("channel", "id", "url", "author", "created_at", "outcome", "reason", "text")
# What `python -m classifier compare --predictions` reads: what each model said of a post's newest version.
PREDICTION_COLUMNS = (
    "id", "created_at", "text", "model", "shadow", "read_at", "decision", "actionable", "category_top3", "opd_top3",
)  # fmt: skip
POST_COLUMNS = ("id", "text", "parent_text", "created_at", "channel", "outcome", "reason", "ticket")
_ROWS_A_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class Export:
    """Rows, and the columns in the order of a CSV file."""

    columns: tuple[str, ...]
    rows: Iterable[Row]


def ticket_table(connection: Connection, wanted: Filter, limit: int | None = None) -> Export:
    """One row a ticket, flat; without what is supposed of blind drafts, if `wanted` hides that."""
    views = every(connection, wanted, limit=limit)
    return Export(TICKET_COLUMNS, map(ticket_row, as_shown(views) if wanted.hides_blind else views))


def as_shown(views: Iterable[TicketView]) -> Iterator[TicketView]:
    """Tickets without what is supposed of those that are blind."""
    return (replace(view, row=unproposed(view.row)) for view in views)


def label_table(connection: Connection, *, each_reviewer: bool = False) -> Export:
    """The newest label that holds of each post that still has its words; or the newest of each of its reviewers.

    `look`: "first" for a verdict, "second" for what another person said without knowing it. A second look decides
    nothing, and so it is no label by itself: it stands beside the first, where each reviewer is asked for.
    `event` is the ticket: posts of one event must not be split between training and test.
    `in_bulk`: it was given to many at once, and nobody looked at each.
    `priority`: where somebody corrected the urgency; it waits for the verdict, and stands beside it.
    """
    return Export(LABEL_COLUMNS, _labels(connection, each_reviewer=each_reviewer))


def post_table(connection: Connection) -> Export:
    """Every post that has words, oldest first."""
    return Export(POST_COLUMNS, _all_posts(connection))


def prediction_table(connection: Connection) -> Export:
    """What every model, champion or reading along, said of each post that has words, in its newest version.

    Posts of blind drafts come once those are decided: whoever reads the file may be who decides.
    """
    return Export(PREDICTION_COLUMNS, _predictions(connection))


def set_aside_table(posts: Iterable[PostView]) -> Export:
    """Posts that were filtered or quarantined."""
    return Export(SET_ASIDE_COLUMNS, (set_aside_row(post) for post in posts))


def _labels(connection: Connection, *, each_reviewer: bool) -> Iterator[Row]:
    holds = (labels.c.withdrawn_at.is_(None), labels.c.text != "")
    by_action = labels.c.audit_id == audit.c.id
    aside = ("prioritise",) if each_reviewer else ("prioritise", "second_look")
    chosen = (*holds, audit.c.action.not_in(aside))
    urgencies = _urgencies(connection)
    newest = (
        select(func.max(labels.c.id))
        .join(audit, by_action)
        .where(*chosen)
        .group_by(labels.c.post_id, *([labels.c.reviewer] if each_reviewer else []))
    )
    query = (
        select(
            labels,
            audit.c.action,
            audit.c.batch_id,
            posts.c.channel,
            posts.c.source_id,
            posts.c.created_at,
            tickets.c.number,
        )
        .join(audit, by_action)
        .join(posts, posts.c.id == labels.c.post_id)
        .join(tickets, tickets.c.id == labels.c.ticket_id)
        .where(labels.c.id.in_(newest))
        .order_by(labels.c.id)
    )
    for row in connection.execute(query).mappings():
        yield {
            **{name: row[name] for name in ("text", "category", "opd", "channel", "reviewer", "model")},
            "actionable": int(row["actionable"]),
            "priority": urgencies.get(row["post_id"]),
            "created_at": moment(row["created_at"]),
            "event": row["number"],
            "labelled_at": moment(row["at"]),
            "saw_prediction": int(row["saw_prediction"]),
            "look": "second" if row["action"] == "second_look" else "first",
            "in_bulk": int(row["batch_id"] is not None),
            "id": row["source_id"],
        }


def _urgencies(connection: Connection) -> dict[int, str]:
    """{post: what was said last, and holds, of its urgency}."""
    query = select(labels.c.post_id, labels.c.priority).where(
        labels.c.priority.is_not(None), labels.c.withdrawn_at.is_(None)
    )
    return {row.post_id: row.priority for row in connection.execute(query.order_by(labels.c.id))}


def _predictions(connection: Connection) -> Iterator[Row]:
    same = (predictions.c.post_id == posts.c.id) & (predictions.c.version_id == posts.c.version_id)
    columns = (predictions.c.model, predictions.c.shadow, predictions.c.read_at, predictions.c.content)
    query = (
        select(posts.c.source_id, posts.c.created_at, posts.c.text, *columns)
        .join(predictions, same)
        .join(tickets, tickets.c.id == posts.c.ticket_id, isouter=True)
        .where(posts.c.text.is_not(None), tickets.c.blind.is_not(True))
        .order_by(posts.c.id, predictions.c.read_at)
    )
    for row in connection.execute(query, execution_options={"yield_per": _ROWS_A_PIECE}).mappings():
        told = {name: row["content"].get(name) for name in ("decision", "actionable", "category_top3", "opd_top3")}
        yield {
            **{name: row[name] for name in ("text", "model")},
            **told,
            "shadow": int(row["shadow"]),
            "created_at": moment(row["created_at"]),
            "read_at": moment(row["read_at"]),
            "id": row["source_id"],
        }


def _all_posts(connection: Connection) -> Iterator[Row]:
    after = 0
    while rows := connection.execute(_posts_after(after)).mappings().all():
        for row in rows:
            yield {
                **{name: row[name] for name in ("text", "parent_text", "channel", "outcome", "reason")},
                "id": row["source_id"],
                "created_at": moment(row["created_at"]),
                "ticket": row["number"],
            }
        after = rows[-1]["id"]


def write(export: Export, path: Path | None, *, as_json: bool) -> int:
    """Write to `path`, or to stdout; returns how many rows there were. Raises OSError."""
    put = write_json_lines if as_json else write_csv
    if path is None:
        return put(export, sys.stdout)
    with path.open("w", encoding="utf-8", newline="") as file:
        return put(export, file)


def write_csv(export: Export, file: TextIO) -> int:
    """With a head line; returns how many rows there were."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(export.columns)
    count = 0
    for row in export.rows:
        writer.writerow([harmless(row.get(name)) for name in export.columns])
        count += 1
    return count


def write_json_lines(export: Export, file: TextIO) -> int:
    """One object a line; returns how many there were."""
    count = 0
    for row in export.rows:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def history_row(line: Mapping[str, Any]) -> Row:
    """One line of a ticket's history."""
    kept = ("actor", "origin", "action", "before", "after", "reason", "model", "undoes")
    return {"id": line["id"], "at": moment(line["at"])} | {name: line[name] for name in kept}


def ticket_row(view: TicketView) -> Row:
    """A ticket as one flat row."""
    row, place = view.row, view.row["place"] or {}
    moments = ("posted_at", "created_at", "decided_at", "answered_at", "closed_at")
    return {
        **{name: row[name] for name in TICKET_COLUMNS if name in row and name not in moments},
        **{name: row[name] and moment(row[name]) for name in moments},
        "id": row["number"],
        "place": place.get("text"),
        "kelurahan": place.get("kelurahan"),
        "posts": row["post_count"],
        "reporters": view.reporters,
        "first_url": next((post.url for post in view.posts if post.url), None),
    }


def set_aside_row(post: PostView) -> Row:
    """A post that made no draft, and why."""
    return post.as_dict() | {"outcome": post.outcome, "reason": post.reason, "text": post.text}


def _posts_after(post_id: int) -> Select[tuple[object, ...]]:
    columns = ("id", "source_id", "text", "parent_text", "created_at", "channel", "outcome", "reason")
    return (
        select(*(posts.c[name] for name in columns), tickets.c.number)
        .join(tickets, tickets.c.id == posts.c.ticket_id, isouter=True)
        .where(posts.c.id > post_id, posts.c.text.is_not(None))
        .order_by(posts.c.id)
        .limit(PAGE)
    )
