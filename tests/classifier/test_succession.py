"""The city changes under models and labels: a rename takes effect the same day, and nothing is learnt twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from city import City, load_city
from city.changes import as_of
from classifier import Post, Prediction
from classifier.championing import weigh
from classifier.labels import LabelledPost, write_labels
from classifier.making import Sources, make_candidate
from classifier.reader import Reader
from classifier.recipe import Recipe
from classifier.registry import Registry
from classifier.succession import carry_forward
from tests.changed_city import changed_copy
from tests.classifier.language import LANGUAGE
from tests.classifier.models import CITY, some_posts
from tests.classifier.shell import Shell

OFFICES = (
    "pju_baru,Dinas Penerangan,dinas,dinas penerangan,,,none_found,lampu,,,,,",
    "taman_baru,Dinas Taman,dinas,dinas taman,,,none_found,taman kota,,,,,",
)
THE_DAY = date(2026, 11, 20)  # after the small champion was made, and before these stories are told
LAMPS = "lampu jalan mati, gelap"

Changed = Callable[..., Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """A copy of the city with two offices more and these lines of changes.csv; returns its folder."""

    def write(*lines: str) -> Path:
        return changed_copy(CITY, tmp_path / "kota", offices=OFFICES, changes=lines)

    return write


def of_today(folder: Path) -> City:
    return as_of(load_city(folder), THE_DAY)


def champion(small: Registry, folder: Path, day: date = THE_DAY) -> Reader:
    return Reader.load(small.folder, as_of(load_city(folder), day))


def read(reader: Reader, text: str) -> Prediction:
    return reader.read([Post(text)])[0]


# ── Answers of an older champion ──────────────────────────────────────────────────────────────────────────────────


def test_a_champion_that_knows_only_the_old_code_proposes_the_successor_from_the_day_on(
    small: Registry, reader: Reader, changed: Changed
) -> None:
    folder = changed("2026-11-20,disperkim,pju_baru,,,,Perda 9/2026")
    as_ever = read(reader, LAMPS)
    assert as_ever.opd
    # Given the eve, the answer is what it always was, to the last bit;
    assert read(champion(small, folder, date(2026, 11, 19)), LAMPS) == as_ever
    # then, from the day on, it is the successor's, as sure as before, with the same reasons.
    now = read(champion(small, folder), LAMPS)
    assert now.opd == replace(as_ever.opd, code="pju_baru")
    assert (now.category, now.decision, now.why) == (as_ever.category, as_ever.decision, as_ever.why)
    assert "pju_baru" in champion(small, folder).labels["opd"]
    assert "disperkim" not in champion(small, folder).labels["opd"]


def test_offices_that_merge_are_as_likely_as_they_were_together(
    small: Registry, reader: Reader, changed: Changed
) -> None:
    text = "sampah di taman kota numpuk"
    before = {choice.code: choice.p for choice in read(reader, text).opd_top3}
    first, second, *_ = before
    now = read(
        champion(small, changed(f"2026-11-20,{first},pju_baru,,,,x", f"2026-11-20,{second},pju_baru,,,,x")), text
    )
    assert now.opd
    assert now.opd.code == "pju_baru"
    assert now.opd.p == pytest.approx(before[first] + before[second])


def test_an_office_split_by_category_is_told_apart_by_the_category_that_is_proposed(
    small: Registry, changed: Changed
) -> None:
    lines = ("2026-11-20,disperkim,pju_baru,pju,,,x", "2026-11-20,disperkim,taman_baru,,,,x")
    now = champion(small, changed(*lines))
    owners = [read(now, text).opd for text in (LAMPS, "pohon tumbang, minta dipangkas")]
    assert [owner and owner.code for owner in owners] == ["pju_baru", "taman_baru"]


def test_where_a_split_is_left_open_a_person_decides_between_all_who_may_own_it(
    small: Registry, reader: Reader, changed: Changed
) -> None:
    as_ever = read(reader, LAMPS)
    now = read(champion(small, changed("2026-11-20,disperkim,pju_baru;taman_baru,,,,x")), LAMPS)
    assert as_ever.opd
    assert now.decision == "review"
    assert {choice.code: choice.p for choice in now.opd_top3[:2]} == {
        "pju_baru": as_ever.opd.p / 2,
        "taman_baru": as_ever.opd.p / 2,
    }


def test_what_goes_to_another_authority_is_not_ours_any_more(small: Registry, changed: Changed) -> None:
    now = read(champion(small, changed("2026-11-20,disperkim,pln,,,,x")), LAMPS)
    assert (now.decision, now.opd and now.opd.code) == ("not_ours", "pln")


def test_predict_speaks_in_the_codes_of_today(shell: Shell, changed: Changed) -> None:
    done = Shell(shell.folder, changed("2026-11-20,disperkim,pju_baru,,,,x")).run("predict", given=LAMPS.encode())
    assert json.loads(done.out)["opd"]["code"] == "pju_baru"


# ── Labels ────────────────────────────────────────────────────────────────────────────────────────────────────────


def lamp(id_: str, **more: object) -> LabelledPost:
    post = LabelledPost(id_, f"{LAMPS} {id_}", actionable=True, category="pju", opd="disperkim", date="2026-05-01")
    return replace(post, **more)


def test_labels_from_before_a_change_are_mapped_forward_and_counted(changed: Changed) -> None:
    lines = (
        "2026-11-20,disperkim,pju_baru,pju,,,x",
        "2026-11-20,disperkim,taman_baru;dlh,,,,x",
        "2026-11-20,rob,drainase_banjir,,,,x",
    )
    posts = [
        lamp("lamp", opd_also=("dpu", "disperkim")),
        lamp("tree", category="pohon_taman"),
        lamp("tide", category="rob", opd="dpu"),
        lamp("none", actionable=False, category=None, opd=None),
    ]
    found = carry_forward(posts, of_today(changed(*lines)))
    assert [(post.category, post.opd, post.opd_also) for post in found.posts] == [
        ("pju", "pju_baru", ("dpu", "pju_baru")),
        ("pohon_taman", None, ()),  # whose trees are is left open: the kind is learnt, the office is not
        ("drainase_banjir", "dpu", ()),
        (None, None, ()),
    ]
    assert found.mapped == {"disperkim → pju_baru": 1, "rob → drainase_banjir": 1}
    assert found.undecided == {"disperkim": ("tree",)}


def test_a_split_by_kecamatan_asks_where_the_post_was(changed: Changed) -> None:
    city = of_today(changed("2026-11-20,disperkim,pju_baru,,Tembalang;Gunungpati,,x"))
    posts = [lamp("1", kecamatan="Tembalang"), lamp("2", kecamatan="Genuk"), lamp("3")]
    assert [post.opd for post in carry_forward(posts, city).posts] == ["pju_baru", "disperkim", None]


def test_a_label_given_after_the_change_stays_what_the_reviewer_said(changed: Changed) -> None:
    city = of_today(changed("2026-11-20,disperkim,pju_baru,pju,,,x"))
    posts = [lamp("1", labelled_at="2026-11-19T23:00:00Z"), lamp("2", labelled_at="2026-11-20T08:00:00Z")]
    assert [post.opd for post in carry_forward(posts, city).posts] == ["pju_baru", "disperkim"]


def test_check_says_how_many_labels_were_mapped_and_which_a_person_must_see(shell: Shell, changed: Changed) -> None:
    path = shell.folder / "labels.csv"
    write_labels(path, [lamp("a"), lamp("b"), lamp("c", category="pohon_taman")])
    lines = ("2026-11-20,disperkim,pju_baru,pju,,,x", "2026-11-20,disperkim,taman_baru;dlh,,,,x")
    shell = Shell(shell.folder, changed(*lines))
    found = json.loads(shell.run("check", path, "--json").out)
    assert found["mapped"] == {"disperkim → pju_baru": 2}
    assert [one["posts"] for one in found["findings"] if one["kind"] == "undecided change"] == [["c"]]
    assert "unknown code" not in {one["kind"] for one in found["findings"]}
    assert "mapped forward: 2 labels from before a change; disperkim → pju_baru 2" in shell.run("check", path).out


def test_evaluate_counts_the_successor_as_right_for_champion_and_labels_alike(shell: Shell, changed: Changed) -> None:
    path = shell.folder / "labels.csv"
    write_labels(path, [lamp("a"), lamp("b")])
    before = shell.run("evaluate", "--data", path, "--json")
    after = Shell(shell.folder, changed("2026-11-20,disperkim,pju_baru,,,,x")).run("evaluate", "--data", path, "--json")
    assert json.loads(after.out)["opd"]["accuracy"] == json.loads(before.out)["opd"]["accuracy"]
    assert "2 labels from before a change are mapped forward: disperkim → pju_baru 2" in after.err


# ── A candidate of after the change ───────────────────────────────────────────────────────────────────────────────


def test_a_candidate_learns_the_new_codes_from_old_labels_and_is_not_refused_for_forgetting_the_old_ones(
    registry: Registry, changed: Changed, tmp_path: Path
) -> None:
    # Given labels from before disperkim became pju_baru, and everything that disperkim was known by,
    folder = changed("2026-11-20,disperkim,pju_baru,,,,x")
    write_labels(tmp_path / "labels.csv", some_posts(10))
    sources = Sources(tmp_path / "labels.csv", tmp_path, folder, LANGUAGE, invented=False)
    told: list[str] = []
    # when a candidate is trained on the day after,
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    version = make_candidate(registry, sources, Recipe(), now, told.append)
    # then it says what was mapped, knows the new code alone, and answers with it;
    assert any("mapped forward: disperkim → pju_baru" in line for line in told)
    assert "disperkim" not in registry.card(version)["data"]["labels"]["opd"]
    candidate = Reader.of(registry, version)
    assert read(candidate, LAMPS).opd.code == "pju_baru"  # type: ignore[union-attr]
    # and beside the champion, whose code it is not, nothing speaks against it.
    write_labels(tmp_path / "test.csv", some_posts(4, "test.csv"))
    judgement = weigh(registry, version, tmp_path / "test.csv", of_today(folder))
    assert judgement.objections == ()
    assert any(
        "disperkim" in str(objection) for objection in weigh(registry, version, tmp_path / "test.csv").objections
    )
