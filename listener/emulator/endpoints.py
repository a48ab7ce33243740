"""The endpoints: what each may be asked, and how its answer is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listener.emulator import asking
from listener.emulator.answers import Answer, Telling
from listener.emulator.asking import SELECTION, selection_of
from listener.emulator.billing import Bill, Resource
from listener.emulator.faults import KINDS, Fault
from listener.emulator.habits import Habits
from listener.emulator.operators import Matches
from listener.emulator.paging import Page, Span, given_span, page_of, position_of, search_span, token_for
from listener.emulator.posts import Shown
from listener.emulator.query import QueryRefused, compile_query
from listener.emulator.refusals import Json, invalid_request, missing
from listener.emulator.timeline import Timeline
from listener.snowflake import moment_of

_RANGE = ("start_time", "end_time", "since_id", "until_id")
_TIMELINE_REACH = 800  # posts that a mentions timeline goes back
_GRAINS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Question:
    """A request that passed the gate, and all that answers it."""

    asked: Mapping[str, str]
    subject: str | None  # the id in the path
    now: datetime
    faults: list[Fault]
    timeline: Timeline
    bill: Bill
    habits: Habits


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`data_is` says what its `data` holds, for the bill."""

    name: str
    path: re.Pattern[str]
    parameters: tuple[str, ...]
    answer: Callable[[Question], Answer]
    data_is: Resource | None = None


def endpoint_at(path: str) -> tuple[Endpoint, str | None] | None:
    """The endpoint of a path, and the id that stands in it."""
    for endpoint in ENDPOINTS:
        found = endpoint.path.fullmatch(path)
        if found:
            return endpoint, found.groupdict().get("id")
    return None


def _search(question: Question) -> Answer:
    size = asking.number(question.asked, "max_results", 10, 100, 10)
    asking.one_of(question.asked, "sort_order", ("recency", "relevancy"), "recency")
    telling, query = _telling(question), asking.required(question.asked, "query")
    matches, span = _compiled(question, query), _search_span(question)
    span = _from_token(question, span, query, ("next_token", "pagination_token"))
    page = _spoilt(question, page_of(_found(question), matches, span, size))
    return _told(telling, page, query)


def _mentions(question: Question) -> Answer:
    size = asking.number(question.asked, "max_results", 5, 100, 10)
    telling, subject = _telling(question), question.subject or ""
    account = question.timeline.account_by_id(int(subject))
    if account is None:
        return Answer(errors=[missing("user", "id", subject)])
    _check_ids(question)
    handle = f"@{account.handle.casefold()}"
    mentions = [one for one in _found(question) if handle in one.tokens and one.post.author != account]
    span = _from_token(question, given_span(question.asked, question.now), subject, ("pagination_token",))
    page = _spoilt(question, page_of(mentions[:_TIMELINE_REACH], lambda one: True, span, size))
    answer = _told(telling, page, subject)
    newer = [one.id for one in mentions if one.id >= page.begun]
    if newer and answer.meta is not None:
        answer.meta["previous_token"] = token_for(subject, newer[-size - 1] if len(newer) > size else newer[0] + 1)
    return answer


def _posts(question: Question) -> Answer:
    telling = _telling(question)
    asked = {identity: question.timeline.version(identity, question.now) for identity in asking.ids(question.asked)}
    answer = telling.answer([shown for shown in asked.values() if shown is not None])
    gone = [identity for identity, shown in asked.items() if shown is None]
    answer.errors[:0] = [missing("tweet", "ids", str(identity)) for identity in gone]
    return answer


def _users_by(question: Question) -> Answer:
    telling = _telling(question, asking.USER_EXPANSIONS)
    wanted = asking.handles(question.asked)
    found = {handle: question.timeline.known_account(handle) for handle in wanted}
    return Answer(
        data=[telling.user(account) for account in found.values() if account is not None],
        errors=[missing("user", "usernames", handle) for handle, account in found.items() if account is None],
    )


def _users(question: Question) -> Answer:
    telling = _telling(question, asking.USER_EXPANSIONS)
    found = {identity: question.timeline.account_by_id(identity) for identity in asking.ids(question.asked)}
    return Answer(
        data=[telling.user(account) for account in found.values() if account is not None],
        errors=[missing("user", "ids", str(identity)) for identity, account in found.items() if account is None],
    )


def _counts(question: Question) -> Answer:
    grain = _GRAINS[asking.one_of(question.asked, "granularity", tuple(_GRAINS), "hour")]
    matches, span = _compiled(question, asking.required(question.asked, "query")), _search_span(question)
    written = [moment_of(one.id) for one in page_of(_found(question), matches, span, len(_found(question)) or 1).posts]
    data = [
        {"start": _second(start), "end": _second(end), "tweet_count": sum(start <= moment < end for moment in written)}
        for start, end in _buckets(moment_of(span.after + 1), moment_of(span.before), grain)
    ]
    question.bill.charge_count()
    return Answer(data=data, meta={"total_tweet_count": len(written)})


def _usage(question: Question) -> Answer:
    days = asking.number(question.asked, "days", 1, 90, 7)
    number: Callable[[int], object] = str if question.habits.naming == "posts" else int
    first = question.now.astimezone(UTC).date() - timedelta(days=days - 1)
    used = question.bill.posts_by_day()
    usage = [{"date": f"{day}T00:00:00.000Z", "usage": number(posts)} for day, posts in used.items() if day >= first]
    data: Json = {
        "project_id": "1",
        "project_cap": number(3_000_000),
        "project_usage": number(sum(used.values())),
        "cap_reset_day": 1,
        "daily_project_usage": {"project_id": "1", "usage": usage},
    }
    return Answer(data=data)


def _compiled(question: Question, query: str) -> Matches:
    try:
        return compile_query(query, question.habits)
    except QueryRefused as refused:
        raise invalid_request(str(refused), query=query) from None


def _search_span(question: Question) -> Span:
    _check_ids(question)
    return search_span(question.asked, question.now, question.habits)


def _check_ids(question: Question) -> None:
    for name in ("since_id", "until_id"):
        asking.identity(question.asked, name)


def _from_token(question: Question, span: Span, asked: str, names: tuple[str, ...]) -> Span:
    """`span` from where the page token goes on, if there is one."""
    for name in names:
        if name in question.asked:
            return Span(span.after, position_of(question.asked[name], asked, name))
    return span


def _found(question: Question) -> list[Shown]:
    """All posts that search has by now, newest first."""
    shown = question.timeline.as_of(question.now)
    late = [question.now - timedelta(seconds=fault.seconds) for fault in question.faults if fault.kind == "late_index"]
    return [one for one in shown if _is_indexed(one, question) and not _is_late(one, late)]


def _is_indexed(shown: Shown, question: Question) -> bool:
    post = shown.post
    return post.indexed_at <= question.now and (post.reposts is None or question.habits.finds_reposts)


def _is_late(shown: Shown, since: list[datetime]) -> bool:
    """About every other one, always the same: the top bit of a multiplicative hash of its id (Knuth's constant)."""
    chosen = shown.id * 0x9E3779B97F4A7C15 >> 63 & 1
    return bool(chosen) and any(shown.version.written_at >= moment for moment in since)


def _spoilt(question: Question, page: Page) -> Page:
    for fault in question.faults:
        spoil = KINDS[fault.kind].spoil_page
        page = spoil(fault, page) if spoil else page
    return page


def _telling(question: Question, expansions: Sequence[str] = asking.EXPANSIONS) -> Telling:
    selection = selection_of(question.asked, expansions)
    return Telling(selection, question.habits, question.timeline, question.now)


def _told(telling: Telling, page: Page, asked: str) -> Answer:
    answer = telling.answer(page.posts)
    answer.meta = {"result_count": len(page.posts)}
    if page.posts:
        identities = [one.id for one in page.posts]
        answer.meta = {"newest_id": str(max(identities)), "oldest_id": str(min(identities)), **answer.meta}
    if page.rest is not None:
        answer.meta["next_token"] = token_for(asked, page.rest)
    return answer


def _buckets(start: datetime, end: datetime, grain: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """The grains from `start` to `end`, whole ones but for the two at the ends."""
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    edge = day + (start - day) // grain * grain + grain
    while start < end:
        yield start, min(edge, end)
        start, edge = edge, edge + grain


def _second(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _endpoint(
    name: str, path: str, answer: Callable[[Question], Answer], parameters: tuple[str, ...], data_is: Resource | None
) -> Endpoint:
    return Endpoint(name, re.compile(path), parameters, answer, data_is)


ENDPOINTS = (
    _endpoint(
        "search",
        "/2/tweets/search/recent",
        _search,
        ("query", *_RANGE, "max_results", "next_token", "pagination_token", "sort_order", *SELECTION),
        "post",
    ),
    _endpoint(
        "mentions",
        "/2/users/(?P<id>[0-9]{1,19})/mentions",
        _mentions,
        ("since_id", "until_id", "max_results", "pagination_token", "start_time", "end_time", *SELECTION),
        "post",
    ),
    _endpoint("posts", "/2/tweets", _posts, ("ids", *SELECTION), "post"),
    _endpoint("users_by", "/2/users/by", _users_by, ("usernames", "expansions", "tweet.fields", "user.fields"), "user"),
    _endpoint("users", "/2/users", _users, ("ids", "expansions", "tweet.fields", "user.fields"), "user"),
    _endpoint(
        "counts",
        "/2/tweets/counts/recent",
        _counts,
        ("query", *_RANGE, "next_token", "pagination_token", "granularity", "search_count.fields"),
        None,
    ),
    _endpoint("usage", "/2/usage/tweets", _usage, ("days", "usage.fields"), None),
)
