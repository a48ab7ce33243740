"""`python -m listener.emulator`: the invented X, by itself."""

from __future__ import annotations

import sys
import threading
from typing import Annotated

import typer

from listener.emulator.emulator import Emulator

_WELCOME = """\
X emulator: it speaks X API v2 on this machine only. Its posts are invented; some of them are still to come.

  SIMAK_X_API_URL={url} SIMAK_X_BEARER_TOKEN={token} python run_listener.py --once

Faults on demand: curl {url}/_emulator/faults. Ctrl-C stops it."""


def main(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes any that is free.", min=0, max=65535)] = 8999,
    speed: Annotated[float, typer.Option(help="How many times faster new posts arrive.", min=0.01)] = 1,
) -> None:
    """A local X API v2 with invented posts, for trying the listener out."""
    try:
        emulator = Emulator.with_bundled_posts(port=port, speed=speed)
    except OSError as error:
        typer.echo(f"--port: {port} cannot be used ({error.strerror}); choose another, or 0 for any", err=True)
        sys.exit(2)
    with emulator:
        try:
            typer.echo(_WELCOME.format(url=emulator.url, token=emulator.token))
            threading.Event().wait()
        except KeyboardInterrupt:
            typer.echo("Stopped.", err=True)


if __name__ == "__main__":
    typer.run(main)
