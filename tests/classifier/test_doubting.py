"""Labels to check: wrong ones that were planted, and those on which readers disagree."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace

import pytest

from benchmarks.planted_errors import plant
from classifier.doubting import disagreements, doubts, read_readings
from classifier.errors import DataRefused, PartMissing
from classifier.knowledge import load_knowledge
from classifier.labels import LabelledPost, write_labels
from classifier.recipe import Recipe
from tests.classifier.language import LANGUAGE
from tests.classifier.models import CITY, some_posts
from tests.classifier.shell import Shell

FRESH = Recipe(folds=3)


def test_most_of_the_first_labels_to_check_are_wrong_ones() -> None:
    posts, planted = plant(some_posts(8), 0.04, seed=4)
    found = doubts(posts, [], load_knowledge(CITY, LANGUAGE), FRESH)
    first = [one.id in planted for one in found[: len(planted) // 2]]
    assert sum(first) >= 0.5 * len(first)  # by luck alone it would be one
    assert all(one.reasons for one in found)
    assert [one.doubt for one in found] == sorted((one.doubt for one in found), reverse=True)
    slip = next(one for one in found if one.id in planted and "opd" in one.proposed)
    assert slip.opd != slip.proposed["opd"]
    assert f"opd: models that had not seen it give {slip.opd}" in " ".join(slip.reasons)


def test_readers_who_disagree_are_named_with_what_they_say() -> None:
    text = "lampu jalan mati di depan pasar johar sejak minggu lalu"
    pju = LabelledPost("1", text, actionable=True, category="pju", opd="disperkim", event="T-1", reviewer="sari")
    posts = [
        pju,
        replace(pju, id="2", text="gelap sekali di situ", opd="pln", reviewer="budi"),
        replace(pju, id="3", text=f"{text} pak", category="sampah", opd="dlh", event="T-2"),
        replace(pju, id="4", text="terima kasih sudah nyala", event="T-3"),
        replace(pju, id="5", text="aman min", opd="dishub", event="T-3", reviewer=""),
    ]
    second = [LabelledPost("4", "", actionable=False), LabelledPost("1", "", opd="dpu", opd_also=("disperkim",))]
    assert disagreements(posts, second) == {
        "1": ["near-identical to 3, which says category sampah, opd dlh", "T-1: budi says opd pln"],
        "2": ["T-1: sari says opd disperkim"],
        "3": ["near-identical to 1, which says category pju, opd disperkim"],
        "4": ["a second reading says no complaint"],
    }


def test_events_of_the_projects_own_posts_are_no_tickets() -> None:
    """A writer's event may hold a complaint and the thanks for it: only a desk's labels have one verdict a ticket."""
    one = LabelledPost(
        "1", "got mampet di gang", actionable=True, category="drainase_banjir", opd="dpu", event="banjir"
    )
    thanks = replace(one, id="2", text="suwun sudah disedot", actionable=False, category=None, opd=None)
    assert disagreements([one, thanks]) == {}


def test_second_readings_of_another_form_are_refused(shell: Shell) -> None:
    path = shell.folder / "readings.csv"
    path.write_text("text,opd\nlampu,dpu\n")
    with pytest.raises(DataRefused, match=r"readings\.csv: no column id"):
        read_readings(path)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    with pytest.raises(PartMissing, match=r"install -r requirements/data\.txt"):
        doubts(some_posts(60), [], load_knowledge(CITY, LANGUAGE), FRESH)


def test_the_command_lists_them_as_lines_json_and_csv_and_refuses_the_frozen_test(shell: Shell) -> None:
    posts = some_posts(24)
    slip = next(post for post in posts if post.category == "pju")
    text = '=HYPERLINK("x") lampu jalan mati gelap sekali, PJU padam di jalan raya'
    posts.append(replace(slip, id="slip", text=text, category="sampah", opd="dlh", opd_also=()))
    write_labels(shell.folder / "labels.csv", posts)
    (shell.folder / "readings.csv").write_text("id,category,opd\nslip,pju,disperkim\n")
    told = ("doubts", shell.folder / "labels.csv", "--readings", shell.folder / "readings.csv", "--count", "3")
    as_json, as_csv = shell.run(*told, "--json"), shell.run(*told, "--csv")
    found = json.loads(as_json.out)
    assert (as_json.code, found["rows"], len(found["doubts"])) == (0, len(posts), 3)
    assert found["doubts"][0]["id"] == "slip"
    assert "a second reading says category pju, opd disperkim" in found["doubts"][0]["reasons"]
    rows = list(csv.DictReader(as_csv.out.splitlines()))
    assert [row["id"] for row in rows] == [one["id"] for one in found["doubts"]]
    assert rows[0]["text"].startswith("'="), "a spreadsheet must not run a citizen's words"
    refused = shell.run("doubts", shell.folder / "training_data/labels/test.csv")
    assert (refused.code, refused.out) == (2, "")
    assert "is the frozen test" in refused.err
