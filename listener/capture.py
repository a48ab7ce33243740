"""One turn of the hourly job: run → term windows → queries → pages → store.

Each page goes in with its ledger row and its cursors' progress in one transaction, so that a kill at any point loses
nothing, doubles nothing, and costs at most the page it cut. Reading what was captured is `tickets`' work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

import structlog
from sqlalchemy import Connection, Engine

from city.watchlist import Term
from database.engine import reading, writing
from listener.asking import Asking, OverBudget, Paid, XSource
from listener.authors import look_up_accounts, look_up_authors
from listener.budget import Budget, forget_lost_answers
from listener.cursor import Cursor, Window
from listener.cursors import load_cursors, save_cursors
from listener.keeping import Capture, keep
from listener.ledger import RunError, begin_query, begin_run, count_page, end_run, record_gaps
from listener.plan import Horizon, Search, searches
from listener.removals import look_again, look_for_removed
from listener.snowflake import moment_of
from listener.sources.x.errors import (
    OutOfCredit,
    PageExpired,
    RateLimited,
    Stopped,
    TokenRefused,
    WindowTooOld,
    XError,
)
from listener.sources.x.wire import CHANNEL, Page, read_page

log = structlog.get_logger()

# So long a stretch with a post that came garbled is read again; longer, and the post stays in quarantine.
_PATIENCE_WITH_GARBLED = timedelta(hours=6)
# After these, no other query of the run would be answered either.
_ENDS_THE_RUN = (OverBudget, OutOfCredit, RateLimited, Stopped, TokenRefused)


@dataclass(frozen=True, slots=True)
class Listening:
    """What a capture run is made of; handed down from the entry point."""

    engine: Engine
    source: XSource
    terms: Sequence[Term]
    own_accounts: frozenset[str]
    budget: Budget
    zone: tzinfo
    overlap: timedelta = timedelta(minutes=60)
    longest_query: int = 512
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stop: threading.Event = field(default_factory=threading.Event)
    on_page: Callable[[int], None] = lambda seen: None  # told how many posts each page brought

    def asking(self, run_id: str) -> Asking:
        return Asking(self.engine, self.budget, run_id, self.clock, self.stop)


def capture(listening: Listening) -> str:
    """Run once; returns the run's id. What X would not do stands in the run's row; only a broken store raises."""
    with writing(listening.engine) as connection:
        # What earlier runs of today lost is asked for again now, and X bills a post once a day.
        forget_lost_answers(connection, listening.clock())
        run_id = begin_run(connection, "search", CHANNEL, listening.clock())
    run = CaptureRun(listening, run_id)
    try:
        run.search_everything()
        run.learn_own_accounts()
    finally:
        run.end()
    return run_id


def recheck(listening: Listening, since: datetime) -> str:
    """A run that asks again for every post captured since then, to find what was edited or deleted; returns its id."""
    with writing(listening.engine) as connection:
        run_id = begin_run(connection, "recheck", CHANNEL, listening.clock())
    run = CaptureRun(listening, run_id)
    try:
        look_again(listening.source, run.asking, since)
        run.complete = True
    except (OverBudget, XError) as error:
        run.note(error, "asking again")
    finally:
        run.end()
    return run_id


def name_authors(listening: Listening, run_id: str) -> None:
    """Learn who wrote the drafts, as part of the same run; without it, they are shown by their ids."""
    try:
        look_up_authors(listening.source, listening.asking(run_id))
    except (OverBudget, XError) as error:
        log.warning("authors stay unnamed", run=run_id, message=str(error))


class CaptureRun:
    """What one run has done so far."""

    def __init__(self, listening: Listening, run_id: str) -> None:
        self.listening = listening
        self.run_id = run_id
        self.asking = listening.asking(run_id)
        self.horizon = Horizon.at(listening.clock(), listening.overlap, listening.zone)
        self.errors: list[RunError] = []
        self.answered = False
        self.complete = False
        self.seen: set[str] = set()  # source ids in this run's answers
        self.unreadable = 0
        self.read_again: list[Window] = []  # stretches that were read before this run and in it

    def search_everything(self) -> None:
        """Finish what earlier runs left unfinished, then read on to the present; look for what has gone meanwhile."""
        while planned := self._planned():
            if not self._search_all(planned):
                return
            if not planned[0].cursors[0].unfinished:
                break
        self.complete = True
        try:
            look_for_removed(self.listening.source, self.asking, self.seen, self.read_again)
        except (OverBudget, XError) as error:  # the run is complete without it, and the next one looks again
            self.note(error, "looking for removed posts")
            return
        with writing(self.listening.engine) as connection:
            known = self._cursors(connection).values()
            save_cursors(connection, [cursor.checked() for cursor in known if self._may_pass(cursor)])

    def learn_own_accounts(self) -> None:
        """Learn the ids of the city's own accounts, once anything was captured that they may have written."""
        if not self.seen:
            return
        try:
            look_up_accounts(self.listening.source, self.asking, self.listening.own_accounts)
        except (OverBudget, XError) as error:  # their posts may become drafts, until their ids are known
            self.note(error, "whose posts are the city's own")

    def end(self) -> None:
        """Write down how the run went."""
        status = "complete" if self.complete else "partial" if self.answered else "failed"
        if self.unreadable:
            told = f"{self.unreadable} posts cannot be read; see `python -m tickets list --filtered`"
            self.errors.append(RunError("bad_payload", told))
        now = self.listening.clock()
        with writing(self.listening.engine) as connection:
            if self.complete:
                forget_lost_answers(connection, now)
            end_run(connection, self.run_id, status, self.errors, now)

    def _planned(self) -> list[Search]:
        with reading(self.listening.engine) as connection:
            known = self._cursors(connection)
        return searches(self.listening.terms, known, self.horizon, self.listening.longest_query)

    def _cursors(self, connection: Connection) -> dict[str, Cursor]:
        return load_cursors(connection, [term.query for term in self.listening.terms])

    def _may_pass(self, cursor: Cursor) -> bool:
        """Whether the next run need not read this stretch again: not, for hours, while a post came garbled."""
        return not self.unreadable or moment_of(cursor.read_to) - moment_of(cursor.checked_to) > _PATIENCE_WITH_GARBLED

    def _search_all(self, planned: list[Search]) -> bool:
        """Make each search, the others too when one fails; whether all came to their ends."""
        complete = True
        for search in planned:
            try:
                self._read_pages(search)
            except (OverBudget, XError) as error:
                complete = False
                self.note(error, search.query)
                if isinstance(error, _ENDS_THE_RUN):
                    break
        return complete

    def note(self, error: OverBudget | XError, what: str) -> None:
        kind = error.kind if isinstance(error, XError) else "budget"
        log.warning("not asked to the end", run=self.run_id, what=what, kind=kind, message=str(error))
        self.errors.append(RunError(kind, f"{what}: {error}"))

    def _read_pages(self, search: Search) -> None:
        """1. Ask for a page. 2. Store it with its progress. 3. Go on until X names no next page."""
        position: int | None = None
        token: str | None = None
        used: set[str] = set()
        progress = search.window
        while True:
            try:
                paid, page = self._ask(search, token)
            except WindowTooOld as refusal:
                if refusal.oldest <= search.window.after:
                    raise
                search = search.refused_before(refusal.oldest)
                progress = progress.cut_at(refusal.oldest)
                continue
            except PageExpired:
                if progress == search.window:
                    raise
                # Pages that follow a token want the same question; without one, ask for what is still missing.
                search, token = replace(search, window=progress), None
                continue
            progress = progress.read_down_to(page.oldest_id)
            position = self._store(search, progress, paid, page, position)
            token = page.next_page
            if token is None:
                return
            if token in used:
                raise XError(f"X names page {token} a second time")
            used.add(token)

    def _ask(self, search: Search, token: str | None) -> tuple[Paid, Page]:
        """One page. If it holds what cannot be read it is asked for once more: that costs nothing on the same day."""
        paid, page = self._put(search, token)
        if page.unreadable:
            try:
                paid_again, again = self._put(search, token)
            except (OverBudget, XError):
                return paid, page
            billed_ids = page.billed_ids | again.billed_ids
            page = replace(min(again, page, key=lambda one: one.unreadable), billed_ids=billed_ids)
            paid = Paid(paid_again.answer, paid.reserved + paid_again.reserved)
        return paid, page

    def _put(self, search: Search, token: str | None) -> tuple[Paid, Page]:
        source = self.listening.source
        paid = self.asking.for_page(lambda size: source.search(search.query, search.window, size=size, page=token))
        self.answered = True
        return paid, read_page(paid.answer)

    def _store(self, search: Search, progress: Window, paid: Paid, page: Page, position: int | None) -> int:
        """Put in one page: gaps, posts, bill, ledger row and cursors, all or nothing; returns the ledger row."""
        now = self.listening.clock()
        finished = page.next_page is None
        moved = [cursor.past(progress) if finished else cursor.within(progress) for cursor in search.cursors]
        with writing(self.listening.engine) as connection:
            if position is None:
                position = begin_query(connection, self.run_id, search.query, search.terms, search.window)
                record_gaps(connection, self.run_id, search.gaps)
            kept = keep(connection, page.posts, Capture(self.run_id, position, now, revives=True))
            billed = self.asking.settle(connection, paid, "post", page.billed_ids)
            count_page(connection, self.run_id, position, kept, billed=billed, finished=finished)
            save_cursors(connection, moved)
        self.seen |= kept.source_ids
        self.unreadable += page.unreadable
        if finished:
            self.read_again += [Window(search.window.after, cursor.read_to) for cursor in search.cursors]
        self.listening.on_page(kept.seen)
        log.info("page stored", run=self.run_id, query=search.query, seen=kept.seen, duplicate=kept.duplicate)
        return position
