"""What is answered to citizens is a file that people edit: filled, fitted, and refused where it promises too much."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from city import City, CityError, load_city
from city.reading_replies import load_replies
from city.reply_texts import ReplyTexts, listed, parsed
from city.x_length import LIMIT, links_in, x_length

ROOT = Path(__file__).parents[2]
SMALL_CITY = Path(__file__).parent / "kota_awan"
ROAD = {"number": "2026-000001", "opd": "Dinas Jalan"}


@pytest.fixture(scope="module")
def small() -> ReplyTexts:
    return load_replies(SMALL_CITY / "replies.toml", load_city(SMALL_CITY))


@pytest.fixture(scope="module")
def shipped() -> tuple[City, ReplyTexts]:
    city = load_city(ROOT / "city" / "semarang")
    return city, load_replies(ROOT / "city" / "semarang" / "replies.toml", city)


def test_what_has_nothing_to_say_is_left_out(small: ReplyTexts) -> None:
    pieces = small.pieces("accepted", None)
    assert small.compose(pieces, ROAD, "plain").text == "Terima kasih. Laporan 2026-000001 diteruskan ke Dinas Jalan."
    urgent = ROAD | {"emergency": "113", "deadline": "5 hari kerja"}
    told = small.compose(pieces, urgent, "javanese").text
    assert told.startswith("Matur nuwun. ")
    assert small.compose(pieces, urgent, "javanese", variant=3).text.startswith("Nuwun. "), "X refuses a text twice"
    assert told.endswith("Hubungi 113. Batasnya 5 hari kerja.")


def test_a_text_of_the_category_goes_before_the_one_for_all(small: ReplyTexts) -> None:
    assert "tentang jalan" in small.compose(small.pieces("accepted", "jalan_rusak"), ROAD, "plain").text
    assert small.pieces("closed", "jalan_rusak") == small.pieces("closed", None)


def test_the_official_channels_are_told_and_their_link_only_when_asked_for(small: ReplyTexts) -> None:
    names = [channel.name for channel in small.channels if channel.is_open(date(2026, 2, 1))]
    told = small.compose(small.pieces("closed", None), ROAD, "plain", channels=names)
    assert told.text.endswith("Lain kali lewat SMS 113 atau loket balai kota.")
    assert told.tells_channels
    assert small.tells_channels(told.text)
    assert links_in(told.text) == []
    linked = small.compose(small.pieces("closed", None), ROAD, "plain", channels=names, link=True)
    assert linked.text.endswith("https://lapor.awan.go.id")
    assert not small.compose(small.pieces("closed", None), ROAD, "plain").tells_channels
    assert not small.channels[0].is_open(date(2025, 12, 31))


def test_what_is_too_long_for_x_loses_channels_and_then_the_last_pieces_but_never_the_number_to_call(
    small: ReplyTexts,
) -> None:
    pieces = parsed("Laporan {number}. [Hubungi {emergency}.] [" + "a" * 150 + ".] [" + "b" * 90 + ".]")
    values, names = ROAD | {"emergency": "113"}, ["SMS " + "s" * 60, "loket"]
    whole = small.compose(pieces, values, "plain", channels=names)
    assert x_length(whole.text) > LIMIT, "elsewhere than on X there is room"
    fitted = small.compose(pieces, values, "plain", channels=names, on_x=True)
    assert x_length(fitted.text) <= LIMIT
    assert "Hubungi 113." in fitted.text
    assert "bbb" not in fitted.text
    assert "SMS" in fitted.text
    assert "loket" not in fitted.text
    bare = small.compose(parsed("Laporan {number} " + "c" * 230), values, "plain", channels=names, on_x=True)
    assert not bare.tells_channels
    assert x_length(bare.text) <= LIMIT


def test_three_names_are_listed_as_one_writes_them() -> None:
    assert listed([], "dan") == ""
    assert listed(["a", "b"], "dan") == "a dan b"
    assert listed(["a", "b", "c"], "dan") == "a, b, dan c"


def test_every_shipped_text_fits_x_says_the_number_and_holds_neither_link_nor_account(
    shipped: tuple[City, ReplyTexts],
) -> None:
    city, texts = shipped
    names = [channel.name for channel in texts.channels]
    for (occasion, category), pieces in texts.replies.items():
        for authority in city.authorities.values():
            values = {
                "number": "2026-000123",
                "opd": max((opd.name for opd in city.opds.values()), key=len),
                "authority": authority.name,
                "onward": texts.onward[authority.code],
                "emergency": city.emergency_number,
                "deadline": "5 hari kerja",
                "condition": "menunggu anggaran tahun depan",
                "missing": listed([*texts.missing.values()], texts.last_and),
            }
            for register in texts.greetings:
                text = texts.compose(pieces, values, register, channels=names, on_x=True).text
                assert x_length(text) <= LIMIT, (occasion, category)
                assert "2026-000123" in text
                assert links_in(text) == []
                assert not re.search(r"@|\[|\]|\{|\}|  | \.", text)


def test_where_to_turn_to_is_said_of_every_authority(shipped: tuple[City, ReplyTexts]) -> None:
    city, texts = shipped
    assert texts.onward.keys() == city.authorities.keys()
    assert texts.onward["pln"] == "call center PLN 123 atau aplikasi PLN Mobile"
    assert texts.onward["dpubmck_jateng"] == "LaporGub atau aplikasi Jalan Cantik"
    assert not any(re.search(r"[;/@]", words) for words in texts.onward.values())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL_CITY, tmp_path / "kota"))


def _change(before: str, after: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_change("{deadline}", "{date}"), "replies.toml:7: {date} cannot be filled in here; there are {number}, {opd}"),
        (_change("Batasnya {deadline}", "Paling lambat 3 hari"), "replies.toml:7: the digits 3; write {deadline}"),
        (
            _change("masih dikerjakan", "ada di lapor.awan.go.id"),
            "replies.toml:16: lapor.awan.go.id is a link; take it",
        ),
        (_change("masih dikerjakan", "oleh @budi"), "replies.toml:16: an @ names an account; take it out"),
        (
            _change("Laporan {number} selesai.", "Selesai."),
            "replies.toml:20: the ticket's number is missing; write {nu",
        ),
        (_change("[Hubungi {emergency}.]", "Hubungi {emergency}."), "replies.toml:7: {emergency} may have nothing to"),
        (_change("[Hubungi", "[[Hubungi"), "replies.toml:7: a bracket has no partner"),
        (_change("{number} masih", "{number masih"), "replies.toml:16: a { or } has no partner"),
        (
            _change('category = "jalan_rusak"', 'category = "jalan"'),
            "replies.toml:11: category 'jalan' is unknown; write",
        ),
        (
            _change('occasion = "in_work"', 'occasion = "busy"'),
            "replies.toml:15: occasion is 'busy'; write one of acce",
        ),
        (
            _change('occasion = "in_work"', 'occasion = "closed"'),
            "replies.toml:19: closed stood there before; keep one",
        ),
        (
            _change("Laporan {number} milik", "Laporan {number} {deadline}"),
            "replies.toml:32: {deadline} may have nothing",
        ),
        (
            _change("diteruskan ke {opd}. [", "diteruskan ke {authority}. ["),
            "replies.toml:7: {authority} cannot be filled",
        ),
        (
            _change("Laporan {number} selesai.", "Laporan {number} " + "panjang " * 40),
            "replies.toml:20: 74 characters too",
        ),
        (_change('photo = "fotonya"', 'photo = ""'), "replies.toml:36: photo is ''; write photo"),
        (
            _change('photo = "fotonya"', 'foto = "fotonya"'),
            "replies.toml:36: 'foto' is unknown; the keys are place, photo",
        ),
        (_change("{n} jam", "satu jam"), "replies.toml:43: hours is 'satu jam'; write {n} where it is to stand"),
        (_change("from = 2026-01-01", 'from = "2026"'), "replies.toml:52: from is '2026'; write a date without quotes"),
        (
            _change('name = "SMS 113"', 'name = "@lapor"'),
            "replies.toml:51: '@lapor' is a link or an account; write its",
        ),
        (_change("https://lapor.awan.go.id", "lapor"), "replies.toml:47: link is 'lapor'; write link"),
        (_change("balai_jalan =", "balai ="), "replies.toml:58: 'balai' is unknown; write a code of authorities.csv"),
        (
            _change('plain = ["Terima kasih."]', 'plain = "Terima kasih."'),
            "replies.toml:2: plain is 'Terima kasih.'; write",
        ),
        (_change('"Nuwun."', '"Nuwun 1."'), "replies.toml:3: the digits 1; write"),
        (_change("[greeting]", "[salam]"), "replies.toml:1: [salam] is unknown; write one of greeting"),
        (_change("[words]", "[words"), "replies.toml: not in TOML's form"),
    ],
)
def test_a_slip_is_told_by_line_and_remedy(folder: Path, spoil: Callable[[Path], None], message: str) -> None:
    spoil(folder / "replies.toml")
    with pytest.raises(CityError) as told:
        load_replies(folder / "replies.toml", load_city(folder))
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_missing_file_or_occasion_is_told_in_one_line(folder: Path) -> None:
    path = folder / "replies.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('[[reply]]\noccasion = "closed"\ntext = "Laporan {number} selesai."\n', ""))
    with pytest.raises(CityError, match="nothing to say when a ticket is closed; write a"):
        load_replies(path, load_city(folder))
    path.unlink()
    with pytest.raises(CityError, match=r"replies\.toml: cannot be read"):
        load_replies(path, load_city(folder))
