"""Writing a model into its folder, and loading it: the hash is looked at before a byte is unpickled, versions after."""

from __future__ import annotations

import hashlib
import io
import json
import platform
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import joblib

from classifier.errors import ModelRefused
from classifier.model import FORMAT, Model
from classifier.registry import ARTEFACT, CARD, KNOWLEDGE, MADE_HERE, Registry

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "joblib", "pysastrawi")
# A change of these may change an answer; one of the third part of the version does not.
_MUST_AGREE = ("numpy", "scipy", "pysastrawi")


def libraries() -> dict[str, str]:
    """What a model made here is made with."""
    return {"python": platform.python_version(), **{name: version_of(name) for name in _LIBRARIES}}


def write_artefact(folder: Path, model: Model) -> str:
    """Write the artefact; returns its hash."""
    joblib.dump({"format": FORMAT, "model": model}, folder / ARTEFACT)
    return hashlib.sha256((folder / ARTEFACT).read_bytes()).hexdigest()


def note_made_here(folder: Path, artefact_sha256: str) -> None:
    """Keep beside the card which artefact was made from it on this machine, and with what."""
    card_sha256 = hashlib.sha256((folder / CARD).read_bytes()).hexdigest()
    note = {"artefact_sha256": artefact_sha256, "card_sha256": card_sha256, "libraries": libraries()}
    (folder / MADE_HERE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def load_artefact(registry: Registry, version: str) -> Model:
    """Raises ModelMissing or ModelRefused, each with one line that says what to do."""
    content = registry.verify(version)
    _check_libraries(registry, version)
    try:
        found: Any = joblib.load(io.BytesIO(content))
    except Exception as error:  # noqa: BLE001  whatever unpickling a foreign artefact raises
        raise ModelRefused(f"{version}: {ARTEFACT} cannot be loaded ({type(error).__name__}: {error})") from None
    model = found.get("model") if isinstance(found, dict) and found.get("format") == FORMAT else None
    if not isinstance(model, Model):
        raise ModelRefused(f"{version}: {ARTEFACT} is of another form; make it again: train --from {version}")
    return model


def _check_libraries(registry: Registry, version: str) -> None:
    note = registry.path(version) / MADE_HERE
    made = json.loads(note.read_text(encoding="utf-8")) if note.exists() else registry.card(version)
    was = made.get("libraries", {})
    for name in _MUST_AGREE:
        is_now = version_of(name)
        if str(was.get(name)).split(".")[:2] != is_now.split(".")[:2]:
            raise ModelRefused(
                f"{version}: made with {name} {was.get(name)}, here is {is_now}; make it again: train --from {version}"
            )


def knowledge_folder(registry: Registry, version: str) -> Path:
    return registry.path(version) / KNOWLEDGE
