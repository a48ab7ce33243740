"""The page of models: what each is worth, who moved what, and moving the champion by a button."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from classifier.championing import COMPARISON, NOBODY_ELSE, promote
from classifier.objections import IN_ENGLISH, Objection, objection
from classifier.registry import ARTEFACT, CARD, CARD_PAGE, METRICS, Registry
from classifier.shadow import let_read_along
from database.engine import reading
from desk.objection_words import OBJECTIONS
from tests.desk.conftest import Office
from tests.desk.test_deciding import FLOOD, at
from tests.tickets.test_shadow import Contrary
from tickets.learning import beside
from tickets.shadowing import read_along

FIRST, SECOND = "20261101-first", "20261108-second"
WORSE = objection("worse", question="opd", label="dishub", won=1, lost=19, n=40, p=2e-05)
WORSE_TOLD = (
    "Lebih buruk pada OPD Dinas Perhubungan: dari 40 kiriman, 1 hanya benar menurut calon, "
    "19 hanya benar menurut juara."
)


def a_model(registry: Registry, version: str) -> None:
    """A folder as training leaves it, with an artefact that nobody loads here."""
    folder = registry.path(version)
    folder.mkdir(parents=True)
    (folder / ARTEFACT).write_bytes(version.encode())
    card: dict[str, Any] = {"made_at": f"2026-11-{version[6:8]}T08:00:00+00:00", "data": {"rows": 8422}}
    card["artefact_sha256"] = hashlib.sha256(version.encode()).hexdigest()
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")
    page = "# Kartu\n\n## Bahasa Indonesia\n\nMembaca kiriman.\n\n- Lemah pada sindiran.\n\n## English\n\nReads.\n"
    (folder / CARD_PAGE).write_text(page, encoding="utf-8")
    metrics = {"frozen test": {"opd": {"n": 1533, "accuracy": [0.861, 0.843, 0.877]}}}
    (folder / METRICS).write_text(json.dumps(metrics), encoding="utf-8")


def a_judgement(registry: Registry, objections: Sequence[Objection] = ()) -> None:
    difference = {"question": "opd", "label": None, "n": 40, "won": 5, "lost": 2}
    told = {"version": SECOND, "champion": FIRST, "objections": [each.as_dict() for each in objections],
            "told": "on test.csv: opd +0.010",
            "at": "2026-11-09T08:00:00+00:00", "differences": [difference]}  # fmt: skip
    (registry.path(SECOND) / COMPARISON).write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture
def registry(office: Office) -> Registry:
    return with_models(office)


def with_models(office: Office) -> Registry:
    """A champion and a candidate."""
    registry = Registry(office.parts.models_dir)
    for version in (FIRST, SECOND):
        a_model(registry, version)
    promote(registry, FIRST, "sari", "yang pertama", office.now)
    return registry


def test_each_model_is_shown_with_its_card_and_figures_and_who_made_it_champion(
    office: Office, registry: Registry
) -> None:
    page = office.colleague("dewi").open("/model")
    assert page.index(FIRST) < page.index(SECOND), "the champion first"
    for told in (
        "juara: membaca semua kiriman",
        "Lemah pada sindiran",
        "86,1 %",
        "84,3–87,7 %",
        "Sari",
        "yang pertama",
    ):
        assert told in page
    assert "Reads." not in page


def test_a_candidate_becomes_champion_with_a_reason_and_the_way_back_is_a_button(
    office: Office, registry: Registry
) -> None:
    dewi = office.colleague("dewi")
    dewi.open("/model")
    assert "belum dibandingkan" in dewi.send("/jadikan", alasan="lebih baik")
    a_judgement(registry)
    dewi.open("/model")
    assert "Tuliskan alasannya" in dewi.send("/jadikan", alasan=" ")
    assert registry.champion() == FIRST
    page = dewi.send("/jadikan", alasan="lebih baik tentang parkir")
    assert f"juaranya {SECOND}" in page
    move = registry.history()[-1]
    assert (move.act, move.version, move.instead_of, move.who, move.why, move.gate) == (
        "promote", SECOND, FIRST, "dewi", "lebih baik tentang parkir", "on test.csv: opd +0.010",
    )  # fmt: skip
    page = dewi.send("/kembali", alasan="salah tentang banjir")
    assert "salah tentang banjir" in page
    assert (registry.champion(), registry.history()[-1].act) == (FIRST, "rollback")


def test_what_the_gate_holds_against_it_is_shown_and_stands_in_its_way(office: Office, registry: Registry) -> None:
    a_judgement(registry, [WORSE])
    ratna = office.colleague("ratna")
    assert WORSE_TOLD in ratna.open("/model")
    page = ratna.send("/jadikan", alasan="tetap saja")
    assert ratna.page.status_code == 422
    assert "Calon ini ditolak" in page
    assert WORSE_TOLD in page
    assert str(WORSE) not in page, "operators read English, nobody at the desk must"
    assert page.count('value="tetap saja"') == 1
    assert registry.champion() == FIRST


def test_every_objection_has_words_and_one_of_an_older_file_is_shown_as_it_was_kept(
    office: Office, registry: Registry
) -> None:
    assert {*OBJECTIONS} == {*IN_ENGLISH}
    a_judgement(registry)
    path = registry.path(SECOND) / COMPARISON
    path.write_text(json.dumps(json.loads(path.read_text()) | {"objections": [str(WORSE)]}), encoding="utf-8")
    page = office.colleague("ratna").open("/model")
    assert "Ada keberatan yang dicatat untuk operator." in page
    assert f'<span class="small" lang="en">{WORSE}</span>' in page


def test_why_the_first_champion_came_is_said_in_the_language_of_the_desk(office: Office, registry: Registry) -> None:
    promote(registry, SECOND, "root", NOBODY_ELSE, office.now)
    page = office.colleague("ratna").open("/model")
    assert "“Belum ada juara yang dapat dipakai.”" in page
    assert NOBODY_ELSE not in page


def test_a_damaged_model_is_not_returned_to(office: Office, registry: Registry) -> None:
    promote(registry, SECOND, "sari", "lebih baik", office.now)
    (registry.path(FIRST) / ARTEFACT).write_bytes(b"other")
    ratna = office.colleague("ratna")
    ratna.open("/model")
    assert "tidak dapat dipakai" in ratna.send("/kembali", alasan="coba")
    assert registry.champion() == SECOND


def test_weighing_goes_on_beside_the_desk_and_what_it_finds_is_shown(office: Office, registry: Registry) -> None:
    ratna = office.colleague("ratna")
    ratna.open("/model")
    ratna.send("/bandingkan")
    office.parts.processes.wait(SECOND, 60)
    page = ratna.open("/model")
    assert "Ada keberatan" in page, "this artefact holds no model"
    assert "belum dibandingkan" not in ratna.send("/jadikan", alasan="x")


def test_a_history_that_cannot_be_read_is_said_and_nothing_breaks(office: Office, registry: Registry) -> None:
    (registry.folder / "history.jsonl").write_text("{", encoding="utf-8")
    page = office.colleague("ratna").open("/model")
    assert "Daftar model tidak dapat dibaca" in page
    assert office.colleague("ratna").client.get("/belajar").status_code == 200


def test_a_candidate_that_read_along_is_measured_on_what_people_decided(office: Office, registry: Registry) -> None:
    let_read_along(registry, SECOND, "sari", "sepekan", office.now)
    at(office, FLOOD).send("/terima")
    champion = office.store.reader.model
    read_along(office.store.engine, Contrary(SECOND), lambda: office.now, since=office.store.now)
    with reading(office.store.engine) as connection:
        found = {each.question: each for each in beside(connection, champion, SECOND, office.now)}
    assert (found["opd"].champion.hits, found["opd"].candidate.hits, found["opd"].champion.n) == (1, 0, 1)
    assert (found["opd"].won, found["opd"].lost) == (0, 1)
    assert "calon: ikut membaca" in office.colleague("ratna").open("/model")
