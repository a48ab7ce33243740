"""What all commands share: the folders that the settings name, how errors are told, who acts, and when."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from city.changes import CHANGES_FILE
from classifier.errors import ClassifierError, DataRefused
from classifier.registry import Registry

if TYPE_CHECKING:
    from city import City
    from classifier.labels import LabelledPost
    from classifier.reader import Reader


Who = Annotated[str, typer.Option("--who", help="name, for the history; default: the user's")]


@dataclass(frozen=True, slots=True)
class Folders:
    models: Path
    labels: Path
    language: Path
    city: Path

    @property
    def registry(self) -> Registry:
        return Registry(self.models)

    def city_of_today(self) -> City:
        """Raises DataRefused."""
        from classifier.knowledge import city_of

        return city_of(self.city, now().date())

    def _changed_city(self) -> City | None:
        """The city of today, where it ever changed: else there is nothing to tell forward, and no need to read it."""
        return self.city_of_today() if (self.city / CHANGES_FILE).exists() else None

    def reader(self, version: str | None) -> Reader:
        """Of a version, or of the champion; its answers are in the codes of today."""
        from classifier.reader import Reader

        today = self._changed_city()
        return Reader.of(self.registry, version, today) if version else Reader.load(self.models, today)

    def labelled(self, path: Path) -> list[LabelledPost]:
        """The labelled posts of a file, in the codes of today; what was done to them is told on stderr."""
        from classifier.succession import carried

        posts, today = labelled(path), self._changed_city()
        return carried(posts, today, say) if today else posts

    @property
    def frozen_test(self) -> Path:
        from classifier.frozen import TEST_FILE

        return self.labels / TEST_FILE


def folders_of(context: typer.Context) -> Folders:
    folders = context.obj
    assert isinstance(folders, Folders)
    return folders


def say(message: str) -> None:
    print(message, file=sys.stderr)


def stop(message: str, code: int) -> NoReturn:
    say(f"classifier: {message}")
    raise typer.Exit(code)


@contextmanager
def plain_errors() -> Iterator[None]:
    """An error of the domain is one line: 2 for data or usage, 1 for a model that is missing or refused."""
    try:
        yield
    except DataRefused as error:
        stop(str(error), 2)
    except ClassifierError as error:
        stop(str(error), 1)
    except BrokenPipeError:
        # Whoever read the results has enough; nothing more may be written, not even at exit.
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115
        raise typer.Exit(0) from None


def labelled(path: Path) -> list[LabelledPost]:
    """The labelled posts of a file as it stands; columns that mean nothing here are named on stderr."""
    from classifier.labels import read_labels

    posts, unknown = read_labels(path)
    for name in unknown:
        say(f"column {name!r} is passed over")
    return posts


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


def now() -> datetime:
    return datetime.now(UTC)


def who(given: str) -> str:
    return given or getpass.getuser()
