"""The wire: HTTP on the loopback address, and the faults that strike on the way."""

from __future__ import annotations

import re
import socket
import struct
import sys
import time
from http.client import responses
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from listener.emulator.control import Control
from listener.emulator.service import Incoming, Reply, Service

LOOPBACK = "127.0.0.1"
_DRIPS = 50  # pieces in which a dripping body comes
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: drop what is unsent and reset
_MOST_BYTES = 1_000_000  # of a request's body


class _Server(ThreadingMixIn, TCPServer):
    """Like http.server's, without its look-up of the host's name, which may take seconds; it ends open connections."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, service: Service) -> None:
        self.service = service
        self.control = Control(service)
        self.stopping = False
        self._open: set[socket.socket] = set()
        super().__init__((LOOPBACK, port), _Handler)

    def process_request(self, request: object, client_address: object) -> None:
        if isinstance(request, socket.socket):
            self._open.add(request)
        super().process_request(request, client_address)  # type: ignore[arg-type]  # typeshed's private address types

    def shutdown_request(self, request: object) -> None:
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().shutdown_request(request)  # type: ignore[arg-type]  # as above

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle of its answer, or is killed, is no error here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as above

    def end_connections(self) -> None:
        self.stopping = True
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself


class WebServer:
    """Serves `service` from `start` to `stop`."""

    def __init__(self, service: Service, port: int = 0) -> None:
        self._server = _Server(port, service)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """May be called without `start`; gives the port back."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.end_connections()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SimakEmulator"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together
    server: _Server

    def do_GET(self) -> None:  # the name that http.server calls
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_DELETE(self) -> None:
        self._handle("DELETE")

    def log_message(self, format: str, *args: object) -> None:  # its name in http.server
        """The service keeps its own log."""

    def _handle(self, method: str) -> None:
        target = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        sent = self.rfile.read(min(length, _MOST_BYTES))
        if target.path.startswith("/_emulator/"):
            status, body = self.server.control.reply(method, target.path, sent)
            self._send(Reply(status, {"content-type": "application/json"}, body))
            return
        query = parse_qs(target.query, keep_blank_values=True)
        self._deliver(self.server.service.reply(Incoming(method, target.path, query, self._bearer(), sent)))

    def _bearer(self) -> str:
        """The token, as OAuth 2.0 or 1.0a carries it; signatures are not looked at."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "oauth":
            found = re.search(r'oauth_token="([^"]*)"', token)
            return found[1] if found else ""
        return token.strip() if scheme.lower() == "bearer" else ""

    def _deliver(self, reply: Reply) -> None:
        """Send `reply`, as its faults have it."""
        if reply.suffers("hang_up"):
            self._reset()
        elif stall := reply.suffers("stall"):
            self._wait(stall.seconds)
            self._reset()
        elif reply.suffers("hang_up_in_body"):
            self._send_head(reply, len(reply.body))
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self._reset()
        elif drip := reply.suffers("drip"):
            self._drip(reply, drip.seconds)
        else:
            self._send(_spoilt(reply))

    def _send(self, reply: Reply) -> None:
        self._send_head(reply, len(reply.body))
        self.wfile.write(reply.body)

    def _send_head(self, reply: Reply, length: int) -> None:
        self.send_response(reply.status, responses.get(reply.status))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(length))
        self.end_headers()

    def _drip(self, reply: Reply, seconds: float) -> None:
        self._send_head(reply, len(reply.body))
        step = max(len(reply.body) // _DRIPS, 1)
        try:
            for at in range(0, len(reply.body), step):
                self.wfile.write(reply.body[at : at + step])
                self.wfile.flush()
                self._wait(seconds * step / len(reply.body))
        except OSError:
            self.close_connection = True  # the client had enough

    def _wait(self, seconds: float) -> None:
        """Sleeps, but not longer than the server lives."""
        end = time.monotonic() + seconds
        while not self.server.stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.05))

    def _reset(self) -> None:
        self.wfile.flush()
        time.sleep(0.01)  # what was written must be on its way before the reset overtakes it
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.connection.close()
        self.close_connection = True


def _spoilt(reply: Reply) -> Reply:
    """`reply` after the faults that change its bytes or headers."""
    body, headers = reply.body, dict(reply.headers)
    if reply.suffers("cut_json"):
        body = body[: len(body) // 2]
    if reply.suffers("invalid_utf8"):
        body = body.replace(b'"text":"', b'"text":"\xff', 1)
    if reply.suffers("no_rate_headers"):
        headers = {name: value for name, value in headers.items() if not name.startswith("x-rate-limit")}
    return Reply(reply.status, headers, body)
