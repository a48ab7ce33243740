"""What the desk is made of, handed down from the entry point: nothing inside reads settings or the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import Engine

from city import City
from city.changes import as_of, forward
from city.reading_replies import FILE as REPLIES
from city.reading_replies import load_replies
from city.reply_texts import ReplyTexts
from city.shapes import load_shapes
from city.watchlist import load_watchlist
from desk.accounts import Person
from desk.attempts import Attempts
from desk.city_map import CityMap
from desk.processes import Processes
from desk.working import Working
from tickets.answering import Sender
from tickets.census import Census
from tickets.reply_drafts import Saying


class DeskSettings(Protocol):
    """The settings that the desk needs."""

    @property
    def city(self) -> Path: ...
    @property
    def watchlist_path(self) -> Path: ...
    @property
    def timezone(self) -> str: ...
    @property
    def desk_address(self) -> str: ...
    @property
    def models_dir(self) -> Path: ...
    @property
    def training_data_dir(self) -> Path: ...
    @property
    def x_bearer_token(self) -> SecretStr | None: ...
    @property
    def x_monthly_budget_usd(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Parts:
    engine: Engine
    whole_city: City  # as its files have it; `city` is that of today
    clock: Callable[[], datetime]
    zone: ZoneInfo
    models_dir: Path
    monthly_budget_usd: Decimal
    x_is_on: bool
    reply_texts: ReplyTexts
    own_accounts: frozenset[str]  # the city's, in small letters: whoever mentions one can be answered through X
    labels_dir: Path | None = None  # holds the frozen test, on which candidates are weighed; None: there is none
    processes: Processes = field(default_factory=Processes)  # candidates that are weighed, and looks at drift
    sender: Sender | None = None  # posts as the city's account; None: replies are copied
    city_map: CityMap = field(default_factory=CityMap)
    attempts: Attempts = field(default_factory=Attempts)
    census: Census = field(default_factory=Census)
    working: Working = field(default_factory=Working)
    _days: dict[date, City] = field(default_factory=dict)  # the city of the last day that was asked for

    @property
    def city(self) -> City:
        """The city of today: what changes at midnight is changed for the next page."""
        if not self.whole_city.changes:
            return self.whole_city
        today = self.clock().astimezone(self.zone).date()
        found = self._days.get(today)
        if found is None:
            found = as_of(self.whole_city, today)
            self._days.clear()
            self._days[today] = found
        return found

    def of_today(self, person: Person) -> Person:
        """An OPD's admin goes with the office: to the one that took over, where it is clear which."""
        heir = forward(self.city, person.opd) if person.opd else None
        return replace(person, opd=heir) if heir else person

    def saying(self, now: datetime, *, link: bool = False) -> Saying:
        """What replies are drafted with at that moment. `link`: one was asked for."""
        return Saying(self.city, self.reply_texts, self.own_accounts, now.astimezone(self.zone).date(), link)


def parts_from(
    engine: Engine,
    settings: DeskSettings,
    city: City,
    clock: Callable[[], datetime],
    sender: Sender | None = None,
) -> Parts:
    """Raises CityError or WatchlistError."""
    return Parts(
        engine=engine,
        whole_city=city,
        clock=clock,
        zone=ZoneInfo(settings.timezone),
        models_dir=settings.models_dir,
        monthly_budget_usd=settings.x_monthly_budget_usd,
        x_is_on=settings.x_bearer_token is not None,
        reply_texts=load_replies(settings.city / REPLIES, city),
        own_accounts=load_watchlist(settings.watchlist_path).own_accounts,
        sender=sender,
        city_map=CityMap(load_shapes(settings.city)),
        labels_dir=settings.training_data_dir / "labels",
    )
