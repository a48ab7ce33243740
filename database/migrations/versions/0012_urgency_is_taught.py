"""What people say of a ticket's urgency is a label, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("labels", sa.Column("priority", sa.String(10)))
