"""The first schema.

Made from the tables as they stand while nothing is deployed yet; written out before the first release.
"""

from __future__ import annotations

from alembic import op

from database.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
