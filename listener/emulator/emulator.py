"""The X of the stories and of the demo: started, written to, broken and mended from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType

from listener.emulator.billing import Bill
from listener.emulator.bundle import POSTS, BundledPost, read_bundle
from listener.emulator.clock import world_clock
from listener.emulator.faults import Fault
from listener.emulator.habits import Habits
from listener.emulator.server import WebServer
from listener.emulator.service import Asked, Service
from listener.emulator.timeline import Draft

ANY_TOKEN = "any-token-will-do"  # noqa: S105  # no secret: where it is used, all are accepted
_JUST_NOW = timedelta(minutes=1)  # long enough ago for search to have it
_APART = timedelta(seconds=1)  # posts that are written in one go
_OUTAGE = timedelta(minutes=10)


class Emulator:
    """An X API v2 on 127.0.0.1, with its own clock `now`; use it in a `with`.

    `token` is the only one accepted; None accepts any. `credit` in US dollars is what may be spent before X
    answers 402; None never runs out.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        port: int = 0,
        token: str | None = None,
        habits: Habits | None = None,
        credit: Decimal | None = None,
    ) -> None:
        habits = habits or Habits()
        self.service = Service(now, token, habits, Bill(habits.prices, habits.bills_includes, credit))
        self._server = WebServer(self.service, port)

    @classmethod
    def with_bundled_posts(
        cls,
        now: Callable[[], datetime] = world_clock,
        *,
        start: datetime | None = None,
        port: int = 0,
        speed: float = 1,
        posts: Path = POSTS,
    ) -> Emulator:
        """The demo's X: two months of invented posts up to `start` (now, if not given), and more that are to come.

        These arrive `speed` times as fast as written. The same start gives the same ids.
        Raises BundleError, and OSError when the port is taken.
        """
        bundle = read_bundle(posts)
        emulator = cls(now, port=port)
        emulator.publish_bundle(bundle, start or now(), speed)
        return emulator

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """What the setting for X's address should be."""
        return self._server.url

    @property
    def token(self) -> str:
        return self.service.token or ANY_TOKEN

    @property
    def requests(self) -> Sequence[Asked]:
        """What was asked so far, oldest first."""
        with self.service.lock:
            return tuple(self.service.log)

    def publish(
        self,
        text: str,
        *,
        count: int = 1,
        author: str = "warga",
        at: datetime | None = None,
        reply_to: str | None = None,
        quotes: str | None = None,
        reposts: str | None = None,
        photos: int = 0,
        place: str | None = None,
        lang: str = "in",
        indexed_after: timedelta = timedelta(0),
    ) -> list[str]:
        """`count` posts, one a second, the last at `at` (a minute ago if not given); returns their ids, oldest first.

        `{n}` in the text becomes the post's number. `indexed_after` is how long search does not find it.
        """
        with self.service.lock:
            last = at or self.service.now() - _JUST_NOW
            drafts = [
                Draft(
                    text=text.replace("{n}", str(number + 1)),
                    author=author,
                    at=last - _APART * (count - 1 - number),
                    reply_to=_id(reply_to),
                    quotes=_id(quotes),
                    reposts=_id(reposts),
                    photos=photos,
                    place=place,
                    lang=lang,
                    indexed_after=indexed_after,
                )
                for number in range(count)
            ]
            return [str(self.service.timeline.publish(draft)) for draft in drafts]

    def publish_bundle(self, posts: Sequence[BundledPost], start: datetime, speed: float = 1) -> dict[str, str]:
        """Write bundled posts, those to come as well: they show when the clock gets there. Returns key → id."""
        ids: dict[str, str] = {}
        for post in posts:
            written_at = post.written_at(start, speed)
            [ids[post.key]] = self.publish(
                post.text,
                author=post.author,
                at=written_at,
                reply_to=ids[post.reply_to] if post.reply_to else None,
                quotes=ids[post.quotes] if post.quotes else None,
                reposts=ids[post.retweets] if post.retweets else None,
                photos=post.photos,
                place=post.place,
                lang=post.lang,
            )
            if post.edited_after is not None:
                self.edit(ids[post.key], post.edited_text, at=written_at + post.edited_after / speed)
        return ids

    def edit(self, post_id: str, text: str, *, at: datetime | None = None) -> str:
        """A new version; returns its id. Raises NotOnX where X allows no edit."""
        with self.service.lock:
            return str(self.service.timeline.edit(int(post_id), text, at or self.service.now()))

    def delete(self, post_id: str, *, at: datetime | None = None) -> None:
        with self.service.lock:
            self.service.timeline.delete(int(post_id), at or self.service.now())

    def open_account(self, *handles: str) -> list[str]:
        """Makes the handles known; returns their ids. Who writes or is mentioned is known anyway."""
        with self.service.lock:
            return [str(self.service.timeline.account(handle).id) for handle in handles]

    def log_in(self, handle: str) -> str:
        """A user token that acts for this account, as OAuth 2.0 has it."""
        with self.service.lock:
            return self.service.writers.log_in(self.service.timeline.account(handle))

    def fault(
        self,
        kind: str,
        *,
        times: int | None = 1,
        endpoint: str | None = None,
        after: int = 0,
        lasts: timedelta | None = None,
        seconds: float = 900,
        posts: int = 1,
    ) -> None:
        """Switch on one of `faults.KINDS`: for the next `times` matching requests, or (None) until it is mended."""
        with self.service.lock:
            self.service.switchboard.switch_on(Fault(kind, times, endpoint, after, lasts, seconds, posts))

    def hang_up_after(self, pages: int) -> None:
        """`pages` searches are answered, then the line is dead until the clock has moved on by ten minutes."""
        self.fault("hang_up", times=None, endpoint="search", after=pages, lasts=_OUTAGE)

    def mend(self, kind: str | None = None) -> None:
        """Switch off one kind of fault, or all."""
        with self.service.lock:
            self.service.switchboard.switch_off(kind)

    def limit(self, endpoint: str, requests: int) -> None:
        """So many requests in 15 minutes."""
        with self.service.lock:
            self.service.limits.allowed[endpoint] = requests

    def billed_posts(self, day: date | None = None) -> frozenset[str]:
        """Ids of the posts charged on that UTC day (today's if not given)."""
        with self.service.lock:
            return self.service.bill.charged("post", day or self._today())

    def billed_users(self, day: date | None = None) -> frozenset[str]:
        with self.service.lock:
            return self.service.bill.charged("user", day or self._today())

    @property
    def spent(self) -> Decimal:
        """US dollars since the start."""
        with self.service.lock:
            return self.service.bill.spent

    def _today(self) -> date:
        return self.service.now().astimezone(UTC).date()


def _id(value: str | None) -> int | None:
    return None if value is None else int(value)
