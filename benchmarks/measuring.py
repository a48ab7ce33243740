"""Timing that can be compared: contenders take turns, medians are told with their spread and n."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds of each counted turn, and the largest memory in MB where a process was measured."""

    name: str
    seconds: tuple[float, ...]
    megabytes: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def line(self, amount: int = 0, unit: str = "") -> str:
        spread = f"{min(self.seconds):.3f}–{max(self.seconds):.3f}"
        told = f"{self.name:52} {self.median:8.3f} s  ({spread}, n = {len(self.seconds)})"
        if amount:
            told += f"  {amount / self.median:10,.0f} {unit}/s"
        return told + (f"  {self.megabytes:6.0f} MB" if self.megabytes else "")


def take_turns(contenders: Mapping[str, Callable[[], object]], turns: int = 5) -> list[Figure]:
    """Run each contender once as a warm-up and `turns` times counted, in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(turns + 1):
        for name, contender in contenders.items():
            begun = time.perf_counter()
            contender()
            if turn:
                seconds[name].append(time.perf_counter() - begun)
    return [Figure(name, tuple(found)) for name, found in seconds.items()]


def take_turns_as_processes(
    commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], turns: int = 7
) -> list[Figure]:
    """The same for whole processes: wall seconds and the largest memory of each."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    largest: dict[str, float] = {}
    for turn in range(turns + 1):
        for name, command in commands.items():
            begun = time.perf_counter()
            megabytes = _run(command, environment)
            if turn:
                seconds[name].append(time.perf_counter() - begun)
                largest[name] = max(largest.get(name, 0), megabytes)
    return [Figure(name, tuple(found), largest[name]) for name, found in seconds.items()]


def _run(command: Sequence[str], environment: Mapping[str, str]) -> float:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_maxrss / 1024
