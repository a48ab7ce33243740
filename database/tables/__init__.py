"""Every table of the store.

Posts come in through `listener`, predictions and tickets through `tickets`, accounts and sessions through `desk`.
Times are aware UTC; ids of X are 64-bit; money is whole millionths of a dollar, so that sums are exact everywhere.
"""

from database.tables.columns import (
    BATCH_STATES,
    CHANNELS,
    DECISIONS,
    ITEM_OUTCOMES,
    LATER,
    OUTCOMES,
    PRIORITIES,
    STATUSES,
    UtcDateTime,
    metadata,
)
from database.tables.deciding import audit, batch_items, batches, incident_keys, labels, predictions, replies, tickets
from database.tables.desk import accounts, api_tokens, looks, saved_views, sessions, unsent
from database.tables.listening import (
    authors,
    cursors,
    gaps,
    post_versions,
    posts,
    reads,
    run_queries,
    runs,
    store_info,
)

__all__ = [
    "BATCH_STATES",
    "CHANNELS",
    "DECISIONS",
    "ITEM_OUTCOMES",
    "LATER",
    "OUTCOMES",
    "PRIORITIES",
    "STATUSES",
    "UtcDateTime",
    "accounts",
    "api_tokens",
    "audit",
    "authors",
    "batch_items",
    "batches",
    "cursors",
    "gaps",
    "incident_keys",
    "labels",
    "looks",
    "metadata",
    "post_versions",
    "posts",
    "predictions",
    "reads",
    "replies",
    "run_queries",
    "runs",
    "saved_views",
    "sessions",
    "store_info",
    "tickets",
    "unsent",
]
