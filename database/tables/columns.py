"""What all tables share: names of constraints, kinds of columns, and the codes that columns may hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Dialect, Integer, MetaData, TypeDecorator

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
LATER = ("ask_opd", "photo", "unsure")
REPLY_STATES = ("sending", "given", "refused", "withdrawn")
BATCH_STATES = ("prepared", "doing", "done", "undoing", "undone")
# Of a ticket in a batch: it could not be done from the first, is to be done, was done, had changed since it was looked
# at; was brought back, or was left as somebody made it since.
ITEM_OUTCOMES = ("refused", "waiting", "done", "skipped", "undone", "kept")


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


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=f"{column}_known")


# BigInteger everywhere but for SQLite, which counts up by itself only in a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def primary_key() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)
