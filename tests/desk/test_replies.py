"""Answering citizens at the desk: offered quietly, edited, copied or sent, and marked; as a browser without scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from database.engine import reading
from database.tables import replies
from tests.desk.conftest import Colleague, Forms, Office
from tests.desk.test_deciding import FLOOD, LAMP, WIRE, at, number_of, ticket

MENTION = "mohon pompa dicek @laporsemar"  # of the three who wrote of the flood, the one who mentioned us


@dataclass(frozen=True)
class Sent:
    """What a sender says came of it."""

    source_id: str | None = None
    problem: str | None = None


@dataclass
class Mouth:
    """Posts for the city, in a story."""

    outcome: Sent = Sent("9001")
    said: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, text: str, answers: str) -> Sent:
        self.said.append((text, answers))
        return self.outcome


@pytest.fixture
def mouth() -> Mouth:
    return Mouth()


@pytest.fixture
def sending(office: Office, mouth: Mouth) -> Office:
    """An office that may send through X."""
    office.parts = replace(office.parts, sender=mouth)
    return office


def decided(office: Office, words: str, act: str = "/terima", name: str = "ratna", **typed: str) -> Colleague:
    colleague = at(office, words, name)
    colleague.send(act, **typed)
    return colleague


def answering(office: Office, words: str, name: str = "ratna") -> Colleague:
    colleague = office.colleague(name)
    colleague.open(f"/tiket/{number_of(office, words)}/balas")
    return colleague


def rows(office: Office) -> list[dict[str, object]]:
    with reading(office.store.engine) as connection:
        return [dict(row) for row in connection.execute(select(replies).order_by(replies.c.id)).mappings()]


def text_of(page: str, nth: int = 0) -> str:
    return [fields["teks"] for _, fields in Forms(page).found if "teks" in fields][nth]


def test_after_a_decision_the_answer_is_offered_beside_the_message_and_costs_nothing(office: Office) -> None:
    page = decided(office, LAMP).page.text
    number = number_of(office, LAMP)
    offer = re.search(rf'<a href="(/tiket/{number}/balas\?[^"]*)" data-act="reply">', page)
    assert offer is not None
    assert page.index(f"{number} diterima") < offer.start() < page.index("<article"), "the next draft lies open below"
    assert "Dinas Perumahan dan Kawasan Permukiman" in office.colleague().open(offer[1])


@pytest.mark.parametrize(
    ("words", "act", "typed", "offered"),
    [
        (LAMP, "/tolak", {"alasan": "too_little"}, True),
        (LAMP, "/tolak", {"alasan": "no_complaint"}, False),
        (WIRE, "/bukan-kewenangan", {"kewenangan": "pln"}, True),
        (LAMP, "/judul", {"judul": "lampu"}, False),
    ],
)
def test_it_is_offered_where_there_is_something_to_tell(
    office: Office, words: str, act: str, typed: dict[str, str], offered: bool
) -> None:
    page = decided(office, words, act, **typed).page.text
    assert (f"/tiket/{number_of(office, words)}/balas?" in page) == offered


def test_a_copied_answer_is_recorded_and_shown_wherever_one_looks(office: Office) -> None:
    decided(office, LAMP)
    ratna = answering(office, LAMP)
    proposed = text_of(ratna.page.text)
    assert proposed.startswith("Matur nuwun sampun lapor, nggih."), "peteng ndedet, monggo, nggih"
    assert "Lain kali bisa juga lewat" in proposed
    assert 'maxlength="5000"' in ratna.page.text
    page = ratna.send("/balas", teks="Sudah kami teruskan ke Disperkim, nggih.", cara="clipboard")
    assert "Tercatat: Ratna membalas." in page
    assert "Semua pelapor sudah dibalas." in page
    (row,) = rows(office)
    assert (row["text"], row["way"], row["state"]) == ("Sudah kami teruskan ke Disperkim, nggih.", "clipboard", "given")
    assert not row["told_channels"], "the person took that sentence out"
    history = ratna.open(f"/antrean?tiket={number_of(office, LAMP)}")
    assert "Sudah kami teruskan ke Disperkim, nggih." in history
    assert "Sudah dijawab" in history
    assert "Belum dibalas" in history, "undoing brings that back"
    assert "membalas pelapor" in ratna.open("/audit")


def test_a_record_of_an_answer_is_undone_like_any_decision(office: Office) -> None:
    ratna = decided(office, LAMP)
    ratna.open(f"/tiket/{number_of(office, LAMP)}/balas")
    ratna.send("/balas", cara="clipboard")
    ratna.open("/antrean")
    ratna.send("/urungkan")
    assert rows(office)[0]["state"] == "withdrawn"
    assert "mencatat balasan, lalu mengurungkannya" in ratna.open(f"/tiket/{number_of(office, LAMP)}/balas")
    ratna.open("/antrean")
    ratna.send("/urungkan")
    assert ticket(office, LAMP)["status"] == "belum_terverifikasi"


def test_closing_an_incident_offers_one_answer_for_each_who_wrote_and_marks_who_has_one(office: Office) -> None:
    decided(office, FLOOD)
    decided(office, FLOOD, "/selesai", syarat="menunggu suku cadang pompa")
    ratna = answering(office, FLOOD)
    posts = len(re.findall(r'<section class="card reply"', ratna.page.text))
    assert posts == ticket(office, FLOOD)["post_count"]
    assert posts >= 3
    drafts = [text_of(ratna.page.text, nth) for nth in range(posts)]
    assert all("dengan catatan: menunggu suku cadang pompa" in draft for draft in drafts)
    page = ratna.send("/balas", cara="clipboard")
    assert "Semua pelapor" not in page
    assert page.count("data-first") == 1
    assert page.count("Balas lagi") == 1
    assert len(re.findall(r"✓", page)) == 1


def test_a_draft_has_nothing_to_tell_and_the_page_says_so(office: Office) -> None:
    page = answering(office, LAMP).page.text
    assert "putuskan dulu laporannya" in page
    assert "<textarea" not in page
    assert 'data-act="reply"' not in office.colleague().open(f"/antrean?tiket={number_of(office, LAMP)}")


def test_a_link_is_added_only_when_asked_for(office: Office) -> None:
    decided(office, LAMP)
    ratna = answering(office, LAMP)
    assert "semarangkota.go.id" not in text_of(ratna.page.text)
    asked = re.search(r'href="([^"]*tautan=ya[^"]*)"', ratna.page.text)
    assert asked is not None
    assert "https://laporsemar.semarangkota.go.id" in text_of(ratna.open(asked[1].replace("&amp;", "&")))


def test_without_a_token_nothing_is_sent_and_copying_remains(office: Office) -> None:
    decided(office, FLOOD)
    ratna = answering(office, FLOOD)
    assert "Kirim lewat X" not in ratna.page.text
    assert "belum disiapkan" in ratna.send("/balas", cara="x")
    assert rows(office) == []


def of_mention(colleague: Colleague) -> dict[str, str]:
    """The form for the post that mentions us."""
    found = [fields for sent_to, fields in Forms(colleague.page.text).found if sent_to.endswith("/balas")]
    sections = re.split(r'<section class="card reply"', colleague.page.text)[1:]
    (nth,) = [nth for nth, section in enumerate(sections) if MENTION in section]
    return found[nth]


def send_to_x(office: Office, colleague: Colleague, **changes: str) -> str:
    fields = of_mention(colleague) | {"cara": "x"} | changes
    colleague.page = colleague.client.post(f"/tiket/{number_of(office, FLOOD)}/balas", data=fields)
    return str(colleague.page.text)


@pytest.fixture
def flood(sending: Office) -> Office:
    """The flood is accepted; one of those who wrote of it mentioned us."""
    decided(sending, FLOOD)
    return sending


def test_x_is_offered_for_whoever_mentioned_us_and_said_why_not_for_others(flood: Office) -> None:
    page = answering(flood, FLOOD).page.text
    assert page.count("Kirim lewat X") == 1
    assert "hanya menerima balasan kepada yang menyebut akun kita" in page


def test_an_answer_is_sent_once_and_its_place_on_x_is_kept(flood: Office, mouth: Mouth) -> None:
    ratna = answering(flood, FLOOD)
    again = of_mention(ratna) | {"cara": "x"}
    page = send_to_x(flood, ratna)
    assert "Tercatat: Ratna membalas lewat X." in page
    assert "https://x.com/i/status/9001" in page
    ratna.page = ratna.client.post(f"/tiket/{number_of(flood, FLOOD)}/balas", data=again)
    assert ratna.page.status_code == 409
    assert "Ratna membalas pelapor laporan ini sesaat lalu" in ratna.page.text
    ((text, answers),) = mouth.said
    assert text == again["teks"]
    post = next(row for row in flood.store.posts() if MENTION in row["text"])
    assert answers == post["version_id"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"teks": "a" * 281}, "Terlalu panjang untuk X"),
        ({"teks": "lihat lapor.go.id"}, "tiga belas kali lebih mahal"),
        ({"teks": "  "}, "Tuliskan balasannya"),
        ({"kejadian": "closed"}, "Laporannya sudah berubah"),
        ({"kiriman": "999999"}, "sudah berpindah"),
    ],
)
def test_what_cannot_go_is_told_and_every_word_stays(
    flood: Office, mouth: Mouth, changes: dict[str, str], told: str
) -> None:
    page = send_to_x(flood, answering(flood, FLOOD), **changes)
    assert told in page
    assert mouth.said == []
    assert rows(flood) == []
    if len(changes.get("teks", "").strip()) > 10:
        assert changes["teks"] in page


def test_a_link_that_was_asked_for_may_go(flood: Office, mouth: Mouth) -> None:
    send_to_x(flood, answering(flood, FLOOD), teks="lihat lapor.go.id", tautan="ya")
    assert [text for text, _ in mouth.said] == ["lihat lapor.go.id"]


def test_what_x_refuses_is_told_in_words_and_was_not_said(flood: Office, mouth: Mouth) -> None:
    mouth.outcome = Sent(problem="not_mentioned: X answered 403: Forbidden")
    page = send_to_x(flood, answering(flood, FLOOD))
    assert "penulisnya tidak menyebut akun yang dipakai" in page
    assert "X answered 403: Forbidden" in page
    assert "tetapi tidak terbit" in page
    assert page.count("Kirim lewat X") == 1, "it may be tried again"


def test_a_lost_answer_is_never_sent_again_before_a_person_has_looked(flood: Office, mouth: Mouth) -> None:
    mouth.outcome = Sent()
    ratna = answering(flood, FLOOD)
    page = send_to_x(flood, ratna)
    assert "mungkin sudah terbit" in page
    assert "Kirim lewat X" not in page
    fields = {"kiriman": str(rows(flood)[0]["post_id"]), "terakhir": str(rows(flood)[0]["id"])}
    mouth.outcome = Sent("9002")
    forced = of_first(ratna) | fields | {"cara": "x", "teks": "sekali lagi", "kejadian": "in_work"}
    told = ratna.client.post(f"/tiket/{number_of(flood, FLOOD)}/balas", data=forced).text
    assert "Pastikan dulu di X" in told
    assert len(mouth.said) == 1
    ratna.open(f"/tiket/{number_of(flood, FLOOD)}/balas")
    page = ratna.send("/periksa", terbit="tidak")
    assert rows(flood)[0]["state"] == "refused"
    assert "memastikan balasan tidak terbit" in ratna.open(f"/antrean?tiket={number_of(flood, FLOOD)}")
    send_to_x(flood, answering(flood, FLOOD))
    assert [row["state"] for row in rows(flood)] == ["refused", "given"]


def of_first(colleague: Colleague) -> dict[str, str]:
    return next(fields for sent_to, fields in Forms(colleague.page.text).found if sent_to.endswith("/balas"))


def test_a_lost_answer_that_is_there_is_marked_by_the_person_who_saw_it(flood: Office, mouth: Mouth) -> None:
    mouth.outcome = Sent()
    ratna = answering(flood, FLOOD)
    send_to_x(flood, ratna)
    ratna.send("/periksa", terbit="ya")
    assert rows(flood)[0]["state"] == "given"
    page = ratna.open(f"/tiket/{number_of(flood, FLOOD)}/balas")
    assert "mungkin sudah terbit" not in page


def test_an_office_sees_that_it_was_answered_but_no_name_in_it(flood: Office) -> None:
    ratna = answering(flood, FLOOD)
    send_to_x(flood, ratna, teks="Siap @contoh_118, nomor 0812-3456-7890 kami catat.")
    joko = flood.colleague("joko")
    page = joko.open(f"/antrean?tiket={number_of(flood, FLOOD)}")
    assert "membalas lewat X" in page
    assert "Siap ▇▇▇, nomor ▇▇▇ kami catat." in page
    assert "contoh_118" not in page
    assert joko.client.get(f"/tiket/{number_of(flood, FLOOD)}/balas").status_code == 403


def test_a_colleague_who_answered_first_is_named_and_the_words_stay(office: Office) -> None:
    decided(office, LAMP)
    ratna, budi = answering(office, LAMP), answering(office, LAMP, "budi")
    budi.send("/balas", cara="clipboard")
    page = ratna.send("/balas", teks="balasan saya sendiri", cara="clipboard")
    assert ratna.page.status_code == 409
    assert "Budi membalas pelapor laporan ini" in page
    assert "balasan saya sendiri" in page


def test_one_goes_back_to_the_list_one_came_from(office: Office) -> None:
    ratna = office.colleague()
    ratna.open(f"/antrean?urut=terlama&tiket={number_of(office, LAMP)}")
    page = ratna.send("/terima")
    offer = re.search(r'href="(/tiket/[^"]*/balas\?[^"]*)"', page)
    assert offer is not None
    ratna.open(offer[1].replace("&amp;", "&"))
    page = ratna.send("/balas", cara="clipboard")
    assert '<a href="/antrean?urut=terlama" data-back>' in page


def test_whoever_was_not_told_yet_is_listed_the_longest_waiting_first_and_led_to(office: Office) -> None:
    ratna = office.colleague()
    assert "Semua pelapor sudah dikabari" in ratna.open("/balasan")
    for words, act, typed in ((LAMP, "/terima", {}), (WIRE, "/bukan-kewenangan", {"kewenangan": "pln"})):
        decided(office, words, act, **typed)
        office.later(minutes=5)
    decided(office, "BRT", "/tolak", alasan="no_complaint")
    page = ratna.open("/balasan")
    found = re.findall(r'<td><a href="/tiket/([^/]+)/balas"', page)
    assert found == [number_of(office, LAMP), number_of(office, WIRE)], "of what is no complaint there is no news"
    assert "bukan kewenangan kita" in page
    ratna.open(f"/tiket/{number_of(office, LAMP)}/balas")
    page = ratna.send("/balas", cara="clipboard")
    assert f'<a href="/tiket/{number_of(office, WIRE)}/balas" data-next>' in page
    assert re.findall(r'<td><a href="/tiket/([^/]+)/balas"', ratna.open("/balasan")) == [number_of(office, WIRE)]
    office.later(minutes=5)
    decided(office, LAMP, "/selesai")
    found = re.findall(r"<td><a href=\"/tiket/([^/]+)/balas\"", ratna.open("/balasan"))
    assert found == [number_of(office, WIRE), number_of(office, LAMP)], "there is news again"
    office.later(days=31)
    assert "Semua pelapor" in ratna.log_in("ratna").open("/balasan")


def test_a_long_list_of_unanswered_is_read_page_by_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.unanswered_page._PAGE_SIZE", 2)
    for words in (LAMP, FLOOD, "BRT"):
        decided(office, words)
    ratna = office.colleague()
    page = ratna.open("/balasan")
    more = re.search(r'<a href="(/balasan\?[^"]+)"', page)
    assert more is not None
    rest = ratna.open(more[1].replace("&amp;", "&"))
    numbers = [re.findall(r'<td><a href="/tiket/([^/]+)/balas"', each) for each in (page, rest)]
    assert [len(each) for each in numbers] == [2, 1]
    assert {*numbers[0], *numbers[1]} == {number_of(office, words) for words in (LAMP, FLOOD, "BRT")}
    for nonsense in ("sejak=besok&sesudah=1", "sejak=2026-01-01&sesudah=1", "sesudah=x"):
        assert ratna.client.get(f"/balasan?{nonsense}").status_code == 200
