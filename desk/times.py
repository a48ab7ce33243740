"""Moments, spans and numbers as people read them, in the city's time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from desk.texts import N_, Words

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_YOUNG = timedelta(days=60)


def in_full(at: datetime, zone: ZoneInfo, words: Words) -> str:
    """`24 Nov 2026 18.42`, with the words of the language."""
    from babel.dates import format_datetime

    pattern = "d MMM y HH.mm" if words.language == "id" else "d MMM y HH:mm"
    return format_datetime(at.astimezone(zone), pattern, locale=words.language)


def number(value: float | Decimal, words: Words, decimals: int = 0) -> str:
    """`1.234,5` in Indonesian, `1,234.5` in English."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, locale=words.language)


def how_long(span: timedelta, words: Words) -> str:
    """A moment, minutes below an hour, hours below two days, then days."""
    if span < _MINUTE:
        return words.say(N_("sesaat"))
    if span < _HOUR:
        return words.count("%(num)s menit", "%(num)s menit", int(span / _MINUTE))
    if span < 2 * _DAY:
        return words.count("%(num)s jam", "%(num)s jam", int(span / _HOUR))
    return words.count("%(num)s hari", "%(num)s hari", span.days)


def age_of_account(joined_at: datetime, now: datetime, words: Words) -> str:
    """Since which month, and of a young account how young: those may not be whom they seem."""
    from babel.dates import format_date

    if now - joined_at < _YOUNG:
        return words.say(N_("akun baru: %(span)s"), {"span": how_long(now - joined_at, words)})
    return words.say(N_("akun sejak %(month)s"), {"month": format_date(joined_at, "MMM y", locale=words.language)})
