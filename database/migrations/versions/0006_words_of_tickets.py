"""Tickets found by their words: a full-text index that follows number, title, words and place of every ticket.

The store keeps it by triggers, whoever writes. A word is a run of letters and digits, whatever its case and accents.
What the databases' own parsers would make of "jl.pandanaran" or "2026-000123" differs; so SQLite splits by the classes
of Unicode, and PostgreSQL by the function below, which knows the same ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from alembic import op

revision = "0006"
down_revision = "0005"

_LONGEST_TEXT = 100_000  # letters of a ticket that are looked at; PostgreSQL takes words of one megabyte in all …
_LONGEST_WORD = 500  # … and of 2,046 bytes each


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()
    op.create_index("ix_posts_channel_id", "posts", ["channel", "id"])


# ── SQLite: which ticket holds which word, and no copy of the text ────────────────────────────────────────────────

# Emoji and signs that SQLite's Unicode is too old to know, and would take for letters.
_YOUNG_SIGNS = ((0x2065, 0x2069), (0x20BA, 0x20CF), (0x23F4, 0x23FF), (0x2B4D, 0x2BFF), (0x1F000, 0x1FAFF))


def _on_sqlite() -> None:
    signs = "".join(chr(sign) for first, last in _YOUNG_SIGNS for sign in range(first, last + 1))
    said = {row: _said(row, lambda name, row=row: f"json_extract({row}.place, '$.{name}')") for row in _ROWS}
    add = f"INSERT INTO ticket_words (rowid, words) VALUES (new.id, {said['new']});"
    remove = f"INSERT INTO ticket_words (ticket_words, rowid, words) VALUES ('delete', old.id, {said['old']});"
    op.execute(
        "CREATE VIRTUAL TABLE ticket_words USING fts5(words, content='', columnsize=0, detail=none, prefix='2 3', "
        f"tokenize=\"unicode61 remove_diacritics 2 separators '{signs}'\")"
    )
    op.execute(f"INSERT INTO ticket_words (rowid, words) SELECT id, {said['tickets']} FROM tickets")
    op.execute(f"CREATE TRIGGER ticket_words_added AFTER INSERT ON tickets BEGIN {add} END")
    op.execute(f"CREATE TRIGGER ticket_words_removed AFTER DELETE ON tickets BEGIN {remove} END")
    op.execute(
        "CREATE TRIGGER ticket_words_changed AFTER UPDATE OF number, title, text, place ON tickets "
        f"WHEN {said['old']} <> {said['new']} BEGIN {remove} {add} END"
    )


# ── PostgreSQL ────────────────────────────────────────────────────────────────────────────────────────────────────

_LETTERS = (
    r"0-9a-zªº²³¹¼½¾ß-öø-ˁ\u0370-\u1FFF\u2070-\u2089\u2150-\u218F\u2460-\u249B\u24EA-\u24FF\u2776-\u2793\u2C00-\u2DFF"
    r"\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303C\u3040-\uD7FF\uF900-\uFDFF\uFF10-\uFF19\uFF21-\uFF3A"
    r"\uFF41-\uFF5A\uFF66-\uFFDF\U00010000-\U0001EFFF\U00020000-\U0003FFFF"
)


def _on_postgresql() -> None:
    said = {row: _said(row, lambda name, row=row: f"{row}.place ->> '{name}'") for row in _ROWS}
    folded = dict(_folding())
    as_written = "".join(folded) + "".join(_accents())  # what has no counterpart is left out
    op.execute(
        "CREATE FUNCTION ticket_words_of(said TEXT) RETURNS TSVECTOR LANGUAGE sql IMMUTABLE AS $$ "
        f"SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(word, {_LONGEST_WORD}))), '') "
        f"""FROM regexp_split_to_table(translate(lower(said COLLATE "C"), '{as_written}', '{"".join(folded.values())}'), """
        f"'[^{_LETTERS}]+') AS word WHERE word <> '' $$"
    )
    op.execute(
        "CREATE TABLE ticket_words (rowid BIGINT NOT NULL, words TSVECTOR NOT NULL, "
        "CONSTRAINT pk_ticket_words PRIMARY KEY (rowid), "
        "CONSTRAINT fk_ticket_words_rowid_tickets FOREIGN KEY (rowid) REFERENCES tickets (id) ON DELETE CASCADE)"
    )
    op.execute(f"INSERT INTO ticket_words (rowid, words) SELECT id, ticket_words_of({said['tickets']}) FROM tickets")
    # Searching is to be quick at once, not after the next vacuum.
    op.execute("CREATE INDEX ix_ticket_words_words ON ticket_words USING gin (words) WITH (fastupdate = off)")
    op.execute(
        "CREATE FUNCTION ticket_words_follow() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO ticket_words (rowid, words) VALUES (new.id, ticket_words_of({said['new']})) "
        "ON CONFLICT (rowid) DO UPDATE SET words = excluded.words; RETURN NULL; END $$"
    )
    follow = "FOR EACH ROW EXECUTE FUNCTION ticket_words_follow()"
    op.execute(f"CREATE TRIGGER ticket_words_added AFTER INSERT ON tickets {follow}")
    changed = f"FOR EACH ROW WHEN ({said['old']} <> {said['new']}) EXECUTE FUNCTION ticket_words_follow()"
    op.execute(f"CREATE TRIGGER ticket_words_changed AFTER UPDATE OF number, title, text, place ON tickets {changed}")


def _folding() -> Iterator[tuple[str, str]]:
    """Latin letters with capitals or accents, and the plain small letter that each is found by."""
    yield "µ", "μ"
    for letter in map(chr, range(0xC0, 0x17F)):
        plain = unicodedata.normalize("NFD", letter.lower())[0]
        if letter.isalpha() and plain != letter:
            yield letter, plain


def _accents() -> list[str]:
    """Those that SQLite takes, standing by themselves, for a part of the letter before them."""
    return [chr(0x300 + bit) for bit in range(64) if (0x08029FDF | 0x000361F8 << 32) >> bit & 1]


# ── Both ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_ROWS = ("tickets", "old", "new")


def _said(row: str, of_place) -> str:
    """The SQL for all that a ticket is found by."""
    place = (of_place(name) for name in ("text", "detail", "kelurahan", "kecamatan", "outside"))
    parts = (f"{row}.number", f"{row}.title", f"substr({row}.text, 1, {_LONGEST_TEXT})", *place)
    return " || ' ' || ".join(f"coalesce({part}, '')" for part in parts)
