"""The hourly job with nothing new, beside the imports it cannot do without and beside everything imported up front."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import take_turns_as_processes
from listener.emulator import Emulator

_FLOOR = "import tweepy, sqlalchemy, pydantic"
_EVERYTHING = f"{_FLOOR}, sklearn.linear_model, scipy, numpy, joblib, apscheduler, alembic.command, fastapi, uvicorn"


def main() -> None:
    with Emulator(now=lambda: datetime.now(UTC)) as x, tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SIMAK_")} | {
            "SIMAK_DATABASE_URL": f"sqlite:///{Path(folder) / 'store.db'}",
            "SIMAK_X_API_URL": x.url,
            "SIMAK_X_BEARER_TOKEN": x.token,
        }
        commands = {
            "hourly job, nothing new": [sys.executable, "run_listener.py", "--once", "--json"],
            "floor: tweepy + SQLAlchemy + pydantic imported": [sys.executable, "-c", _FLOOR],
            "everything imported up front": [sys.executable, "-c", _EVERYTHING],
        }
        job, floor, everything = take_turns_as_processes(commands, environment)
    for figure in (job, floor, everything):
        print(figure.line())
    print(f"{'':52} {job.median / floor.median:8.2f} x the floor, {job.median / everything.median:.2f} x everything")


if __name__ == "__main__":
    main()
