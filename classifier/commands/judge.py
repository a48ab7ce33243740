"""Commands that weigh a candidate: compare, promote."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.commands.surroundings import (
    Who,
    folders_of,
    now,
    plain_errors,
    print_json,
    say,
    stop,
    who,
)
from classifier.errors import DataRefused

if TYPE_CHECKING:
    from classifier.labels import LabelledPost

Data = Annotated[Path | None, typer.Option(help="labelled posts to judge by; default: the frozen test")]


def compare(
    context: typer.Context,
    candidate: Annotated[str, typer.Argument(help="a version")],
    champion: Annotated[str | None, typer.Argument(help="another version; default: the champion")] = None,
    data: Annotated[Path | None, typer.Option(help="posts, with labels or without; default: the frozen test")] = None,
    weeks: Annotated[int | None, typer.Option(min=1, help="posts of so many last weeks only")] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="what both said when they read along: tickets export --predictions --json")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    as_markdown: Annotated[bool, typer.Option("--md", help="Markdown")] = False,
) -> None:
    """Two models on the same posts: wins and losses per label with their interval, and what flips.

    \b
    python -m classifier compare 20260102-1a2b3c4d
    python -m classifier compare 20260102-1a2b3c4d --data verdicts.csv --weeks 4 --md
    python -m classifier compare 20260102-1a2b3c4d --predictions read.jsonl --data verdicts.csv
    """
    from classifier import comparing
    from classifier.evaluation import said
    from classifier.stored import read_stored

    with plain_errors():
        folders = folders_of(context)
        stored = read_stored(predictions) if predictions else None
        posts = stored.posts if stored and data is None else folders.labelled(data or folders.frozen_test)
        if weeks:
            posts = _of_the_last(weeks, posts)
        if stored:
            names = (champion or folders.registry.champion() or "", candidate)
            posts, before, after = stored.of(names, posts)
        else:
            readers = [folders.reader(version) for version in (champion, candidate)]
            names = (readers[0].model, readers[1].model)
            texts = [post.post for post in posts]
            before, after = ([said(one) for one in reader.read(texts)] for reader in readers)
        found = comparing.compare(posts, before, after, names)
    if as_json:
        print_json(found.as_dict())
    else:
        for line in comparing.lines(found, as_markdown):
            print(line)


def promote(
    context: typer.Context,
    version: Annotated[str, typer.Argument(help="the candidate")],
    why: Annotated[str, typer.Option(help="the reason, kept in the history")],
    name: Who = "",
    data: Data = None,
    anyway: Annotated[bool, typer.Option(help="though it is worse on a label; the history says so")] = False,
) -> None:
    """Make a candidate the champion, unless it is worse on a label with enough posts.

    \b
    python -m classifier promote 20260102-1a2b3c4d --why "better on parking"
    """
    from classifier import championing

    with plain_errors():
        folders = folders_of(context)
        if not why.strip():
            raise DataRefused("--why is empty; say why this model should be champion")
        found = championing.weigh(folders.registry, version, data or folders.frozen_test, folders.city_of_today())
        if found.objections and not anyway:
            for objection in found.objections:
                say(f"{version}: {objection}")
            stop(f"{version} is not promoted; see: compare {version}; against the advice: --anyway", 1)
        gate = found.told + (f"; promoted against: {'; '.join(map(str, found.objections))}" if found.objections else "")
        championing.promote(folders.registry, version, who(name), why, now(), gate)
    print(version)


def _of_the_last(weeks: int, posts: list[LabelledPost]) -> list[LabelledPost]:
    since = (now() - timedelta(weeks=weeks)).date().isoformat()
    recent = [post for post in posts if post.date >= since]
    if undated := sum(not post.date for post in posts):
        say(f"{undated} posts without a date are left out")
    if not recent:
        raise DataRefused(f"no post since {since} is here; name newer ones, or more weeks")
    return recent
