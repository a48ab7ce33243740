"""A reply that is on its way, was refused, or was not given after all: what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    states = "CONSTRAINT ck_replies_state_known CHECK (state IN ('sending', 'given', 'refused', 'withdrawn'))"
    op.execute(f"ALTER TABLE replies ADD COLUMN state VARCHAR(10) NOT NULL DEFAULT 'given' {states}")
    op.add_column("replies", sa.Column("problem", sa.Text(), nullable=True))
