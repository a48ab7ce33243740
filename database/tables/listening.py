"""What the listener writes: runs and their searches, cursors, gaps, money, posts and their authors."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from database.tables.columns import CHANNELS, OUTCOMES, UtcDateTime, metadata, one_of, primary_key

store_info = Table(
    "store_info",
    metadata,
    Column("key", String(40), primary_key=True),  # "kind": whose posts these are, "demo" or "real"
    Column("value", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(10), nullable=False),  # "search": the hourly run · "import": a file or another channel
    Column("channel", String(12), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),  # empty: running, or killed
    Column("status", String(10)),  # complete · partial · failed
    Column("errors", JSON, nullable=False, default=list),  # [{"kind", "message"}]
    Column("read", Integer, nullable=False, default=0),  # posts that this run read, of any run
    # What the page being asked for may cost. Written before asking, cleared with the page: what a kill leaves here
    # may have been billed, and counts as spent.
    Column("asked_on", Date),
    Column("asked_micros", BigInteger, nullable=False, default=0),
    Index("ix_runs_started_at", "started_at"),
)

run_queries = Table(
    "run_queries",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("query", Text, nullable=False),  # the search, or the name of the file
    Column("terms", JSON, nullable=False, default=list),
    Column("after_id", BigInteger),  # the window: ids greater than this …
    Column("up_to_id", BigInteger),  # … up to and including this
    Column("finished", Boolean, nullable=False, default=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("seen", Integer, nullable=False, default=0),
    Column("duplicate", Integer, nullable=False, default=0),
    Column("updated", Integer, nullable=False, default=0),
    Column("reads_billed", Integer, nullable=False, default=0),
)

cursors = Table(
    "cursors",
    metadata,
    Column("term", String(200), primary_key=True),
    Column("read_to", BigInteger, nullable=False),  # every post of the term up to this id is stored
    Column("checked_to", BigInteger, nullable=False),  # up to here, what has gone since was looked for, too
    # A window that was begun and not read to its end; it is finished before a new one is begun.
    Column("unfinished_after", BigInteger),
    Column("unfinished_up_to", BigInteger),
    Column("oldest_read", BigInteger),  # pages come newest first: what is older is still missing
    Column("is_first", Boolean, nullable=False, default=False),  # that window is the term's first
)

gaps = Table(
    "gaps",
    metadata,
    primary_key(),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("term", String(200), nullable=False),
    Column("from_at", UtcDateTime, nullable=False),
    Column("to_at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_gaps_run_id", "run_id"),
)

reads = Table(
    "reads",
    metadata,
    Column("day", Date, primary_key=True),  # UTC: X bills a thing once a UTC day
    Column("kind", String(4), primary_key=True),  # post · user
    Column("source_id", String(80), primary_key=True),
    Column("run_id", ForeignKey("runs.id")),
    Column("price_micros", BigInteger, nullable=False),  # the price of that day
    Index("ix_reads_run_id", "run_id"),
)

posts = Table(
    "posts",
    metadata,
    primary_key(),
    Column("channel", String(12), nullable=False),
    Column("source_id", String(80), nullable=False),  # the first version's id; "sha256:…" where the source gives none
    Column("version_id", String(80), nullable=False),
    Column("author_id", String(80)),
    Column("author_handle", String(80)),  # as the source wrote it; X's is looked up, see `authors`
    Column("text", Text),  # empty once removed, or if unreadable
    Column("parent_text", Text),  # of the post this one answers or quotes
    Column("reply_to", String(80)),  # source id of the post this one answers
    Column("is_repost", Boolean, nullable=False, default=False),
    Column("repeats", String(80)),  # source id of the post that this one reposts or quotes
    Column("language", String(12)),
    Column("place_name", Text),
    Column("media", JSON, nullable=False, default=list),  # addresses
    Column("url", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),  # when a newer version was captured
    Column("removed_at", UtcDateTime),  # when the source no longer had it; text, media and payload are gone then
    Column("payload", LargeBinary),  # as it came
    Column("first_run_id", ForeignKey("runs.id"), nullable=False),
    Column("first_query", Integer, nullable=False),  # position in run_queries
    Column("outcome", String(12), nullable=False, default="waiting"),
    Column("reason", Text),  # why it was filtered or quarantined
    Column("ticket_id", ForeignKey("tickets.id")),
    UniqueConstraint("channel", "source_id"),
    one_of("channel", CHANNELS),
    one_of("outcome", OUTCOMES),
    Index("ix_posts_first_run_id_outcome", "first_run_id", "outcome"),
    Index("ix_posts_outcome_id", "outcome", "id"),
    Index("ix_posts_ticket_id_channel", "ticket_id", "channel"),
    Index("ix_posts_channel_id", "channel", "id"),
    Index("ix_posts_author_id", "author_id"),
    Index("ix_posts_reply_to", "reply_to"),
    Index("ix_posts_repeats", "repeats"),
)

post_versions = Table(
    "post_versions",
    metadata,
    Column("channel", String(12), primary_key=True),
    Column("version_id", String(80), primary_key=True),  # each id a post was given later, when it was edited …
    Column("source_id", String(80), nullable=False),  # … and posts.source_id, by which it is stored
)

authors = Table(
    "authors",
    metadata,
    Column("channel", String(12), primary_key=True),
    Column("source_id", String(80), primary_key=True),
    Column("handle", String(80)),  # empty: the source would not say
    Column("looked_up_at", UtcDateTime, nullable=False),
    Column("joined_at", UtcDateTime),  # when the account was opened, where the source tells
)
