"""Every table of the store.

Posts come in through `listener`, predictions and tickets through `tickets`, accounts and sessions through `desk`.
Times are aware UTC; ids of X are 64-bit; money is whole millionths of a dollar, so that sums are exact everywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CHANNELS = ("x", "whatsapp", "sms", "lapor", "app", "instagram", "email", "manual", "file")
OUTCOMES = ("waiting", "drafted", "joined", "filtered", "quarantined")
STATUSES = ("belum_terverifikasi", "dalam_proses", "selesai", "ditolak")
DECISIONS = ("route", "review", "not_ours")
PRIORITIES = ("darurat", "tinggi", "biasa")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the store. A time without a zone is refused, not guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; pass an aware datetime")
        return value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=f"{column}_known")


# BigInteger everywhere but for SQLite, which counts up by itself only in a column declared INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")


def _primary_key() -> Column[Any]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


store_info = Table(
    "store_info",
    metadata,
    Column("key", String(40), primary_key=True),  # "kind": whose posts these are, "demo" or "real"
    Column("value", Text, nullable=False),
)

# ── Listening ─────────────────────────────────────────────────────────────────────────────────────────────────────

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
    _primary_key(),
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
    _primary_key(),
    Column("channel", String(12), nullable=False),
    Column("source_id", String(80), nullable=False),  # the first version's id; "sha256:…" where the source gives none
    Column("version_id", String(80), nullable=False),
    Column("author_id", String(80)),
    Column("author_handle", String(80)),  # as the source wrote it; X's is looked up, see `authors`
    Column("text", Text),  # empty once removed, or if unreadable
    Column("parent_text", Text),  # of the post this one answers or quotes
    Column("reply_to", String(80)),  # source id of the post this one answers
    Column("is_repost", Boolean, nullable=False, default=False),
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
    _one_of("channel", CHANNELS),
    _one_of("outcome", OUTCOMES),
    Index("ix_posts_first_run_id_outcome", "first_run_id", "outcome"),
    Index("ix_posts_outcome_id", "outcome", "id"),
    Index("ix_posts_ticket_id_channel", "ticket_id", "channel"),
    Index("ix_posts_author_id", "author_id"),
    Index("ix_posts_reply_to", "reply_to"),
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
)

# ── Reading and deciding ──────────────────────────────────────────────────────────────────────────────────────────

predictions = Table(
    "predictions",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("version_id", String(80), primary_key=True),
    Column("model", String(80), primary_key=True),
    Column("read_at", UtcDateTime, nullable=False),
    Column("decision", String(10), nullable=False),  # route · review · not_ours · drop
    Column("content", JSON, nullable=False),  # the prediction as `python -m classifier predict` prints it
)

tickets = Table(
    "tickets",
    metadata,
    _primary_key(),
    Column("number", String(24), unique=True),  # what people call it
    Column("status", String(20), nullable=False, default="belum_terverifikasi"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),  # the citizen's words: those of the earliest post
    Column("decision", String(10), nullable=False),
    Column("category", String(40)),
    Column("opd", String(40)),  # code of an OPD, or of another authority when not ours
    Column("opd_p", Float),
    Column("queue", String(40)),  # whose queue it stands in: an OPD, or empty for the city's
    Column("priority", String(8), nullable=False),
    Column("priority_rank", Integer, nullable=False),  # 0 darurat · 1 tinggi · 2 biasa: what the queue is sorted by
    Column("place", JSON),
    Column("kecamatan", String(60)),
    Column("model", String(80), nullable=False),
    Column("prediction", JSON, nullable=False),  # of the earliest post: what the desk shows as reasons
    Column("posted_at", UtcDateTime, nullable=False),  # of the earliest post
    Column("last_posted_at", UtcDateTime, nullable=False),
    Column("post_count", Integer, nullable=False, default=1),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("answered_at", UtcDateTime),  # when an account of the city first answered one of its posts
    Column("closed_at", UtcDateTime),
    Column("condition", Text),  # selesai bersyarat
    Column("rejection", String(20)),  # no_complaint · not_ours · too_little
    Column("reason", Text),
    Column("edited_since", UtcDateTime),  # a post of it was edited or removed after the verdict
    Column("merged_into", ForeignKey("tickets.id")),  # its number points on; counted nowhere
    Column("withdrawn_at", UtcDateTime),  # a draft whose last post left it; counted nowhere
    # What a person has set on a draft ({column: value}); no new reading of its posts overrides it.
    Column("chosen", JSON, nullable=False, default=dict),
    Column("by_hand", Boolean, nullable=False, default=False),  # a person chose its posts; no reading moves them
    Column("version", Integer, nullable=False, default=1),  # grows with each change: two people cannot overwrite
    _one_of("status", STATUSES),
    _one_of("decision", DECISIONS),
    _one_of("priority", PRIORITIES),
    # The order of the queue, and all that its filters count by: a list of ten thousand is counted in the index alone.
    Index(
        "ix_tickets_queue",
        "status",
        "priority_rank",
        "posted_at",
        "id",
        "opd",
        "category",
        "kecamatan",
        "opd_p",
        "priority",
        "merged_into",
        "withdrawn_at",
    ),
    Index("ix_tickets_opd_status", "opd", "status"),
    Index("ix_tickets_category_last_posted_at", "category", "last_posted_at"),
)

# Which posts of drafts may tell of one event: two that do share a key (a hash of a place, an author, … and the days).
incident_keys = Table(
    "incident_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Index("ix_incident_keys_post_id", "post_id"),
)

audit = Table(
    "audit",
    metadata,
    _primary_key(),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),  # an account's name, or "simak"
    Column("origin", String(80), nullable=False),  # desk · cli · listener · api, with the address where there is one
    Column("action", String(20), nullable=False),
    Column("before", JSON, nullable=False),  # only what changed
    Column("after", JSON, nullable=False),
    Column("reason", Text),
    Column("model", String(80)),
    Column("undoes", ForeignKey("audit.id")),
    Index("ix_audit_ticket_id_id", "ticket_id", "id"),
    Index("ix_audit_actor_id", "actor", "id"),
)

labels = Table(
    "labels",
    metadata,
    _primary_key(),
    Column("audit_id", ForeignKey("audit.id"), nullable=False),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reviewer", String(80), nullable=False),
    Column("text", Text, nullable=False),  # as it was that day
    Column("actionable", Boolean, nullable=False),
    Column("category", String(40)),
    Column("opd", String(40)),
    Column("saw_prediction", Boolean, nullable=False),
    Column("model", String(80)),
    Column("withdrawn_at", UtcDateTime),  # the verdict was undone
    Index("ix_labels_ticket_id", "ticket_id"),
    Index("ix_labels_post_id", "post_id"),
    Index("ix_labels_audit_id", "audit_id"),
)

# ── The desk's accounts ───────────────────────────────────────────────────────────────────────────────────────────

accounts = Table(
    "accounts",
    metadata,
    _primary_key(),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(12), nullable=False),  # city_admin · opd_admin · data_team · viewer
    Column("opd", String(40)),  # of an opd_admin
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # SHA-256 of the cookie: the store alone logs nobody in
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_sessions_account_id", "account_id"),
)
