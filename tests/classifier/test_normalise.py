"""How a citizen's words become words that can be compared, and how the desk can see each step."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.normalise import normalise
from tests.classifier.language import lexicon

# What people put into posts: words, slang, marks, handles, tags, emoji, letters of other scripts, broken entities.
_FRAGMENTS = st.one_of(
    st.sampled_from(
        [
            "jln",
            "rusakkk",
            "#LaporHendi",
            "@dishub",
            "&amp;",
            "&lt",
            "https://t.co/ab",
            "🙏",
            "jalan2nya",
            "10mnt",
            "PKL-nya",
            "ga",
            "nyala",
            "e",
            "iso",
            "sing",
            "dr",
            "no",
            "3",
            "0812-3456-7890",
            "Jum’at",
            "ｊａｌａｎ",
            "#",
            "@",
            "2",
            "''",
        ]
    ),
    st.text(max_size=12),
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("jln rusakkk bgttt dpn rmh", "jalan rusak sangat depan rumah"),
        ("#LaporHendi #laporhendi #JalanRusak", "lapor hendi lapor hendi jalan rusak"),
        ("LAPORHENDI_Pak Wali", "lapor hendi wali kota"),
        ("Dr &amp; @dishub https://t.co/x lapor.go.id 🙏", "dari lapor go id mohon"),
        ("jalan2 lampu2nya berkali2 org2", "jalan-jalan lampu-lampunya berkali-kali orang-orang"),
        ("rt03/rw 5 km2 2x 10mnt 5rb", "rt 03 rw 5 kilometer 2 2 kali 10 menit 5 ribu"),
        ("dibetulin dijadiin lampune aspale jlnnya", "diperbaiki dijadikan lampunya aspalnya jalannya"),
        ("ngebut nabrak nyuci ngecek mbuang narik", "ngebut menabrak mencuci cek membuang menarik"),
        ("dilaporke benerin tunjukin digawe", "dilaporkan perbaiki tunjukkan dibuat"),
        ("gaada gabisa kagak nyala", "tidak ada tidak bisa tidak menyala"),
        ("TOLONGGG maaaf Jum’at PKL-nya", "tolong maaf jumat pkl"),
        ("telepon 081234567890", "telepon nomor"),
        ("rating login pppk Wahidin Ngaliyan Sringin", "rating login pppk wahidin ngaliyan sringin"),
    ],
)
def test_words_are_brought_to_their_common_form(written: str, normal: str) -> None:
    assert normalise(written, lexicon()).text == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("sudah 5 hr dr kemarin", "sudah 5 hari dari kemarin"),
        ("di Dr Cipto", "di dr cipto"),
        ("jl no 3 no respon", "jalan nomor 3 tidak ditanggapi"),
        ("lubang 30 cm cm ditutup ranting", "lubang 30 sentimeter cuma ditutup ranting"),
        ("smp 12 smp skrg", "smp 12 sampai sekarang"),
        ("blok d d depan", "blok d di depan"),
    ],
)
def test_a_word_of_several_meanings_is_changed_only_where_its_neighbours_settle_which(
    written: str, normal: str
) -> None:
    assert normalise(written, lexicon()).text == normal


def test_an_indonesian_word_is_read_as_javanese_only_in_a_javanese_post() -> None:
    assert "larang" in normalise("truk di larang lewat", lexicon()).text
    assert "mahal" in normalise("iki parkire kok larang tenan ra karuan", lexicon()).text


def test_every_token_knows_where_it_stood_in_the_citizens_text() -> None:
    text = "min #JalanRusak dpn rmh, ga nyala &amp; lampu2 mati"
    normal = normalise(text, lexicon())
    stood = {token.word: text[token.start : token.end] for token in normal.tokens}
    assert stood["rusak"] == "#JalanRusak"
    assert (stood["depan"], stood["rumah"]) == ("dpn", "rmh")
    assert stood["tidak"] == stood["menyala"] == "ga nyala"
    assert stood["lampu-lampu"] == "lampu2"


def test_the_desk_sees_each_rewrite_with_its_rule() -> None:
    trace = normalise("jln dibenakke &amp; iki 🙏", lexicon()).trace
    assert [(step.original, step.became, step.rule) for step in trace] == [
        ("jln", "jalan", "slang"),
        ("dibenakke", "diperbaiki", "javanese"),
        ("&amp;", "", "entity"),
        ("iki", "ini", "javanese"),
        ("🙏", "mohon", "emoji"),
    ]


def test_accounts_are_no_words_but_are_kept_apart() -> None:
    normal = normalise("@PerkimSemarang @someone lampu mati", lexicon())
    assert normal.text == "lampu mati"
    assert normal.handles == ("perkimsemarang", "someone")


def test_a_number_that_names_a_person_never_becomes_a_word() -> None:
    normal = normalise("NIK 3374010101010001 telp 0812-3456-7890 HP +6281234567890", lexicon()).text
    assert not any(len(word) > 6 for word in normal.split() if word.isdigit())


@settings(max_examples=300, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=12).map(" ".join))
def test_whatever_is_posted_spans_lie_in_order_inside_the_text_and_nothing_is_made_up(text: str) -> None:
    normal = normalise(text, lexicon())
    assert normal.text == " ".join(token.word for token in normal.tokens)
    assert all(0 <= token.start < token.end <= len(text) for token in normal.tokens)
    assert [token.start for token in normal.tokens] == sorted(token.start for token in normal.tokens)
    assert all(text[step.start : step.end] == step.original for step in normal.trace)
    assert normal.text == normal.text.lower()


@settings(max_examples=100, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=12).map(" ".join))
def test_what_was_read_before_never_changes_an_answer(text: str) -> None:
    # Given a lexicon that has read many posts and one that has read none,
    fresh = pickle.loads(pickle.dumps(lexicon()))
    fresh.memory.clear()
    # then both say the same.
    assert normalise(text, fresh) == normalise(text, lexicon())
