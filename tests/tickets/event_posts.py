"""Hand-written posts of known events, with many near misses: in each scene things happen that one could take for one.

`event_posts.csv` was written by hand, in parts by scene: on `choose` words were chosen, on `develop` features and
weights; `frozen` and `sealed` only measure. Each of these two was written before anything was chosen by what stands
beside it, and `SEALS` tells that no line of it was changed since. `event_readings.jsonl` holds what a model made
of each post, a line a post, its mistakes included, so that the figures tell of joining and do not move with the
champion of the day; `python -m benchmarks.joining_incidents --read` makes it again. No post of it was ever trained on.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal

from tests.tickets.builder import NOON
from tickets.read_post import ReadPost, Written, read_post

HERE = Path(__file__).parent
POSTS = HERE / "event_posts.csv"
READINGS = HERE / "event_readings.jsonl"

# Between two scenes: a flood of one and a flood of the next are two, whatever they share.
APART = timedelta(days=40)

# SHA-256 of the lines of the parts that measure, taken on the day they were written.
SEALS = {
    "frozen": "530db80065b4faa72ccc7cd4fc499be6aebd537109d78c9c9c12c56a7c238bcc",
    "sealed": "3d7ebc48f97fba5e3766676af58b16405f16a5414b99ec74953485b49a858dbe",
}

Half = Literal["choose", "develop", "frozen", "sealed"]
MEASURING: tuple[Half, ...] = ("frozen", "sealed")


@dataclass(frozen=True, slots=True)
class Told:
    scene: str
    event: str
    post: ReadPost


def rows() -> list[dict[str, str]]:
    with POSTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


def seal(half: Half) -> str:
    lines = POSTS.read_bytes().splitlines(keepends=True)
    return sha256(b"".join(line for line in lines if line.startswith(f"{half}|".encode()))).hexdigest()


def load(half: Half) -> list[Told]:
    """The posts of one half that the model took for complaints: only those are ever joined."""
    readings = [json.loads(line) for line in READINGS.read_text(encoding="utf-8").splitlines()]
    scenes = list(dict.fromkeys(row["scene"] for row in rows()))
    starts = {scene: NOON + number * APART for number, scene in enumerate(scenes)}
    told = [
        _told(number, row, reading, starts[row["scene"]])
        for number, (row, reading) in enumerate(zip(rows(), readings, strict=True))
    ]
    asked = [each for row, each in zip(rows(), told, strict=True) if row["half"] == half]
    return [each for each in asked if each.post.decision != "drop"]


def _told(number: int, row: dict[str, str], reading: dict[str, object], start: datetime) -> Told:
    at = start + timedelta(hours=float(row["hours"]))
    written = Written(number, "x", f"s{number:04}", f"{row['scene']} {row['author']}", None, row["text"], at)
    return Told(row["scene"], f"{row['scene']} {row['event']}", read_post(written, reading))
