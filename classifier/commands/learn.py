"""Commands that learn from labels: split, train, learning-curve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.commands.surroundings import Folders, folders_of, now, plain_errors, print_json, say, who
from classifier.errors import ClassifierError, DataRefused

if TYPE_CHECKING:
    from classifier.making import Sources

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]
Seed = Annotated[int, typer.Option(help="of everything that is drawn by lot")]


def split(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="written posts, one file a writer, fields between bars")],
    anew: Annotated[bool, typer.Option(help="make both sides from these files alone, and seal the test anew")] = False,
) -> None:
    """Take in written posts: the latest go to the frozen test with their whole event, the rest to training.

    \b
    python -m classifier split written/new_writer.txt
    python -m classifier split written/*.txt --anew
    """
    from classifier import frozen
    from classifier.written import read_written

    with plain_errors():
        folder = folders_of(context).labels
        posts = [post for path in files for post in read_written(path)]
        parts = frozen.split(posts) if anew else frozen.grown(folder, posts)
        frozen.freeze(folder, parts)
    print(f"{len(parts.train)} posts for training, {len(parts.test)} in the frozen test")


def train(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="CSV with text and any of actionable, category, opd; default: the project's own")
    ] = None,
    more: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="FILE", help="labels to learn from beside those, such as a desk's verdicts"),
    ] = None,
    from_card: Annotated[
        str | None, typer.Option("--from", metavar="VERSION", help="make this version's artefact again, from its card")
    ] = None,
    if_missing: Annotated[bool, typer.Option(help="do nothing when a champion is there and can be loaded")] = False,
    promote: Annotated[bool, typer.Option("--promote", help="make it the champion (needs --why)")] = False,
    why: Annotated[str, typer.Option(help="reason, for the history")] = "",
    name: Annotated[str, typer.Option("--who", help="name, for the history; default: the user's")] = "",
    seed: Seed = 0,
) -> None:
    """Train a candidate from labels; it becomes champion when there is none.

    \b
    python -m classifier train
    python -m classifier train --data labels.csv
    python -m classifier train --with verdicts.csv
    python -m classifier train --data labels.csv --promote --why "300 new labels"
    python -m classifier train --from 20260102-1a2b3c4d
    """
    from classifier import championing, making
    from classifier.recipe import Recipe

    folders = folders_of(context)
    with plain_errors():
        if promote and not why:
            raise DataRefused("--promote wants a reason; add --why")
        if if_missing and _can_serve(folders):
            say("a champion is here; nothing to do")
            return
        sources = _sources(folders, data, more)
        again = _version_of(from_card) if from_card else _to_make_again(folders, sources)
        if again:
            making.make_again(folders.registry, again, sources, say)
            say(f"{again} is made again")
        version = again or making.make_candidate(folders.registry, sources, Recipe(seed=seed), now(), say)
        if promote or not _can_serve(folders):
            championing.promote(folders.registry, version, who(name), why or championing.NOBODY_ELSE, now())
            say(f"{version} is champion")
    print(version)


def _sources(folders: Folders, data: Path | None, more: list[Path] | None = None) -> Sources:
    from classifier.frozen import TRAIN_FILE
    from classifier.making import Sources

    own = folders.labels / TRAIN_FILE
    return Sources(
        labels=data or own,
        frozen=folders.labels,
        city=folders.city,
        language=folders.language,
        invented=data is None,
        more=tuple(more or ()),
    )


def _version_of(card: str) -> str:
    """A version, or the path of its card."""
    return Path(card).parent.name if card.endswith(".json") else card


def _can_serve(folders: Folders) -> bool:
    from classifier.reader import Reader

    champion = folders.registry.champion()
    try:
        return champion is not None and bool(Reader.of(folders.registry, champion))
    except ClassifierError:
        return False


def _to_make_again(folders: Folders, sources: Sources) -> str | None:
    """The champion, when only its artefact is missing: a fresh clone has its card, and what it was made from."""
    from classifier.knowledge import knowledge_hash

    champion = folders.registry.champion()
    if not sources.invented or not champion or folders.registry.has_artefact(champion):
        return None
    card = folders.registry.card(champion)
    hashes = (sources.sha256, knowledge_hash(sources.city, sources.language))
    return champion if (card["data"]["sha256"], card["knowledge_sha256"]) == hashes else None


def learning_curve(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="CSV with text and labels; default: the project's own")] = None,
    as_json: AsJson = False,
    seed: Seed = 0,
) -> None:
    """What more labels would bring: figures with a quarter, half, three quarters and all, and who would gain most.

    \b
    python -m classifier learning-curve
    python -m classifier learning-curve --data labels.csv --json
    """
    from classifier import learning_curve as curve
    from classifier.knowledge import load_knowledge
    from classifier.recipe import Recipe
    from classifier.succession import carried

    with plain_errors():
        folders = folders_of(context)
        posts, _ = _sources(folders, data).read()
        knowledge = load_knowledge(folders.city, folders.language, now().date())
        posts = carried(posts, knowledge.city, say)
        found = curve.learning_curve(posts, knowledge, Recipe(seed=seed), say)
    if as_json:
        print_json(found.as_dict())
    else:
        for line in curve.lines(found):
            print(line)
