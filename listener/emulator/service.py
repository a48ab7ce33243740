"""X without its wire: a request comes in, a reply goes out, with everything between in the order in which X does it.

Gate (token, rate limit) → faults that refuse → credit → the endpoint → faults that spoil → the bill → bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from listener.emulator import refusals
from listener.emulator.answers import Answer, encode
from listener.emulator.asking import parameters_of
from listener.emulator.billing import Bill
from listener.emulator.endpoints import Endpoint, Question, endpoint_at
from listener.emulator.faults import KINDS, Delivery, Fault, Request, Switchboard
from listener.emulator.habits import Habits
from listener.emulator.limits import Limits
from listener.emulator.refusals import Refusal
from listener.emulator.timeline import Timeline

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


@dataclass
class Service:
    """All that the emulator knows. Every public method may be called from any thread."""

    now: Callable[[], datetime]
    token: str | None  # the one that is accepted; None: any
    habits: Habits
    bill: Bill
    timeline: Timeline = field(default_factory=Timeline)
    limits: Limits = field(default_factory=Limits)
    switchboard: Switchboard = field(default_factory=Switchboard)
    log: list[Asked] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def reply(self, method: str, path: str, query: Mapping[str, Sequence[str]], bearer: str | None) -> Reply:
        """The answer to one request."""
        with self.lock:
            now = self.now()
            plain = {name: ",".join(values) for name, values in query.items()}
            found = endpoint_at(path)
            struck = self.switchboard.strike(Request(found[0].name, plain, now)) if found and method == "GET" else []
            reply = self._reply(method, path, query, bearer, now, struck)
            status = 0 if reply.suffers("hang_up") else reply.status
            self.log.append(Asked(now, method, path, plain, status, tuple(fault.kind for fault in struck)))
            return reply

    def _reply(
        self,
        method: str,
        path: str,
        query: Mapping[str, Sequence[str]],
        bearer: str | None,
        now: datetime,
        struck: list[Fault],
    ) -> Reply:
        deliveries = tuple(fault for fault in struck if KINDS[fault.kind].delivery)
        if any(KINDS[fault.kind].delivery == "hang_up" for fault in deliveries):
            return Reply(503, {}, b"", deliveries)
        headers: dict[str, str | None] = {"content-type": JSON}
        try:
            endpoint, subject = self._pass_gate(method, path, bearer)
            headers.update(self.limits.take(endpoint.name, now))
            self._refuse(endpoint, query, now, struck)
            asked = parameters_of(query, endpoint.parameters)
            answer = self._answer(endpoint, subject, asked, now, struck)
            status, body = 200, encode(answer.body(), self.habits)
        except Refusal as refusal:
            headers.update(refusal.headers)
            status, body = refusal.status, self._refusal_body(refusal, headers)
        sent = {name: value for name, value in headers.items() if value is not None}
        return Reply(status, sent, body, deliveries)

    def _pass_gate(self, method: str, path: str, bearer: str | None) -> tuple[Endpoint, str | None]:
        if not bearer or self.token not in (None, bearer):
            raise refusals.unauthorized()
        if (method, path) == ("POST", "/2/tweets"):
            raise refusals.unsupported_authentication()
        found = endpoint_at(path)
        if found is None or method != "GET":
            raise refusals.not_found()
        return found

    def _refuse(
        self, endpoint: Endpoint, query: Mapping[str, Sequence[str]], now: datetime, struck: list[Fault]
    ) -> None:
        """Raises the first refusal among the faults, then X's own for an empty purse."""
        request = Request(endpoint.name, {name: ",".join(values) for name, values in query.items()}, now)
        for fault in struck:
            refuse = KINDS[fault.kind].refuse
            if refuse:
                raise refuse(fault, request)
        if endpoint.name != "usage":
            self.bill.check_credit()

    def _answer(
        self, endpoint: Endpoint, subject: str | None, asked: Mapping[str, str], now: datetime, struck: list[Fault]
    ) -> Answer:
        question = Question(asked, subject, now, struck, self.timeline, self.bill, self.habits)
        answer = endpoint.answer(question)
        for fault in struck:
            spoil = KINDS[fault.kind].spoil_body
            if spoil:
                spoil(fault, answer)
        self.bill.charge(answer, endpoint.data_is, now)
        return answer

    def _refusal_body(self, refusal: Refusal, headers: dict[str, str | None]) -> bytes:
        if isinstance(refusal.body, str):
            headers["content-type"] = "text/html"
            return refusal.body.encode()
        return encode(refusals.as_habit(refusal.body, self.habits), self.habits)
