"""What X does where its documentation leaves a choice: one switch each, so that a story can be told both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars: a post or a user once a UTC day, a count each time; what is written, by its kind."""

    post: Decimal = Decimal("0.005")
    user: Decimal = Decimal("0.010")
    count: Decimal = Decimal("0.005")
    written: Decimal = Decimal("0.015")
    answer: Decimal = Decimal("0.010")  # to whoever mentioned the account
    linked: Decimal = Decimal("0.200")  # anything with a link: the dearer reading for answers


@dataclass(frozen=True, slots=True)
class Habits:
    """The defaults are what was seen in 2026, and the dearer case where nothing was seen."""

    naming: Literal["tweets", "posts"] = "tweets"  # "posts" since the OpenAPI file of August 2026
    writes_nulls: bool = False  # an empty field that was asked for: left out, or null
    bills_includes: bool = True  # posts and users that ride along in `includes`
    finds_reposts: bool = False  # search leaves them out since May 2026
    reads_notes: bool = True  # search looks at what stands beyond the first 280 characters
    keywords_find_tags: bool = False  # `lapor` finds #lapor
    query_length: int = 512  # 4,096 for Enterprise
    window: timedelta = timedelta(days=7)  # how far back search reaches
    unindexed: timedelta = timedelta(seconds=30)  # what search leaves out at its near end unless asked
    prices: Prices = Prices()
