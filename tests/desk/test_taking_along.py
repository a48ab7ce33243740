"""Lists as files: the same address with .csv, .xlsx or .json, the same rows in each, and no more than one may see."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

import pytest

from city import City
from database.engine import open_store, reading
from desk.formats import FORMATS
from tests.desk.conftest import Colleague, Office
from tests.desk.crowd import crowd
from tests.desk.invented import NOW
from tests.desk.test_deciding import LAMP, at
from tickets.exports import TICKET_COLUMNS, Row, ticket_row
from tickets.search import Search, every

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Rows = list[dict[str, str]]


def rows_of(colleague: Colleague, address: str, query: str = "") -> Mapping[str, Rows]:
    """What each of the three files holds, everything as text and what is empty left out."""
    pages = {}
    for ending in FORMATS:
        colleague.open(f"{address}{ending}{query}")
        assert colleague.page.status_code == 200
        assert f'{ending}"' in colleague.page.headers["content-disposition"]
        pages[ending] = colleague.page.content
    return {
        ".csv": _plain(csv.DictReader(io.StringIO(pages[".csv"].decode("utf-8-sig")))),
        ".xlsx": _plain(sheet(pages[".xlsx"])),
        ".json": _plain(json.loads(pages[".json"])),
    }


def _plain(rows: Iterator[Row] | Rows) -> Rows:
    """As a spreadsheet shows it: the apostrophe that guards a cell is not seen."""
    return [
        {name: str(value).removeprefix("'") for name, value in row.items() if value not in (None, "")} for row in rows
    ]


def sheet(file: bytes) -> Rows:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        tree = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not [*tree.iter(f"{_SHEET}f")], "no cell is a formula"
    assert not [*tree.iter(f"{_SHEET}hyperlink")]
    lines = [{cell.get("r", "").rstrip("0123456789"): _text(cell) for cell in row} for row in tree.iter(f"{_SHEET}row")]
    return [{lines[0][column]: text for column, text in line.items()} for line in lines[1:]]


def _text(cell: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in cell.iter() if part.tag in (f"{_SHEET}t", f"{_SHEET}v"))


def test_a_list_is_taken_along_as_it_is_chosen_and_harmless_to_spreadsheets(office: Office) -> None:
    ratna = at(office, LAMP)
    ratna.send("/judul", judul='=HYPERLINK("https://evil.example")')
    found = rows_of(ratna, "/antrean", "?kategori=pju")
    assert [row["id"] for row in found[".csv"]] == [row["id"] for row in found[".xlsx"]]
    for row, same in zip(found[".xlsx"], found[".json"], strict=True):
        assert float(row.pop("opd_p")) == pytest.approx(float(same.pop("opd_p")))
        assert row == same
    assert any(row["title"].startswith("=HYPERLINK") for row in found[".xlsx"])
    assert "'=HYPERLINK" in ratna.open("/antrean.csv?kategori=pju")
    assert rows_of(ratna, "/antrean", "?cari=tidakada") == {".csv": [], ".xlsx": [], ".json": []}


@pytest.mark.parametrize("order", ["", "terlama", "ragu"])
def test_it_stands_in_the_order_of_the_view(office: Office, order: str) -> None:
    ratna = office.colleague()
    found = rows_of(ratna, "/antrean", f"?urut={order}")
    for rows in found.values():
        if order == "terlama":
            assert [row["posted_at"] for row in rows] == sorted(row["posted_at"] for row in rows)
        elif order == "ragu":
            assert [float(row["opd_p"]) for row in rows] == sorted(float(row["opd_p"]) for row in rows)
        else:
            assert rows[0]["priority"] == "darurat"


@pytest.mark.parametrize("name", ["joko", "dewi", "tamu"])
def test_what_others_take_along_leads_to_no_author(office: Office, name: str) -> None:
    colleague = office.colleague(name)
    addresses = ["/antrean"] if name == "joko" else ["/antrean", "/tersaring"]
    for address in addresses:
        for rows in rows_of(colleague, address).values():
            text = json.dumps(rows)
            assert rows
            assert "contoh_" not in text
            assert "@laporsemar" not in text
            assert "x.com" not in text


def test_the_trail_what_was_set_aside_and_the_numbers_are_taken_along(office: Office) -> None:
    at(office, LAMP, "budi").send("/tolak", alasan="too_little", keterangan="tempatnya mana?")
    ratna = office.colleague()
    for rows in rows_of(ratna, "/audit", "?siapa=budi").values():
        assert [(row["actor"], row["action"], row["reason"]) for row in rows] == [("budi", "reject", "tempatnya mana?")]
        assert "too_little" in rows[0]["after"]
    for rows in rows_of(ratna, "/tersaring").values():
        assert {row["reason"] for row in rows} == {"not_a_complaint"}
        assert any("PSIS" in row["text"] for row in rows)
    for rows in rows_of(ratna, "/angka").values():
        (whole,) = [row for row in rows if row["by"] == "all"]
        of_opds = [row for row in rows if row["by"] == "opd"]
        assert int(whole["ditolak"]) == sum(int(row["ditolak"]) for row in of_opds) == 1


@pytest.mark.parametrize("ending", FORMATS)
def test_many_rows_take_no_more_memory_than_few(sqlite_url: str, city: City, ending: str) -> None:
    engine = open_store(sqlite_url)
    crowd(engine, city, NOW, count=6_000, open_drafts=2_000)
    with reading(engine) as connection:
        few = _most_memory(ending, (ticket_row(view) for view in every(connection, _DRAFTS, "urgent")))
        many = _most_memory(ending, (ticket_row(view) for view in every(connection, Search(), "urgent")))
    engine.dispose()
    assert many < 1.3 * few


_DRAFTS = Search(statuses=("belum_terverifikasi",))


def _most_memory(ending: str, rows: Iterator[Row]) -> int:
    """Bytes, while the file is written and thrown away piece by piece."""
    tracemalloc.start()
    try:
        for _ in FORMATS[ending].write(rows, TICKET_COLUMNS):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
