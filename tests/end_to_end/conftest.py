"""The whole listener as a process of its own, between a local X and a store, with the champion as it ships."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.out)


@dataclass
class Program:
    """Runs the project's commands with settings of its own."""

    settings: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, *map(str, words)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=HOME, env=self._environment(), stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: str | Path, given: str | None = None, seconds: float = 120) -> Done:
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=HOME,
            env=self._environment(),
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def listen(self, *words: str | Path) -> Done:
        return self.run("run_listener.py", "--once", "--json", *words)

    def with_settings(self, **changed: str) -> Program:
        return Program(self.settings | changed)

    def tickets(self) -> list[dict[str, object]]:
        done = self.run("-m", "tickets", "list", "--limit", "0", "--json")
        assert done.code == 0, done.err
        return [json.loads(line) for line in done.out.splitlines()]

    def ledger(self) -> dict[str, object]:
        done = self.run("-m", "tickets", "ledger", "--json")
        return done.json["totals"]  # type: ignore[return-value]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SIMAK_")}
        return kept | self.settings


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The commands, in front of an empty SQLite store, with X off."""
    return Program({"SIMAK_DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}"})


def balances(totals: dict[str, int]) -> bool:
    outcomes = ("duplicate", "updated", "drafted", "joined", "filtered", "quarantined", "waiting")
    return totals["seen"] == sum(totals[name] for name in outcomes)


def incidents(tickets: list[dict[str, object]]) -> set[tuple[str, ...]]:
    """Which posts stand together: what must not depend on the way they came in."""
    return {tuple(sorted(post["id"] for post in ticket["posts"])) for ticket in tickets}  # type: ignore[attr-defined]
