"""Which stretch of ids a search covers, and its pages: newest first, each going on where the last one ended."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listener.emulator.habits import Habits
from listener.emulator.operators import Matches
from listener.emulator.posts import Shown
from listener.emulator.refusals import Refusal, invalid_request
from listener.snowflake import first_id_at

_NEAREST = timedelta(seconds=10)  # times must lie that far back
_LARGEST = 2**63
_IDS = ("since_id", "until_id")
_TIMES = ("start_time", "end_time")


@dataclass(frozen=True, slots=True)
class Span:
    """Ids greater than `after` and smaller than `before`."""

    after: int
    before: int


@dataclass(frozen=True, slots=True)
class Page:
    posts: tuple[Shown, ...]
    begun: int  # ids of this page are smaller
    rest: int | None  # ids still to come are smaller; None: this is the last page


def page_of(shown: Sequence[Shown], matches: Matches, span: Span, size: int) -> Page:
    """The newest `size` posts of `span` that match; `shown` is newest first."""
    found: list[Shown] = []
    for at in range(bisect_left(shown, 1 - span.before, key=lambda one: -one.id), len(shown)):
        if shown[at].id <= span.after:
            break
        if matches(shown[at]):
            if len(found) == size:
                return Page(tuple(found), span.before, found[-1].id)
            found.append(shown[at])
    return Page(tuple(found), span.before, None)


def search_span(asked: Mapping[str, str], now: datetime, habits: Habits) -> Span:
    """What a search covers. Raises Refusal for what X refuses: ids beside times, and anything before its window."""
    if any(name in asked for name in _IDS) and any(name in asked for name in _TIMES):
        raise invalid_request(
            "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.",
            **{name: asked[name] for name in (*_IDS, *_TIMES) if name in asked},
        )
    span = given_span(asked, now)
    floor = now - habits.window
    if "since_id" in asked and span.after <= first_id_at(floor):
        raise _too_old_id(asked["since_id"], floor)
    if "start_time" in asked and span.after < first_id_at(floor.replace(second=0, microsecond=0)) - 1:
        raise _too_old_time(asked["start_time"], floor)
    before = first_id_at(now - habits.unindexed) if span.before == _LARGEST else span.before
    return Span(max(span.after, first_id_at(floor) - 1), before)


def given_span(asked: Mapping[str, str], now: datetime) -> Span:
    """The stretch that the parameters name; ids win over times."""
    start, end = _time(asked, "start_time", now), _time(asked, "end_time", now)
    if start and end and start >= end:
        raise invalid_request("'start_time' must be before 'end_time'", start_time=asked["start_time"])
    after = first_id_at(start) - 1 if start else -1
    before = first_id_at(end) if end else _LARGEST
    return Span(int(asked.get("since_id", after)), int(asked.get("until_id", before)))


def _time(asked: Mapping[str, str], name: str, now: datetime) -> datetime | None:
    if name not in asked:
        return None
    try:
        moment = datetime.strptime(asked[name], "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        moment = _with_fraction(name, asked[name])
    if moment > now - _NEAREST:
        raise invalid_request(
            f"Invalid '{name}':'{_minute(moment)}'. "
            f"'{name}' must be a minimum of 10 seconds prior to the request time.",
            **{name: asked[name]},
        )
    return moment


def _with_fraction(name: str, value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z").replace(microsecond=0)
    except ValueError:
        message = f"Invalid '{name}':'{value}'. Use the form YYYY-MM-DDTHH:mm:ssZ."
        raise invalid_request(message, **{name: value}) from None


def _too_old_id(value: str, floor: datetime) -> Refusal:
    return invalid_request(
        f"'since_id' must be a tweet id created after {_minute(floor)}. "
        f"Please use a 'since_id' that is larger than {first_id_at(floor)}",
        since_id=value,
    )


def _too_old_time(value: str, floor: datetime) -> Refusal:
    return invalid_request(
        f"Invalid 'start_time':'{value[:16]}Z'. 'start_time' must be on or after {_minute(floor)}", start_time=value
    )


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def token_for(asked: str, position: int) -> str:
    """An opaque token to go on below `position` with the same question (a query, an account)."""
    place = position.to_bytes(8, "big")
    return base64.b32hexencode(place + _seal(asked, place)).decode().lower().rstrip("=")


def position_of(token: str, asked: str, parameter: str) -> int:
    """Where `token` goes on. Raises Refusal for a token that was not given for `asked`."""
    try:
        raw = base64.b32hexdecode(token.upper() + "=" * (-len(token) % 8))
    except ValueError:
        raw = b""
    if len(raw) != 16 or raw[8:] != _seal(asked, raw[:8]):
        raise bad_token(token, parameter)
    return int.from_bytes(raw[:8], "big")


def bad_token(token: str, parameter: str) -> Refusal:
    return invalid_request(f"Invalid '{parameter}':'{token}'.", **{parameter: token})


def _seal(asked: str, place: bytes) -> bytes:
    return hashlib.sha256(asked.encode() + b"\x00" + place).digest()[:8]
