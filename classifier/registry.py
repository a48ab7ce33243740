"""The models of a deployment: a folder a version, and an append-only history that says which one is champion.

    models/history.jsonl                 who promoted what, when and why; the last line names the champion
    models/<version>/card.json, card.md  what it is, and how it was made
    models/<version>/model.joblib        the artefact, made on this machine
    models/<version>/made_here.json      its hash and the libraries it was made with
    models/<version>/knowledge/          the city and the language it reads with

Cards and history can be kept with the code; artefacts are made again from a card. Needs no model stack.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from classifier.errors import ModelMissing, ModelRefused

ARTEFACT, CARD, CARD_PAGE, MADE_HERE, KNOWLEDGE = "model.joblib", "card.json", "card.md", "made_here.json", "knowledge"
METRICS, HISTORY = "metrics.json", "history.jsonl"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the history: `version` became champion in place of `instead_of`."""

    act: Literal["promote", "rollback"]
    version: str
    instead_of: str | None
    who: str
    when: str  # UTC, ISO
    why: str
    gate: str = ""  # what the comparison with the champion before it said


@dataclass(frozen=True, slots=True)
class Registry:
    folder: Path

    def path(self, version: str) -> Path:
        """The folder of a version. Raises ModelMissing for a name that can be none."""
        if not _VERSION.fullmatch(version):
            raise ModelMissing(f"{version!r} is no name of a model; `models` lists them")
        return self.folder / version

    def versions(self) -> list[str]:
        """All versions with a card, oldest first by name."""
        if not self.folder.is_dir():
            return []
        return sorted(
            path.parent.name for path in self.folder.glob(f"*/{CARD}") if _VERSION.fullmatch(path.parent.name)
        )

    def history(self) -> list[Move]:
        """Raises ModelRefused when a line cannot be read: who is champion must never be guessed."""
        path = self.folder / HISTORY
        if not path.exists():
            return []
        moves = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                moves.append(Move(**json.loads(line)))
            except (ValueError, TypeError):
                raise ModelRefused(f"{HISTORY}:{number}: cannot be read; restore the line, or take it out") from None
        return moves

    def champion(self) -> str | None:
        moves = self.history()
        return moves[-1].version if moves else None

    def add(self, move: Move) -> None:
        """Write one more line of history."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / HISTORY).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(move), ensure_ascii=False) + "\n")

    def before(self) -> str | None:
        """The champion that a rollback returns to: the last one before the present that is another and can serve."""
        moves = self.history()
        if not moves:
            return None
        for move in reversed(moves):
            if move.version != moves[-1].version and self.has_artefact(move.version):
                return move.version
        return None

    def serving_order(self) -> Iterator[str]:
        """The champion, and behind it every former champion, the latest first."""
        yield from dict.fromkeys(move.version for move in reversed(self.history()))

    def has_artefact(self, version: str) -> bool:
        return (self.path(version) / ARTEFACT).exists()

    def card(self, version: str) -> dict[str, Any]:
        """Raises ModelMissing when there is none, ModelRefused when it cannot be read."""
        return _read_json(self.path(version) / CARD, version)

    def verify(self, version: str) -> bytes:
        """The bytes of an artefact that is what its card says. Raises ModelMissing, or ModelRefused naming the file."""
        folder = self.path(version)
        card = self.card(version)
        try:
            content = (folder / ARTEFACT).read_bytes()
        except FileNotFoundError:
            raise ModelMissing(f"{version}: {ARTEFACT} is not here; make it again: train --from {version}") from None
        except OSError as error:
            raise ModelRefused(f"{version}: {ARTEFACT} cannot be read ({error.strerror})") from None
        expected = _expected_hash(folder, version, card)
        if (found := hashlib.sha256(content).hexdigest()) != expected:
            raise ModelRefused(
                f"{version}: {ARTEFACT} is not what {CARD} describes (hash {found[:12]}…, expected {expected[:12]}…); "
                f"make it again: train --from {version}"
            )
        return content


def day_of(card: Mapping[str, Any]) -> date:
    """The day (UTC) on which a model was made: whose city it knows. Raises ModelRefused."""
    try:
        return date.fromisoformat(str(card["made_at"])[:10])
    except (KeyError, ValueError):
        raise ModelRefused(f"{CARD} of {card.get('version')}: made_at is no moment; restore it") from None


def _expected_hash(folder: Path, version: str, card: Mapping[str, Any]) -> str:
    """The hash on the card; or, for an artefact made again from that very card, the hash noted then."""
    note = folder / MADE_HERE
    if not note.exists():
        return str(card.get("artefact_sha256"))
    made = _read_json(note, version)
    if made.get("card_sha256") != hashlib.sha256((folder / CARD).read_bytes()).hexdigest():
        raise ModelRefused(f"{version}: {CARD} was changed after the model was made; restore it, or train again")
    return str(made.get("artefact_sha256"))


def _read_json(path: Path, version: str) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelMissing(f"{version}: there is no such model here; `models` lists them") from None
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{version}: {path.name} cannot be read ({error}); restore it") from None
    if not isinstance(value, dict):
        raise ModelRefused(f"{version}: {path.name} is no card; restore it")
    return value
