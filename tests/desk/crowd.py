"""A big city's store: many tickets with few open drafts among them, for measuring and for nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from city import City
from database.engine import writing
from database.tables import posts, run_queries, runs, tickets
from tickets.lots import lot_of

_STREETS = ("Pandanaran", "Kaligawe", "Gajahmada", "Majapahit", "Fatmawati", "Setiabudi", "Sriwijaya", "Dr Cipto")
_MATTERS = ("lampu jalan mati", "jalan berlubang", "banjir setinggi lutut", "sampah menumpuk", "pohon miring")
_PIECE = 5_000


def crowd(engine: Engine, city: City, now: datetime, *, count: int, open_drafts: int, seed: int = 1) -> None:
    """Fill an empty store with `count` tickets of one post each; the newest `open_drafts` are open."""
    with writing(engine) as connection:
        connection.execute(
            runs.insert().values(id="r", kind="search", channel="x", started_at=now, errors=[], status="complete")
        )
        connection.execute(run_queries.insert().values(run_id="r", position=0, query="q", terms=[], seen=count))
    rng = random.Random(seed)
    for first in range(1, count + 1, _PIECE):
        rows = [
            _ticket(number, count - open_drafts, city, now, rng)
            for number in range(first, min(first + _PIECE, count + 1))
        ]
        with writing(engine) as connection:
            connection.execute(tickets.insert(), rows)
            connection.execute(posts.insert(), list(_posts(rows)))


def _ticket(number: int, decided: int, city: City, now: datetime, rng: random.Random) -> dict[str, Any]:
    at = now - timedelta(minutes=rng.randrange(1, 60 * 24 * 7 if number > decided else 60 * 24 * 365))
    street, matter = rng.choice(_STREETS), rng.choice(_MATTERS)
    kelurahan = rng.choice(list(city.kelurahan.values()))
    opd, category = rng.choice([*city.opds]), rng.choice([*city.categories])
    p = round(rng.random(), 3)
    status = "belum_terverifikasi" if number > decided else rng.choice(("dalam_proses", "selesai", "ditolak"))
    rank = rng.choices((0, 1, 2), (1, 5, 20))[0]
    place = {
        "text": f"Jl. {street}",
        "precision": "street",
        "kelurahan": kelurahan.name,
        "kecamatan": kelurahan.kecamatan,
    }
    why = [{"term": word, "weight": 1.0} for word in matter.split()]
    told = {"normalised": f"{matter} di {street.lower()}", "why": why, "opd_top3": [{"code": opd, "p": p}]}
    return {
        "id": number, "number": f"2026-{number:06d}", "status": status, "title": f"{matter} di Jl. {street}",
        "text": f"{matter} di jl {street} sudah {number % 9} hari, tolong dicek, kode {number}", "decision": "route",
        "category": category, "opd": opd, "opd_p": p, "queue": opd, "priority": ("darurat", "tinggi", "biasa")[rank],
        "priority_rank": rank, "place": place, "kecamatan": kelurahan.kecamatan, "model": "m", "prediction": told,
        "lot": lot_of(f"2026-{number:06d}"),
        "posted_at": at, "last_posted_at": at, "post_count": 1, "created_at": at, "updated_at": at, "chosen": {},
        "decided_at": None if number > decided else at + timedelta(hours=5), "by_hand": False, "version": 1,
    }  # fmt: skip


def _posts(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            "channel": "x", "source_id": str(row["id"]), "version_id": str(row["id"]),
            "author_id": f"a{row['id'] % 997}", "text": row["text"], "media": [],
            "created_at": row["posted_at"], "captured_at": row["posted_at"],
            "first_run_id": "r", "first_query": 0, "outcome": "drafted", "ticket_id": row["id"],
        }  # fmt: skip
