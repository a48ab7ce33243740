"""Commands of the registry: models, compare, promote, rollback, shadow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from classifier.commands.surroundings import (
    Folders,
    folders_of,
    labelled,
    now,
    plain_errors,
    print_json,
    say,
    stop,
    who,
)
from classifier.errors import DataRefused, ModelMissing

Who = Annotated[str, typer.Option("--who", help="name, for the history; default: the user's")]
Data = Annotated[Path | None, typer.Option(help="labelled posts to judge by; default: the frozen test")]


def models(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False
) -> None:
    """All models, which one is champion (*) or reads along (~), and who promoted what when and why."""
    with plain_errors():
        for row in _rows(folders_of(context)):
            if as_json:
                print_json(row)
                continue
            missing = "" if row["artefact"] else "  (artefact missing: train --from)"
            sign = "*" if row["champion"] else "~" if row["shadow"] else " "
            print(f"{sign} {row['version']}  {row['made_at']}  {row['rows']} rows{missing}")
            for move in row["history"]:
                print(f"    {move['when']} {move['act']} by {move['who']}: {move['why']}")


def _rows(folders: Folders) -> list[dict[str, Any]]:
    from classifier.shadow import shadow as shadow_of

    registry = folders.registry
    champion, moves, along = registry.champion(), registry.history(), shadow_of(registry)
    return [
        {
            "version": version,
            "champion": version == champion,
            "shadow": along is not None and version == along.version,
            "made_at": card["made_at"],
            "rows": card["data"]["rows"],
            "artefact": registry.has_artefact(version),
            "history": [
                {"act": move.act, "who": move.who, "when": move.when, "why": move.why}
                for move in moves
                if move.version == version
            ],
        }
        for version in registry.versions()
        for card in [registry.card(version)]
    ]


def compare(
    context: typer.Context,
    candidate: Annotated[str, typer.Argument(help="a version")],
    champion: Annotated[str | None, typer.Argument(help="another version; default: the champion")] = None,
    data: Annotated[Path | None, typer.Option(help="posts, with labels or without; default: the frozen test")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    as_markdown: Annotated[bool, typer.Option("--md", help="Markdown")] = False,
) -> None:
    """Two models on the same posts: wins and losses per label with their interval, and what flips.

    \b
    python -m classifier compare 20260102-1a2b3c4d
    python -m classifier compare 20260102-1a2b3c4d --data last_weeks.csv --md
    """
    from classifier import comparing
    from classifier.post import Post

    with plain_errors():
        folders = folders_of(context)
        posts = labelled(data or folders.frozen_test)
        texts = [Post(post.text) for post in posts]
        before, after = (folders.reader(version).read(texts) for version in (champion, candidate))
        found = comparing.compare(posts, before, after)
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
    from classifier import making

    with plain_errors():
        folders = folders_of(context)
        if not why.strip():
            raise DataRefused("--why is empty; say why this model should be champion")
        found, told = _objections(folders, version, data)
        if found and not anyway:
            for objection in found:
                say(f"{version}: {objection}")
            stop(f"{version} is not promoted; see: compare {version}; against the advice: --anyway", 1)
        gate = told + (f"; promoted against: {'; '.join(found)}" if found else "")
        making.promote(folders.registry, version, who(name), why, now(), gate)
    print(version)


def _objections(folders: Folders, version: str, data: Path | None) -> tuple[list[str], str]:
    """What speaks against a candidate, and the comparison in one line for the history."""
    from classifier.errors import ClassifierError
    from classifier.gate import objections

    candidate = folders.reader(version)  # what cannot be loaded cannot be champion
    path = data or folders.frozen_test
    try:
        champion = folders.reader(None)
    except ClassifierError as error:
        return [], f"nothing to compare with: {error}"
    if champion.model == version:
        raise ModelMissing(f"{version} is champion already")
    if not path.exists():
        return [], "no labelled posts to compare on"
    found, comparison = objections(champion, candidate, labelled(path))
    overall = [one for one in comparison.differences if one.label is None]
    told = ", ".join(f"{one.question} {one.change[0] or 0:+.3f} (n = {one.n})" for one in overall)
    return found, f"on {path.name} against {champion.model}: {told}"


def rollback(
    context: typer.Context,
    why: Annotated[str, typer.Option(help="the reason, kept in the history")] = "rolled back",
    name: Who = "",
) -> None:
    """Return to the champion before this one; nothing is trained.

    \b
    python -m classifier rollback --why "wrong on floods since Monday"
    """
    from classifier import making

    with plain_errors():
        folders = folders_of(context)
        before = folders.registry.before()
        if before:
            folders.reader(before)  # what cannot be loaded must not become champion
        print(making.rollback(folders.registry, who(name), why, now()).version)


def shadow(
    context: typer.Context,
    version: Annotated[str | None, typer.Argument(help="the candidate; `off`: nobody; nothing: who it is now")] = None,
    why: Annotated[str, typer.Option(help="the reason, kept beside the history")] = "",
    name: Who = "",
) -> None:
    """Let a candidate read along: its predictions are kept beside the champion's, and nothing else comes of them.

    \b
    python -m classifier shadow 20260102-1a2b3c4d --why "a week beside the champion"
    python -m classifier shadow off
    """
    from classifier import shadow as shadowing

    with plain_errors():
        folders = folders_of(context)
        if version == "off":
            shadowing.stop_reading_along(folders.registry, who(name), why, now())
        elif version:
            folders.reader(version)  # what cannot be loaded cannot read along
            shadowing.let_read_along(folders.registry, version, who(name), why, now())
        turn = shadowing.shadow(folders.registry)
    print(f"{turn.version} reads along since {turn.when} ({turn.who})" if turn else "no candidate reads along")
