"""Words that are written and not sent yet: kept, given back, and thrown away by nobody but their writer."""

from __future__ import annotations

from html import unescape

import pytest
from starlette.testclient import TestClient

from database.engine import reading
from database.tables import replies
from desk.app import application
from desk.unsent import Unsent, all_unsent
from tests.desk.conftest import ADDRESS, Colleague, Forms, Office
from tests.desk.test_deciding import FAMILY_CARD, FLOOD, LAMP, at, number_of, ticket
from tests.desk.test_presence import row_of

WORDS = "gereja yang mana? ada dua di jalan itu"


def type_into(colleague: Colleague, number: str, form: str, **words: str) -> int:
    """What the script sends while this page lies open and somebody types."""
    fields = next(fields for sent_to, fields in Forms(colleague.page.text).found if sent_to.endswith("/tulisan"))
    answer = colleague.client.post(f"/tiket/{number}/tulisan", data=fields | {"formulir": form} | words)
    return int(answer.status_code)


def unsent(office: Office, account_id: int = 1) -> list[Unsent]:
    with reading(office.store.engine) as connection:
        return all_unsent(connection, account_id)


def test_what_is_typed_is_there_again_after_a_restart_and_on_another_device(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    assert type_into(ratna, lamp, "tolak", keterangan=WORDS, alasan="too_little") == 204
    restarted = TestClient(application(office.parts), base_url=ADDRESS, cookies=dict(ratna.client.cookies))
    for page in (restarted.get(f"/antrean?tiket={lamp}").text, at(office, LAMP).page.text):
        assert f'value="{WORDS}"' in page
        assert 'value="too_little" checked' in page
        assert "Tulisan Anda yang belum dikirim masih ada di: Tolak." in page
        assert '<details name="tindakan" open>\n      <summary class="button" data-act="reject">' in page


@pytest.mark.parametrize(
    ("words", "form", "typed", "shown"),
    [
        (LAMP, "judul", {"judul": "PJU padam"}, 'name="judul" value="PJU padam"'),
        (LAMP, "ubah", {"opd": "dinas perhu"}, 'name="opd" list="semua-opd" value="dinas perhu"'),
        (LAMP, "ubah", {"kategori": "parkir"}, '<option value="parkir" selected>'),
        (LAMP, "gabung", {"ke": "2026-0"}, 'name="ke" value="2026-0"'),
        (LAMP, "bukan-kewenangan", {"keterangan": WORDS}, f'value="{WORDS}"'),
    ],
)
def test_every_field_of_a_draft_is_kept(
    office: Office, words: str, form: str, typed: dict[str, str], shown: str
) -> None:
    ratna, number = at(office, words), number_of(office, words)
    type_into(ratna, number, form, **typed)
    assert shown in unescape(ratna.open(f"/antrean?tiket={number}"))


def test_a_condition_and_a_reason_to_reopen_are_kept_too(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    ratna.send("/terima")
    ratna.open(f"/antrean?tiket={lamp}")
    type_into(ratna, lamp, "selesai", syarat="menunggu tiang baru")
    ratna.open(f"/antrean?tiket={lamp}")
    assert 'value="menunggu tiang baru"' in ratna.page.text
    ratna.send("/selesai")
    assert ticket(office, LAMP)["condition"] == "menunggu tiang baru"
    ratna.open(f"/antrean?tiket={lamp}")
    type_into(ratna, lamp, "buka-lagi", keterangan="masih gelap")
    assert 'value="masih gelap"' in ratna.open(f"/antrean?tiket={lamp}")


def test_what_was_sent_is_forgotten_and_what_stands_in_other_forms_is_not(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    type_into(ratna, lamp, "judul", judul="PJU padam")
    type_into(ratna, lamp, "tolak", keterangan=WORDS)
    ratna.send("/judul", judul="PJU padam total")
    assert [each.form for each in unsent(office)] == ["tolak"]
    assert "ada tulisan Anda" in row_of(ratna.open("/antrean"), lamp)
    ratna.open(f"/antrean?tiket={lamp}")
    ratna.send("/tolak")
    assert unsent(office) == []
    assert ticket(office, LAMP)["reason"] == WORDS


def test_an_office_chosen_with_a_key_takes_no_word_away(office: Office) -> None:
    ratna, card = at(office, FAMILY_CARD), number_of(office, FAMILY_CARD)
    type_into(ratna, card, "bukan-kewenangan", keterangan=WORDS)
    forms = [fields for _, fields in Forms(ratna.page.text).found if fields.get("opd") == "kec_pedurungan"]
    ratna.client.post(f"/tiket/{card}/ubah", data=forms[0])
    assert [each.words for each in unsent(office)] == [{"keterangan": WORDS}]


def test_an_emptied_field_is_empty_again(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    type_into(ratna, lamp, "tolak", keterangan=WORDS)
    type_into(ratna, lamp, "tolak", keterangan=" ")
    assert unsent(office) == []


def test_nobody_sees_anothers_words_and_nobody_elses_act_touches_them(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    type_into(ratna, lamp, "tolak", keterangan=WORDS)
    budi = at(office, LAMP, "budi")
    assert WORDS not in budi.page.text
    type_into(budi, lamp, "tolak", keterangan="sudah pernah")
    budi.send("/tolak")
    ratna.open(f"/antrean?tiket={lamp}")
    assert "belum dikirim, dan sekarang tidak dapat dikirim lagi" in ratna.page.text
    assert f"<blockquote>{WORDS}</blockquote>" in ratna.page.text, "where the form is gone the words stay"
    budi.open("/antrean")
    budi.send("/urungkan")
    assert f'value="{WORDS}"' in ratna.open(f"/antrean?tiket={lamp}")


def test_words_stay_within_reach_when_their_ticket_is_merged_twice_over(office: Office) -> None:
    ratna, lamp, flood, card = at(office, LAMP), *(number_of(office, words) for words in (LAMP, FLOOD, FAMILY_CARD))
    type_into(ratna, lamp, "judul", judul=WORDS)
    at(office, LAMP, "budi").send("/gabung", ke=flood)
    budi = office.colleague("budi")
    budi.open(f"/antrean?tiket={flood}")
    budi.send("/gabung", ke=card)
    for number in (lamp, card):
        assert f"<blockquote>{WORDS}</blockquote>" in ratna.open(f"/antrean?tiket={number}")
    assert f"di {lamp}, yang digabungkan ke sini" in ratna.page.text
    assert "ada tulisan Anda" in row_of(ratna.page.text, card)
    ratna.send(f"{lamp}/buang-tulisan")
    assert unsent(office) == []
    assert f"tiket={card}" in str(ratna.page.url)


def test_words_for_a_ticket_that_was_given_to_another_office_are_not_lost(office: Office) -> None:
    joko, flood = at(office, FLOOD, "joko"), number_of(office, FLOOD)
    at(office, FLOOD).send("/ubah", opd="dlh")
    page = joko.send("/kembalikan", keterangan="pompa itu milik BBWS")
    assert joko.page.status_code == 404
    assert "Tulisan Anda tersimpan di sini." in page
    assert "<blockquote>pompa itu milik BBWS</blockquote>" in page
    joko.open(f"/antrean?tiket={flood}")
    assert joko.page.status_code == 404
    assert "pompa itu milik BBWS" in joko.open("/tulisan")
    joko.send("/buang-tulisan")
    assert "Tidak ada. Semuanya sudah dikirim." in joko.page.text


def test_a_refused_form_keeps_its_words_even_when_one_walks_away(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    at(office, LAMP, "budi").send("/judul", judul="Lampu padam")
    ratna.send("/tolak", alasan="too_little", keterangan=WORDS)
    assert ratna.page.status_code == 409
    ratna.open("/antrean")
    page = ratna.open(f"/antrean?tiket={lamp}")
    assert f'value="{WORDS}"' in page
    assert 'value="too_little" checked' in page


def test_posts_ticked_to_be_split_off_stay_ticked_when_somebody_was_faster(office: Office) -> None:
    ratna, flood = at(office, FLOOD), number_of(office, FLOOD)
    at(office, FLOOD, "budi").send("/judul", judul="Kaligawe tergenang")
    fields = next(fields for sent_to, fields in Forms(ratna.page.text).found if sent_to.endswith("/pisah"))
    third = next(post["id"] for post in office.store.posts() if "macet total" in (post["text"] or ""))
    answer = ratna.client.post(f"/tiket/{flood}/pisah", data=fields | {"kiriman": str(third)})
    assert answer.status_code == 409
    assert f'value="{third}" checked' in answer.text


def test_words_are_kept_for_no_ticket_that_one_never_saw_and_may_not(office: Office) -> None:
    joko = at(office, FLOOD, "joko")
    fields = next(fields for sent_to, fields in Forms(joko.page.text).found if sent_to.endswith("/tulisan"))
    other = f"/tiket/{number_of(office, LAMP)}/tulisan"
    assert joko.client.post(other, data=fields | {"formulir": "tolak", "keterangan": "x"}).status_code == 403
    assert type_into(joko, number_of(office, FLOOD), "../../x", keterangan="x") == 400
    assert unsent(office, 3) == []


def test_a_novel_is_cut_and_no_form_has_more_fields_than_forms_have(office: Office) -> None:
    ratna, lamp = at(office, LAMP), number_of(office, LAMP)
    type_into(ratna, lamp, "tolak", keterangan="a" * 60_000, **{f"x{number}": "y" for number in range(100)})
    (kept,) = unsent(office)
    assert len(kept.words) == 20
    assert max(map(len, kept.words.values())) <= 10_000


# ── Answers to citizens ───────────────────────────────────────────────────────────────────────────────────────────


def answering(office: Office, words: str) -> Colleague:
    at(office, words).send("/terima")
    ratna = office.colleague()
    ratna.open(f"/tiket/{number_of(office, words)}/balas")
    return ratna


def post_id(office: Office, words: str) -> int:
    return int(next(post["id"] for post in office.store.posts() if words in (post["text"] or "")))


def test_a_reply_that_was_begun_is_there_again_each_for_its_own_citizen(office: Office) -> None:
    ratna, flood = answering(office, FLOOD), number_of(office, FLOOD)
    theirs = post_id(office, "macet total")
    proposed = ratna.page.text
    type_into(ratna, flood, f"balas-{theirs}", teks="Pompa sudah kami periksa, Kak.")
    page = ratna.open(f"/tiket/{flood}/balas")
    assert page.count("Pompa sudah kami periksa, Kak.</textarea>") == 1
    assert page.count("Ini tulisan Anda yang belum dikirim.") == 1
    ticket_page = ratna.open(f"/antrean?tiket={flood}")
    assert "Balasan Anda belum dikirim:" in ticket_page
    assert "Pompa sudah kami periksa" in ratna.open("/tulisan")
    ratna.open(f"/tiket/{flood}/balas")
    ratna.send("/buang-tulisan")
    assert "Pompa sudah" not in ratna.page.text
    assert ratna.page.text.count("</textarea>") == proposed.count("</textarea>")


def test_a_reply_that_was_given_is_no_longer_begun_and_one_that_was_refused_is(office: Office) -> None:
    ratna, lamp = answering(office, LAMP), number_of(office, LAMP)
    form = f"balas-{post_id(office, LAMP)}"
    type_into(ratna, lamp, form, teks="Sudah kami teruskan.")
    ratna.send("/balas", teks="  ", cara="clipboard")
    assert ratna.page.status_code == 422
    ratna.open(f"/tiket/{lamp}/balas")
    assert "Sudah kami teruskan.</textarea>" in ratna.page.text
    ratna.send("/balas", cara="clipboard")
    assert unsent(office) == []
    with reading(office.store.engine) as connection:
        assert [row.text for row in connection.execute(replies.select())] == ["Sudah kami teruskan."]


def test_who_answers_citizens_has_the_ticket_in_hand(office: Office) -> None:
    answering(office, LAMP)
    office.later(seconds=5)
    assert "Ratna sedang membuka laporan ini" in at(office, LAMP, "budi").page.text
    budi = office.colleague("budi")
    page = budi.open(f"/tiket/{number_of(office, LAMP)}/balas")
    assert "Ratna sedang membuka laporan ini" in page
    assert "Saya kerjakan" not in page
