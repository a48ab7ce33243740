"""The words for codes: statuses, roles, channels, acts, and everything that can be refused. In one place, so that no
code ever shows on a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from desk.names import called
from desk.texts import N_, Words
from desk.times import how_long
from tickets.errors import ChangedMeanwhile, WorkflowError
from tickets.history import MACHINE

STATUSES: Mapping[str, str] = {
    "belum_terverifikasi": N_("Belum terverifikasi"),
    "dalam_proses": N_("Dalam proses"),
    "selesai": N_("Selesai"),
    "ditolak": N_("Ditolak"),
}
PRIORITIES: Mapping[str, str] = {"darurat": N_("Darurat"), "tinggi": N_("Mendesak"), "biasa": N_("Biasa")}
ROLES: Mapping[str, str] = {
    "city_admin": N_("Admin kota"),
    "opd_admin": N_("Admin OPD"),
    "data_team": N_("Tim data"),
    "viewer": N_("Pemantau"),
}
CHANNELS: Mapping[str, str] = {
    "x": N_("X"),
    "whatsapp": N_("WhatsApp"),
    "sms": N_("SMS"),
    "lapor": N_("SP4N-LAPOR!"),
    "app": N_("Aplikasi"),
    "instagram": N_("Instagram"),
    "email": N_("Email"),
    "manual": N_("Loket"),
    "file": N_("Berkas"),
}
SURENESS: Mapping[str, str] = {"sure": N_("yakin"), "fair": N_("cukup yakin"), "unsure": N_("ragu")}
DECISIONS: Mapping[str, str] = {
    "route": N_("Cukup yakin untuk langsung ditujukan ke OPD"),
    "review": N_("Belum cukup yakin: perlu dipilih orang"),
    "not_ours": N_("Tampaknya bukan kewenangan kita"),
}
REJECTIONS: Mapping[str, str] = {
    "no_complaint": N_("Bukan aduan"),
    "not_ours": N_("Bukan kewenangan kita"),
    "too_little": N_("Informasinya kurang"),
}
LATER: Mapping[str, str] = {
    "unsure": N_("belum yakin"),
    "ask_opd": N_("tanya OPD"),
    "photo": N_("tunggu foto"),
}
# What was done, as the history and the list of last decisions say it.
ACTIONS: Mapping[str, str] = {
    "accept": N_("menerima"),
    "correct": N_("mengubah"),
    "reject": N_("menolak"),
    "close": N_("menyatakan selesai"),
    "reopen": N_("membuka lagi"),
    "merge": N_("menggabungkan"),
    "split": N_("memisahkan"),
    "retitle": N_("mengganti judul"),
    "send_back": N_("mengembalikan"),
    "later": N_("menunda"),
    "resume": N_("mengembalikan ke antrean"),
    "tag": N_("memberi cap"),
    "prioritise": N_("mengubah urgensi"),
    "reply": N_("membalas pelapor"),
    "second_look": N_("melihat lagi"),
    "undo": N_("mengurungkan"),
    "draft": N_("membuat draf"),
    "join": N_("menambahkan kiriman"),
    "redraw": N_("menyusun ulang"),
    "reread": N_("membaca ulang"),
    "revive": N_("memunculkan lagi"),
    "withdraw": N_("menarik"),
    "edited": N_("mencatat: kiriman disunting penulisnya"),
    "removed": N_("mencatat: kiriman dihapus penulisnya"),
    "answered": N_("mencatat: sudah dijawab akun pemkot"),
    "take_over": N_("memindahkan ke penerusnya"),
}
# The same of a ticket to which it was done.
DONE: Mapping[str, str] = {
    "accept": N_("diterima"),
    "correct": N_("diubah"),
    "reject": N_("ditolak"),
    "close": N_("dinyatakan selesai"),
    "reopen": N_("dibuka lagi"),
    "merge": N_("digabungkan"),
    "split": N_("dipisahkan"),
    "retitle": N_("diganti judulnya"),
    "send_back": N_("dikembalikan"),
    "later": N_("ditunda"),
    "resume": N_("kembali ke antrean"),
    "tag": N_("diberi cap"),
    "prioritise": N_("diubah urgensinya"),
    "reply": N_("dibalas"),
    "second_look": N_("dilihat lagi"),
}
FIELDS: Mapping[str, str] = {
    "status": N_("status"),
    "opd": N_("OPD"),
    "category": N_("kategori"),
    "queue": N_("antrean"),
    "title": N_("judul"),
    "rejection": N_("alasan penolakan"),
    "reason": N_("keterangan"),
    "condition": N_("syarat"),
    "priority": N_("urgensi"),
    "kecamatan": N_("kecamatan"),
    "posts": N_("kiriman"),
    "came": N_("kiriman"),
    "split_into": N_("kiriman"),
    "merged_into": N_("gabungan"),
    "redrawn": N_("isi"),
    "decision": N_("usulan model"),
    "later": N_("ditunda karena"),
    "later_until": N_("ditunda sampai"),
    "tag": N_("cap"),
}
PRECISIONS: Mapping[str, str] = {
    "address": N_("alamat"),
    "street": N_("nama jalan"),
    "landmark": N_("nama tempat"),
    "kelurahan": N_("nama kelurahan"),
    "kecamatan": N_("nama kecamatan"),
}
RUN_STATUSES: Mapping[str, str] = {
    "complete": N_("Lengkap"),
    "partial": N_("Sebagian"),
    "failed": N_("Gagal"),
}
FILTERED: Mapping[str, str] = {
    "not_a_complaint": N_("Bukan aduan"),
    "own_account": N_("Akun pemkot sendiri"),
    "repost": N_("Kiriman ulang"),
    "removed": N_("Dihapus penulisnya"),
}

REFUSED: Mapping[str, str] = {
    "log_in_first": N_("Masuk dulu untuk membuka halaman ini."),
    "not_for_this_role": N_("Peran akun Anda tidak mencakup halaman atau tindakan ini."),
    "form_token": N_("Formulir ini sudah kedaluwarsa. Muat ulang halamannya, lalu coba sekali lagi."),
    "other_site": N_("Permintaan ini datang dari situs lain, jadi tidak dijalankan."),
    "form_too_large": N_("Isian terlalu panjang."),
    "form_unreadable": N_("Isian tidak dapat dibaca."),
    "not_found": N_("Halaman ini tidak ada."),
    "no_such_ticket": N_("Laporan itu tidak ada, atau bukan milik OPD Anda."),
    "went_wrong": N_("Ada kesalahan di pihak kami. Keputusan terakhir mungkin belum tersimpan: periksa riwayatnya."),
    "not_in_this_status": N_("Dengan statusnya sekarang, laporan ini tidak dapat diperlakukan begitu."),
    "merged": N_("Laporan ini sudah digabungkan ke laporan lain."),
    "withdrawn": N_("Laporan ini sudah ditarik karena kirimannya dihapus atau bukan aduan lagi."),
    "blind_first": N_("Laporan ini dinilai tanpa usulan dulu: pilih sendiri OPD dan kategorinya."),
    "looked_at_blind": N_("Dinilai tanpa usulan, jadi diputuskan satu per satu."),
    "no_second_look": N_("Laporan itu tidak menunggu untuk dilihat lagi oleh Anda."),
    "why_missing": N_("Tuliskan alasannya: riwayat model menyimpannya."),
    "not_weighed": N_("Calon ini belum dibandingkan dengan juara yang sekarang. Bandingkan dulu."),
    "gate_refused": N_("Calon ini ditolak karena ada yang memburuk. Lihat keberatannya di bawah."),
    "model_cannot_serve": N_("Model itu tidak dapat dipakai: artefaknya tidak ada, rusak, atau bukan yang tertulis."),
    "no_model_before": N_("Tidak ada juara sebelumnya yang dapat dipakai lagi."),
    "category_missing": N_("Pilih kategorinya dulu, baru terima."),
    "opd_missing": N_("Pilih OPD-nya dulu, baru terima. Atau nyatakan bukan kewenangan kita."),
    "nothing_to_correct": N_("Tidak ada yang diubah: pilih OPD atau kategori lain."),
    "category_unknown": N_("Kategori itu tidak dikenal. Pilih dari daftar."),
    "opd_unknown": N_("OPD itu tidak dikenal. Pilih dari daftar."),
    "send_it_back_instead": N_(
        "Anda tidak dapat memindahkannya ke OPD lain. Kembalikan ke meja kota dengan alasannya."
    ),
    "authority_missing": N_("Pilih kewenangan siapa."),
    "reason_missing": N_("Tuliskan alasannya."),
    "words_are_forgotten": N_(
        "Kata-kata warganya sudah dihapus karena masa simpannya habis, jadi laporan ini tidak dapat dibuka lagi. Kalau "
        "masalahnya masih ada, tunggu atau catat laporan baru."
    ),
    "title_missing": N_("Tuliskan judulnya."),
    "no_ticket_to_merge_into": N_("Nomor itu tidak dapat dijadikan tujuan gabungan."),
    "cannot_merge_into_this_status": N_("Laporan ini hanya dapat digabungkan ke draf atau ke laporan dalam proses."),
    "later_is_past": N_("Waktu itu sudah lewat. Pilih hari yang akan datang."),
    "day_unknown": N_("Hari itu tidak dapat dibaca. Pilih dari kalender."),
    "not_put_off": N_("Laporan ini tidak sedang ditunda."),
    "tag_is_one_word": N_("Cap itu satu kata: huruf, angka, atau tanda hubung di tengahnya."),
    "tagged_already": N_("Cap laporan ini memang sudah begitu."),
    "priority_unknown": N_("Urgensi itu tidak dikenal. Pilih biasa, mendesak, atau darurat."),
    "urgent_already": N_("Urgensi laporan ini memang sudah begitu."),
    "some_posts_not_all": N_("Pilih sebagian kiriman, jangan semuanya."),
    "posts_wait_to_be_read": N_("Sebagian kiriman masih menunggu dibaca. Coba lagi sebentar lagi."),
    "no_such_batch": N_("Pratinjau atau tindakan itu tidak ada, atau milik orang lain."),
    "nothing_chosen": N_("Tidak ada laporan yang dapat diperlakukan begitu."),
    "too_many_to_merge": N_("Terlalu banyak untuk satu kejadian: paling banyak 500. Persempit saringannya."),
    "batch_not_to_be_done": N_("Tindakan ini sudah dikerjakan atau sudah diurungkan."),
    "reply_empty": N_("Tuliskan balasannya."),
    "reply_too_long": N_("Balasan ini terlalu panjang."),
    "reply_is_out": N_("Balasan itu sudah terbit di X. Hapus di sana, kalau perlu."),
    "reply_is_settled": N_("Balasan itu sudah dipastikan."),
    "reply_unsettled": N_("Balasan sebelumnya mungkin sudah terbit. Pastikan dulu di X."),
    "post_was_removed": N_("Kirimannya sudah dihapus penulisnya, jadi tidak dibalas."),
    "nothing_to_tell": N_("Belum ada yang perlu disampaikan kepada pelapor."),
    "occasion_changed": N_("Laporannya sudah berubah, jadi balasannya juga. Periksa, lalu putuskan lagi."),
    "x_not_set_up": N_("Mengirim lewat X belum disiapkan. Salin saja, lalu balas di X."),
    "x_was_not_mentioned": N_("X tidak mengizinkan: penulisnya tidak menyebut akun kita. Salin saja, lalu balas di X."),
    "too_long_for_x": N_("Terlalu panjang untuk X: paling banyak 280, dihitung seperti X menghitung."),
    "link_not_asked_for": N_(
        "Ada tautan di dalamnya. Di X itu tiga belas kali lebih mahal: pilih dulu menyertakannya."
    ),
    "not_undoable": N_("Itu tidak dapat diurungkan."),
    "undone_already": N_("Itu sudah diurungkan."),
    "make_it_anew": N_("Gabungan dan pemisahan tidak dapat diulang begitu saja. Lakukan sekali lagi."),
    "not_yours_to_undo": N_("Hanya yang memutuskan, atau admin kota, yang dapat mengurungkannya."),
    "posts_are_gone": N_("Kirimannya sudah berpindah lagi, jadi tidak dapat diurungkan."),
    "view_name_missing": N_("Beri nama dulu, baru simpan."),
    "view_name_taken": N_("Nama itu sudah dipakai tampilan lain."),
    "too_many_views": N_("Tampilan tersimpan sudah 50. Hapus dulu yang tidak dipakai."),
    "no_such_view": N_("Tampilan itu tidak ada lagi."),
    "token_name": N_("Sebutkan untuk aplikasi apa, dengan nama yang belum dipakai token lain."),
    "token_length_missing": N_("Pilih berapa lama token berlaku."),
    "login_wrong": N_("Nama atau kata sandinya tidak cocok."),
    "login_too_often": N_("Terlalu banyak percobaan. Tunggu seperempat jam."),
}


def refusal(error: WorkflowError, words: Words, now: datetime) -> str:
    """Why a step was not made, in a sentence for the person who made it."""
    if isinstance(error, ChangedMeanwhile):
        told = {
            "change": who_did(error.who, error.action, error.fields, words, of_this=True),
            "ago": how_long(now - error.at, words),
        }
        return words.say(N_("%(change)s %(ago)s lalu. Isian Anda masih ada; periksa, lalu putuskan."), told)
    return words.say(REFUSED.get(error.code, REFUSED["went_wrong"]))


def who_did(actor: str, action: str, fields: Iterable[str], words: Words, *, of_this: bool = False) -> str:
    """A change in a few words: `Budi mengubah OPD`, `Budi menerima laporan ini`, `Simak menambahkan kiriman`."""
    did = f"{called(actor, words)} {words.say(ACTIONS.get(action, action))}"
    corrected = [words.say(FIELDS[name]) for name in ("opd", "category") if name in fields]
    if action == "correct" and corrected:
        return f"{did} {', '.join(corrected)}"
    return f"{did} {words.say(N_('laporan ini'))}" if of_this and actor != MACHINE else did
