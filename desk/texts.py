"""The texts of the desk, one catalogue a language. The source says them in Indonesian; a catalogue may say them anew.

The catalogues are read as they are written (`.po`) when the desk starts, so that a fresh clone needs no build step.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALE = Path(__file__).parent / "locale"


@cache
def catalogue(language: Language) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (LOCALE / language / "desk.po").open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


def N_(text: str) -> str:
    """Marks a text for the catalogues where it stands in a table; it is translated where it is shown.

    >>> N_("Terima")
    'Terima'
    """
    return text


class Words:
    """A language, to say the texts of tables in."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def say(self, text: str, parameters: Mapping[str, object] | None = None) -> str:
        said = self._catalogue.gettext(text) if text else ""
        return said % parameters if parameters else said

    def count(self, one: str, many: str, number: int) -> str:
        """`one` and `many` hold %(num)s."""
        return self._catalogue.ngettext(one, many, number) % {"num": number}
