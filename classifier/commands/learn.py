"""Commands that work on labels: check, split, label, train, learning-curve."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.commands.surroundings import Folders, folders_of, labelled, now, plain_errors, print_json, say, who
from classifier.errors import ClassifierError, DataRefused

if TYPE_CHECKING:
    from classifier.making import Sources

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]
Seed = Annotated[int, typer.Option(help="of everything that is drawn by lot")]


def check(
    context: typer.Context,
    data: Annotated[Path, typer.Argument(help="CSV with text and labels")],
    as_json: AsJson = False,
) -> None:
    """Look at labels before learning from them: rows, repeated and contradicting texts, rare and unknown codes.

    \b
    python -m classifier check labels.csv

    The exit code is 1 when a person must look at something.
    """
    from city import CityError, load_city
    from classifier import checking
    from classifier.frozen import FrozenTest

    with plain_errors():
        folders = folders_of(context)
        posts = labelled(data)
        try:
            found = checking.check(posts, load_city(folders.city))
        except CityError as error:
            raise DataRefused(str(error)) from None
        leak = FrozenTest(folders.labels).among(data, posts)
    if as_json:
        print_json({**found.as_dict(), "in_frozen_test": leak})
    else:
        for line in checking.lines(found):
            print(line)
        if leak:
            print(f"frozen test: {len(leak)} posts stand in it; training refuses them ({', '.join(leak[:10])})")
    if found.findings or leak:
        raise typer.Exit(1)


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
    python -m classifier train --data labels.csv --promote --why "300 new labels"
    python -m classifier train --from 20260102-1a2b3c4d
    """
    from classifier import making
    from classifier.recipe import Recipe

    folders = folders_of(context)
    with plain_errors():
        if promote and not why:
            raise DataRefused("--promote wants a reason; add --why")
        if if_missing and _can_serve(folders):
            say("a champion is here; nothing to do")
            return
        sources = _sources(folders, data)
        again = _version_of(from_card) if from_card else _to_make_again(folders, sources)
        if again:
            making.make_again(folders.registry, again, sources, say)
            say(f"{again} is made again")
        version = again or making.make_candidate(folders.registry, sources, Recipe(seed=seed), now(), say)
        if promote or not _can_serve(folders):
            making.promote(folders.registry, version, who(name), why or "no champion could serve", now())
            say(f"{version} is champion")
    print(version)


def _sources(folders: Folders, data: Path | None) -> Sources:
    from classifier.frozen import TRAIN_FILE
    from classifier.making import Sources

    own = folders.labels / TRAIN_FILE
    return Sources(
        labels=data or own, frozen=folders.labels, city=folders.city, language=folders.language, invented=data is None
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
    from classifier.labels import file_hash

    champion = folders.registry.champion()
    if not sources.invented or not champion or folders.registry.has_artefact(champion):
        return None
    card = folders.registry.card(champion)
    hashes = (file_hash(sources.labels), knowledge_hash(sources.city, sources.language))
    return champion if (card["data"]["sha256"], card["knowledge_sha256"]) == hashes else None


def label(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="posts without labels: JSONL, CSV or plain lines")],
    count: Annotated[int, typer.Option(min=1, help="posts to be labelled")] = 50,
    random_share: Annotated[float, typer.Option(min=0, max=1, help="of them, drawn by lot")] = 0.2,
    seed: Seed = 0,
) -> None:
    """Choose the posts whose labels would teach most; prints a CSV to fill in.

    \b
    python -m classifier label posts.jsonl --count 50 > to_label.csv

    Unsure, unlike each other, with new words; and a share at random, the only one that measures how right the model is.
    """
    from classifier.incoming import read_posts
    from classifier.suggesting import suggest

    with plain_errors():
        if not file.is_file():
            raise DataRefused(f"{file}: no such file; name one with posts")
        with file.open("rb") as stream:
            posts = list(read_posts(stream, lambda line, what: say(f"line {line}: {what}; passed over")))
        suggestions = suggest(posts, folders_of(context).reader(None), count, random_share, seed)
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["id", "text", "actionable", "category", "opd", "kind"])
    rows.writerows([one.post.id, one.post.text, "", "", "", one.kind] for one in suggestions)


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

    with plain_errors():
        folders = folders_of(context)
        posts, _ = _sources(folders, data).read()
        found = curve.learning_curve(posts, load_knowledge(folders.city, folders.language), Recipe(seed=seed), say)
    if as_json:
        print_json(found.as_dict())
    else:
        for line in curve.lines(found):
            print(line)
