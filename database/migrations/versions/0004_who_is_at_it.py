"""Who has a ticket open: since when, whether it was taken over, and which line of its history was the newest then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("looks", sa.Column("line", number, nullable=False, server_default="0"))
    op.add_column("looks", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("looks", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
