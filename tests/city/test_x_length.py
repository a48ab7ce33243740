"""The length of a text as X counts it, by the published examples of its own library."""

from __future__ import annotations

import pytest

from city.x_length import LIMIT, links_in, x_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("This is a test.", 15),
        ("Hi http://test.co", 26),
        ("http://test.co", 23),
        ("Test https://test.com test https://test.com test.com test", 86),
        ("285 chars-" + "xxxxxxxxxx-" * 25, 285),
        ("https://www.twitter.com/aloha " * 10, 240),
        ("H🐱☺👨\u200d👩\u200d👧\u200d👦", 7),
        ("😷👾😡🔥💩", 10),
        ("🙋🏽👨\u200d🎤", 4),
        ("1⃣", 2),
        ("Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 34),
        ("Unicode 9.0 emoji: 🤠; 💃; 💃🏾", 29),
        ("randomurl" * 6 + "randomurlss.com", 69),  # a label of more than 63 characters makes no address
        ("foo.co.jp", 23),
        ("A\u0301B", 2),
        ("の" * 140, LIMIT),
        ("", 0),
    ],
)
def test_a_text_is_as_long_as_x_says(text: str, length: int) -> None:
    assert x_length(text) == length


@pytest.mark.parametrize(
    "text",
    ["Jl.Pemuda no.12", "RT.03/RW.IV", "dr.Kariadi", "pkl 19.30", "Rp5.000.000", "SP4N-LAPOR!", "meja@kota.go.id"],
)
def test_what_people_write_with_a_dot_is_no_link(text: str) -> None:
    assert links_in(text) == []


@pytest.mark.parametrize("text", ["lapor.go.id", "HTTPS://Lapor.go.id/a?b=c", "wa.me/628121500", "t.co/x"])
def test_an_address_is_a_link_with_or_without_its_beginning(text: str) -> None:
    assert links_in(f"lihat {text} ya") == [text]
