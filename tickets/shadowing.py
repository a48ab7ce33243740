"""A candidate reads along: it reads what the champion has read, and its predictions are kept, marked as a shadow.

It comes after the champion, in transactions of its own: no draft waits for it, and whatever goes wrong with it is a
line in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

from sqlalchemy import Connection, Engine, RowMapping, exists, select

from classifier import Post
from classifier.registry import Registry
from classifier.shadow import shadow
from database.engine import reading, writing
from database.tables import posts, predictions
from tickets.predicting import Reader, Unreadable, predict
from tickets.read_post import read_post
from tickets.stored_posts import OF_CHAMPIONS, WRITTEN, NewPrediction, store_predictions, written

_BATCH = 200
_log = logging.getLogger(__name__)


def candidate_reads_along(
    engine: Engine, models: Path, clock: Callable[[], datetime], stop: Event | None = None
) -> int:
    """Let the candidate of the registry in `models`, if there is one, read along; returns how many posts it read.

    Never raises for the candidate's sake.
    """
    version = ""
    try:
        turn = shadow(Registry(models))
        if turn is None or turn.version is None:
            return 0
        version = turn.version
        from classifier.reader import Reader as ModelReader

        reader = ModelReader.of(Registry(models), version)
        return read_along(engine, reader, clock, since=turn.since, stop=stop)
    except Exception as error:  # noqa: BLE001  a candidate may fail in any way; the champion's work stands
        _log.warning("the candidate %s does not read along (%s: %s)", version, type(error).__name__, error)
        return 0


def read_along(
    engine: Engine,
    reader: Reader,
    clock: Callable[[], datetime],
    *,
    since: datetime,
    batch: int = _BATCH,
    stop: Event | None = None,
) -> int:
    """Read every post captured since `since` that the champion has read and this one has not; returns how many.

    A post that it cannot read is passed over. Raises ReaderFailed when it reads nothing at all.
    """
    after, total = _last_before(engine, since), 0
    while not (stop and stop.is_set()) and (rows := _due(engine, reader.model, after, batch)):
        after = rows[-1]["id"]
        total += _read(engine, reader, rows, clock)
    return total


def _last_before(engine: Engine, since: datetime) -> int:
    """Ids grow with the time of capture: the last post that does not count, found from the newest backwards."""
    older = select(posts.c.id).where(posts.c.captured_at < since).order_by(posts.c.id.desc()).limit(1)
    with reading(engine) as connection:
        return connection.execute(older).scalar_one_or_none() or 0


def _due(engine: Engine, model: str, after: int, batch: int) -> list[RowMapping]:
    same = (predictions.c.post_id == posts.c.id, predictions.c.version_id == posts.c.version_id)
    by_champion = exists().where(*same, OF_CHAMPIONS)
    by_this_one = exists().where(*same, predictions.c.model == model)
    query = (
        select(*WRITTEN, posts.c.version_id, posts.c.parent_text)
        .where(posts.c.id > after, posts.c.text.is_not(None), by_champion, ~by_this_one)
        .order_by(posts.c.id)
        .limit(batch)
    )
    with reading(engine) as connection:
        return [*connection.execute(query).mappings()]


def _read(engine: Engine, reader: Reader, rows: Sequence[RowMapping], clock: Callable[[], datetime]) -> int:
    answers = predict(reader, [_post(row) for row in rows])
    read = []
    for row, answer in zip(rows, answers, strict=True):
        if not isinstance(answer, Unreadable):
            read.append(NewPrediction(read_post(written(row), answer), row["version_id"]))
    with writing(engine) as connection:
        still = _unchanged(connection, [item.post.id for item in read])
        kept = [item for item in read if still.get(item.post.id) == item.version_id]
        store_predictions(connection, kept, clock(), shadow=True)
    return len(kept)


def _unchanged(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The version of each post that still has its words: a post may have been removed while it was being read."""
    query = select(posts.c.id, posts.c.version_id).where(posts.c.id.in_(ids), posts.c.text.is_not(None))
    return {row.id: row.version_id for row in connection.execute(query.with_for_update())}


def _post(row: RowMapping) -> Post:
    return Post(row["text"], row["parent_text"], row["created_at"], row["source_id"])
