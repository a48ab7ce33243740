"""Each ticket's lot: a number from 0 to 9,999 that nobody chose, drawn from the ticket's own number.

By it a fixed share of drafts is shown without a proposal, and another share is asked about twice. It must not depend on
what the classifier said, or accuracy measured on those shares would flatter it.
"""

from __future__ import annotations

import hashlib

LOTS = 10_000
BLIND = range(0, 500)  # 5 in 100: the first verdict is given without seeing the proposal
SECOND_LOOK = range(500, 1000)  # 5 in 100: somebody else is asked, too, without seeing the first verdict


def lot_of(number: str) -> int:
    """The lot of a ticket by its number ("2026-000123")."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:8]) % LOTS


__all__ = ["BLIND", "LOTS", "SECOND_LOOK", "lot_of"]
