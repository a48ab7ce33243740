"""A blind draft is not found by its title: that names the category that the model proposes.

Its number, words and place stay in the index; with its verdict the title comes in.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

_LONGEST_TEXT = 100_000  # as in 0006


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    def place(row: str):
        return lambda name: f"json_extract({row}.place, '$.{name}')"

    said = {row: _said(row, place(row)) for row in ("tickets", "old", "new")}
    add = f"INSERT INTO ticket_words (rowid, words) VALUES (new.id, {said['new']});"
    remove = f"INSERT INTO ticket_words (ticket_words, rowid, words) VALUES ('delete', old.id, {said['old']});"
    for trigger in ("added", "removed", "changed"):
        op.execute(f"DROP TRIGGER ticket_words_{trigger}")
    with_title = _said("tickets", place("tickets"), title="coalesce(tickets.title, '')")
    op.execute(
        "INSERT INTO ticket_words (ticket_words, rowid, words) "
        f"SELECT 'delete', id, {with_title} FROM tickets WHERE blind"
    )
    op.execute(f"INSERT INTO ticket_words (rowid, words) SELECT id, {said['tickets']} FROM tickets WHERE blind")
    op.execute(f"CREATE TRIGGER ticket_words_added AFTER INSERT ON tickets BEGIN {add} END")
    op.execute(f"CREATE TRIGGER ticket_words_removed AFTER DELETE ON tickets BEGIN {remove} END")
    op.execute(
        "CREATE TRIGGER ticket_words_changed AFTER UPDATE OF number, title, text, place, blind ON tickets "
        f"WHEN {said['old']} <> {said['new']} BEGIN {remove} {add} END"
    )


def _on_postgresql() -> None:
    def place(row: str):
        return lambda name: f"{row}.place ->> '{name}'"

    said = {row: _said(row, place(row)) for row in ("tickets", "old", "new")}
    op.execute("DROP TRIGGER ticket_words_changed ON tickets")
    op.execute(
        "CREATE OR REPLACE FUNCTION ticket_words_follow() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO ticket_words (rowid, words) VALUES (new.id, ticket_words_of({said['new']})) "
        "ON CONFLICT (rowid) DO UPDATE SET words = excluded.words; RETURN NULL; END $$"
    )
    changed = f"FOR EACH ROW WHEN ({said['old']} <> {said['new']}) EXECUTE FUNCTION ticket_words_follow()"
    op.execute(
        f"CREATE TRIGGER ticket_words_changed AFTER UPDATE OF number, title, text, place, blind ON tickets {changed}"
    )
    op.execute(
        f"UPDATE ticket_words SET words = ticket_words_of({said['tickets']}) FROM tickets "
        "WHERE tickets.id = ticket_words.rowid AND tickets.blind"
    )


def _said(row: str, of_place, *, title: str = "") -> str:
    """The SQL for all that a ticket is found by."""
    shown = title or f"CASE WHEN {row}.blind THEN '' ELSE coalesce({row}.title, '') END"
    place = (of_place(name) for name in ("text", "detail", "kelurahan", "kecamatan", "outside"))
    parts = (f"substr({row}.text, 1, {_LONGEST_TEXT})", *place)
    rest = " || ' ' || ".join(f"coalesce({part}, '')" for part in parts)
    return f"coalesce({row}.number, '') || ' ' || {shown} || ' ' || {rest}"
