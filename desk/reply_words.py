"""Replies in words: how each was given, what became of it, and why X did not take one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from city.reply_texts import Occasion
from desk.accounts import Person
from desk.masking import masked
from desk.names import called
from desk.texts import N_, Words
from tickets.replies import Given

OCCASIONS: Mapping[Occasion, str] = {
    "accepted": N_("diterima"),
    "in_work": N_("masih ditangani"),
    "closed": N_("selesai"),
    "conditional": N_("selesai bersyarat"),
    "too_little": N_("informasinya kurang"),
    "not_ours": N_("bukan kewenangan kita"),
}
# How a reply went, by its way and what became of it.
WENT: Mapping[tuple[str, str], str] = {
    ("clipboard", "given"): N_("membalas"),
    ("clipboard", "withdrawn"): N_("mencatat balasan, lalu mengurungkannya"),
    ("x", "given"): N_("membalas lewat X"),
    ("x", "sending"): N_("mengirim lewat X, tetapi jawaban X hilang di jalan"),
    ("x", "refused"): N_("mencoba membalas lewat X, tetapi tidak terbit"),
}
# What the history says when somebody made sure of a reply.
SETTLED: Mapping[str, str] = {
    "given": N_("memastikan balasan sudah terbit di X"),
    "refused": N_("memastikan balasan tidak terbit di X"),
    "withdrawn": N_("mengurungkan catatan balasan"),
}
# Why X took nothing: the code with which the sender's message begins.
PROBLEMS: Mapping[str, str] = {
    "auth": N_("X menolak token akun kota. Minta pengelola server memeriksa SIMAK_X_USER_TOKEN."),
    "not_mentioned": N_(
        "X tidak mengizinkan: penulisnya tidak menyebut akun yang dipakai. Salin saja, lalu balas di X."
    ),
    "duplicate": N_("X menolak teks yang persis sama dengan kiriman sebelumnya. Ubah sedikit, lalu kirim lagi."),
    "rate_limit": N_("X meminta menunggu. Coba lagi seperempat jam lagi, atau salin saja."),
    "quota": N_("Jatah atau kredit X habis. Salin saja, lalu balas di X."),
    "unreachable": N_("X tidak dapat dihubungi, jadi tidak ada yang terkirim. Coba lagi, atau salin saja."),
    "gone": N_("Kiriman itu tidak ada lagi di X."),
    "bad_request": N_("X tidak menerima balasan ini."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One reply, as this person may see it."""

    id: int
    who: str
    did: str
    about: str  # what was told
    at: datetime
    text: str
    stands: bool
    is_unsettled: bool
    problem: str
    address: str | None  # where it can be read


def said(given: Given, person: Person, words: Words) -> Said:
    code, _, told = (given.problem or "").partition(": ")
    return Said(
        id=given.id,
        who=called(given.actor, words),
        did=words.say(WENT[given.way, given.state]),
        about=words.say(OCCASIONS[given.occasion]),
        at=given.at,
        text=given.text if person.sees_authors else masked(given.text),
        stands=given.stands,
        is_unsettled=given.state == "sending",
        problem=f"{words.say(PROBLEMS[code])} ({told})" if code in PROBLEMS else given.problem or "",
        address=f"https://x.com/i/status/{given.source_id}" if given.source_id and person.sees_authors else None,
    )


def settled(after: Mapping[str, object], words: Words) -> str | None:
    """What a line of history that settles a reply says; None for all others."""
    state = str(after.get("settled", ""))
    return words.say(SETTLED[state]) if state in SETTLED else None
