"""How listening is: sources, runs, books, gaps and money, with the text of what to do."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from database.engine import reading
from desk.needs import in_words
from desk.pages import render
from desk.visits import EVERYONE, Page, Visit
from tickets.health import budget, last_runs, needs, outcomes, sources, unfinished_terms
from tickets.ledger import balances, run_report

STATUS = "/status"


def _show(visit: Visit) -> Response:
    parts = visit.parts
    with reading(parts.engine) as connection:
        known = needs(connection, visit.now, monthly_budget_usd=parts.monthly_budget_usd, x_is_on=parts.x_is_on)
        values: dict[str, Any] = {
            "sources": sources(connection),
            "outcomes": outcomes(connection),
            "budget": budget(connection, visit.now, parts.monthly_budget_usd),
            "unfinished": unfinished_terms(connection),
        }
        newest = last_runs(connection)
    return render(
        visit,
        "status.html",
        told=[(need, *in_words(need, visit.words)) for need in known],
        runs=[run_report(parts.engine, run_id, monthly_budget_usd=parts.monthly_budget_usd) for run_id in newest],
        balances=balances(parts.engine),
        x_is_on=parts.x_is_on,
        **values,
    )


PAGES = (Page("GET", STATUS, EVERYONE, _show),)
