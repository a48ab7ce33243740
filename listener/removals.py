"""Finding out that a post is gone.

The stretch before the cursors is read again each hour. What is stored from there and did not come again is asked for
by its id: X bills nothing for a post that it no longer shows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from database.engine import reading, writing
from database.tables import posts, runs
from listener.asking import READS_A_POST, Asking, XSource
from listener.cursor import Window
from listener.keeping import Capture, keep, remove
from listener.ledger import begin_query, count_page
from listener.post import CapturedPost
from listener.snowflake import moment_of
from listener.sources.x.wire import CHANNEL, read_page

_AT_ONCE = 100  # ids that X takes in one question


def look_for_removed(source: XSource, asking: Asking, seen: Collection[str], read_again: Sequence[Window]) -> None:
    """Ask for the posts stored from the stretches `read_again` that are not among the `seen` source ids.

    Raises OverBudget and XError; what was found until then is kept.
    """
    missing = sorted(_stored_in(asking, read_again) - set(seen))
    for start in range(0, len(missing), _AT_ONCE):
        ask_again(source, asking, missing[start : start + _AT_ONCE])


def look_again(source: XSource, asking: Asking, since: datetime) -> None:
    """Ask for every post captured from X since then that is not known to be gone, whatever its age.

    For the duty to forget what its author deleted later than an hour after writing. Costs a read for each that is
    still there. Raises OverBudget and XError; what was found until then is kept.
    """
    known = select(posts.c.source_id).where(
        posts.c.channel == CHANNEL, posts.c.created_at >= since, posts.c.text.is_not(None), _found_by_search()
    )
    with reading(asking.engine) as connection:
        source_ids = list(connection.execute(known.order_by(posts.c.id)).scalars())
    for start in range(0, len(source_ids), _AT_ONCE):
        ask_again(source, asking, source_ids[start : start + _AT_ONCE])


def ask_again(source: XSource, asking: Asking, source_ids: list[str]) -> None:
    """Bring the posts with these ids (at most 100) to what X shows now; what is gone is emptied."""
    worst = len(source_ids) * asking.budget.post * READS_A_POST
    paid = asking.for_things(lambda: source.posts(source_ids), worst)
    page = read_page(paid.answer)
    now = asking.clock()
    old = [post for post in page.posts if isinstance(post, CapturedPost) and post.version_id != post.newest_version_id]
    with writing(asking.engine) as connection:
        question = f"posts by id: {len(source_ids)} that a search did not bring again"
        position = begin_query(connection, asking.run_id, question)
        kept = keep(connection, page.posts, Capture(asking.run_id, position, now, revives=True))
        billed = asking.settle(connection, paid, "post", page.billed_ids)
        count_page(connection, asking.run_id, position, kept, billed=billed, finished=True)
        remove(connection, CHANNEL, page.missing_ids & set(source_ids), now)
    if newest := sorted({post.newest_version_id for post in old} - set(source_ids)):
        ask_again(source, asking, newest)  # asked for by an old id, X may show that version


def _stored_in(asking: Asking, windows: Sequence[Window]) -> set[str]:
    """Source ids of what searches found in these stretches and what is not known to be gone."""
    stretches = [
        and_(posts.c.created_at > moment_of(window.after), posts.c.created_at <= moment_of(window.up_to))
        for window in set(windows)
        if not window.is_empty
    ]
    if not stretches:
        return set()
    found = select(posts.c.source_id).where(
        posts.c.channel == CHANNEL, posts.c.text.is_not(None), _found_by_search(), or_(*stretches)
    )
    with reading(asking.engine) as connection:
        return set(connection.execute(found).scalars())


def _found_by_search() -> ColumnElement[bool]:
    """Not from an archive, whose posts may be long gone."""
    return posts.c.first_run_id.in_(select(runs.c.id).where(runs.c.kind == "search"))
