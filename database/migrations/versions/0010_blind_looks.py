"""Drafts that are judged without their proposal. Of those that are there already the proposal may have been seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))
