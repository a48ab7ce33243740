"""Tickets found by their words, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select, text, update

from database.care import purge
from database.engine import open_store, reading, writing
from database.tables import tickets
from database.upgrade import upgrade
from tests.conftest import create_database
from tickets.lots import lot_of
from tickets.saying import SEARCHED, saying, says, words_of

POSTS = Path(__file__).parents[2] / "training_data" / "labels" / "train.csv"
AT = datetime(2026, 11, 24, 2, 40, tzinfo=UTC)


def ticket(number: int, said: str, **more: object) -> dict[str, object]:
    name = f"2026-{number:06d}"
    return {
        "id": number, "number": name, "title": "", "text": said, "decision": "route", "priority": "biasa",
        "priority_rank": 2, "model": "m", "prediction": {}, "posted_at": AT, "last_posted_at": AT, "created_at": AT,
        "updated_at": AT, "lot": lot_of(name), "place": None, **more,
    }  # fmt: skip


def found(engine: Engine, typed: str) -> list[int]:
    with reading(engine) as connection:
        return sorted(connection.execute(saying(typed)).scalars())


LAMP, FLOOD, HOLE, BIN = 1, 2, 3, 4
WORDS = {
    LAMP: "Lampu jalan mati 3 malam di Jl.Pandanaran no.12/RT03, peteng ndedet 😭lur “gelap”",
    FLOOD: "banjir di kaligawe, MOTOR mogok; énak tenan to… pompa-e ora urip🥺sepaha",
    HOLE: "Jalan berlubang@perempatan #laporhendi https://t.co/AbC1 40%",
    BIN: "sampah",
}
PLACE = {"text": "Pasar Johar", "detail": "blok C", "kelurahan": "Kauman", "kecamatan": "Semarang Tengah"}


@pytest.fixture
def store(engine: Engine) -> Engine:
    rows = [ticket(number, words) for number, words in WORDS.items()]
    rows[-1] |= {"title": "Sampah menumpuk di Pasar Johar", "place": PLACE}
    with writing(engine) as connection:
        connection.execute(insert(tickets), rows)
    return engine


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("lampu", [LAMP]),
        ("LAM", [LAMP]),  # as far as one has typed
        ("ampu", []),  # from the beginning of a word
        ("jalan", [LAMP, HOLE]),
        ("jalan mati", [LAMP]),  # all of the words
        ("mati jal", [LAMP]),  # in any order
        ("jl.pandan", [LAMP]),
        ("j.pandan", []),  # what stands before a dot is typed to its end
        ("jalan banjir", []),
        ("pandanaran", [LAMP]),
        ("rt03", [LAMP]),
        ("rt 03", []),  # as it is written
        ("12", [LAMP]),
        ("lur", [LAMP]),
        ("gelap", [LAMP]),
        ("urip", [FLOOD]),
        ("sepaha", [FLOOD]),
        ("enak", [FLOOD]),
        ("ÉNAK", [FLOOD]),
        ("pompa-e", [FLOOD]),
        ("@perempatan", [HOLE]),
        ("#laporhendi", [HOLE]),
        ("40%", [HOLE]),
        ("%", []),
        ("'\"* AND (& |", []),
        ("NOT lampu", []),  # no language of queries: three letters that nobody wrote
        ("johar menumpuk", [BIN]),  # title, words and place together
        ("kauman blok", [BIN]),
        ("semarang tengah", [BIN]),
        ("2026-000003", [HOLE]),
        ("000003", [HOLE]),
    ],
)
def test_typed_words_find_the_tickets_that_say_them(store: Engine, typed: str, numbers: list[int]) -> None:
    assert found(store, typed) == numbers


def test_the_index_follows_whatever_is_written(store: Engine) -> None:
    with writing(store) as connection:
        connection.execute(update(tickets).where(tickets.c.id == BIN).values(title="Bau busuk", place=None))
        connection.execute(update(tickets).where(tickets.c.id == LAMP).values(version=2))
        connection.execute(delete(tickets).where(tickets.c.id == HOLE))
    assert found(store, "busuk") == [BIN]
    assert found(store, "johar") == found(store, "kauman") == found(store, "berlubang") == []
    assert found(store, "lampu") == [LAMP]


def test_what_is_forgotten_cannot_be_found_any_more(store: Engine) -> None:
    with writing(store) as connection:
        closed = {"status": "selesai", "closed_at": AT - timedelta(days=90)}
        connection.execute(update(tickets).where(tickets.c.id == LAMP).values(closed))
    purge(store, AT - timedelta(days=30), AT)
    assert found(store, "ndedet") == []
    assert found(store, "2026-000001") == [LAMP]
    if store.dialect.name == "sqlite":
        assert b"ndedet" not in _index_of_words(store)


def _index_of_words(store: Engine) -> bytes:
    with reading(store) as connection:
        return b"".join(connection.execute(text("SELECT block FROM ticket_words_data")).scalars())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgresql_server: str) -> Iterator[tuple[Engine, Engine]]:
    """The same posts, as people wrote them, in a store of each kind."""
    with POSTS.open(encoding="utf-8", newline="") as file:
        rows = [ticket(number, row["text"]) for number, row in zip(range(1, 1_501), csv.DictReader(file), strict=False)]
    file_name = tmp_path_factory.mktemp("both") / "store.db"
    urls = (f"sqlite:///{file_name}", create_database(postgresql_server, "same_words"))
    for url in urls:
        upgrade(url)
    stores = (open_store(urls[0]), open_store(urls[1]))
    for store in stores:
        with writing(store) as connection:
            connection.execute(insert(tickets), rows)
    yield stores
    for store in stores:
        store.dispose()


def test_both_databases_find_the_same_in_posts_as_people_write_them(both: tuple[Engine, Engine]) -> None:
    with POSTS.open(encoding="utf-8", newline="") as file:
        words = sorted({word for row in csv.DictReader(file) for word in row["text"].split()[:3]})[::40]
    assert len(words) > 100
    for word in words:
        for typed in (word, word[:3]):
            one, other = (found(store, typed) for store in both)
            assert one == other, typed


@effort(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30))
@example("“jl.A”/№5 ½ ﷺ ㋿ ①lampu 👨‍👩‍👧🫠x e\u0301 ǅ ß İ")
def test_whatever_is_typed_is_searched_for_and_never_an_error(both: tuple[Engine, Engine], typed: str) -> None:
    for store in both:
        found(store, typed)


_SIGNS = st.one_of(
    st.characters(min_codepoint=32, max_codepoint=0x17F),
    st.characters(min_codepoint=0x2010, max_codepoint=0x2064),
    st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF),
)


@effort(max_examples=60, deadline=None)
@given(st.text(_SIGNS, min_size=1, max_size=30))
def test_a_ticket_is_found_by_each_of_its_words_however_it_was_typed(both: tuple[Engine, Engine], said: str) -> None:
    for store in both:
        with writing(store) as connection:
            connection.execute(update(tickets).where(tickets.c.id == 1).values(text=said))
    for typed in (said, *words_of(said), *(word[:2] for word in words_of(said))):
        one, other = (found(store, typed) for store in both)
        assert one == other
        assert (1 in one) == bool(words_of(typed))


def test_without_the_index_the_same_is_said(both: tuple[Engine, Engine]) -> None:
    with reading(both[0]) as connection:
        rows = connection.execute(select(*SEARCHED).order_by(tickets.c.id)).mappings().all()
    for typed in ("lampu", "jl pandan", "Sem", "2026-0001", "@", "pak wali", "é"):
        words = words_of(typed)
        assert [row["id"] for row in rows if says(row, words)] == found(both[0], typed)
