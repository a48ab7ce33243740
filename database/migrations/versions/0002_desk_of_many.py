"""A desk that many people work at: acts on many tickets, drafts put off, replies, views, tokens, lots, shadows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Time = sa.DateTime(timezone=True)


# Columns are added in place, never by copying a table: so the SQL can be read first, and a large store upgrades at once.
# What old rows get as a default stays in the store; new rows always bring their own.
def upgrade() -> None:
    _make_tables()
    op.add_column("posts", sa.Column("repeats", sa.String(length=80), nullable=True))
    op.create_index("ix_posts_repeats", "posts", ["repeats"])
    op.add_column("authors", sa.Column("joined_at", _Time, nullable=True))
    op.add_column("predictions", sa.Column("shadow", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tickets", sa.Column("repeated", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tickets", sa.Column("lot", sa.Integer(), nullable=False, server_default="0"))
    # A prime far from the number of lots spreads the tickets that are already there.
    # (The remainder is written out: a "%" would stand doubled in SQL that is printed to be read.)
    op.execute("UPDATE tickets SET lot = id * 7919 - id * 7919 / 10000 * 10000")
    later = "CONSTRAINT ck_tickets_later_known CHECK (later IN ('ask_opd', 'photo', 'unsure'))"
    op.execute(f"ALTER TABLE tickets ADD COLUMN later VARCHAR(12) {later}")
    op.add_column("tickets", sa.Column("later_until", _Time, nullable=True))
    op.add_column("tickets", sa.Column("tag", sa.String(length=40), nullable=True))
    number = "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"
    batch = "CONSTRAINT fk_audit_batch_id_batches REFERENCES batches (id)"
    op.execute(f"ALTER TABLE audit ADD COLUMN batch_id {number} {batch}")
    op.create_index("ix_audit_batch_id", "audit", ["batch_id"])


def _make_tables() -> None:
    op.create_table(
        "batches",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("at", _Time, nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("undone_at", _Time, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_actor_id", "batches", ["actor", "id"])
    op.create_table(
        "replies",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("ticket_id", _Id, nullable=False),
        sa.Column("post_id", _Id, nullable=False),
        sa.Column("at", _Time, nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.Column("told_channels", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_replies_ticket_id_tickets")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_replies_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
    )
    op.create_index("ix_replies_ticket_id", "replies", ["ticket_id"])
    op.create_index("ix_replies_post_id", "replies", ["post_id"])
    op.create_table(
        "api_tokens",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("account_id", _Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", _Time, nullable=False),
        sa.Column("expires_at", _Time, nullable=True),
        sa.Column("last_used_at", _Time, nullable=True),
        sa.Column("revoked_at", _Time, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index("ix_api_tokens_account_id", "api_tokens", ["account_id"])
    op.create_table(
        "looks",
        sa.Column("account_id", _Id, nullable=False),
        sa.Column("ticket_id", _Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_looks_account_id_accounts")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_looks_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("account_id", "ticket_id", name=op.f("pk_looks")),
    )
    op.create_index("ix_looks_ticket_id_at", "looks", ["ticket_id", "at"])
    op.create_table(
        "unsent",
        sa.Column("account_id", _Id, nullable=False),
        sa.Column("ticket_id", _Id, nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("saved_at", _Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_unsent_account_id_accounts")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_unsent_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("account_id", "ticket_id", "form", name=op.f("pk_unsent")),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("account_id", _Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", _Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
    )
