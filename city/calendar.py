"""When the city works: its week, its holidays, and the hour at which offices open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from city.model import City

_A_YEAR = 366  # days: a city that never works is a mistake in its files


def is_working_day(city: City, day: date) -> bool:
    return day.weekday() not in city.weekend and day not in {holiday.date for holiday in city.holidays}


def next_opening(city: City, now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after `now` at which offices open."""
    here = now.astimezone(zone)
    for days in range(_A_YEAR):
        opening = opening_of(city, here.date() + timedelta(days=days), zone)
        if opening > now and is_working_day(city, opening.date()):
            return opening
    raise ValueError("the city has no working day within a year; look into city.toml and holidays.csv")


def opening_of(city: City, day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, city.office_opens, zone)
