"""Work that loads models, each in a process of its own, while the desk goes on answering.

What a process finds it leaves where pages look for it; one that dies leaves nothing, and can be begun again.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from threading import Lock


class Processes:
    def __init__(self) -> None:
        self._processes: dict[str, BaseProcess] = {}
        self._lock = Lock()

    def begin(self, name: str, work: Callable[..., None], *told: object) -> None:
        """Let `work(*told)` go on by itself; once, however often it is asked for."""
        with self._lock:
            if self._is_at(name):
                return
            # Not a fork: the desk runs threads, and a forked child may inherit a lock that nobody will open.
            process = get_context("spawn").Process(target=work, args=told, daemon=True)
            process.start()
            self._processes[name] = process

    def is_at(self, name: str) -> bool:
        with self._lock:
            return self._is_at(name)

    def wait(self, name: str, seconds: float) -> None:
        """Until it is over, but no longer than this."""
        process = self._processes.get(name)
        if process is not None:
            process.join(seconds)

    def _is_at(self, name: str) -> bool:
        process = self._processes.get(name)
        return process is not None and process.is_alive()
