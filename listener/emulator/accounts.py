"""Accounts: a handle is all that one needs to be made up; the rest follows from it, the same in every run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

_FIRST_ACCOUNT = datetime(2009, 3, 1, tzinfo=UTC)
_YEARS_OF_JOINING = timedelta(days=15 * 365)
_IDS = 4_000_000_000  # accounts before 2016 have such short ids, which are no snowflakes


@dataclass(frozen=True, slots=True)
class Account:
    """Who writes. Ids are short, as those of old accounts are."""

    id: int
    handle: str
    created_at: datetime

    @property
    def name(self) -> str:
        return self.handle.replace("_", " ").title()


@cache
def account_of(handle: str) -> Account:
    """The account that `handle` stands for, whatever the case of its letters."""
    digest = int.from_bytes(hashlib.sha256(handle.casefold().encode()).digest()[:8], "big")
    joined = _FIRST_ACCOUNT + _YEARS_OF_JOINING * ((digest >> 32) / (1 << 32))
    return Account(10_000_000 + digest % _IDS, handle, joined.replace(microsecond=0))
