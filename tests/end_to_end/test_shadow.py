"""The listener with a candidate that reads along, sound or broken."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.registry import Registry
from classifier.shadow import let_read_along
from tests.end_to_end.conftest import HOME, Program

POSTS = [
    "Min lampu jalan di Jl Pandanaran mati semua sudah tiga malam, gelap sekali #laporhendi",
    "Sampah menumpuk di TPS Banyumanik seminggu tidak diangkut, bau #laporhendi",
    "Selamat pagi Semarang, tetap semangat! #laporhendi",
]


@pytest.mark.parametrize("broken", [False, True])
def test_a_run_is_the_same_whatever_the_candidate_does(program: Program, tmp_path: Path, *, broken: bool) -> None:
    registry = Registry(tmp_path / "models")
    shutil.copytree(HOME / "models", registry.folder)
    champion = str(registry.champion())
    shutil.copytree(registry.path(champion), registry.path("candidate"))
    if broken:
        (registry.path("candidate") / "model.joblib").write_bytes(b"rubbish")
    let_read_along(registry, "candidate", "sari", "a week beside it", datetime(2026, 1, 1, tzinfo=UTC))
    archive = tmp_path / "posts.csv"
    archive.write_text("text\n" + "".join(f'"{text}"\n' for text in POSTS), encoding="utf-8")
    done = program.with_settings(SIMAK_MODELS_DIR=str(registry.folder)).listen("--replay", archive)
    assert (done.code, done.json["status"], done.json["drafted"]) == (0, "complete", 2)
    with sqlite3.connect(program.settings["SIMAK_DATABASE_URL"].removeprefix("sqlite:///")) as store:
        read = dict(store.execute("SELECT shadow, count(*) FROM predictions GROUP BY shadow").fetchall())
    assert read == ({0: 3} if broken else {0: 3, 1: 3})
    assert ("candidate does not read along" in done.err) == broken
    assert json.loads(done.out)
