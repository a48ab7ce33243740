"""What needs a person, in words: what it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from desk.texts import N_, Words
from tickets.health import Need

# Of each: what is the matter, and what to do. %(n)s is the need's number.
TOLD: Mapping[str, tuple[str, str]] = {
    "auth": (
        N_("X menolak token kami."),
        N_("Buat token baru di console.x.com, pasang di SIMAK_X_BEARER_TOKEN, lalu mulai ulang Simak."),
    ),
    "quota": (
        N_("Jatah baca dari X habis."),
        N_("Tambah kredit di console.x.com. Pencarian dilanjutkan dari tempat berhentinya."),
    ),
    "budget": (
        N_("Anggaran baca bulan ini habis."),
        N_("Naikkan SIMAK_X_MONTHLY_BUDGET_USD, atau tunggu awal bulan. Yang tertinggal dibaca kemudian."),
    ),
    "rate_limit": (N_("X meminta kami menunggu."), N_("Tidak perlu apa-apa: jam berikutnya dilanjutkan.")),
    "transient": (
        N_("X atau jaringan tidak menjawab."),
        N_("Periksa internet server. Jam berikutnya dicoba lagi dan tidak ada kiriman yang hilang."),
    ),
    "bad_request": (
        N_("X tidak menerima pencarian kami."),
        N_("Periksa daftar pantauan (watchlist.toml) dengan python -m listener plan."),
    ),
    "bad_payload": (
        N_("Jawaban X tidak dapat dibaca."),
        N_("Jalankan python run_listener.py --check; kalau tetap begitu, hubungi pengembang Simak."),
    ),
    "busy": (
        N_("Simak lain sedang berjalan di basis data ini."),
        N_("Hentikan salah satunya: cukup satu yang menyimak."),
    ),
    "model": (
        N_("Model tidak dapat dipakai, jadi kiriman baru belum dibaca."),
        N_("Jalankan make setup, atau kembalikan model sebelumnya dengan python -m classifier rollback."),
    ),
    "internal": (
        N_("Penyimakan terakhir gagal."),
        N_("Lihat pesan kesalahannya di log, dan periksa sisa ruang penyimpanan."),
    ),
    "never_ran": (N_("Simak belum pernah menyimak."), N_("Jalankan python run_listener.py.")),
    "stopped": (
        N_("Sudah %(n)s jam tidak menyimak."),
        N_("Periksa apakah run_listener.py masih berjalan di server."),
    ),
    "gap": (
        N_("Ada %(n)s rentang waktu yang tidak dapat dibaca lagi dari X."),
        N_("Kiriman di rentang itu tidak masuk. Rinciannya di bawah; kalau penting, minta arsipnya lalu impor."),
    ),
    "quarantined": (
        N_("%(n)s kiriman tidak terbaca dan disisihkan."),
        N_("Lihat di halaman Tersaring; isinya tetap tersimpan."),
    ),
    "unread": (
        N_("%(n)s kiriman belum juga dibaca."),
        N_("Periksa modelnya dengan python run_listener.py --check."),
    ),
    "budget_low": (
        N_("Anggaran baca bulan ini tinggal %(n)s dolar."),
        N_("Naikkan SIMAK_X_MONTHLY_BUDGET_USD sebelum habis."),
    ),
    "silence": (
        N_("Sudah %(n)s jam tidak ada kiriman, jauh lebih lama dari biasanya."),
        N_("Mungkin memang sepi. Coba cari tagarnya di X, dan periksa daftar pantauan."),
    ),
    "x_off": (
        N_("X tidak dipakai: belum ada token."),
        N_("Kiriman tetap bisa masuk dari berkas dan kanal lain. Untuk memakai X, isi SIMAK_X_BEARER_TOKEN."),
    ),
}


def in_words(need: Need, words: Words) -> tuple[str, str]:
    """What is the matter, and what to do."""
    what, remedy = TOLD[need.code]
    number = int(need.number) if need.number == int(need.number) else round(need.number, 2)
    return words.say(what, {"n": number}), words.say(remedy)
