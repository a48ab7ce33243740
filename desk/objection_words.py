"""What speaks against a candidate, and why the first champion came, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from city import City
from classifier.championing import NOBODY_ELSE
from classifier.objections import Objection
from desk.names import category_name, owner_name
from desk.texts import N_, Words
from desk.times import number
from desk.wording import PRIORITIES

_QUESTIONS: Mapping[str, str] = {
    "actionable": N_("aduan atau bukan"),
    "category": N_("kategori"),
    "opd": N_("OPD"),
    "priority": N_("urgensi"),
}
OBJECTIONS: Mapping[str, str] = {
    "unknown_label": N_("Tidak mengenal %(question)s %(label)s, padahal %(champion)s mengenalnya."),
    "worse": N_(
        "Lebih buruk pada %(question)s %(label)s: dari %(n)s kiriman, %(won)s hanya benar menurut calon, %(lost)s "
        "hanya benar menurut juara."
    ),
    "worse_over_all": N_(
        "Lebih buruk pada %(question)s secara keseluruhan: dari %(n)s kiriman, %(won)s hanya benar menurut calon, "
        "%(lost)s hanya benar menurut juara."
    ),
    "learnt_nothing": N_(
        "Tidak belajar apa-apa tentang %(question)s: benar %(right)s %%, padahal selalu menjawab %(label)s sudah benar "
        "%(share)s %%. Labelnya tidak cocok dengan kirimannya, seperti teracak."
    ),
    "forgotten": N_("Tidak belajar dari satu pun kiriman %(question)s %(label)s; %(champion)s belajar dari %(count)s."),
    "leaked": N_(
        "Terlalu tepat pada kiriman uji: %(question)s benar %(right)s %%, padahal di luar itu %(held)s %%. Kiriman uji "
        "rupanya ikut dipelajari."
    ),
    "missing": N_("Artefaknya tidak ada di sini, jadi tidak dapat dibandingkan."),
    "refused": N_("Artefaknya rusak atau dibuat dengan pustaka lain, jadi tidak dapat dibandingkan."),
    "other": N_("Ada keberatan yang dicatat untuk operator."),
}
_SHARES = frozenset({"right", "share", "held"})


@dataclass(frozen=True, slots=True)
class Told:
    """An objection in words; `detail` is for operators, in English."""

    words: str
    detail: str


def objections_told(found: Sequence[Objection], city: City, words: Words) -> list[Told]:
    return [Told(_sentence(each, city, words), str(each.particulars.get("told", ""))) for each in found]


def _sentence(found: Objection, city: City, words: Words) -> str:
    question = str(found.particulars.get("question", ""))
    return words.say(
        OBJECTIONS[found.code],
        {name: _particular(name, value, question, city, words) for name, value in found.particulars.items()},
    )


def _particular(name: str, value: object, question: str, city: City, words: Words) -> str:
    if name == "question":
        return words.say(_QUESTIONS.get(question, question))
    if name == "label":
        return label_told(question, str(value), city, words)
    if name in _SHARES and isinstance(value, float):
        return number(value * 100, words)
    return number(value, words) if isinstance(value, int) else str(value)


def label_told(question: str, label: str, city: City, words: Words) -> str:
    """A label of one of the questions; as it is where the city does not know it."""
    match question:
        case "category":
            return category_name(city, label)
        case "opd":
            return owner_name(city, label)
        case "priority":
            return words.say(PRIORITIES.get(label, label))
        case _:
            return words.say({"yes": N_("ya"), "1": N_("ya"), "0": N_("tidak")}.get(label, label))


def reason_told(why: str, words: Words) -> str:
    """Why a champion moved, as a person wrote it; where nobody did, in words."""
    return words.say(N_("Belum ada juara yang dapat dipakai.")) if why == NOBODY_ELSE else why
