"""Tickets near in time to another one are found by an index, which holds all that they are chosen by."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    chosen_by = ["status", "category", "opd", "kecamatan", "merged_into", "withdrawn_at"]
    op.create_index("ix_tickets_posted_at", "tickets", ["posted_at", "id", *chosen_by])
