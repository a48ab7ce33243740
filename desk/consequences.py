"""What a category decides beside itself: how long the department may take, and what citizens are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from city import City
from city.reply_texts import ReplyTexts
from desk.names import short_name
from desk.texts import N_, Words
from tickets.deadlines import deadline_of


def deadline_told(city: City, category: str | None, on: date, words: Words) -> str:
    """`5 hari kerja`, `24 jam`; empty where no rule holds."""
    rule = deadline_of(city, category, on)
    if rule is None:
        return ""
    if rule.hours:
        return words.count("%(num)s jam", "%(num)s jam", rule.hours)
    return words.count("%(num)s hari kerja", "%(num)s hari kerja", rule.working_days or 0)


def follows(
    before: Mapping[str, object], after: Mapping[str, object], city: City, texts: ReplyTexts, on: date, words: Words
) -> str:
    """What changed with a category, in a sentence; empty when nothing did, or when the category stayed."""
    if "category" not in after:
        return ""
    old, new = (str(each["category"]) if each.get("category") else None for each in (before, after))
    told: list[str] = []
    was, became = (deadline_told(city, category, on, words) for category in (old, new))
    if was != became:
        parts = {"was": was or words.say(N_("tidak ada")), "became": became or words.say(N_("tidak ada"))}
        told.append(words.say(N_("tenggat %(was)s → %(became)s"), parts))
    if "opd" in after and before.get("opd") != after["opd"]:
        owners = {name: short_name(city, str(each["opd"])) if each.get("opd") else words.say(N_("belum dipilih"))
                  for name, each in (("was", before), ("became", after))}  # fmt: skip
        told.append(words.say(N_("OPD %(was)s → %(became)s"), owners))
    if any(texts.pieces(occasion, old) != texts.pieces(occasion, new) for occasion, _ in texts.replies):
        told.append(words.say(N_("teks balasan untuk warga berganti")))
    return words.say(N_("Ikut berubah: %(what)s."), {"what": ", ".join(told)}) if told else ""
