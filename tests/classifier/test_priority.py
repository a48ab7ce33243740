"""How urgent a post is, and which rule says so."""

from __future__ import annotations

import pytest

from classifier.normalise import normalise
from classifier.priority import Priority, priority_of
from tests.classifier.language import lexicon


def priority(text: str) -> Priority:
    return priority_of(normalise(text, lexicon()), lexicon())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("KEBAKARAN rumah di gang buntu, api sudah nyamber atap sebelah!!", "kebakaran"),
        ("omah tonggoku kobong, tulung!!", "kebakaran"),
        ("kabel PLN putus keluar percikan api dekat sekolah", "kabel listrik putus atau bertegangan"),
        ("tiang lampu taman nyetrum, anak kecil barusan kesetrum", "kabel listrik putus atau bertegangan"),
        ("pohon ambruk nimpa angkot, sopirnya masih kejepit", "orang terjebak atau tertimpa"),
        ("anak kecemplung sumur masih hidup tolong", "orang tercebur, hanyut atau tenggelam"),
        ("air sudah sedada, simbah masih di dalam, perahu mana", "orang terjebak atau tertimpa"),
        ("kami berlima di atas genteng, banjir naik, butuh perahu", "banjir dan orang perlu dievakuasi"),
        ("tebing belakang rumah gerak, masih ada orang", "tanah atau tebing bergerak"),
        ("pohon besar miring mau tumbang ke jalan, motor masih lewat", "pohon akan atau baru tumbang di jalan"),
        (
            "tutup gorong-gorong hilang di tengah jalan, gelap malam begini",
            "lubang terbuka di jalan ramai pada malam hari",
        ),
        ("bapak saya tidak sadar, ambulan hebat tidak ada semua", "gawat medis tanpa ambulans"),
        ("tabrakan barusan, pengendara tergeletak berdarah", "kecelakaan dengan korban"),
        ("tabung gas bocor mendesis di warung", "gas bocor"),
        ("tetangga dipukuli suaminya sekarang, teriak minta tolong", "kekerasan yang sedang berlangsung"),
    ],
)
def test_a_life_in_danger_now_is_an_emergency_and_says_why(text: str, rule: str) -> None:
    assert (priority(text).level, priority(text).rule) == ("darurat", rule)
    assert priority(text).words


@pytest.mark.parametrize(
    "text",
    [
        "netizen kebakaran jenggot lihat diskon",
        "banjir orderan alhamdulillah",
        "hidup gue kebakaran, skripsi longsor",
        "simulasi kebakaran di balai kota berjalan lancar",
        "himbauan damkar: waspada korsleting, kebakaran bisa dari colokan",
        "kebakaran kemarin sudah padam, terima kasih damkar",
        "takut kebakaran kalau kabelnya begini terus",
        "mobil pemadam kebakaran tidak bisa masuk gang",
        "terjebak macet dua jam di depan pasar",
        "korban kebakaran tahun lalu belum dapat bantuan",
        "jatuh cinta sama sopir bus",
        "harga cabai jatuh",
        "lampu jalan mati dari minggu lalu",
    ],
)
def test_a_danger_that_is_likened_feared_past_or_over_is_none(text: str) -> None:
    assert priority(text).level != "darurat"


@pytest.mark.parametrize(
    "text",
    [
        "motor anak sekolah jatuh kena lubang, kakinya luka",
        "tiga anak di RT kami kena demam berdarah, satu di rumah sakit",
        "air pdam mati seminggu, satu kampung antre tangki",
        "tiang listrik miring ke arah sekolah",
        "mbah sebatang kara sudah dua hari belum makan",
        "banjir masuk rumah setinggi lutut",
    ],
)
def test_a_hazard_that_can_wait_hours_is_high(text: str) -> None:
    assert priority(text).level == "tinggi"


@pytest.mark.parametrize(
    "text", ["", "min lampu mati", "parkir 5 ribu tanpa karcis", "kapan jalan ini ditambal", "sip min"]
)
def test_the_rest_is_ordinary(text: str) -> None:
    assert priority(text) == Priority("biasa", None)
