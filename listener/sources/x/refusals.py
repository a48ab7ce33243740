"""X's refusals → one of `errors`: by status, by the kind of problem in the body, by the headers of its limits."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from listener.sources.x.errors import (
    OutOfCredit,
    PageExpired,
    RateLimited,
    RequestRefused,
    TokenRefused,
    Transient,
    WindowTooOld,
    XError,
)

# The problems that only money or a new month mends; of the account's own limit only the title is known.
_SPENT_TYPES = ("usage-capped", "credits", "credits-depleted")
_SPENT_TITLES = ("SpendCapReached",)


def refusal_of(response: requests.Response, parameters: dict[str, Any]) -> XError:
    """What the answer to a request with these parameters means for whoever asked."""
    status, problem = response.status_code, _problem(response)
    message = f"X answered {status}: {_text_of(problem) or response.reason}"
    ending = str(problem.get("type", "")).rsplit("/", 1)[-1]  # real bodies and docs differ in the host before it
    if status == 402 or ending in _SPENT_TYPES or problem.get("title") in _SPENT_TITLES:
        return OutOfCredit(message)
    if status == 429:
        return _limit(response, message)
    if status in (401, 403):
        return TokenRefused(message)
    if status >= 500:
        return Transient(message)
    if status == 400:
        return _bad_request(message, parameters)
    if status == 404:
        return RequestRefused(f"{message} (is SIMAK_X_API_URL the base address, without /2?)")
    return RequestRefused(message)


def _limit(response: requests.Response, message: str) -> XError:
    headers = response.headers
    if "0" in (headers.get("x-app-limit-24hour-remaining"), headers.get("x-user-limit-24hour-remaining")):
        return OutOfCredit(f"{message} (the day's limit is used up)")
    reset = headers.get("x-rate-limit-reset", "")
    # Requests left in the window: a limit by the second; a moment helps, the window does not matter.
    left = headers.get("x-rate-limit-remaining", "0") not in ("", "0")
    return RateLimited(message, None if left or not reset.isdigit() else _seconds_until(int(reset), headers))


def _seconds_until(reset: int, headers: Mapping[str, str]) -> float:
    """From X's own clock to its reset, and a second more, because both are told in whole ones; this machine's clock
    may be wrong."""
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        now = time.time()
    return max(reset - now, 0) + 1


def _bad_request(message: str, parameters: dict[str, Any]) -> XError:
    oldest = re.search(r"since_id.*larger than (\d+)", message, re.DOTALL)
    if oldest:
        return WindowTooOld(message, int(oldest[1]))
    if parameters.get("next_token") and re.search(r"next_token|pagination_token", message):
        return PageExpired(message)
    return RequestRefused(message)


def _problem(response: requests.Response) -> dict[str, Any]:
    try:
        problem = json.loads(response.content)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _text_of(problem: dict[str, Any]) -> str:
    errors = problem.get("errors")
    details = (
        [str(error.get("message", "")) for error in errors if isinstance(error, dict)]
        if isinstance(errors, list)
        else []
    )
    told = [str(problem[key]) for key in ("title", "detail", "reason") if problem.get(key)]
    return " · ".join(dict.fromkeys(text for text in [*told, *details] if text))


def innermost(error: BaseException) -> BaseException:
    """What really happened, below the layers that requests and urllib3 put around it."""
    for inner in (getattr(error, "reason", None), *error.args):
        if isinstance(inner, BaseException):
            return innermost(inner)
    return error
