"""Commands that look at posts before anything is learnt from them: check, doubts, label."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.commands.surroundings import Folders, folders_of, labelled, now, plain_errors, print_json, say
from classifier.errors import DataRefused

if TYPE_CHECKING:
    from classifier.aims import Aim
    from classifier.doubting import Doubt
    from classifier.labels import LabelledPost

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]
Seed = Annotated[int, typer.Option(help="of everything that is drawn by lot")]


def check(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Argument(help="CSV with text and labels; default: the project's own, both sides of its split"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at labels before learning from them: rows, repeated and contradicting texts, rare and unknown codes.

    \b
    python -m classifier check labels.csv
    python -m classifier check

    Of the project's own posts it tells, too, how many of each kind there are beside what there should be.
    The exit code is 1 when a person must look at something.
    """
    from classifier import aims, checking
    from classifier.frozen import TEST_FILE, TRAIN_FILE, FrozenTest

    with plain_errors():
        folders = folders_of(context)
        city = folders.city_of_today()
        train, test = folders.labels / TRAIN_FILE, folders.labels / TEST_FILE
        files = [data] if data else [path for path in (train, test) if path.exists()]
        if not files:
            raise DataRefused(f"{train}: no such file; name one with labelled posts")
        sides = [labelled(path) for path in files]
        found = []
        for path, posts in zip(files, sides, strict=True):
            other = train if path.resolve() == test.resolve() else test
            beside = (other.name, labelled(other)) if other.exists() else None
            leak = FrozenTest(folders.labels).among(path, posts)
            found.append((path, checking.check(posts, city, beside), leak))
        reached = [] if data else _aims(folders, [post for posts in sides for post in posts])
    if as_json:
        told = [{"file": path.name, **one.as_dict(), "in_frozen_test": leak} for path, one, leak in found]
        print_json(told[0] if data else {"files": told, "aims": [aim.as_dict() for aim in reached]})
    else:
        for path, one, leak in found:
            print(f"{path.name}: " + "\n".join(checking.lines(one)))
            if leak:
                print(f"frozen test: {len(leak)} posts stand in it; training refuses them ({', '.join(leak[:10])})")
        for line in aims.lines(reached):
            print(line)
    if any(one.findings or leak for _, one, leak in found) or not all(aim.is_met for aim in reached):
        raise typer.Exit(1)


def _aims(folders: Folders, posts: list[LabelledPost]) -> list[Aim]:
    """How the project's own posts stand beside what there should be, where a file says that."""
    from classifier.aims import AIMS_FILE, compare_with_aims, load_aims
    from classifier.lexicon import load_lexicon

    path = folders.labels / AIMS_FILE
    if not path.exists():
        return []
    return compare_with_aims(posts, folders.city_of_today(), load_lexicon(folders.language), load_aims(path))


def doubts(
    context: typer.Context,
    data: Annotated[Path | None, typer.Argument(help="CSV with text and labels; default: the project's own")] = None,
    readings: Annotated[Path | None, typer.Option(help="CSV of second readings: id and any of the labels")] = None,
    count: Annotated[int, typer.Option(min=1, help="at most so many")] = 100,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="a table for a spreadsheet")] = False,
    seed: Seed = 0,
) -> None:
    """Labels to check: likely wrong ones, and those on which readers disagree; the most doubtful first, with reasons.

    \b
    python -m classifier doubts verdicts.csv
    python -m classifier doubts --readings training_data/labels/second_reading.csv --csv > to_check.csv

    The frozen test is refused: mending what a model doubts there would flatter the model.
    """
    from classifier import doubting
    from classifier.frozen import TRAIN_FILE, FrozenTest
    from classifier.knowledge import load_knowledge
    from classifier.recipe import Recipe

    with plain_errors():
        folders = folders_of(context)
        path = data or folders.labels / TRAIN_FILE
        posts = folders.labelled(path)
        FrozenTest(folders.labels).refuse(path, posts)
        others = doubting.read_readings(readings) if readings else []
        knowledge = load_knowledge(folders.city, folders.language, now().date())
        found = doubting.doubts(posts, others, knowledge, Recipe(seed=seed), say)
    shown = found[:count]
    if as_json:
        print_json({"rows": len(posts), "found": len(found), "doubts": [one.as_dict() for one in shown]})
    elif as_csv:
        _print_table(shown)
    else:
        for line in doubting.lines(shown):
            print(line)
    say(f"{len(found)} of {len(posts)} labels to check, {len(shown)} shown")


def _print_table(found: list[Doubt]) -> None:
    from classifier.spreadsheets import harmless

    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["doubt", "id", "text", "actionable", "category", "opd", "proposed_category", "proposed_opd", "why"])
    for one in found:
        said = "" if one.actionable is None else int(one.actionable)
        proposed = [one.proposed.get("category"), one.proposed.get("opd")]
        cells = [f"{one.doubt:.4f}", one.id, one.text, said, one.category, one.opd, *proposed, "; ".join(one.reasons)]
        rows.writerow([harmless(cell) for cell in cells])


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
    from classifier.foreign import existing_file
    from classifier.incoming import read_posts
    from classifier.spreadsheets import harmless
    from classifier.suggesting import suggest

    def complain(line: int, what: str) -> None:
        say(f"line {line}: {what}; passed over")

    with plain_errors():
        with existing_file(file, "name one with posts").open("rb") as stream:
            posts = list(read_posts(stream, complain, name=file.name))
        suggestions = suggest(posts, folders_of(context).reader(None), count, random_share, seed)
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["id", "text", "actionable", "category", "opd", "kind"])
    for one in suggestions:
        rows.writerow([harmless(cell) for cell in (one.post.id, one.post.text, "", "", "", one.kind)])
