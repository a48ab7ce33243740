"""An act on many tickets in words: what it does, what taking it back brings, which tickets it left alone and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from city import City
from desk.filters import HEADINGS, choice_name
from desk.names import category_name, owner_name
from desk.texts import N_, Words
from desk.times import how_long
from desk.view import View
from desk.wording import LATER, REFUSED, REJECTIONS, who_did
from tickets.batches import BatchView, BulkStep, Item
from tickets.moves import Action
from tickets.steps import Accept, Correct, Later, Merge, Reject, Tag

_NAMED = 20  # of each reason; the rest is only counted

BRINGS_BACK: Mapping[Action, str] = {
    "accept": N_("Semuanya kembali belum terverifikasi"),
    "reject": N_("Status dan OPD-nya kembali seperti semula"),
    "correct": N_("OPD dan kategorinya kembali seperti semula"),
    "merge": N_("Kirimannya kembali ke laporan masing-masing"),
    "tag": N_("Capnya kembali seperti semula"),
    "later": N_("Semuanya kembali ke antrean"),
}


@dataclass(frozen=True, slots=True)
class Left:
    """Tickets that were left alone for one reason. `named`: number, and who did what to it since."""

    why: str
    count: int
    named: Sequence[tuple[str, str]]


def step_words(step: BulkStep, city: City, words: Words, home: str = "") -> str:
    """What is done to each. `home`: the number of the ticket that others are merged into."""
    match step:
        case Accept():
            return words.say(N_("Terima"))
        case Reject(rejection="not_ours"):
            return words.say(N_("Bukan kewenangan kita, milik %(who)s"), {"who": owner_name(city, step.authority)})
        case Reject():
            return words.say(N_("Tolak: %(why)s"), {"why": words.say(REJECTIONS[step.rejection]).lower()})
        case Correct():
            return _correction(step, city, words)
        case Merge():
            return words.say(N_("Gabungkan ke %(number)s"), {"number": home})
        case Tag(word):
            return words.say(N_("Beri cap %(word)s"), {"word": word}) if word else words.say(N_("Lepas capnya"))
        case Later(reason):
            return words.say(N_("Tunda: %(why)s"), {"why": words.say(LATER[reason])})


def _correction(step: Correct, city: City, words: Words) -> str:
    parts = []
    if step.opd:
        parts.append(words.say(N_("Pindahkan ke %(opd)s"), {"opd": owner_name(city, step.opd)}))
    if step.category:
        parts.append(words.say(N_("Ganti kategori: %(name)s"), {"name": category_name(city, step.category)}))
    return "; ".join(parts)


def brings_back(batch: BatchView, words: Words) -> str:
    return words.say(BRINGS_BACK[batch.action])


def left_alone(found: Sequence[Item], words: Words, now: datetime) -> list[Left]:
    """Grouped by the reason, the commonest first."""
    by_code: dict[str, list[Item]] = {}
    for item in found:
        by_code.setdefault(str((item.why or {}).get("code", "")), []).append(item)
    groups = [
        Left(_reason(code, words), len(theirs), [(item.number, _since(item, words, now)) for item in theirs[:_NAMED]])
        for code, theirs in by_code.items()
    ]
    return sorted(groups, key=lambda group: -group.count)


def _reason(code: str, words: Words) -> str:
    if code == "changed_meanwhile":
        return words.say(N_("Sudah diubah orang lain, jadi dibiarkan."))
    return words.say(REFUSED.get(code, REFUSED["went_wrong"]))


def _since(item: Item, words: Words, now: datetime) -> str:
    """Who was faster, with what, and how long ago; empty for any other reason."""
    told = (item.why or {}).get("parameters", {})
    if not {"who", "action", "at"} <= told.keys():
        return ""
    ago = how_long(now - datetime.fromisoformat(told["at"]), words)
    change = who_did(told["who"], told["action"], told.get("fields", "").split(", "), words)
    return words.say(N_("%(change)s %(ago)s lalu"), {"change": change, "ago": ago})


def view_words(view: View, city: City, words: Words) -> list[str]:
    """What the list was narrowed to."""
    chosen = [
        f"{words.say(HEADINGS[dimension])}: {', '.join(choice_name(dimension, value, city, words) for value in values)}"
        for dimension, values in view.choices.items()
        if values
    ]
    return chosen + ([words.say(N_("Cari: %(words)s"), {"words": view.words})] if view.words else [])
