"""Reading posts with a model: the same post, the same answer, and nothing loaded that is not what its card says."""

from __future__ import annotations

import hashlib
import json
import pickle
import random
import subprocess
import sys
from pathlib import Path

import joblib
import pytest

from classifier import Post, Prediction
from classifier.artefact import note_made_here
from classifier.errors import ModelMissing, ModelRefused
from classifier.knowledge import frozen_hash
from classifier.reader import Reader
from classifier.registry import ARTEFACT, CARD, MADE_HERE, Registry
from tests.classifier.models import ROOT, made, promoted, some_posts

ODD = ["", " ", "🙏🙏", "a", "\x00", "https://t.co/x", "@dishub", "banjir " * 3000, "RT", "0812", "\n\n", "é́"]


def exactly(predictions: list[Prediction]) -> list[str]:
    """Answers to the last bit."""
    return [repr((p.as_dict(), p.actionable, p.opd_top3, p.category_top3, p.why)) for p in predictions]


def some_texts(count: int) -> list[Post]:
    return [Post(text) for text in ODD] + [Post(post.text) for post in some_posts(3)[:count]]


# ── How urgent ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_emergencies_that_no_rule_knows_are_found_by_what_others_were_like(reader: Reader) -> None:
    """On posts that the small model never saw. It tells the words that made it think so."""
    learnt = {post.id for post in some_posts()}
    fresh = [post for post in some_posts(1) if post.priority == "darurat" and post.id not in learnt]
    answers = reader.read([post.post for post in fresh])
    by_rule = [answer for answer in answers if answer.priority_rule]
    found = [answer for answer in answers if answer.priority == "darurat"]
    without_rule = [answer for answer in found if not answer.priority_rule]
    assert len(found) > len(by_rule) * 0.8
    assert len(without_rule) > 10
    assert all(answer.priority_why for answer in found)


# ── The same answer, whatever is read beside it ───────────────────────────────────────────────────────────────────


def test_batches_of_any_size_and_order_answer_alike_to_the_bit(reader: Reader, small: Registry) -> None:
    posts = some_texts(400)
    together = exactly(reader.read(posts))
    assert exactly([reader.read([post])[0] for post in posts]) == together
    order = list(range(len(posts)))
    random.Random(7).shuffle(order)
    shuffled = exactly(Reader.load(small.folder).read([posts[row] for row in order]))
    assert shuffled == [together[row] for row in order]


def test_ten_thousand_at_once_answer_as_one_by_one(reader: Reader) -> None:
    posts = [Post(f"{post.text} {number}") for number in range(40) for post in some_posts(20)[:250]]
    chosen = random.Random(3).sample(range(len(posts)), 50)
    together = exactly(reader.read(posts))
    assert [exactly(reader.read([posts[row]]))[0] for row in chosen] == [together[row] for row in chosen]


def test_a_memory_too_small_for_the_posts_changes_no_answer(reader: Reader, small: Registry) -> None:
    posts = some_texts(200)
    forgetful = Reader.load(small.folder)
    forgetful._scorer._capacity = 50
    assert exactly([p for post in posts for p in forgetful.read([post])]) == exactly(reader.read(posts))


def test_a_fresh_process_answers_alike(reader: Reader, small: Registry) -> None:
    code = (
        "import sys, json; from pathlib import Path; from classifier import Reader, Post;"
        "print(json.dumps([p.as_dict() for p in Reader.load(Path(sys.argv[1])).read([Post(t) for t in sys.argv[2:]])]))"
    )
    texts = [post.text for post in some_posts(40)[:20]]
    done = subprocess.run(
        [sys.executable, "-c", code, str(small.folder), *texts], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert json.loads(done.stdout) == [p.as_dict() for p in reader.read([Post(text) for text in texts])]


def test_importing_the_package_loads_no_model_stack() -> None:
    code = "import sys, classifier, classifier.registry; print([m for m in ('numpy', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


# ── What an answer holds ──────────────────────────────────────────────────────────────────────────────────────────


def test_reasons_are_the_citizens_own_words_and_the_strongest_speaks_for_the_matter(reader: Reader) -> None:
    text = "Mas admin, SAMPAHE numpuk seminggu ra dijupuk2, mambu pol"
    (prediction,) = reader.read([Post(text)])
    assert prediction.category
    assert prediction.category.code == "sampah"
    assert 1 < len(prediction.why) <= 8
    assert all(reason.term in text for reason in prediction.why)
    assert prediction.why[0].term == "SAMPAHE"
    assert prediction.why[0].weight > 0


def test_what_a_post_answers_helps_to_tell_its_kind_but_never_makes_it_a_complaint(reader: Reader) -> None:
    parent = "lampu penerangan jalan mati semua di gang kami, pju padam"
    alone, answering = reader.read([Post("sama, di gang sebelah juga"), Post("sama, di gang sebelah juga", parent)])
    assert answering.category_top3[0].code == "pju"
    assert alone.actionable == answering.actionable


def test_a_prediction_prints_the_agreed_object(reader: Reader) -> None:
    (complaint, greeting) = (
        p.as_dict() for p in reader.read([Post("got mampet banjir", id="7"), Post("selamat pagi")])
    )
    agreed = "id, decision, actionable, category, opd, opd_top3, category_top3, place, priority, why, normalised, model"
    assert ", ".join(list(complaint)[:12]) == agreed
    assert complaint["id"] == "7"
    assert complaint["decision"] in ("route", "review")
    assert greeting["decision"] == "drop"
    assert greeting["category"] is greeting["opd"] is None
    json.dumps(complaint)


def test_category_and_office_go_together(reader: Reader) -> None:
    predictions = [p for p in reader.read([Post(post.text) for post in some_posts(5)]) if p.decision != "drop"]
    foreign = [p for p in predictions if p.category and p.category.code == "bukan_kewenangan"]
    agreeing = [p for p in foreign if p.decision == "not_ours"]
    assert len(foreign) > 10
    assert len(agreeing) >= 0.9 * len(foreign)


# ── What must not be loaded ───────────────────────────────────────────────────────────────────────────────────────


def champion_of(registry: Registry) -> Path:
    return registry.path(str(registry.champion()))


def test_without_a_champion_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="python -m classifier train"):
        Reader.load(tmp_path)


def test_one_flipped_byte_is_refused_before_anything_is_unpickled(registry: Registry) -> None:
    path = champion_of(registry) / ARTEFACT
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelRefused, match=r"is not what card\.json describes"):
        Reader.load(registry.folder)


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("exploded"),))


def test_a_foreign_pickle_never_runs(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (champion_of(registry) / ARTEFACT).write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ModelRefused):
        Reader.load(registry.folder)
    assert not (tmp_path / "exploded").exists()


def test_an_artefact_of_another_form_is_refused(registry: Registry) -> None:
    folder = champion_of(registry)
    joblib.dump({"format": 0, "model": "of long ago"}, folder / ARTEFACT)
    note_made_here(folder, hashlib.sha256((folder / ARTEFACT).read_bytes()).hexdigest())
    with pytest.raises(ModelRefused, match="another form"):
        Reader.load(registry.folder)


def test_a_card_changed_afterwards_is_refused(registry: Registry) -> None:
    card = champion_of(registry) / CARD
    card.write_text(card.read_text().replace('"rows"', '"Rows"'))
    with pytest.raises(ModelRefused, match=r"card\.json was changed"):
        Reader.load(registry.folder)


def test_a_model_of_an_older_library_is_refused_by_its_name(registry: Registry) -> None:
    note = champion_of(registry) / MADE_HERE
    made_here = json.loads(note.read_text())
    made_here["libraries"]["numpy"] = "1.20.0"
    note.write_text(json.dumps(made_here))
    with pytest.raises(ModelRefused, match=r"made with numpy 1\.20\.0"):
        Reader.load(registry.folder)


def test_a_model_made_before_cities_told_their_hours_still_reads(registry: Registry) -> None:
    # Given a champion whose frozen city knows neither office hours nor a weekend,
    folder = champion_of(registry)
    facts = folder / "knowledge" / "city" / "city.toml"
    kept = [line for line in facts.read_text().splitlines() if not line.startswith(("office_opens", "weekend"))]
    facts.write_text("\n".join(kept))
    card = json.loads((folder / "card.json").read_text()) | {"knowledge_sha256": frozen_hash(folder / "knowledge")}
    (folder / "card.json").write_text(json.dumps(card))
    note = json.loads((folder / "made_here.json").read_text())
    note["card_sha256"] = hashlib.sha256((folder / "card.json").read_bytes()).hexdigest()
    (folder / "made_here.json").write_text(json.dumps(note))
    # then it is loaded, and reads.
    assert Reader.load(registry.folder).read([Post("lampu jalan mati")])[0].category


def test_frozen_knowledge_that_was_changed_is_refused(registry: Registry) -> None:
    with (champion_of(registry) / "knowledge" / "language" / "slang.csv").open("a") as file:
        file.write("zzz,zzz,yes\n")
    with pytest.raises(ModelRefused, match="knowledge was changed"):
        Reader.load(registry.folder)


def test_when_the_champion_is_damaged_the_last_good_one_serves_on(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    first = str(registry.champion())
    second = promoted(registry, made(registry.folder, some_posts(32), "other.csv"))
    (registry.path(second) / ARTEFACT).write_bytes(b"rubbish")
    reader = Reader.load(registry.folder)
    assert reader.model == first
    assert f"{first} serves on" in caplog.text
    assert second in caplog.text
