"""One table of keys: the buttons, the help page, the guide and the tests all read it.

Single letters, because browsers own Alt and Ctrl. None works while a text is being written. Each is a letter of the
word on the button.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.texts import N_


@dataclass(frozen=True, slots=True)
class Key:
    """`act` names what the key presses: the element of the page whose `data-act` it is."""

    key: str
    act: str
    label: str
    group: str


DRAFT, MOVE, WINDOW = N_("Memutuskan"), N_("Berpindah"), N_("Tampilan")

KEYS: tuple[Key, ...] = (
    Key("t", "accept", N_("Terima, lalu ke laporan berikutnya"), DRAFT),
    Key("1", "opd-1", N_("Ganti ke usulan OPD pertama"), DRAFT),
    Key("2", "opd-2", N_("Ganti ke usulan OPD kedua"), DRAFT),
    Key("3", "opd-3", N_("Ganti ke usulan OPD ketiga"), DRAFT),
    Key("o", "opd", N_("Ubah OPD"), DRAFT),
    Key("a", "category", N_("Ubah kategori"), DRAFT),
    Key("7", "urgency-biasa", N_("Tidak mendesak: urgensinya biasa"), DRAFT),
    Key("8", "urgency-tinggi", N_("Mendesak, tetapi bukan darurat"), DRAFT),
    Key("9", "urgency-darurat", N_("Darurat: ada bahaya sekarang"), DRAFT),
    Key("l", "reject", N_("Tolak: bukan aduan, atau informasinya kurang"), DRAFT),
    Key("b", "not-ours", N_("Bukan kewenangan kita"), DRAFT),
    Key("g", "merge", N_("Gabungkan dengan laporan lain"), DRAFT),
    Key("p", "split", N_("Pisahkan sebagian kiriman"), DRAFT),
    Key("e", "retitle", N_("Edit judul"), DRAFT),
    Key("m", "send-back", N_("Kembalikan ke meja kota"), DRAFT),
    Key("s", "close", N_("Nyatakan selesai"), DRAFT),
    Key("i", "reopen", N_("Buka lagi"), DRAFT),
    Key("n", "later", N_("Nanti: belum yakin, tanya OPD, atau tunggu foto"), DRAFT),
    Key("y", "take-over", N_("Saya kerjakan: ambil alih dari yang sedang membukanya"), DRAFT),
    Key("c", "same-way", N_("Ubah draf lain dengan cara yang sama"), DRAFT),
    Key("w", "all", N_("Semua isi saringan sekaligus, lewat pratinjau"), DRAFT),
    Key("x", "reply", N_("Balas warga, di X atau di kanalnya"), DRAFT),
    Key("u", "undo", N_("Urungkan keputusan terakhir"), DRAFT),
    Key("j", "next", N_("Laporan berikutnya"), MOVE),
    Key("k", "previous", N_("Laporan sebelumnya"), MOVE),
    Key("/", "search", N_("Cari"), MOVE),
    Key("d", "filters", N_("Saring dan urutkan daftar"), MOVE),
    Key("r", "history", N_("Riwayat laporan ini"), WINDOW),
    Key("f", "why", N_("Faktor penentu usulan ini"), WINDOW),
    Key("h", "link", N_("Lihat kiriman aslinya"), WINDOW),
    Key("?", "help", N_("Semua tombol"), WINDOW),
)

BY_ACT: Mapping[str, str] = {each.act: each.key for each in KEYS}
