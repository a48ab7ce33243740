"""Hand-written posts of known events, with many near misses: what the thresholds of `incidents` were chosen on."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from tests.tickets.builder import NOON
from tickets.read_post import ReadPost, Written, read_post


def load_posts() -> list[tuple[str, ReadPost]]:
    """Each post with the name of its event."""
    with Path(__file__).with_name("event_posts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="|"))
    return [(row["event"], _post(number, row)) for number, row in enumerate(rows)]


def _post(number: int, row: dict[str, str]) -> ReadPost:
    at = NOON + timedelta(hours=float(row["hours"]))
    written = Written(number, "x", f"s{number}", row["author"], None, row["text"].strip(), at)
    place = {name: row[name] or None for name in ("precision", "kelurahan", "kecamatan")} | {"text": row["place"]}
    choices = {name: {"code": row[name], "p": 0.9} for name in ("category", "opd")}
    named = place if row["precision"] else None
    content: dict[str, object] = {
        "decision": "route",
        "normalised": row["text"].strip().lower(),
        "place": named,
        "model": "hand",
    }
    content["priority"] = "darurat" if row["category"] == "darurat" else "biasa"
    return read_post(written, {**content, **choices})
