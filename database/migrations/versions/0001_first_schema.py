"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("opd", sa.String(length=40), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "authors",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("handle", sa.String(length=80), nullable=True),
        sa.Column("looked_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "source_id", name=op.f("pk_authors")),
    )
    op.create_table(
        "cursors",
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.Column("checked_to", sa.BigInteger(), nullable=False),
        sa.Column("unfinished_after", sa.BigInteger(), nullable=True),
        sa.Column("unfinished_up_to", sa.BigInteger(), nullable=True),
        sa.Column("oldest_read", sa.BigInteger(), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_cursors")),
    )
    op.create_table(
        "post_versions",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("version_id", sa.String(length=80), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("channel", "version_id", name=op.f("pk_post_versions")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asked_micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"], unique=False)
    op.create_table(
        "store_info",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_store_info")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("opd", sa.String(length=40), nullable=True),
        sa.Column("opd_p", sa.Float(), nullable=True),
        sa.Column("queue", sa.String(length=40), nullable=True),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("priority_rank", sa.Integer(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=True),
        sa.Column("kecamatan", sa.String(length=60), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("prediction", sa.JSON(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("rejection", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("edited_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", _Id, nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decision IN ('route', 'review', 'not_ours')", name=op.f("ck_tickets_decision_known")),
        sa.CheckConstraint("priority IN ('darurat', 'tinggi', 'biasa')", name=op.f("ck_tickets_priority_known")),
        sa.CheckConstraint(
            "status IN ('belum_terverifikasi', 'dalam_proses', 'selesai', 'ditolak')",
            name=op.f("ck_tickets_status_known"),
        ),
        sa.ForeignKeyConstraint(["merged_into"], ["tickets.id"], name=op.f("fk_tickets_merged_into_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index("ix_tickets_category_last_posted_at", "tickets", ["category", "last_posted_at"], unique=False)
    op.create_index("ix_tickets_opd_status", "tickets", ["opd", "status"], unique=False)
    op.create_index(
        "ix_tickets_queue",
        "tickets",
        [
            "status",
            "priority_rank",
            "posted_at",
            "id",
            "opd",
            "category",
            "kecamatan",
            "opd_p",
            "priority",
            "merged_into",
            "withdrawn_at",
        ],
        unique=False,
    )
    op.create_table(
        "audit",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("ticket_id", _Id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("undoes", _Id, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_audit_ticket_id_tickets")),
        sa.ForeignKeyConstraint(["undoes"], ["audit.id"], name=op.f("fk_audit_undoes_audit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_actor_id", "audit", ["actor", "id"], unique=False)
    op.create_index("ix_audit_ticket_id_id", "audit", ["ticket_id", "id"], unique=False)
    op.create_table(
        "gaps",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_gaps_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index("ix_gaps_run_id", "gaps", ["run_id"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("version_id", sa.String(length=80), nullable=False),
        sa.Column("author_id", sa.String(length=80), nullable=True),
        sa.Column("author_handle", sa.String(length=80), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("parent_text", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.String(length=80), nullable=True),
        sa.Column("is_repost", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("place_name", sa.Text(), nullable=True),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("first_run_id", sa.String(length=32), nullable=False),
        sa.Column("first_query", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ticket_id", _Id, nullable=True),
        sa.CheckConstraint(
            "channel IN ('x', 'whatsapp', 'sms', 'lapor', 'app', 'instagram', 'email', 'manual', 'file')",
            name=op.f("ck_posts_channel_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'drafted', 'joined', 'filtered', 'quarantined')",
            name=op.f("ck_posts_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["first_run_id"], ["runs.id"], name=op.f("fk_posts_first_run_id_runs")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_posts_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("channel", "source_id", name=op.f("uq_posts_channel_source_id")),
    )
    op.create_index("ix_posts_author_id", "posts", ["author_id"], unique=False)
    op.create_index("ix_posts_first_run_id_outcome", "posts", ["first_run_id", "outcome"], unique=False)
    op.create_index("ix_posts_outcome_id", "posts", ["outcome", "id"], unique=False)
    op.create_index("ix_posts_reply_to", "posts", ["reply_to"], unique=False)
    op.create_index("ix_posts_ticket_id_channel", "posts", ["ticket_id", "channel"], unique=False)
    op.create_table(
        "reads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("price_micros", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_reads_run_id_runs")),
        sa.PrimaryKeyConstraint("day", "kind", "source_id", name=op.f("pk_reads")),
    )
    op.create_index("ix_reads_run_id", "reads", ["run_id"], unique=False)
    op.create_table(
        "run_queries",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("after_id", sa.BigInteger(), nullable=True),
        sa.Column("up_to_id", sa.BigInteger(), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("reads_billed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_queries_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_run_queries")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", _Id, nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id_accounts")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"], unique=False)
    op.create_table(
        "incident_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", _Id, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_incident_keys_post_id_posts")),
        sa.PrimaryKeyConstraint("key", "post_id", name=op.f("pk_incident_keys")),
    )
    op.create_index("ix_incident_keys_post_id", "incident_keys", ["post_id"], unique=False)
    op.create_table(
        "labels",
        sa.Column("id", _Id, autoincrement=True, nullable=False),
        sa.Column("audit_id", _Id, nullable=False),
        sa.Column("ticket_id", _Id, nullable=False),
        sa.Column("post_id", _Id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actionable", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("opd", sa.String(length=40), nullable=True),
        sa.Column("saw_prediction", sa.Boolean(), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_labels_audit_id_audit")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_labels_post_id_posts")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_labels_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    op.create_index("ix_labels_audit_id", "labels", ["audit_id"], unique=False)
    op.create_index("ix_labels_post_id", "labels", ["post_id"], unique=False)
    op.create_index("ix_labels_ticket_id", "labels", ["ticket_id"], unique=False)
    op.create_table(
        "predictions",
        sa.Column("post_id", _Id, nullable=False),
        sa.Column("version_id", sa.String(length=80), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_predictions_post_id_posts")),
        sa.PrimaryKeyConstraint("post_id", "version_id", "model", name=op.f("pk_predictions")),
    )


def downgrade() -> None:
    op.drop_table("predictions")
    op.drop_table("labels")
    op.drop_table("incident_keys")
    op.drop_table("sessions")
    op.drop_table("run_queries")
    op.drop_table("reads")
    op.drop_table("posts")
    op.drop_table("gaps")
    op.drop_table("audit")
    op.drop_table("tickets")
    op.drop_table("store_info")
    op.drop_table("runs")
    op.drop_table("post_versions")
    op.drop_table("cursors")
    op.drop_table("authors")
    op.drop_table("accounts")
