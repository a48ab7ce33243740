"""X without its wire: a request comes in, a reply goes out, with everything between in the order in which X does it.

Gate (token, rate limit) → faults that refuse → credit → the endpoint → faults that spoil → the bill → bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from listener.emulator import refusals
from listener.emulator.answers import encode
from listener.emulator.asking import parameters_of
from listener.emulator.billing import Bill
from listener.emulator.endpoints import Endpoint, Question, endpoint_at
from listener.emulator.faults import KINDS, Delivery, Fault, Request, Switchboard
from listener.emulator.habits import Habits
from listener.emulator.limits import Limits
from listener.emulator.refusals import Refusal
from listener.emulator.timeline import Timeline
from listener.emulator.writing import NAME as WRITING
from listener.emulator.writing import Writers

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the log: one request and what it was answered. The token is not kept."""

    at: datetime
    method: str
    path: str
    parameters: Mapping[str, str]
    status: int  # of the answer that was made, even if it never arrived; 0: hung up before one was
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be sent, and what happens to it on the way."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    deliveries: tuple[Fault, ...] = ()

    def suffers(self, delivery: Delivery) -> Fault | None:
        return next((fault for fault in self.deliveries if KINDS[fault.kind].delivery == delivery), None)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came over the wire."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    bearer: str  # the token, of an app or of a user
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        return {name: ",".join(values) for name, values in self.query.items()}

    @property
    def writes(self) -> bool:
        return (self.method, self.path) == ("POST", "/2/tweets")


@dataclass
class Service:
    """All that the emulator knows. `reply` may be called from any thread; all else is to be done under `lock`."""

    now: Callable[[], datetime]
    token: str | None  # the one that is accepted; None: any
    habits: Habits
    bill: Bill
    timeline: Timeline = field(default_factory=Timeline)
    writers: Writers = field(default_factory=Writers)
    limits: Limits = field(default_factory=Limits)
    switchboard: Switchboard = field(default_factory=Switchboard)
    log: list[Asked] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def reply(self, incoming: Incoming) -> Reply:
        """The answer to one request; both are logged."""
        with self.lock:
            now = self.now()
            struck = self._struck(incoming, now)
            reply = self._reply(incoming, now, struck)
            status = 0 if reply.suffers("hang_up") else reply.status
            kinds = tuple(fault.kind for fault in struck)
            self.log.append(Asked(now, incoming.method, incoming.path, incoming.parameters, status, kinds))
            return reply

    def _struck(self, incoming: Incoming, now: datetime) -> list[Fault]:
        found = endpoint_at(incoming.path) if incoming.method == "GET" else None
        name = found[0].name if found else WRITING if incoming.writes else None
        return self.switchboard.strike(Request(name, incoming.parameters, now)) if name else []

    def _reply(self, incoming: Incoming, now: datetime, struck: list[Fault]) -> Reply:
        deliveries = tuple(fault for fault in struck if KINDS[fault.kind].delivery)
        if any(KINDS[fault.kind].delivery == "hang_up" for fault in deliveries):
            return Reply(503, {}, b"", deliveries)  # never sent, and nothing is billed
        headers: dict[str, str | None] = {"content-type": JSON}
        try:
            if incoming.writes:
                status, body = 201, self._write(incoming, now, struck, headers)
            else:
                status, body = 200, self._answer(incoming, now, struck, headers)
        except Refusal as refusal:
            headers.update(refusal.headers)
            status, body = refusal.status, self._refusal_body(refusal, headers)
        return Reply(status, {name: value for name, value in headers.items() if value is not None}, body, deliveries)

    def _answer(self, incoming: Incoming, now: datetime, struck: list[Fault], headers: dict[str, str | None]) -> bytes:
        """The body of a 200, with rate-limit headers put into `headers`. Raises Refusal."""
        endpoint, subject = self._pass_gate(incoming)
        headers.update(self.limits.take(endpoint.name, now))
        self._refuse(Request(endpoint.name, incoming.parameters, now), struck)
        asked = parameters_of(incoming.query, endpoint.parameters)
        answer = endpoint.answer(Question(asked, subject, now, struck, self.timeline, self.bill, self.habits))
        for fault in struck:
            spoil = KINDS[fault.kind].spoil_body
            if spoil:
                spoil(fault, answer)
        self.bill.charge(answer, endpoint.data_is, now)
        return encode(answer.body(), self.habits)

    def _write(self, incoming: Incoming, now: datetime, struck: list[Fault], headers: dict[str, str | None]) -> bytes:
        """The body of a 201, with rate-limit headers put into `headers`. Raises Refusal."""
        author = self.writers.accounts.get(incoming.bearer)
        if author is None:
            app_only = incoming.bearer and incoming.bearer == self.token
            raise refusals.unsupported_authentication() if app_only else refusals.unauthorized()
        headers.update(self.limits.take(WRITING, now))
        self._refuse(Request(WRITING, incoming.parameters, now), struck)
        return encode(self.writers.write(incoming.body, author, self.timeline, self.bill, now), self.habits)

    def _pass_gate(self, incoming: Incoming) -> tuple[Endpoint, str | None]:
        if not incoming.bearer or self.token not in (None, incoming.bearer):
            raise refusals.unauthorized()
        found = endpoint_at(incoming.path)
        if found is None or incoming.method != "GET":
            raise refusals.not_found()
        return found

    def _refuse(self, request: Request, struck: list[Fault]) -> None:
        """Raises the first refusal among the faults, then X's own for an empty purse."""
        for fault in struck:
            refuse = KINDS[fault.kind].refuse
            if refuse:
                raise refuse(fault, request)
        if request.endpoint != "usage":  # to look at what was used is free
            self.bill.check_credit()

    def _refusal_body(self, refusal: Refusal, headers: dict[str, str | None]) -> bytes:
        if isinstance(refusal.body, str):
            headers["content-type"] = "text/html"
            return refusal.body.encode()
        return encode(refusals.as_habit(refusal.body, self.habits), self.habits)
