"""How places are written: the words that stand before a name, and one spelling for the many that people use.

Words of the language only; the names themselves are the city's (`gazetteer`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Short forms of the words that lead a name, and of parts of names. Applied to names and to posts alike.
_SHORT_FORMS = {
    "jl": "jalan", "jln": "jalan", "jlan": "jalan", "jalanan": "jalan", "djl": "jalan", "dalan": "jalan",
    "dijl": "jalan", "dijln": "jalan", "djln": "jalan", "dijalan": "jalan", "jlnan": "jalan",
    "gg": "gang", "gng": "gang", "kel": "kelurahan", "klurahan": "kelurahan", "kec": "kecamatan",
    "ps": "pasar", "psr": "pasar", "perum": "perumahan", "prm": "perumahan", "perumh": "perumahan",
    "komplek": "kompleks", "komp": "kompleks", "pkm": "puskesmas", "puskes": "puskesmas", "bunderan": "bundaran",
    "prapatan": "perempatan", "prempatan": "perempatan", "pertelon": "pertigaan", "protelon": "pertigaan",
    "simp": "simpang", "jend": "jenderal", "jendral": "jenderal", "dokter": "dr", "brigjend": "brigjen",
    "kab": "kabupaten", "kp": "kampung", "kpg": "kampung", "kmpg": "kampung", "dk": "dukuh", "univ": "universitas",
    "negri": "negeri", "rusunawa": "rusun", "ponpes": "pesantren",
}  # fmt: skip

_PIECE = re.compile(r"https?://\S+|www\.\S+|@\w+|#\w+|[^\W\d_]+|\d+")
_IN_HASHTAG = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|\d+")
_SCHWA = re.compile(r"^([ts])e([lr])(?=o)")  # no wider: peleburan is no Pleburan, keramas no Kramas
_SAME_LETTERS = re.compile(r"([^\W\d])\1+")


@dataclass(frozen=True, slots=True)
class PlaceWord:
    """One word of a post in the spelling of the gazetteer, with its span in the post."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """One spelling for a word of a name: Soedarto, Sudarto; Telogosari, Tlogosari; Dhuwur, Duwur; jl., jalan.

    >>> fold("Telogosari"), fold("Jln"), fold("DHUWUR")
    ('tlogosari', 'jalan', 'duwur')
    """
    word = word.lower()
    word = _SHORT_FORMS.get(word, word)
    word = word.replace("oe", "u").replace("dh", "d").replace("tj", "c").replace("dj", "j").replace("z", "s")
    word = _SAME_LETTERS.sub(r"\1", word)
    return _SCHWA.sub(r"\1\2", word)


def place_words(text: str) -> list[PlaceWord]:
    """The words of `text` that can name a place: without links and handles, hashtags taken apart at their capitals."""
    words: list[PlaceWord] = []
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece[0] == "#":
            offset = found.start()
            words += (
                PlaceWord(fold(part[0]), offset + part.start(), offset + part.end())
                for part in _IN_HASHTAG.finditer(piece)
            )
        elif piece[0] != "@" and not piece.startswith(("http", "www.")):
            words.append(PlaceWord(fold(piece), found.start(), found.end()))
    return words


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


STREET_LEADS = _words("jalan gang")
KELURAHAN_LEADS = _words("kelurahan desa lurah dukuh")
KECAMATAN_LEADS = _words("kecamatan camat")
AREA_LEADS = KELURAHAN_LEADS | KECAMATAN_LEADS | _words("warga wilayah daerah kampung")
JUNCTION_LEADS = _words("simpang perempatan pertigaan bundaran bangjo tanjakan turunan flyover underpass merah")
# What only a street has: a name after it is a street's, even if it is an ordinary word.
STREET_THINGS = _words("trotoar aspal jpo marka median bahu pedestrian bollard block paving zebra")
STOP_LEADS = _words("halte shelter")
# What may lead the name of a landmark; with it, the name is more than the area in which the landmark lies.
LANDMARK_LEADS = _words(
    "pasar terminal stasiun taman jembatan flyover underpass terowongan masjid gereja puskesmas sd sdn smp smpn sma "
    "sman smk smkn rs rsud rsup makam tpu lapangan polder pompa kampus perumahan kompleks rusun pantai waduk kali "
    "sungai spbu tps polsek koramil embung tpa gor stadion tol kantor mall mal pesantren talud tanggul"
)
LEADS = AREA_LEADS | STREET_LEADS | JUNCTION_LEADS | STOP_LEADS | LANDMARK_LEADS

# Words after which a name is where something lies.
LOCATIVES = (
    LEADS
    | STREET_THINGS
    | _words(
        "di d dari dr lewat lwt liwat depan dpn ngarep sekitar seputar sepanjang kawasan area dekat dkt deket cedak "
        "belakang blkg mburi samping sebelah sblh seberang sebrang ujung neng ning nang teng ing trotoar macet "
        "sampai sampe tekan masuk saluran got lampu pju parkiran arah ke menuju banjir pertokoan kota putaran lokasi "
        "sekitaran dalam bawah atas soko seko menyang nyang kos kost kosan pkl bakul angkringan warung toko ruko igd "
        "ugd sekolah apotek kontrakan gerbang gapura update info parapet bantaran via tikungan perlintasan portal"
    )
)
# Words after which a name is only where the way leads, or where somebody comes from.
DIRECTIONS = _words("arah menuju ke tujuan jurusan dari dr soko seko saking orang wong mudik tol asal plat rute antara")
# Words after which a name says who somebody is, or what something is like: nothing lies there.
ELSEWHERE = _words(
    "feeder koridor jateng lulusan maba mahasiswa mahasiswi mhs alumni alumnus tim rektor dosen almamater kayak kaya "
    "kyk kek kyak seperti ageng koyo kados mirip pangeran patih sunan raden pahlawan nasional ugm"
)
# What may follow the name of a street and still belongs to it.
STREET_TAILS = _words(
    "raya utara timur barat selatan tengah dalam lor kidul kulon wetan atas bawah i ii iii iv v vi vii viii ix x xi xii"
)
# The last words by which neighbouring kelurahan of one name differ.
COMPASS = _words("lor kidul kulon wetan tengah dhuwur ngisor")
RT_RW = _words("rt rw")
# Words of their own: "ke mijen" is no way to write Kemijen.
SMALL_WORDS = _words(
    "dan yang yg ini itu ada dari aja saja juga lagi sudah udah kan nya buat untuk sama kalau kalo mau tapi baru dgn "
    "dengan tidak iki jalan gang"
)
