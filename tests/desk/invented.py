# ruff: noqa: E501  (posts stand in one line, as they were written)
"""Invented posts and how a model might read them, for the stories about the desk and for its pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from classifier.post import Post
from tests.tickets.builder import Answer

REWRITES = (
    ["yg", "yang", "slang"], ["peteng", "gelap", "javanese"], ["Monggo", "silakan", "javanese"],
    ["nggih", "ya", "javanese"],
)  # fmt: skip
NOW = datetime(2026, 11, 24, 2, 40, tzinfo=UTC)  # 09.40 in Semarang


@dataclass(frozen=True)
class Invented:
    """One post: when it was written before NOW, and what it is read as."""

    text: str
    author: str
    hours: float
    category: str | None
    opds: Mapping[str, float]  # the likeliest first
    priority: str = "biasa"
    why: Mapping[str, float] | None = None
    place: tuple[str, str, str | None, str | None] | None = None  # text, precision, kelurahan, kecamatan
    decision: str = "route"
    media: int = 0
    parent: str | None = None
    urgent: tuple[str, ...] = ()  # the words that made it so

    @property
    def at(self) -> datetime:
        return NOW - timedelta(hours=self.hours)

    def content(self) -> dict[str, object]:
        top = [{"code": code, "p": p} for code, p in self.opds.items()]
        complaint = self.category is not None
        place = (
            dict(zip(("text", "precision", "kelurahan", "kecamatan"), self.place, strict=True)) if self.place else None
        )
        return {
            "decision": self.decision if complaint else "drop",
            "actionable": 0.96 if complaint else 0.06,
            "category": {"code": self.category, "p": 0.9} if complaint else None,
            "opd": top[0] if top else None,
            "opd_top3": top,
            "category_top3": [{"code": self.category, "p": 0.9}, {"code": "lainnya", "p": 0.04}] if complaint else [],
            "place": place,
            "priority": self.priority,
            "priority_why": list(self.urgent),
            "why": [{"term": term, "weight": weight} for term, weight in (self.why or {}).items()],
            "normalised": self.text.lower(),
            "rewrites": [change for change in REWRITES if change[0] in self.text.split()],
            "threshold": 0.82,
            "model": "2026-11-20-a",
        }


POSTS: tuple[Invented, ...] = (
    Invented(
        "Min kabel di depan Pasar Mangkang putus nggantung ke jalan, keluar percikan api! Tadi hampir kena anak sekolah. #laporhendi",
        "contoh_201", 0.6, "bukan_kewenangan", {"pln": 0.71, "disperkim": 0.2, "damkar": 0.06}, "darurat",
        {"kabel": 1.9, "percikan": 1.4, "api": 1.1, "putus": 0.8, "jalan": -0.2},
        ("depan Pasar Mangkang", "landmark", "Mangkang Wetan", "Tugu"), "not_ours", media=1, urgent=("percikan api",),
    ),
    Invented(
        "Banjir sepaha di Jl Kaligawe depan terminal terboyo, motor mogok semua, pompa e ga jalan ta? #laporhendi",
        "contoh_118", 2.2, "drainase_banjir", {"dpu": 0.93, "bpbd": 0.05, "bbws": 0.01}, "tinggi",
        {"banjir": 2.4, "pompa": 1.2, "sepaha": 0.6, "terminal": -0.3},
        ("Jl Kaligawe", "street", "Terboyo Wetan", "Genuk"), media=2,
    ),
    Invented(
        "kaligawe banjir lagi lur, depan terboyo udah kayak kolam. pompanya mati pak", "contoh_077", 1.7,
        "drainase_banjir", {"dpu": 0.9, "bpbd": 0.07, "dishub": 0.01}, "tinggi", {"banjir": 2.4, "pompanya": 1.1},
        ("kaligawe", "street", "Terboyo Wetan", "Genuk"),
    ),
    Invented(
        "Jalan Kaligawe tergenang, arah Genuk macet total sejak jam 7 pagi, mohon pompa dicek @laporsemar", "contoh_090",
        1.4, "drainase_banjir", {"dpu": 0.88, "dishub": 0.08, "bpbd": 0.02}, "biasa", {"tergenang": 2.1, "pompa": 1.2},
        ("Jalan Kaligawe", "street", "Terboyo Wetan", "Genuk"),
    ),
    Invented(
        "PJU di Jl. Pandanaran sebelah gereja mati tiga malam, peteng ndedet. Ibu2 takut lewat kalau pulang pengajian. Monggo dicek nggih #laporhendi",
        "contoh_014", 39, "pju", {"disperkim": 0.97, "pln": 0.02, "dishub": 0.01}, "biasa",
        {"PJU": 2.6, "mati": 1.3, "peteng": 1.2, "malam": 0.4, "gereja": -0.1},
        ("Jl. Pandanaran", "street", "Pekunden", "Semarang Tengah"),
    ),
    Invented(
        "Lubang di tikungan Jl Prof Hamka dekat kampus 3 UIN makin dalem, kemarin ada bapak2 jatuh sampe dirawat. Tolong ditambal yg bener #laporhendi",
        "contoh_032", 20, "jalan_rusak", {"dpu": 0.84, "bbpjn": 0.1, "disperkim": 0.03}, "tinggi",
        {"Lubang": 2.2, "ditambal": 1.7, "jatuh": 0.5, "kampus": -0.4},
        ("Jl Prof Hamka", "street", "Tambakaji", "Ngaliyan"), media=1,
    ),
    Invented(
        "sampah di TPS kokrosono udah 4 hari ga diangkut, belatungan, baunya masuk rumah. halo dlh??", "contoh_055", 9,
        "sampah", {"dlh": 0.96, "disdag": 0.02, "kec_semarang_barat": 0.01}, "biasa",
        {"sampah": 2.8, "TPS": 1.6, "diangkut": 1.1, "baunya": 0.6},
        ("TPS kokrosono", "landmark", "Bulu Lor", "Semarang Utara"),
    ),
    Invented(
        "Jukir depan toko roti Jl MT Haryono narik 5 ribu ga kasih karcis, pas ditanya malah nantang. Ini resmi apa ngga sih?",
        "contoh_061", 14, "parkir", {"dishub": 0.91, "satpolpp": 0.06, "bapenda": 0.02}, "biasa",
        {"Jukir": 2.5, "karcis": 1.2, "narik": 0.7}, ("Jl MT Haryono", "street", None, None),
    ),
    Invented(
        "Ngurus KK di kecamatan pedurungan disuruh bolak balik 3x, katanya server down terus. Wes cuti kerja lho aku",
        "contoh_088", 26, "adminduk", {"dispendukcapil": 0.58, "kec_pedurungan": 0.36, "diskominfo": 0.03}, "biasa",
        {"KK": 1.8, "kecamatan": 0.9, "server": -0.7}, ("kecamatan pedurungan", "kecamatan", None, "Pedurungan"), "review",
    ),
    Invented(
        "Pohon trembesi di Jl Imam Bardjo miring banget habis angin semalem, kalo roboh kena mobil parkir", "contoh_093",
        5, "pohon_taman", {"disperkim": 0.95, "bpbd": 0.03, "dlh": 0.01}, "tinggi",
        {"Pohon": 2.4, "miring": 0.9, "roboh": 0.8}, ("Jl Imam Bardjo", "street", "Pleburan", "Semarang Selatan"), media=1,
    ),
    Invented(
        "BRT koridor 2 arah Ungaran dari tadi nunggu 50 menit ga lewat2, halte juga bocor. #transsemarang", "contoh_101",
        3.5, "brt", {"trans_semarang": 0.98, "dishub": 0.01, "dishub_jateng": 0.01}, "biasa",
        {"BRT": 2.9, "halte": 1.4, "koridor": 1.1}, None,
    ),
    Invented(
        "Air PDAM di Lamper Tengah keruh kecoklatan wes 2 minggu, bayar lancar banyune koyo teh", "contoh_109", 50,
        "air_pdam", {"pdam": 0.99, "dinkes": 0.005, "dlh": 0.002}, "biasa", {"PDAM": 3.0, "keruh": 1.0, "banyune": 0.8},
        ("Lamper Tengah", "kelurahan", "Lamper Tengah", "Semarang Selatan"),
    ),
    Invented(
        "itu tuh yg kemarin gimana kelanjutannya ya, kok didiemin aja", "contoh_130", 30, "lainnya",
        {"setda": 0.31, "dpu": 0.2, "disperkim": 0.14}, "biasa", {"kelanjutannya": 0.4, "didiemin": 0.3}, None, "review",
        parent="Jalan gang depan mushola ambles, sudah lapor RT bulan lalu.",
    ),
    Invented(
        "lampu jalan sini mati min, ibu saya takut lewat kalau malam", "contoh_140", 21, "pju",
        {"disperkim": 0.94, "pln": 0.04, "dishub": 0.01}, "biasa", {"lampu": 2.2, "mati": 1.3, "malam": 0.4}, None,
    ),
    Invented("PSIS main malam ini, gas ke Jatidiri! siapa ikut? #laporhendi", "contoh_007", 8, None, {}),
    Invented("Sarapan soto dulu biar kuat menghadapi kenyataan #semarang", "contoh_003", 11, None, {}),
)  # fmt: skip

BY_TEXT = {post.text: post for post in POSTS}


@dataclass
class InventedReader:
    """Reads the invented posts, and nothing else."""

    model: str = "2026-11-20-a"

    def read(self, posts: Sequence[Post]) -> list[Answer]:
        return [Answer({"id": post.id, **BY_TEXT[post.text].content()}) for post in posts]
