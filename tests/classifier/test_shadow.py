"""Letting a candidate read along, from a shell."""

from __future__ import annotations

import json

from classifier.championing import promote
from classifier.registry import ARTEFACT
from classifier.shadow import SHADOWS, shadow
from tests.classifier.models import NOW, made, some_posts
from tests.classifier.shell import Shell


def test_a_candidate_reads_along_until_it_is_told_to_stop_or_becomes_champion(shell: Shell) -> None:
    champion = str(shell.registry.champion())
    candidate = made(shell.registry.folder, some_posts(32), "more.csv")
    assert "no candidate reads along" in shell.run("shadow").out
    done = shell.run("shadow", candidate, "--who", "sari", "--why", "a week beside it")
    assert (done.code, done.out.split()[0]) == (0, candidate)
    listed = [json.loads(line) for line in shell.run("models", "--json").out.splitlines()]
    assert {row["version"]: (row["champion"], row["shadow"]) for row in listed} == {
        champion: (True, False),
        candidate: (False, True),
    }
    assert shell.registry.champion() == champion, "to read along makes nobody champion"
    assert shell.run("shadow", "off").code == 0
    assert shadow(shell.registry) is None
    assert shell.run("shadow", "off").code == 1
    shell.run("shadow", candidate)
    promote(shell.registry, candidate, "sari", "better", NOW)
    assert shadow(shell.registry) is None
    kept = [json.loads(line)["version"] for line in (shell.registry.folder / SHADOWS).read_text().splitlines()]
    assert kept == [candidate, None, candidate]


def test_what_cannot_be_loaded_or_is_champion_does_not_read_along(shell: Shell) -> None:
    champion = str(shell.registry.champion())
    candidate = made(shell.registry.folder, some_posts(32), "more.csv")
    (shell.registry.path(candidate) / ARTEFACT).write_bytes(b"rubbish")
    for version, why in ((candidate, "is not what card.json describes"), (champion, "is the champion")):
        done = shell.run("shadow", version)
        assert (done.code, done.out) == (1, "")
        assert why in done.err
    assert not (shell.registry.folder / SHADOWS).exists()
