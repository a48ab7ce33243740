"""Fifty times `kill -9` at random moments of capture and reading, each time started again.

What must come out: every post once, a ledger that balances, and hardly more billed than without the kills.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from listener.emulator import Emulator, read_bundle
from listener.emulator.bundle import POSTS

KILLS = 50
EACH = 12  # new posts between two kills


def main() -> None:
    chance = random.Random(20260302)
    texts = [post.text for post in read_bundle(POSTS) if post.text and not post.retweets]
    with Emulator(now=lambda: datetime.now(UTC)) as x, tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SIMAK_")} | {
            "SIMAK_DATABASE_URL": f"sqlite:///{Path(folder) / 'store.db'}",
            "SIMAK_X_API_URL": x.url,
            "SIMAK_X_BEARER_TOKEN": x.token,
        }
        written: set[str] = set()
        for kill in range(KILLS):
            for number in range(EACH):
                text = f"{texts[(kill * EACH + number) % len(texts)]} #laporhendi"
                written.update(x.publish(text, author=f"contoh_{number:03}"))
            process = subprocess.Popen([sys.executable, "run_listener.py", "--once"], env=environment, **_QUIET)
            time.sleep(chance.uniform(0.2, 3.5))
            process.kill()
            process.wait()
        time.sleep(31)  # what is written last is not searched for in its first half minute
        last = _json(environment, "run_listener.py", "--once", "--json")
        totals = _json(environment, "-m", "tickets", "ledger", "--json")["totals"]
        whole = subprocess.run([sys.executable, "-m", "database", "check"], env=environment, check=False, **_QUIET)
        stored = totals["seen"] - totals["duplicate"] - totals["updated"]
        print(
            f"{KILLS} kills, last run {last['status']}, gaps {len(last['gaps'])}, store whole: {whole.returncode == 0}"
        )
        print(f"posts written {len(written)}, stored {stored}, waiting {totals['waiting']}")
        print(f"reads billed {len(x.billed_posts())} for {len(written)} posts; searches {len(x.requests)}")


_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _json(environment: dict[str, str], *words: str) -> dict:  # type: ignore[type-arg]
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, check=False)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
