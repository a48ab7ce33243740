"""Sets of tickets as whole numbers: bit n stands for the ticket with the id n.

Python's whole numbers have no bound: "and", "or" and counting take microseconds for a hundred thousand tickets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count

Bits = int

_DIGITS = bytes.maketrans(b"\x00\x01", b"01")
_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def of_ids(ids: Sequence[int]) -> Bits:
    """
    >>> bin(of_ids([0, 3]))
    '0b1001'
    """
    if not ids:
        return 0
    first = min(ids)
    flags = bytearray(max(ids) - first + 1)
    for ticket_id in ids:
        flags[ticket_id - first] = 1
    return of_flags(flags) << first


def of_flags(flags: bytes | bytearray) -> Bits:
    """One byte a ticket, 0 or 1, the first for the id 0."""
    return int(flags[::-1].translate(_DIGITS), 2) if flags else 0


def ids_of(bits: Bits) -> list[int]:
    """From the least on.

    >>> ids_of(0b1001)
    [0, 3]
    """
    first = max((bits & -bits).bit_length() - 1, 0)  # of open drafts all bits are high ones
    return [*compress(count(first), f"{bits >> first:b}"[::-1].encode().translate(_FLAGS))]
