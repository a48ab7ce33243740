"""The switchboard: what goes wrong, with which requests, and for how long.

A fault is one of four sorts by where it strikes: the request is refused, the choice of posts is spoilt, the body is
spoilt, or its delivery. `KINDS` is the table of all there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from listener.emulator import refusals
from listener.emulator.answers import Answer
from listener.emulator.limits import DAY, LIMITS, WINDOW, day_headers, rate_headers
from listener.emulator.paging import Page, bad_token
from listener.emulator.refusals import Json, Refusal

Delivery = Literal["hang_up", "hang_up_in_body", "cut_json", "drip", "stall", "invalid_utf8", "no_rate_headers"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as it is switched on. Endpoints are named as in `limits.LIMITS`."""

    kind: str
    times: int | None = 1  # so many matching requests; None: until switched off
    endpoint: str | None = None  # None: any
    after: int = 0  # matching requests that pass unharmed first
    lasts: timedelta | None = None  # after its first strike, by the emulator's clock
    seconds: float = 900  # of faults that have a length: until the reset, of the drip, of what is indexed late
    posts: int = 1  # of faults that touch posts of a page: how many


@dataclass(frozen=True, slots=True)
class Request:
    """What a fault may look at."""

    endpoint: str
    parameters: Mapping[str, str]
    now: datetime

    @property
    def page_token(self) -> tuple[str, str] | None:
        """The parameter that carries a page token, and the token."""
        names = (name for name in ("next_token", "pagination_token") if name in self.parameters)
        return next(((name, self.parameters[name]) for name in names), None)


Refuse = Callable[[Fault, Request], Refusal]
SpoilPage = Callable[[Fault, Page], Page]
SpoilBody = Callable[[Fault, Answer], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of fault does, in words, and the one place where it strikes."""

    says: str
    refuse: Refuse | None = None
    spoil_page: SpoilPage | None = None
    spoil_body: SpoilBody | None = None
    delivery: Delivery | None = None
    needs_token: bool = False  # strikes only requests that carry a page token


class UnknownFault(Exception):
    """No such fault, endpoint or option."""


def _window_over(fault: Fault, request: Request) -> Refusal:
    return refusals.too_many_requests(rate_headers(450, 0, request.now + timedelta(seconds=fault.seconds)))


def _window_over_silently(fault: Fault, request: Request) -> Refusal:
    return refusals.too_many_requests(dict.fromkeys(rate_headers(450, 0, request.now)))


def _too_fast(fault: Fault, request: Request) -> Refusal:
    return refusals.too_many_requests(rate_headers(450, 400, request.now + WINDOW))


def _day_over(fault: Fault, request: Request) -> Refusal:
    healthy = rate_headers(450, 400, request.now + WINDOW)
    return refusals.too_many_requests(healthy | day_headers(request.now + DAY))


def _token_expired(fault: Fault, request: Request) -> Refusal:
    name, token = request.page_token or ("next_token", "")
    return bad_token(token, name)


def _repeat_post(fault: Fault, page: Page) -> Page:
    return replace(page, posts=page.posts[: fault.posts] + page.posts)


def _overlap_pages(fault: Fault, page: Page) -> Page:
    """The next page begins with the last posts of this one; always less than all, so that paging comes to its end."""
    again = min(fault.posts, len(page.posts) - 1)
    return page if page.rest is None or again < 1 else replace(page, rest=page.posts[-1 - again].id)


def _empty_page(fault: Fault, page: Page) -> Page:
    """Its posts come on the next one."""
    return Page((), page.begun, page.begun)


def _loop_token(fault: Fault, page: Page) -> Page:
    return replace(page, rest=page.begun)


def _short_page(fault: Fault, page: Page) -> Page:
    """Fewer posts than asked for; the others come on the next page."""
    few = page.posts[: fault.posts]
    return page if len(few) == len(page.posts) else Page(few, page.begun, few[-1].id if few else page.begun)


def _lose_parents(fault: Fault, answer: Answer) -> None:
    for parent in answer.includes.pop("tweets", []):
        answer.errors.append(refusals.missing("tweet", "referenced_tweets.id", str(parent["id"])))


def _protect_parents(fault: Fault, answer: Answer) -> None:
    for parent in answer.includes.pop("tweets", []):
        gone = refusals.protected("tweet", "referenced_tweets.id", str(parent["id"]), section="includes")
        answer.errors.append(gone)


def _spoil_posts(change: Callable[[Json], Json | None]) -> SpoilBody:
    """The first posts of a page, changed; what becomes None is a null in the list."""

    def spoil(fault: Fault, answer: Answer) -> None:
        if isinstance(answer.data, list):
            spoilt: list[object] = [
                change(post) if isinstance(post, dict) else post for post in answer.data[: fault.posts]
            ]
            answer.data[: fault.posts] = spoilt  # type: ignore[assignment]  # a null where X promises an object

    return spoil


def _without_text(post: Json) -> Json:
    return {name: value for name, value in post.items() if name != "text"}


KINDS: dict[str, Kind] = {
    "rate_limit": Kind("429, with the time of the reset (`seconds` from now)", refuse=_window_over),
    "rate_limit_without_reset": Kind("429, without rate-limit headers", refuse=_window_over_silently),
    "rate_limit_too_fast": Kind("429, though requests remain: asked too fast", refuse=_too_fast),
    "rate_limit_day": Kind("429, the app's 24 hours are used up, the window is healthy", refuse=_day_over),
    "usage_capped": Kind("429, the month's cap is reached", refuse=lambda _, __: refusals.usage_capped()),
    "unavailable": Kind("503, as JSON", refuse=lambda _, __: refusals.unavailable()),
    "unavailable_page": Kind("503, as the edge's HTML page", refuse=lambda _, __: refusals.unavailable_page()),
    "internal_error": Kind("500", refuse=lambda _, __: refusals.internal_error()),
    "errors_null": Kind('400 with "errors": null', refuse=lambda _, __: Refusal(400, {"errors": None})),
    "error_list": Kind("500 whose body is a list", refuse=lambda _, __: Refusal(500, [{"message": "broken"}])),
    "expired_page_token": Kind("400 for a page token", refuse=_token_expired, needs_token=True),
    "revoked_token": Kind("401", refuse=lambda _, __: refusals.unauthorized()),
    "not_enrolled": Kind("403, the app is in no project", refuse=lambda _, __: refusals.client_not_enrolled()),
    "no_credit": Kind("402, the credit is used up", refuse=lambda _, __: refusals.credits_depleted()),
    "spend_cap": Kind("403, the account's own limit is reached", refuse=lambda _, __: refusals.spend_cap_reached()),
    "repeated_post": Kind("the first `posts` of the page come twice in it", spoil_page=_repeat_post),
    "overlapping_pages": Kind("the next page repeats the last `posts` of this one", spoil_page=_overlap_pages),
    "empty_page": Kind("no posts, but a next_token", spoil_page=_empty_page),
    "short_page": Kind("only `posts` posts, the others follow", spoil_page=_short_page),
    "token_loop": Kind("next_token leads to this page again", spoil_page=_loop_token),
    "late_index": Kind("about every other post of the last `seconds` is not found yet"),
    "missing_parents": Kind("referenced posts are gone: partial errors", spoil_body=_lose_parents),
    "protected_parents": Kind("referenced posts are protected: partial errors", spoil_body=_protect_parents),
    "post_without_text": Kind("the first `posts` lack their text", spoil_body=_spoil_posts(_without_text)),
    "post_with_null_text": Kind("their text is null", spoil_body=_spoil_posts(lambda post: post | {"text": None})),
    "null_post": Kind("they are null", spoil_body=_spoil_posts(lambda post: None)),
    "bad_created_at": Kind(
        "their created_at is no time", spoil_body=_spoil_posts(lambda post: post | {"created_at": "yesterday"})
    ),
    "half_a_character": Kind(
        "their text ends in half of a surrogate pair",
        spoil_body=_spoil_posts(lambda post: post | {"text": f"{post.get('text', '')}\ud83d"}),
    ),
    "hang_up": Kind("the connection is reset before anything is answered or billed", delivery="hang_up"),
    "hang_up_in_body": Kind("the connection is reset in the middle of the body", delivery="hang_up_in_body"),
    "cut_json": Kind("200 with half of the JSON", delivery="cut_json"),
    "drip": Kind("the body comes byte by byte, over `seconds`", delivery="drip"),
    "stall": Kind("nothing is answered for `seconds`, then the line is dropped", delivery="stall"),
    "invalid_utf8": Kind("a byte that is no UTF-8 in the first text", delivery="invalid_utf8"),
    "no_rate_headers": Kind("no rate-limit headers", delivery="no_rate_headers"),
}


@dataclass
class Strikes:
    """A fault that is switched on, and what it has done so far."""

    fault: Fault
    passed: int = 0
    struck: int = 0
    since: datetime | None = None

    def strikes(self, request: Request) -> bool:
        """Whether it strikes `request`; counts it."""
        if self.fault.endpoint not in (None, request.endpoint) or self.is_over(request.now):
            return False
        if KINDS[self.fault.kind].needs_token and request.page_token is None:
            return False
        if self.passed < self.fault.after:
            self.passed += 1
            return False
        self.since = self.since or request.now
        self.struck += 1
        return True

    def is_over(self, now: datetime) -> bool:
        if self.fault.times is not None and self.struck >= self.fault.times:
            return True
        return self.fault.lasts is not None and self.since is not None and now >= self.since + self.fault.lasts


@dataclass
class Switchboard:
    """Faults that are on. Not locked: the service that holds it is."""

    _on: list[Strikes] = field(default_factory=list)

    def switch_on(self, fault: Fault) -> None:
        """Raises UnknownFault for a kind that is not in `KINDS`, or an endpoint that is not in `LIMITS`."""
        if fault.kind not in KINDS:
            raise UnknownFault(f"no fault {fault.kind!r}; there are {', '.join(KINDS)}")
        if fault.endpoint is not None and fault.endpoint not in LIMITS:
            raise UnknownFault(f"no endpoint {fault.endpoint!r}; there are {', '.join(LIMITS)}")
        self._on.append(Strikes(fault))

    def switch_off(self, kind: str | None = None) -> None:
        """One kind, or all."""
        self._on = [strikes for strikes in self._on if kind is not None and strikes.fault.kind != kind]

    def strike(self, request: Request) -> list[Fault]:
        """The faults that strike this request, in the order in which they were switched on."""
        struck = [strikes.fault for strikes in self._on if strikes.strikes(request)]
        self._on = [strikes for strikes in self._on if not strikes.is_over(request.now)]
        return struck

    def on(self) -> list[Fault]:
        return [strikes.fault for strikes in self._on]
