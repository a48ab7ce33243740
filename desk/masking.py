"""A citizen's words for those who may not know who wrote them: accounts, numbers, addresses of mail and web covered."""

from __future__ import annotations

import re

COVER = "▇▇▇"

_PERSONAL = re.compile(
    r"https?://\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<!\w)@\w+"
    r"|(?<!\d)(?:\+?62|0)[\s.-]?\d{2,4}(?:[\s.-]?\d{2,4}){2,3}(?!\d)"  # telephone
    r"|(?<!\d)\d{16}(?!\d)"  # NIK, KK and cards
)


def masked(text: str) -> str:
    """
    >>> masked("hub 0812-3456-7890 atau @siti, RT 03")
    'hub ▇▇▇ atau ▇▇▇, RT 03'
    """
    return _PERSONAL.sub(COVER, text)
