"""What goes on after the page was answered: acts on many tickets, each in a thread of its own.

A thread that dies with the server leaves a batch that can be carried on with, or taken back: nothing is kept here that
the store does not hold.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock, Thread

from tickets.bulk import Direction

_Task = tuple[int, Direction]  # a batch, and whether it is done or taken back


class Working:
    def __init__(self) -> None:
        self._threads: dict[_Task, Thread] = {}
        self._lock = Lock()

    def begin(self, batch_id: int, direction: Direction, work: Callable[[], None]) -> None:
        """Let `work` go on by itself; once, however often it is asked for."""
        with self._lock:
            self._threads = {task: thread for task, thread in self._threads.items() if thread.is_alive()}
            if (batch_id, direction) in self._threads:
                return
            # A daemon: the server must not wait for it to end, and whatever it was at is in one transaction.
            thread = Thread(target=_watched, args=(batch_id, work), name=f"batch {batch_id}", daemon=True)
            self._threads[batch_id, direction] = thread
            thread.start()

    def is_at(self, batch_id: int, direction: Direction) -> bool:
        thread = self._threads.get((batch_id, direction))
        return thread is not None and thread.is_alive()

    def wait(self, batch_id: int, direction: Direction, seconds: float) -> None:
        """Until it is over, but no longer than this."""
        thread = self._threads.get((batch_id, direction))
        if thread is not None:
            thread.join(seconds)


def _watched(batch_id: int, work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:
        logging.getLogger("desk").exception("batch %s stopped half-way", batch_id)
