"""Ids of X posts and the moments they stand for.

An id is 64 bits: milliseconds since X's epoch, then 22 bits of machine and sequence. Ids grow with time, and never tie
as clocks do.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
_LOW_BITS = 22
_MILLISECOND = timedelta(milliseconds=1)


def moment_of(post_id: int) -> datetime:
    """The moment (to the millisecond) at which `post_id` was given out."""
    return EPOCH + (post_id >> _LOW_BITS) * _MILLISECOND


def first_id_at(moment: datetime) -> int:
    """The smallest id that a post of that millisecond can have."""
    return max((moment - EPOCH) // _MILLISECOND, 0) << _LOW_BITS


def last_id_before(moment: datetime) -> int:
    """The largest id of all posts before `moment`."""
    return max(first_id_at(moment) - 1, 0)
