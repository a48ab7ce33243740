"""Tables that end up in spreadsheets: a cell that one would run as a formula begins with an apostrophe."""

from __future__ import annotations


def harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("lampu mati"), harmless(None)
    ("'=1+1", 'lampu mati', '')
    """
    if value is None:
        return ""
    if (isinstance(value, str) and value.lstrip()[:1] in {"=", "+", "-", "@"}) or str(value)[:1] in {"\t", "\r"}:
        return f"'{value}"
    return value
