"""Find the one ticket that somebody has open among the thousands that they have seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    is_open = sa.text("opened_at IS NOT NULL")
    op.create_index("ix_looks_open", "looks", ["account_id"], sqlite_where=is_open, postgresql_where=is_open)
