"""`python -m listener.emulator`: the invented X, by itself."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from typing import Annotated

import typer

from listener.emulator.bundle import publish_bundle, read_bundle
from listener.emulator.clock import RunningClock
from listener.emulator.emulator import Emulator

_WELCOME = """\
X emulator: {count} invented posts, {to_come} of them still to come.
It speaks X API v2 on this machine only; nothing here was written by a real person.

  SIMAK_X_API_URL={url} SIMAK_X_BEARER_TOKEN={token} python run_listener.py --once

Faults on demand: curl {url}/_emulator/faults. Ctrl-C stops it."""


def main(
    port: Annotated[int, typer.Option(help="port on 127.0.0.1; 0 takes any that is free", min=0, max=65535)] = 8999,
    speed: Annotated[float, typer.Option(help="how many times faster than the world time passes", min=0.01)] = 1,
) -> None:
    """A local X API v2 with invented posts, for trying the listener out."""
    start = datetime.now(UTC)
    posts = read_bundle()
    try:
        emulator = Emulator(RunningClock(start, speed), port=port)
    except OSError as error:
        typer.echo(f"--port: {port} cannot be used ({error.strerror}); choose another, or 0", err=True)
        sys.exit(2)
    with emulator:
        publish_bundle(emulator, start, posts)
        to_come = sum(post.offset.total_seconds() > 0 for post in posts)
        typer.echo(_WELCOME.format(count=len(posts), to_come=to_come, url=emulator.url, token=emulator.token))
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            typer.echo("Stopped.")


if __name__ == "__main__":
    typer.run(main)
