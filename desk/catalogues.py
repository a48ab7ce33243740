"""Keeping the catalogues complete: every text of the templates and the code, found as Babel finds it.

`python -m desk.catalogues` adds what is missing to each catalogue and takes out what is no longer said.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from desk.texts import LANGUAGES, LOCALE, Language

_HERE = Path(__file__).parent
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
_OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "count": (1, 2)}


def said() -> Catalog:
    """Every text that the desk may show."""
    found = Catalog()
    for name, _line, message, _comments, context in extract_from_dir(_HERE, _METHODS, _OPTIONS, _KEYWORDS):
        found.add(message, None, [(name, 1)], context=context)
    return found


def stored(language: Language) -> Catalog:
    with (LOCALE / language / "desk.po").open("rb") as file:
        return read_po(file, locale=language)


def renew(language: Language) -> None:
    path = LOCALE / language / "desk.po"
    catalog = stored(language) if path.exists() else Catalog(locale=language, project="Simak")
    catalog.update(said(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=0, sort_output=True, no_location=True, omit_header=False)


if __name__ == "__main__":
    for each in LANGUAGES:
        renew(each)
