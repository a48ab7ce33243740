"""Drafts that were put off come back by themselves: which are due is found at once."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("ix_tickets_later_until", "tickets", ["later_until"])
