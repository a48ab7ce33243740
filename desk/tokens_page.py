"""The API tokens of one's own account: made here, shown once, revoked here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from database.engine import reading, writing
from desk.api_tokens import LONGEST_NAME, make_token, revoke_token, tokens_of
from desk.errors import AccountError
from desk.pages import render
from desk.texts import N_
from desk.visits import EVERYONE, Page, Visit

TOKENS = "/token"
# How long a token may be good for; the first is chosen unless another is.
LENGTHS: Mapping[str, tuple[str, timedelta | None]] = {
    "1t": (N_("1 tahun"), timedelta(days=365)),
    "90h": (N_("90 hari"), timedelta(days=90)),
    "30h": (N_("30 hari"), timedelta(days=30)),
    "tetap": (N_("tanpa batas"), None),
}


def _show(visit: Visit, status: int = 200, *, made: str = "", problem: str = "") -> Response:
    with reading(visit.parts.engine) as connection:
        found = tokens_of(connection, visit.person.id)
    lengths = [(code, visit.words.say(name)) for code, (name, _) in LENGTHS.items()]
    return render(
        visit,
        "tokens.html",
        status,
        found=[(each, each.opens(visit.now)) for each in found],
        made=made,
        problem=problem,
        name=visit.field("nama") if problem else "",
        length=visit.field("berlaku") if problem else "",
        lengths=lengths,
        longest_name=LONGEST_NAME,
    )


def _make(visit: Visit) -> Response:
    """Make a token and show it: in this answer, and never again."""
    length = LENGTHS.get(visit.field("berlaku"))
    if length is None:
        return _show(visit, 422, problem="token_length_missing")
    expires_at = visit.now + length[1] if length[1] else None
    try:
        with writing(visit.parts.engine) as connection:
            made = make_token(connection, visit.person, visit.field("nama"), visit.now, expires_at)
    except AccountError:
        return _show(visit, 422, problem="token_name")
    return _show(visit, made=made)


def _revoke(visit: Visit) -> Response:
    given = str(visit.request.path_params["token"])
    with writing(visit.parts.engine) as connection:
        number = int(given) if given.isdecimal() and len(given) < 18 else 0
        revoke_token(connection, number, visit.now, account_id=visit.person.id)
    return RedirectResponse(TOKENS, 303)


PAGES = (
    Page("GET", TOKENS, EVERYONE, _show),
    Page("POST", TOKENS, EVERYONE, _make),
    Page("POST", f"{TOKENS}/{{token}}/cabut", EVERYONE, _revoke),
)
