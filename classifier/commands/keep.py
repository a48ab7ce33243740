"""Commands of the registry: models, rollback, shadow."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from classifier.commands.surroundings import Folders, Who, folders_of, now, plain_errors, print_json, who


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


def rollback(
    context: typer.Context,
    why: Annotated[str, typer.Option(help="the reason, kept in the history")] = "rolled back",
    name: Who = "",
) -> None:
    """Return to the champion before this one; nothing is trained.

    \b
    python -m classifier rollback --why "wrong on floods since Monday"
    """
    from classifier import championing

    with plain_errors():
        folders = folders_of(context)
        before = folders.registry.before()
        if before:
            folders.reader(before)  # what cannot be loaded must not become champion
        print(championing.rollback(folders.registry, who(name), why, now()).version)


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
