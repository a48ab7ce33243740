"""The switchboard for other processes: `/_emulator/…` on the same port, JSON in, JSON out.

GET    /_emulator/faults      those that are on, and all kinds with what they do
POST   /_emulator/faults      {"kind": "rate_limit", "times": 1, "endpoint": "search", …}: switch one on
DELETE /_emulator/faults      switch all off
POST   /_emulator/posts       {"text": "…", "author": "…", "reply_to": "…", …}: publish now
POST   /_emulator/edits       {"id": "…", "text": "…"}
POST   /_emulator/deletions   {"id": "…"}
GET    /_emulator/requests    what was asked
GET    /_emulator/bill        what it cost
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta

from listener.emulator.faults import KINDS, Fault, UnknownFault
from listener.emulator.refusals import Json
from listener.emulator.service import Service
from listener.emulator.timeline import Draft, NotOnX


@dataclass(frozen=True, slots=True)
class Control:
    """Answers for `service`; the server listens on the loopback address only, and so does this."""

    service: Service

    def reply(self, method: str, path: str, sent: bytes) -> tuple[int, bytes]:
        """Status and body."""
        action = _ACTIONS.get((method, path.removeprefix("/_emulator/")))
        if action is None:
            return 404, _encode({"error": f"{method} {path} is no control; see listener/emulator/control.py"})
        try:
            told = json.loads(sent or b"{}")
            if not isinstance(told, dict):
                raise ValueError("the body should be a JSON object")
            with self.service.lock:
                return 200, _encode(action(self.service, told))
        except (ValueError, TypeError, KeyError, NotOnX, UnknownFault) as error:
            return 400, _encode({"error": f"{type(error).__name__}: {error}"})


def _encode(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, default=str).encode()


def _faults(service: Service, told: Json) -> object:
    return {
        "on": [asdict(fault) for fault in service.switchboard.on()],
        "kinds": {name: kind.says for name, kind in KINDS.items()},
    }


def _switch_on(service: Service, told: Json) -> object:
    lasts = told.pop("lasts", None)
    fault = Fault(**told, lasts=None if lasts is None else timedelta(seconds=float(str(lasts))))  # type: ignore[arg-type]
    service.switchboard.switch_on(fault)
    return asdict(fault)


def _switch_off(service: Service, told: Json) -> object:
    service.switchboard.switch_off()
    return {}


def _publish(service: Service, told: Json) -> object:
    references = {
        name: int(str(told.pop(name))) for name in ("reply_to", "quotes", "reposts") if told.get(name) is not None
    }
    written = {"author": "warga", "at": service.now(), **told, **references}
    return {"id": str(service.timeline.publish(Draft(**written)))}  # type: ignore[arg-type]  # what is wrong is a 400


def _edit(service: Service, told: Json) -> object:
    return {"id": str(service.timeline.edit(int(str(told["id"])), str(told["text"]), service.now()))}


def _delete(service: Service, told: Json) -> object:
    service.timeline.delete(int(str(told["id"])), service.now())
    return {}


def _requests(service: Service, told: Json) -> object:
    return [asdict(asked) for asked in service.log]


def _bill(service: Service, told: Json) -> object:
    day = service.now().astimezone(UTC).date()
    return {
        "spent_usd": str(service.bill.spent),
        "day": day,
        "posts": sorted(service.bill.charged("post", day)),
        "users": sorted(service.bill.charged("user", day)),
    }


_ACTIONS: dict[tuple[str, str], Callable[[Service, Json], object]] = {
    ("GET", "faults"): _faults,
    ("POST", "faults"): _switch_on,
    ("DELETE", "faults"): _switch_off,
    ("POST", "posts"): _publish,
    ("POST", "edits"): _edit,
    ("POST", "deletions"): _delete,
    ("GET", "requests"): _requests,
    ("GET", "bill"): _bill,
}
