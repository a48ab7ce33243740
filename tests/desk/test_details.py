"""What stands beside a citizen's words: since when their account is there, what they answered, how many told of it."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from database.engine import writing
from database.tables import authors
from tests.desk.conftest import Office
from tests.desk.invented import BY_TEXT, NOW, Invented
from tests.desk.test_deciding import FLOOD, LAMP, at, number_of
from tests.desk.test_presence import row_of


def joined(office: Office, author: str, days: int) -> None:
    row = {"channel": "x", "source_id": author, "handle": author, "looked_up_at": NOW}
    with writing(office.store.engine) as connection:
        connection.execute(authors.insert().values(**row, joined_at=NOW - timedelta(days=days)))


def source_id(office: Office, words: str) -> str:
    return str(next(post["source_id"] for post in office.store.posts() if words in (post["text"] or "")))


@pytest.mark.parametrize(("days", "told"), [(3000, "akun sejak Sep 2018"), (3, "akun baru: 3 hari")])
def test_the_age_of_an_account_is_told_to_whom_may_know_its_owner(office: Office, days: int, told: str) -> None:
    joined(office, "contoh_118", days)
    assert told in at(office, FLOOD).page.text
    for name in ("joko", "dewi", "tamu"):
        page = at(office, FLOOD, name).page.text
        assert "akun sejak" not in page
        assert "akun baru" not in page


def test_where_the_source_does_not_tell_an_accounts_age_nothing_is_said(office: Office) -> None:
    assert "akun" not in re.findall(r"<figcaption>.*?</figcaption>", at(office, FLOOD).page.text, re.DOTALL)[0]


def test_what_a_post_answers_or_quotes_is_shown_and_leads_there(office: Office) -> None:
    answer = Invented("di sini juga, got mampet", "contoh_301", 0, "drainase_banjir", {"dpu": 0.9})
    BY_TEXT[answer.text] = answer
    parent = "Banjir di Tlogosari @budi"
    office.store.post(answer.text, answer.author, created_at=NOW, reply_to="7001", parent_text=parent)
    office.store.read()
    found = re.search(r'<p class="parent">.*?</p>', at(office, "got mampet").page.text)
    assert found is not None
    assert "Banjir di Tlogosari @budi" in found[0]
    assert 'href="https://x.com/i/status/7001"' in found[0]
    for name in ("dewi", "tamu"):
        page = at(office, "got mampet", name).page.text
        assert "Banjir di Tlogosari ▇▇▇" in page
        assert "7001" not in page


def test_photos_are_links_that_say_what_they_are_and_nothing_is_loaded_from_elsewhere(office: Office) -> None:
    page = at(office, FLOOD).page.text
    assert re.findall(r'<a href="https://pbs\.[^"]+"[^>]*>(Foto \d dari \d)</a>', page) == [
        "Foto 1 dari 2",
        "Foto 2 dari 2",
    ]
    assert not re.search(r'<img[^>]+src="https?:', page)
    assert "pbs." not in at(office, FLOOD, "joko").page.text


def test_people_are_counted_not_posts(office: Office) -> None:
    flood = number_of(office, FLOOD)
    assert "3 pelapor" in row_of(office.colleague().open("/antrean"), flood)
    first = next(post for post in office.store.posts() if "terboyo" in (post["text"] or ""))
    office.store.post(first["text"], first["author_handle"], created_at=NOW)
    office.store.read()
    page = at(office, FLOOD).page.text
    assert page.count("<blockquote>") >= 4
    assert "3 pelapor" in row_of(page, flood)
    assert re.search(r"<span>3 pelapor</span>", page)


def test_how_often_a_matter_was_passed_on_is_told_in_list_draft_and_file(office: Office) -> None:
    lamp = source_id(office, LAMP)
    for number in range(2):
        office.store.post("RT", f"penerus_{number}", created_at=NOW, is_repost=True, repeats=lamp)
    office.store.read()
    page = at(office, LAMP).page.text
    assert "diulang 2 kali" in row_of(page, number_of(office, LAMP))
    assert "<span>diulang 2 kali</span>" in page
    assert "diulang" not in row_of(page, number_of(office, FLOOD))
    rows = csv.DictReader(io.StringIO(office.colleague().open("/antrean.csv").lstrip("\ufeff")))
    told = {row["id"]: (row["reporters"], row["repeated"]) for row in rows}
    assert (told[number_of(office, LAMP)], told[number_of(office, FLOOD)]) == (("1", "2"), ("3", "0"))
