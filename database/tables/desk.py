"""The people at the desk: accounts, sessions, and what each has open."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from database.tables.columns import Id, UtcDateTime, metadata, primary_key

accounts = Table(
    "accounts",
    metadata,
    primary_key(),
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

api_tokens = Table(
    "api_tokens",
    metadata,
    primary_key(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String(80), nullable=False),  # what uses it
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Index("ix_api_tokens_account_id", "account_id"),
)

_IS_OPEN = text("opened_at IS NOT NULL")
# Who had which ticket open last, and how it was then: tells what changed since, and who is at it just now.
looks = Table(
    "looks",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("line", Id, nullable=False, default=0),  # the newest line of its history then
    Column("at", UtcDateTime, nullable=False),  # the last sign of life
    Column("opened_at", UtcDateTime),  # empty once it was left for another
    Column("taken_at", UtcDateTime),  # when it was taken over from somebody who had it open before
    Index("ix_looks_ticket_id_at", "ticket_id", "at"),
    # The one or two that are open, of the thousands that a person has seen.
    Index("ix_looks_open", "account_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
)

# Words typed into a form and not sent yet: nobody else's act touches them.
unsent = Table(
    "unsent",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("form", String(20), primary_key=True),
    Column("words", JSON, nullable=False),  # {field: text}
    Column("saved_at", UtcDateTime, nullable=False),
)

saved_views = Table(
    "saved_views",
    metadata,
    primary_key(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("query", Text, nullable=False),  # the address of the list, after the "?"
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "name"),
)
