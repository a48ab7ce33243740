"""Weighing candidates while the desk goes on answering: each in a process of its own, for it loads two models."""

from __future__ import annotations

from datetime import datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock

from city import City
from classifier.championing import weigh_and_keep


class Weighing:
    """What a process finds is a file beside the candidate; one that dies leaves nothing, and can be begun again."""

    def __init__(self) -> None:
        self._processes: dict[str, BaseProcess] = {}
        self._lock = Lock()

    def begin(self, models: Path, version: str, data: Path | None, now: datetime, today: City | None = None) -> None:
        """Weigh `version` in the codes of `today`; once, however often it is asked for."""
        with self._lock:
            if self._is_at(version):
                return
            # Not a fork: the desk runs threads, and a forked child may inherit a lock that nobody will open.
            told = (models, version, data, now.isoformat(timespec="seconds"), today)
            process = get_context("spawn").Process(target=weigh_and_keep, args=told, daemon=True)
            process.start()
            self._processes[version] = process

    def is_at(self, version: str) -> bool:
        with self._lock:
            return self._is_at(version)

    def wait(self, version: str, seconds: float) -> None:
        """Until it is over, but no longer than this."""
        process = self._processes.get(version)
        if process is not None:
            process.join(seconds)

    def _is_at(self, version: str) -> bool:
        process = self._processes.get(version)
        return process is not None and process.is_alive()
