"""What asking X may end in, as the ledger names it.

XError
├── TokenRefused     auth: 401, 403; a person must look at the token or the contract
├── OutOfCredit      quota: 402, a used-up cap, a 24-hour limit; waiting minutes does not help
├── RateLimited      rate_limit: the window's requests are used up
├── Transient        transient: 5xx, time-outs, cut answers; bounded retries did not help
│   └── Garbled      the answer holds bytes that are no UTF-8
├── PageExpired      the page token is no longer taken: search again below the oldest id read
├── WindowTooOld     since_id lies before what X still answers for
├── RequestRefused   bad_request: this query will never be answered as it is
└── Stopped          the listener was told to stop while it waited
"""

from __future__ import annotations

from typing import Any, Literal

Kind = Literal[
    "auth", "quota", "budget", "rate_limit", "transient", "bad_request", "bad_payload", "busy", "model", "internal"
]


class XError(Exception):
    kind: Kind = "internal"
    perhaps_billed = False  # the answer was lost on its way: X's side was successful, as far as X knows


class TokenRefused(XError):
    kind = "auth"


class OutOfCredit(XError):
    kind = "quota"


class RateLimited(XError):
    kind = "rate_limit"

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds  # until X counts anew; None: it did not say, or a moment helps


class Transient(XError):
    kind = "transient"

    def __init__(self, message: str, *, perhaps_billed: bool = False) -> None:
        super().__init__(message)
        self.perhaps_billed = perhaps_billed


class Garbled(Transient):
    def __init__(self, message: str, answer: dict[str, Any]) -> None:
        super().__init__(message, perhaps_billed=True)
        self.answer = answer  # what can be read of it, should it never come clean


class PageExpired(XError):
    kind = "bad_request"


class WindowTooOld(XError):
    kind = "bad_request"

    def __init__(self, message: str, oldest: int) -> None:
        super().__init__(message)
        self.oldest = oldest  # the smallest since_id that X takes


class RequestRefused(XError):
    kind = "bad_request"


class Stopped(XError):
    kind = "transient"

    def __init__(self, message: str, *, perhaps_billed: bool = False) -> None:
        super().__init__(message)
        self.perhaps_billed = perhaps_billed
