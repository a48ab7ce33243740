"""`python -m classifier` as a shell runs it, on a registry and labels of a story's own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from classifier.registry import Registry
from tests.classifier.language import ROOT


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """`python -m classifier` on a registry and labels of its own."""

    folder: Path
    city: Path = ROOT / "city" / "semarang"

    @property
    def registry(self) -> Registry:
        return Registry(self.folder / "models")

    def run(self, *arguments: str | Path, given: bytes = b"") -> Done:
        environment = {
            **os.environ,
            "SIMAK_CITY": str(self.city),
            "SIMAK_MODELS_DIR": str(self.registry.folder),
            "SIMAK_TRAINING_DATA_DIR": str(self.folder / "training_data"),
        }
        command = [sys.executable, "-m", "classifier", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=environment, input=given, capture_output=True, check=False)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
