"""Reading the posts that wait: each becomes a draft, joins one, is filtered with a reason, or is quarantined.

A batch is one transaction: claimed, predicted, put in place, written. Killed anywhere, the batch waits again as if
nothing had happened. On PostgreSQL any number of processes may read at once: a claimed post is skipped by the others,
prediction is parallel, putting in place goes one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from sqlalchemy import Connection, Engine, RowMapping, and_, bindparam, func, select, update

from city import City
from classifier import Post
from database.engine import reading, writing
from database.lock import one_at_a_time
from database.tables import authors, posts, runs
from tickets.answers import OWN_ACCOUNT, note_answers, tickets_named
from tickets.linking import InHand, settle
from tickets.predicting import Reader, Unreadable, predict
from tickets.read_post import ReadPost, read_post
from tickets.repeats import NO_COMPLAINT, REPOST, note_repeats
from tickets.revisions import Changed, forget_quotes, forget_words, redraw_kept, revise
from tickets.stored_posts import AUTHOR, NewPrediction, store_predictions, written

BATCH = 200


@dataclass(frozen=True, slots=True)
class Became:
    """What the reading made of one claimed post: a complaint to put in place, or an outcome with its reason."""

    row: RowMapping
    complaint: ReadPost | None = None
    outcome: str = ""
    reason: str | None = None
    read: ReadPost | None = None  # whatever the classifier said, a complaint or not


def read_waiting(
    engine: Engine,
    reader: Reader,
    clock: Callable[[], datetime],
    *,
    city: City,
    run_id: str | None = None,
    own_accounts: Collection[str] = frozenset(),
    batch: int = BATCH,
    stop: Event | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Read what waits, changed posts first, until nothing does or `stop` is set; returns how many were read.

    `own_accounts`: handles of the city itself, any case, with or without @. `progress` is told of each batch's size.
    Raises ReaderFailed when the classifier reads nothing at all; the posts then go on waiting.
    """
    own = frozenset(handle.lstrip("@").casefold() for handle in own_accounts)
    task = _Task(engine, reader, clock, city, own, run_id, batch)
    total = 0
    for read_batch in (task.read_changed, task.read_new):
        while not (stop and stop.is_set()) and (count := read_batch()):
            total += count
            if progress:
                progress(count)
    return total


def release_quarantined(engine: Engine) -> int:
    """Let the posts in quarantine that have words wait again; returns how many they are."""
    with writing(engine) as connection:
        held = (posts.c.outcome == "quarantined", posts.c.text.is_not(None))
        return connection.execute(update(posts).where(*held).values(outcome="waiting", reason=None)).rowcount


@dataclass(frozen=True, slots=True)
class _Task:
    engine: Engine
    reader: Reader
    clock: Callable[[], datetime]
    city: City
    own_accounts: frozenset[str]
    run_id: str | None
    batch: int

    def read_new(self) -> int:
        with writing(self.engine) as connection:
            rows = _claim(connection, self.batch, changed=False)
            became = self._predict(rows)
            one_at_a_time(connection, "incidents")
            self._write(connection, became)
        return len(rows)

    def read_changed(self) -> int:
        """Posts with a ticket, and removed ones: rare, and read under the lock, for a person may move them."""
        forget_quotes(self.engine, self._removed())
        with writing(self.engine) as connection:
            one_at_a_time(connection, "incidents")
            rows = _claim(connection, self.batch, changed=True)
            self._write(connection, self._predict(rows))
        return len(rows)

    def _removed(self) -> set[tuple[str, str]]:
        query = select(posts.c.channel, posts.c.source_id).where(
            posts.c.outcome == "waiting", posts.c.removed_at.is_not(None)
        )
        with reading(self.engine) as connection:
            return {(row.channel, row.source_id) for row in connection.execute(query)}

    def _predict(self, rows: Sequence[RowMapping]) -> list[Became]:
        kept: list[Became] = []
        asked: list[RowMapping] = []
        for row in rows:
            reason = self._unread(row)
            if reason:
                kept.append(Became(row, outcome="filtered", reason=reason))
            else:
                asked.append(row)
        answers = predict(self.reader, [_post(row) for row in asked])
        return kept + [_judge(row, answer) for row, answer in zip(asked, answers, strict=True)]

    def _unread(self, row: RowMapping) -> str | None:
        """Why a post is filtered without asking the classifier, if it is."""
        if row["removed_at"] is not None:
            return "removed"
        if (row["handle"] or "").lstrip("@").casefold() in self.own_accounts:
            return OWN_ACCOUNT
        return REPOST if row["is_repost"] else None

    def _write(self, connection: Connection, became: Sequence[Became]) -> None:
        """Put a batch in place: revisions, predictions, tickets, outcomes, answers, and the run's count."""
        if not became:
            return
        now = self.clock()
        changed = [_changed(item, now) for item in became if item.row["ticket_id"] is not None]
        revised = revise(connection, self.city, changed, now)
        read = [NewPrediction(item.read, item.row["version_id"]) for item in became if item.read]
        store_predictions(connection, read, now)
        _keep_outcomes(connection, revised.stay)
        _set_aside(connection, [item for item in became if not item.complaint and item.row["id"] not in revised.stay])
        to_place = [item.complaint for item in became if item.complaint and item.row["id"] not in revised.stay]
        touched = settle(connection, self.city, InHand(to_place, revised.left, revised.claims), now)
        redraw_kept(connection, self.city, changed, now)
        removed = {item.row["id"]: item.row["source_id"] for item in became if item.row["removed_at"] is not None}
        forget_words(connection, removed, {item.ticket_id for item in changed if item.removed})
        replies = {
            (item.row["channel"], item.row["reply_to"])
            for item in became
            if item.reason == OWN_ACCOUNT and item.row["reply_to"]
        }
        note_answers(connection, touched | tickets_named(connection, replies), now)
        repeated = {(item.row["channel"], item.row["repeats"]) for item in became if item.row["repeats"]}
        note_repeats(connection, touched | tickets_named(connection, repeated), now)
        if self.run_id:
            counted = update(runs).where(runs.c.id == self.run_id)
            connection.execute(counted.values(read=runs.c.read + len(became)))


def _claim(connection: Connection, batch: int, *, changed: bool) -> list[RowMapping]:
    """The oldest posts that wait and that no other process is reading."""
    known_handle = and_(authors.c.channel == posts.c.channel, authors.c.source_id == posts.c.author_id)
    had_a_place = posts.c.ticket_id.is_not(None) | posts.c.removed_at.is_not(None)
    columns = [column for column in posts.c if column.name != "payload"]
    query = (
        select(*columns, AUTHOR, func.coalesce(posts.c.author_handle, authors.c.handle).label("handle"))
        .join(authors, known_handle, isouter=True)
        .where(posts.c.outcome == "waiting", had_a_place if changed else ~had_a_place)
        .order_by(posts.c.id)
        .limit(batch)
        .with_for_update(skip_locked=True, of=posts)
    )
    return [*connection.execute(query).mappings()]


def _post(row: RowMapping) -> Post:
    text, parent = row["text"] or "", row["parent_text"]
    return Post(text=text, parent_text=parent, posted_at=row["created_at"], id=row["source_id"])


def _judge(row: RowMapping, answer: Mapping[str, object] | Unreadable) -> Became:
    if isinstance(answer, Unreadable):
        return Became(row, outcome="quarantined", reason=str(answer))
    try:
        read = read_post(written(row), answer)
    except (KeyError, TypeError, ValueError) as error:
        return Became(row, outcome="quarantined", reason=f"{type(error).__name__}: {error}")
    if read.decision == "drop":
        return Became(row, outcome="filtered", reason=NO_COMPLAINT, read=read)
    return Became(row, complaint=read, read=read)


def _changed(item: Became, now: datetime) -> Changed:
    row = item.row
    at = row["removed_at"] or row["edited_at"] or now
    removed = row["removed_at"] is not None
    return Changed(row["id"], row["source_id"], row["ticket_id"], at, removed, item.complaint)


_OUTCOME = (
    update(posts)
    .where(posts.c.id == bindparam("of_post"))
    .values(outcome=bindparam("became"), reason=bindparam("why"), ticket_id=bindparam("under"))
)
_STAYS = update(posts).where(posts.c.id == bindparam("of_post")).values(outcome=bindparam("became"), reason=None)


def _set_aside(connection: Connection, became: Iterable[Became]) -> None:
    """Filtered and quarantined posts stand under no ticket."""
    rows = [{"of_post": item.row["id"], "became": item.outcome, "why": item.reason, "under": None} for item in became]
    if rows:
        connection.execute(_OUTCOME, rows)


def _keep_outcomes(connection: Connection, stay: Mapping[int, str]) -> None:
    if stay:
        connection.execute(_STAYS, [{"of_post": post_id, "became": outcome} for post_id, outcome in stay.items()])
