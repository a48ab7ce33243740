"""What is made of posts, and what people decide: predictions, tickets, history, labels, replies."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, false

from database.tables.columns import (
    BATCH_STATES,
    DECISIONS,
    ITEM_OUTCOMES,
    LATER,
    PRIORITIES,
    REPLY_STATES,
    STATUSES,
    UtcDateTime,
    metadata,
    one_of,
    primary_key,
)

predictions = Table(
    "predictions",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("version_id", String(80), primary_key=True),
    Column("model", String(80), primary_key=True),
    Column("read_at", UtcDateTime, nullable=False),
    Column("decision", String(10), nullable=False),  # route · review · not_ours · drop
    Column("content", JSON, nullable=False),  # the prediction as `python -m classifier predict` prints it
    Column("shadow", Boolean, nullable=False, default=False),  # of a candidate that reads along, without effect
)

tickets = Table(
    "tickets",
    metadata,
    primary_key(),
    Column("number", String(24), unique=True),  # what people call it
    Column("status", String(20), nullable=False, default="belum_terverifikasi"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),  # the citizen's words: those of the earliest post
    Column("decision", String(10), nullable=False),
    Column("category", String(40)),
    Column("opd", String(40)),  # code of an OPD, or of another authority when not ours
    Column("opd_p", Float),
    Column("queue", String(40)),  # whose queue it stands in: an OPD, or empty for the city's
    Column("priority", String(8), nullable=False),
    Column("priority_rank", Integer, nullable=False),  # 0 darurat · 1 tinggi · 2 biasa: what the queue is sorted by
    Column("place", JSON),
    Column("kecamatan", String(60)),
    Column("model", String(80), nullable=False),
    Column("prediction", JSON, nullable=False),  # of the earliest post: what the desk shows as reasons
    Column("posted_at", UtcDateTime, nullable=False),  # of the earliest post
    Column("last_posted_at", UtcDateTime, nullable=False),
    Column("post_count", Integer, nullable=False, default=1),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("answered_at", UtcDateTime),  # when an account of the city first answered one of its posts
    Column("closed_at", UtcDateTime),
    Column("condition", Text),  # selesai bersyarat
    Column("rejection", String(20)),  # no_complaint · not_ours · too_little
    Column("reason", Text),
    Column("edited_since", UtcDateTime),  # a post of it was edited or removed after the verdict
    Column("merged_into", ForeignKey("tickets.id")),  # its number points on; counted nowhere
    Column("withdrawn_at", UtcDateTime),  # a draft whose last post left it; counted nowhere
    # What a person has set on a draft ({column: value}); no new reading of its posts overrides it.
    Column("chosen", JSON, nullable=False, default=dict),
    Column("by_hand", Boolean, nullable=False, default=False),  # a person chose its posts; no reading moves them
    Column("repeated", Integer, nullable=False, default=0),  # reposts, and quotes with no complaint of their own
    # Drawn once, 0 to 9,999: who is shown without its proposal, and who is asked about twice (`tickets.lots`).
    Column("lot", Integer, nullable=False),
    # Shown without its proposal until its first verdict. No undoing makes it so again: the proposal was seen by then.
    Column("blind", Boolean, nullable=False, server_default=false()),
    Column("later", String(12)),  # put off, and why: ask_opd · photo · unsure
    Column("later_until", UtcDateTime),
    Column("tag", String(40)),  # a word of the desk's own
    Column("version", Integer, nullable=False, default=1),  # grows with each change: two people cannot overwrite
    one_of("status", STATUSES),
    one_of("decision", DECISIONS),
    one_of("priority", PRIORITIES),
    one_of("later", LATER),
    # The order of the queue, and all that its filters count by: a list of ten thousand is counted in the index alone.
    Index(
        "ix_tickets_queue",
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
    ),
    # What else happened then: all that similar tickets are chosen by.
    Index(
        "ix_tickets_posted_at",
        "posted_at",
        "id",
        "status",
        "category",
        "opd",
        "kecamatan",
        "merged_into",
        "withdrawn_at",
    ),
    Index("ix_tickets_opd_status", "opd", "status"),
    Index("ix_tickets_later_until", "later_until"),
    Index("ix_tickets_category_last_posted_at", "category", "last_posted_at"),
)

# Which posts of drafts may tell of one event: two that do share a key (a hash of a place, an author, … and the days).
incident_keys = Table(
    "incident_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Index("ix_incident_keys_post_id", "post_id"),
)

# One act on many tickets: each has its own line of history, and all are taken back together.
batches = Table(
    "batches",
    metadata,
    primary_key(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(20), nullable=False),
    Column("query", Text, nullable=False),  # the filter of the list, as its address
    Column("count", Integer, nullable=False),  # how many tickets it is to change; once done, how many it changed
    Column("reason", Text),
    Column("undone_at", UtcDateTime),
    Column("step", JSON, nullable=False, default=dict),  # what is done to each, with all that the step says
    Column("state", String(8), nullable=False, default="prepared"),
    Column("finished_at", UtcDateTime),
    one_of("state", BATCH_STATES),
    Index("ix_batches_actor_id", "actor", "id"),
)

# Which tickets a batch is about, as they were when it was looked at, and what became of each.
batch_items = Table(
    "batch_items",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("audit_id", ForeignKey("audit.id")),  # the line of what was done
    Column("why", JSON(none_as_null=True)),  # why not: the code of a refusal, and its parameters
    one_of("outcome", ITEM_OUTCOMES),
    Index("ix_batch_items_outcome", "batch_id", "outcome", "audit_id"),
)

audit = Table(
    "audit",
    metadata,
    primary_key(),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),  # an account's name, or "simak"
    Column("origin", String(80), nullable=False),  # desk · cli · listener · api, with the address where there is one
    Column("action", String(20), nullable=False),
    Column("before", JSON, nullable=False),  # only what changed
    Column("after", JSON, nullable=False),
    Column("reason", Text),
    Column("model", String(80)),
    Column("undoes", ForeignKey("audit.id")),
    Column("batch_id", ForeignKey("batches.id")),
    Index("ix_audit_ticket_id_id", "ticket_id", "id"),
    Index("ix_audit_actor_id", "actor", "id"),
    Index("ix_audit_batch_id", "batch_id"),
    # What a person did one by one, newest first, past all that they did in batches.
    Index("ix_audit_actor_batch_id_id", "actor", "batch_id", "id"),
)

labels = Table(
    "labels",
    metadata,
    primary_key(),
    Column("audit_id", ForeignKey("audit.id"), nullable=False),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reviewer", String(80), nullable=False),
    Column("text", Text, nullable=False),  # as it was that day
    Column("actionable", Boolean, nullable=False),
    Column("category", String(40)),
    Column("opd", String(40)),
    Column("priority", String(10)),  # said by itself, beside the verdicts
    Column("saw_prediction", Boolean, nullable=False),
    Column("model", String(80)),
    Column("withdrawn_at", UtcDateTime),  # the verdict was undone
    Index("ix_labels_ticket_id", "ticket_id"),
    Index("ix_labels_post_id", "post_id"),
    Index("ix_labels_audit_id", "audit_id"),
)

replies = Table(
    "replies",
    metadata,
    primary_key(),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("occasion", String(12), nullable=False),  # accepted · closed · not_ours · …
    Column("way", String(12), nullable=False),  # clipboard · x
    Column("text", Text, nullable=False),
    Column("source_id", String(80)),  # of the reply, where the source told it
    Column("told_channels", Boolean, nullable=False, default=False),  # the official channels stood in it
    # sending (if the answer is lost, it stays so) · given · refused · withdrawn
    Column("state", String(10), nullable=False, default="given"),
    Column("problem", Text),  # why it was refused
    one_of("state", REPLY_STATES),
    Index("ix_replies_ticket_id", "ticket_id"),
    Index("ix_replies_post_id", "post_id"),
)
