"""The data team's commands, as a shell meets them: results on stdout, one clear line on stderr, the right exit code."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from classifier.labels import read_labels
from classifier.registry import ARTEFACT
from tests.classifier.models import made, promoted, some_posts
from tests.classifier.shell import Shell

# ── predict ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_predict_reads_lines_json_and_csv_alike_and_in_order(shell: Shell) -> None:
    texts = ["lampu jalan mati, gelap", "sampah numpuk, bau", "got mampet, banjir"]
    as_json = "".join(json.dumps({"id": f"p{row}", "text": text}) + "\n" for row, text in enumerate(texts))
    as_csv = "id,text\n" + "".join(f'p{row},"{text}"\n' for row, text in enumerate(texts))
    answers = []
    for given in ("\n".join(texts), as_json, as_csv):
        done = shell.run("predict", given=given.encode())
        assert (done.code, done.err) == (0, "")
        answers.append([json.loads(line) for line in done.out.splitlines()])
    assert [row["id"] for row in answers[1]] == ["p0", "p1", "p2"]
    assert [row["category"]["code"] for row in answers[0]] == ["pju", "sampah", "drainase_banjir"]
    for row in (row for rows in answers for row in rows):
        del row["id"]
    assert answers[0] == answers[1] == answers[2]


def test_a_bad_line_is_named_and_the_rest_goes_on(shell: Shell) -> None:
    given = b'{"text": "lampu mati"}\n{"text": 7}\nnot json\n{"text": "\xff"}\n{"text": "got mampet \\ud800"}\n'
    done = shell.run("predict", given=given)
    assert done.code == 1
    assert len(done.out.splitlines()) == 2
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["line 2", "line 3", "line 4"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.csv", None, "no such file"),
        ("empty.csv", b"", "no post was given"),
        ("blank.txt", b"\n \n", "no post was given"),
    ],
)
def test_nothing_to_read_is_one_line_and_exit_2(shell: Shell, name: str, content: bytes | None, says: str) -> None:
    path = shell.folder / name
    if content is not None:
        path.write_bytes(content)
    done = shell.run("predict", path)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert len(done.err.splitlines()) == 1


TABLE = "id,text,opd\n1,lampu jalan mati di depan pasar,disperkim\n"
ODD_FILES = {
    "semicolons.csv": (TABLE.replace(",", ";").encode(), "columns are separated by semicolons; save it as CSV with"),
    "tabs.csv": (TABLE.replace(",", "\t").encode(), "columns are separated by tabs; save it as CSV with commas"),
    "marked.csv": (TABLE.encode("utf-16"), "is text in UTF-16; save the file as UTF-8"),
    "unmarked.csv": (TABLE.encode("utf-16-be"), "is text in UTF-16; save the file as UTF-8"),
    "book.xlsx": (b"PK\x03\x04\x14\x00" + bytes(range(256)), "a workbook (.xlsx); save the sheet as CSV UTF-8"),
    "posts.gz": (gzip.compress(TABLE.encode()), "is a gzip file; unpack it first"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 9, "is no text; name a text file in UTF-8"),
    "simak.db": (b"SQLite format 3\x00\x10\x00", "python -m tickets export --labels"),
}


READING = (("predict",), ("evaluate", "--data"), ("check",), ("train", "--data"), ("label",))


@pytest.mark.parametrize(("name", "command"), [*zip(ODD_FILES, [*READING, *READING], strict=False)])
def test_a_file_that_is_something_else_is_told_as_what_it_is_and_what_to_do(
    shell: Shell, name: str, command: tuple[str, ...]
) -> None:
    content, says = ODD_FILES[name]
    path = shell.folder / name
    path.write_bytes(content)
    done = shell.run(*command, path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"classifier: {name}:")
    assert says in done.err
    assert len(done.err.splitlines()) == 1


def test_what_comes_through_a_pipe_is_looked_at_too(shell: Shell) -> None:
    done = shell.run("predict", "-", given=TABLE.encode("utf-16"))
    assert (done.code, done.out, done.err) == (2, "", "classifier: stdin: is text in UTF-16; save the file as UTF-8\n")


def test_a_folder_is_told_as_one(shell: Shell) -> None:
    for command in READING:
        done = shell.run(*command, shell.folder)
        assert (done.code, done.out) == (2, "")
        assert f"{shell.folder}: is a folder; name " in done.err


def test_without_a_model_predict_says_so_and_exits_1(shell: Shell) -> None:
    (shell.registry.folder / "history.jsonl").unlink()
    done = shell.run("predict", given=b"lampu mati")
    assert done.code == 1
    assert "python -m classifier train" in done.err
    assert len(done.err.splitlines()) == 1


# ── labels ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column text"),
        (b"teks,opd\nx,dpu\n", "no column text"),
        (b"text,opdd\nx,dpu\n", "'opdd' is unknown; write opd"),
        (b"text,opd\n", "holds no row"),
        (b"text,opd\nx\n", "labels.csv:2: 1 cells found"),
        (b"text,actionable\nx,perhaps\n", "labels.csv:2: actionable is 'perhaps'"),
        (b"text,opd\nx,dpu\n\xff,dpu\n", "labels.csv:3: not UTF-8"),
        (b"text,opd\n,dpu\n", "labels.csv:2: text is empty"),
    ],
)
def test_labels_that_cannot_be_read_are_told_by_file_and_line(shell: Shell, content: bytes, says: str) -> None:
    path = shell.folder / "labels.csv"
    path.write_bytes(content)
    for command in (("train", "--data"), ("evaluate", "--data"), ("check",)):
        done = shell.run(*command, path)
        assert (done.code, done.out) == (2, "")
        assert says in done.err
        assert len(done.err.splitlines()) == 1


def test_check_finds_what_a_person_must_see(shell: Shell) -> None:
    path = shell.folder / "labels.csv"
    path.write_text(
        "text,category,opd\n"
        "lampu jalan mati di depan pasar johar sejak minggu lalu,pju,disperkim\n"
        "lampu jalan mati di depan pasar johar sejak minggu lalu!,sampah,dlh\n"
        "hubungi 0812-3456-7890 soal got,drainase_banjir,dinas_sihir\n",
        encoding="utf-8",
    )
    done = shell.run("check", path, "--json")
    kinds = {finding["kind"] for finding in json.loads(done.out)["findings"]}
    assert done.code == 1
    assert kinds == {"repeated text", "contradiction", "unknown code", "rare label", "personal data"}


def test_evaluate_prints_the_agreed_object(shell: Shell) -> None:
    done = shell.run("evaluate", "--data", shell.folder / "training_data/labels/test.csv", "--json")
    figures = json.loads(done.out)
    assert done.code == 0
    assert list(figures) == ["model", "rows", "actionable", "category", "opd", "priority", "place"]
    assert list(figures["actionable"]) == ["n", "precision", "recall", "f1"]
    assert list(figures["category"]) == ["n", "accuracy", "macro_f1", "top3", "ece"]
    assert list(figures["opd"]["promise"]) == ["error", "coverage", "kept"]
    assert all(low <= value <= high for value, low, high in (figures["opd"]["accuracy"], figures["category"]["top3"]))


def test_label_chooses_posts_to_be_labelled_with_a_share_at_random(shell: Shell) -> None:
    path = shell.folder / "posts.txt"
    path.write_text("\n".join(" ".join(post.text.split()) for post in some_posts(20)[:150]), encoding="utf-8")
    done = shell.run("label", path, "--count", "20")
    rows = list(csv.DictReader(done.out.splitlines()))
    assert [row["kind"] for row in rows].count("random") == 4
    assert len({row["text"] for row in rows}) == 20


# ── champion and candidates ───────────────────────────────────────────────────────────────────────────────────────


def test_rollback_returns_to_the_last_champion_and_history_only_grows(shell: Shell) -> None:
    first = str(shell.registry.champion())
    second = promoted(shell.registry, made(shell.registry.folder, some_posts(32), "more.csv"))
    done = shell.run("rollback", "--who", "budi", "--why", "worse on floods")
    assert (done.code, done.out.strip(), shell.registry.champion()) == (0, first, first)
    assert [(move.act, move.version) for move in shell.registry.history()] == [
        ("promote", first),
        ("promote", second),
        ("rollback", first),
    ]
    listed = [json.loads(line) for line in shell.run("models", "--json").out.splitlines()]
    assert {row["version"]: row["champion"] for row in listed} == {first: True, second: False}


def test_train_makes_the_missing_artefact_of_a_fresh_clone_again(shell: Shell) -> None:
    done = shell.run("train")
    fresh = done.out.strip()
    assert done.code == 0
    assert shell.registry.champion() != fresh
    assert shell.run("promote", fresh, "--why", "the project's own labels", "--anyway").code == 0
    (shell.registry.path(fresh) / ARTEFACT).unlink()
    done = shell.run("train", "--if-missing")
    assert (done.code, done.out.strip()) == (0, fresh)
    assert "made again" in done.err
    assert "nothing to do" in shell.run("train", "--if-missing").err


def test_explain_tells_words_rewrites_place_and_like_posts(shell: Shell) -> None:
    done = shell.run("explain", "min lampu dalan dpn pasar peterongan mati")
    told = {line.split()[0] for line in done.out.splitlines()}
    assert told >= {"decision", "complaint", "category", "opd", "why", "place", "priority", "rewrites", "like"}


def test_new_writers_grow_the_frozen_test_and_known_ones_are_refused(shell: Shell) -> None:
    path = shell.folder / "w99_baru.txt"
    path.write_text(
        "## remark\n"
        "pju|disperkim||b|x|2026-06-01||||| lampu taman kok kedip-kedip terus to min\n"
        "bukan_aduan|||b|x|2025-06-01||||| sugeng enjing\\nsemarang\n",
        encoding="utf-8",
    )
    assert shell.run("split", path).code == 0
    again = shell.run("split", path)
    assert again.code == 2
    assert "w99_baru" in again.err
    train, test = (read_labels(shell.folder / f"training_data/labels/{side}.csv")[0] for side in ("train", "test"))
    assert [post.text for post in train if post.writer == "w99_baru"] == ["sugeng enjing\nsemarang"]
    assert [post.opd for post in test if post.writer == "w99_baru"] == ["disperkim"]
