"""What else changes with a category is said on the page, at once."""

from __future__ import annotations

import pytest

from tests.desk.conftest import Colleague, Office
from tests.desk.test_deciding import FLOOD, LAMP, WIRE, _forms, at, number_of


def corrected(office: Office, words: str, category: str, name: str = "ratna") -> Colleague:
    colleague = at(office, words, name)
    fields = next(fields for sent_to, fields in _forms(colleague) if sent_to.endswith("/ubah"))
    fields = {name: value for name, value in fields.items() if name != "opd"}
    address = f"/tiket/{number_of(office, words)}/ubah"
    colleague.page = colleague.client.post(address, data=fields | {"kategori": category})
    return colleague


def test_another_category_brings_another_deadline_and_other_words(office: Office) -> None:
    page = corrected(office, LAMP, "jalan_rusak").page.text
    assert "Ikut berubah: tenggat 24 jam → 5 hari kerja, teks balasan untuk warga berganti." in page
    assert "tenggat OPD 5 hari kerja" in page
    page = corrected(office, LAMP, "pju").page.text
    assert "Ikut berubah: tenggat 5 hari kerja → 24 jam, teks balasan untuk warga berganti." in page


def test_where_nothing_else_changes_nothing_is_said(office: Office) -> None:
    page = corrected(office, FLOOD, "jalan_rusak").page.text
    assert "diubah" in page
    assert "Ikut berubah" not in page


def test_the_deadline_stands_beside_the_category_while_it_runs(office: Office) -> None:
    assert "tenggat OPD 24 jam" in at(office, LAMP).page.text
    assert "tenggat OPD" not in at(office, WIRE).page.text, "what is not ours has no deadline of ours"
    at(office, LAMP).send("/tolak", alasan="too_little")
    assert "tenggat OPD" not in at(office, LAMP).page.text


@pytest.mark.parametrize("category", ["pju", "jalan_rusak"])
def test_the_answer_that_is_drafted_follows(office: Office, category: str) -> None:
    corrected(office, LAMP, "jalan_rusak")
    if category == "pju":
        corrected(office, LAMP, "pju")
    at(office, LAMP).send("/terima")
    ratna = office.colleague()
    draft = ratna.open(f"/tiket/{number_of(office, LAMP)}/balas")
    assert ("24 jam" in draft) == (category == "pju")
    assert ("5 hari kerja" in draft) == (category != "pju")
