"""What people call a ticket: "2026-000123", the 123rd of its year (UTC). Given out once, never changed.

The order of numbers is that of drafting.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, select

from database.tables import tickets

_NUMBER = re.compile(r"(\d{4})-(\d{6,})")


def next_numbers(connection: Connection, year: int, count: int) -> list[str]:
    """The next `count` numbers of `year`. Whoever asks holds the lock "incidents" until they are written."""
    of_year = select(tickets.c.number).where(tickets.c.number.like(f"{year}-%"))
    last = connection.execute(of_year.order_by(tickets.c.id.desc()).limit(1)).scalar()  # ids grow as numbers do
    found = _NUMBER.fullmatch(last) if last else None
    begin = int(found[2]) + 1 if found else 1
    return [f"{year}-{serial:06d}" for serial in range(begin, begin + count)]


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
