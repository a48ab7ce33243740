"""Serving the desk: in the foreground for `python -m desk serve`, in a thread beside the listener.

One process serves it. Login attempts are counted in its memory, and SQLite has one writer.
"""

from __future__ import annotations

import gc
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from city import load_city
from database.engine import StoreError, reading
from desk.accounts import FIRST_NAME, make_first_account
from desk.parts import DeskSettings, Parts, parts_from
from tickets.answering import Sender

if TYPE_CHECKING:
    import uvicorn


class DeskCannotServe(StoreError):
    """Its address is taken, or is none of this machine's."""


@contextmanager
def serving(
    engine: Engine,
    settings: DeskSettings,
    stop: threading.Event,
    clock: Callable[[], datetime] | None = None,
    sender: Sender | None = None,
) -> Iterator[None]:
    """Serve the desk from a thread for as long as the block lasts; `stop` is set if it ends by itself.

    `sender`: what posts replies as the city's account. Says on stderr where the desk is, and on the very first start
    how to log in. Raises DeskCannotServe, CityError or WatchlistError.
    """
    server, listening = prepare(engine, settings, clock or _now, sender)

    def serve() -> None:
        server.run(sockets=[listening])
        stop.set()

    thread = threading.Thread(target=serve, name="desk")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def serve_here(engine: Engine, settings: DeskSettings, sender: Sender | None = None) -> None:
    """Serve the desk until a signal ends it. Raises as `serving` does."""
    server, listening = prepare(engine, settings, _now, sender)
    with listening:
        server.run(sockets=[listening])


def prepare(
    engine: Engine, settings: DeskSettings, clock: Callable[[], datetime], sender: Sender | None = None
) -> tuple[uvicorn.Server, socket.socket]:
    """A server that only needs to run, on an address that is already taken, and its first account."""
    import uvicorn

    from desk.app import application

    listening = _listen(settings.desk_address)
    parts = parts_from(engine, settings, load_city(settings.city), clock, sender)
    warm_up(parts)
    config = uvicorn.Config(
        application(parts), log_config=None, access_log=False, server_header=False, lifespan="off", ws="none"
    )
    password = make_first_account(engine, clock())
    told = f"Meja tinjau: http://{settings.desk_address}"
    if password:
        told += f" · masuk sebagai {FIRST_NAME} / {password} (hanya ditampilkan sekali ini)"
    print(told, file=sys.stderr, flush=True)
    return uvicorn.Server(config), listening


def warm_up(parts: Parts) -> None:
    """Do what pages would wait for: read every ticket once, and let the search for garbage pass over what stays.

    Looking through templates, city and parts each time, it takes a tenth of a second wherever it strikes.
    """
    with reading(parts.engine) as connection:
        parts.census.catch_up(connection)
    gc.collect()
    gc.freeze()


def _listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), int(port)))
        listening.listen(128)  # from here on a browser may knock, however long the start still takes
    except OSError as error:
        listening.close()
        raise DeskCannotServe(
            f"the desk cannot listen at {address} ({error}); set SIMAK_DESK_ADDRESS to a free HOST:PORT"
        ) from None
    return listening


def _now() -> datetime:
    return datetime.now(UTC)
