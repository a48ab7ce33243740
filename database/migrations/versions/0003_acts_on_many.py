"""Acts on many tickets, done in pieces: which tickets each is about, and what became of every one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("batches", sa.Column("step", sa.JSON(), nullable=False, server_default="{}"))
    states = "CONSTRAINT ck_batches_state_known CHECK (state IN ('prepared', 'doing', 'done', 'undoing', 'undone'))"
    op.execute(f"ALTER TABLE batches ADD COLUMN state VARCHAR(8) NOT NULL DEFAULT 'done' {states}")
    op.add_column("batches", sa.Column("finished_at", _Time, nullable=True))
    op.create_table(
        "batch_items",
        sa.Column("batch_id", _Id, nullable=False),
        sa.Column("ticket_id", _Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("audit_id", _Id, nullable=True),
        sa.Column("why", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('refused', 'waiting', 'done', 'skipped', 'undone', 'kept')",
            name=op.f("ck_batch_items_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_batch_items_audit_id_audit")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id_batches")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_batch_items_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("batch_id", "ticket_id", name=op.f("pk_batch_items")),
    )
    op.create_index("ix_batch_items_outcome", "batch_items", ["batch_id", "outcome", "audit_id"])
    op.create_index("ix_audit_actor_batch_id_id", "audit", ["actor", "batch_id", "id"])
