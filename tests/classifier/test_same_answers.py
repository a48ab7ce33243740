"""Identical predictions, to the last bit: in many processes at once, after a reload, on every Python at hand.

Batches of any size and order stand in test_reader. Other Pythons are those in OTHER_PYTHONS (their interpreters,
separated as in PATH), with the libraries of requirements/run.txt: CONTRIBUTING.md says how.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from classifier import Post
from classifier.reader import Reader
from classifier.registry import Registry
from tests.classifier.language import ROOT
from tests.classifier.models import some_posts
from tests.classifier.test_reader import ODD, exactly

TEXTS = [*ODD, *(post.text for post in some_posts(40))]

# Prints what a reader says, every float as its exact bits; `exactly` of the tests says the same inside this process.
ASK = """
import json, sys
from pathlib import Path
from classifier import Post, Reader
texts = json.load(sys.stdin)
read = Reader.load(Path(sys.argv[1])).read([Post(text) for text in texts])
said = [repr((p.as_dict(), p.actionable, p.opd_top3, p.category_top3, p.why)) for p in read]
json.dump([sys.version.split()[0], said], sys.stdout)
"""


def ask(python: str, small: Registry, **environment: str) -> tuple[str, list[str]]:
    done = subprocess.run(
        [python, "-c", ASK, str(small.folder)],
        cwd=ROOT, env=os.environ | environment, input=json.dumps(TEXTS), capture_output=True, text=True, check=True,
    )  # fmt: skip
    version, said = json.loads(done.stdout)
    return version, said


def test_processes_with_other_threads_and_hash_seeds_answer_alike_side_by_side(reader: Reader, small: Registry) -> None:
    here = exactly(reader.read([Post(text) for text in TEXTS]))
    surroundings = [
        {"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        for seed, threads in (("0", "1"), ("7", "2"), ("12345", "4"))
    ]
    with ThreadPoolExecutor(len(surroundings)) as pool:
        answers = list(pool.map(lambda one: ask(sys.executable, small, **one)[1], surroundings))
    assert answers == [here] * len(surroundings)


def test_a_reader_loaded_again_answers_alike(reader: Reader, small: Registry) -> None:
    posts = [Post(text) for text in TEXTS]
    here = exactly(reader.read(posts))
    again = Reader.load(small.folder)
    assert exactly(again.read(posts)) == here
    assert exactly(again.read(posts)) == here, "nor does having read them before change anything"


def test_one_artefact_answers_alike_on_every_python_at_hand(reader: Reader, small: Registry) -> None:
    here = exactly(reader.read([Post(text) for text in TEXTS]))
    others = [python for python in os.environ.get("OTHER_PYTHONS", "").split(os.pathsep) if python]
    for python in [sys.executable, *others]:
        version, said = ask(str(Path(python)), small)
        assert said == here, f"Python {version}"
