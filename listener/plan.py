"""What a run will ask: watch-list and cursors become searches, each for terms that share one window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from city.watchlist import Term
from listener.cursor import Cursor, Window
from listener.ledger import Gap
from listener.packing import pack_by_window, query_of
from listener.snowflake import last_id_before, moment_of

# X shows a post in its search after up to half a minute; a cursor put there would pass over it.
UNINDEXED = timedelta(seconds=30)
# X's search reaches back seven days; a minute less, for the time between planning and asking.
REACH = timedelta(days=7) - timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Horizon:
    """The stretch of ids that X answers for in this run, and the zone in which the watch-list's dates are meant."""

    floor: int
    up_to: int
    overlap: timedelta
    zone: tzinfo

    @classmethod
    def at(cls, now: datetime, overlap: timedelta, zone: tzinfo) -> Horizon:
        return cls(last_id_before(now - REACH), last_id_before(now - UNINDEXED), overlap, zone)

    def begin_of(self, day: date) -> int:
        """The last id before `day` began in the city."""
        return last_id_before(datetime.combine(day, time(), self.zone))

    def begin_of_term(self, term: Term) -> int:
        """The last id that is too old to count for the term."""
        return self.begin_of(term.since) if term.since else 0

    def end_of_term(self, term: Term) -> int:
        """The last id of the term that can be read now."""
        return min(self.up_to, self.begin_of(term.until + timedelta(days=1))) if term.until else self.up_to

    def again_from(self, term: Term, cursor: Cursor) -> int:
        """Where reading begins again before a cursor, for posts that X indexed late, that were edited or deleted."""
        overlapped = last_id_before(moment_of(min(cursor.read_to, cursor.checked_to)) - self.overlap)
        return min(max(overlapped, self.floor, self.begin_of_term(term)), cursor.read_to)


@dataclass(frozen=True, slots=True)
class Search:
    """One query with its window: the cursors it moves, and the gaps before which it has to begin."""

    query: str
    cursors: tuple[Cursor, ...]
    window: Window
    gaps: tuple[Gap, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(cursor.term for cursor in self.cursors)

    def refused_before(self, oldest: int) -> Search:
        """The same search from the id `oldest` on, because X refused to go back further."""
        window = self.window.cut_at(oldest)
        gaps = tuple(
            Gap(cursor.term, moment_of(cursor.read_to), moment_of(window.after), "X refused to search further back")
            for cursor in self.cursors
            if cursor.read_to < window.after and not cursor.is_first
        )
        moved = tuple(replace(cursor, read_to=max(cursor.read_to, window.after)) for cursor in self.cursors)
        return Search(self.query, moved, window, self.gaps + gaps)


def searches(terms: Sequence[Term], known: Mapping[str, Cursor], horizon: Horizon, longest_query: int) -> list[Search]:
    """The searches to be made now. Terms with an unfinished window come first and alone: once those are finished, all
    terms are planned again. Raises QueryTooLong."""
    due = [_due(term, known.get(term.query), horizon) for term in terms]
    unfinished = [item for item in due if item[0].unfinished]
    cursors = {cursor.term: cursor for cursor, _, _ in unfinished or due}
    gaps = {cursor.term: found for cursor, _, found in due}
    windows = {cursor.term: window for cursor, window, _ in unfinished or due if not window.is_empty}
    return [
        Search(
            query_of(group),
            tuple(cursors[term] for term in group),
            window,
            tuple(gap for term in group for gap in gaps[term]),
        )
        for group, window in pack_by_window(windows, longest_query)
    ]


def _due(term: Term, cursor: Cursor | None, horizon: Horizon) -> tuple[Cursor, Window, list[Gap]]:
    """How far a term was read, what of it is to be read next, and what can no longer be read at all."""
    if cursor is None:  # never read: as far back as X answers, or from its first date
        begin = max(horizon.floor, horizon.begin_of_term(term))
        cursor = Cursor(term.query, begin, begin, is_first=True)
    gaps: list[Gap] = []
    unfinished = cursor.unfinished
    if unfinished and unfinished.until - 1 <= horizon.floor:  # what was missing of it is out of reach
        gaps += _gap(cursor, unfinished.until - 1)
        cursor = Cursor(term.query, max(cursor.read_to, unfinished.up_to), cursor.checked_to)
        unfinished = None
    end = horizon.end_of_term(term)
    if cursor.read_to < min(horizon.floor, end):
        gaps += _gap(cursor, min(horizon.floor, end))
        cursor = replace(cursor, read_to=horizon.floor, unfinished=unfinished and unfinished.cut_at(horizon.floor))
    if cursor.unfinished:
        return cursor, cursor.unfinished, gaps
    if end <= cursor.read_to:
        return cursor, Window(cursor.read_to, cursor.read_to), gaps  # read to its last date
    return cursor, Window(horizon.again_from(term, cursor), end), gaps


def _gap(cursor: Cursor, end: int) -> list[Gap]:
    if cursor.is_first or cursor.read_to >= end:
        return []
    why = "X's search reaches back seven days, and this stretch was not read in time"
    return [Gap(cursor.term, moment_of(cursor.read_to), moment_of(end), why)]
