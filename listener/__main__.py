"""`python -m listener`: posts from other channels' exports, and what the next run will ask X and cost."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
import typer
from sqlalchemy import Engine

import settings as configuration
from city.watchlist import WatchlistError, load_watchlist
from database.engine import StoreBusy, StoreError, open_store, reading
from database.lock import one_holder
from database.tables import CHANNELS
from database.upgrade import upgrade
from listener.budget import Budget, micros, usd
from listener.cursors import load_cursors
from listener.importing import import_file
from listener.logs import LogFormat, set_up_logs
from listener.packing import QueryTooLong
from listener.plan import Horizon, Search, searches
from listener.snowflake import moment_of
from listener.sources.files import FileRefused, Reading
from settings import ConfigurationError, Settings

NEEDS_A_PERSON, WRONG_USAGE = 1, 2

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)


@app.command("import")
def import_posts(
    file: Annotated[
        Path, typer.Argument(help="JSONL of X posts, or CSV with a column text (- id, created_at, author, url).")
    ],
    channel: Annotated[str, typer.Option(help=f"Where the posts come from: {', '.join(CHANNELS)}.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as one JSON object.")] = False,
    log_format: Annotated[LogFormat, typer.Option(help="How logs are written to stderr.")] = "text",
) -> None:
    """Store the posts of a file; they are read by the next run, or now by `python -m tickets read`.

    Importing a file again adds nothing, so an import that was stopped is simply started again.

    Example: `python -m listener import whatsapp-maret.csv --channel whatsapp`
    """
    set_up_logs(log_format)
    with refusing():
        if channel not in CHANNELS:
            raise ConfigurationError(f"--channel {channel!r} is unknown; the channels are {', '.join(CHANNELS)}")
        chosen, engine = opened()
        how = Reading(channel, ZoneInfo(chosen.timezone), _now())
        with one_holder(engine, "capture"):
            imported = import_file(engine, file, how, _now, stop=threading.Event())
    told = imported.as_dict()
    print(orjson.dumps(told).decode() if as_json else ", ".join(f"{count} {name}" for name, count in told.items()))
    if imported.unreadable:
        print(f"{imported.unreadable} posts cannot be read; see `python -m tickets list --filtered`", file=sys.stderr)
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def plan(as_json: Annotated[bool, typer.Option("--json", help="Print the plan as one JSON object.")] = False) -> None:
    """The queries of the next run, their lengths and prices, and what the budget allows. Asks X nothing."""
    with refusing():
        chosen, engine = opened()
        watchlist = load_watchlist(chosen.watchlist_path)
        horizon = Horizon.at(_now(), timedelta(minutes=chosen.x_overlap_minutes), ZoneInfo(chosen.timezone))
        budget = Budget(
            micros(chosen.x_monthly_budget_usd),
            micros(chosen.x_price_per_post_usd),
            micros(chosen.x_price_per_user_usd),
        )
        with reading(engine) as connection:
            known = load_cursors(connection, [term.query for term in watchlist.terms])
            left = budget.left(connection, _now())
        planned = searches(watchlist.terms, known, horizon, chosen.x_query_length)
    told = {
        "queries": [_query(search) for search in planned],
        "longest_query": chosen.x_query_length,
        "price_per_post_usd": float(usd(budget.post)),
        "price_per_full_page_usd": float(usd(budget.post * 100)),
        "budget_usd": float(usd(budget.monthly)),
        "budget_left_usd": float(usd(left)),
        "posts_affordable": left // budget.post if budget.post else None,
    }
    print(orjson.dumps(told).decode() if as_json else _in_words(told))


def _query(search: Search) -> dict[str, object]:
    return {
        "query": search.query,
        "length": len(search.query),
        "terms": list(search.terms),
        "from": _iso(moment_of(search.window.after)),
        "to": _iso(moment_of(search.window.up_to)),
        "unfinished": search.cursors[0].unfinished is not None,
        "gaps": [{"term": gap.term, "from": _iso(gap.start), "to": _iso(gap.end)} for gap in search.gaps],
    }


def _in_words(told: dict[str, object]) -> str:
    queries: list[dict[str, object]] = told["queries"]  # type: ignore[assignment]
    lines = [
        f"{query['length']:>4} of {told['longest_query']}  {query['query']}\n           {query['from']} – {query['to']}"
        for query in queries
    ]
    lines.append(f"a post costs ${told['price_per_post_usd']}, a full page of 100 ${told['price_per_full_page_usd']}")
    lines.append(
        f"${told['budget_left_usd']} of ${told['budget_usd']} left this month: {told['posts_affordable']} posts"
    )
    return "\n".join(lines)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def opened() -> tuple[Settings, Engine]:
    chosen, _ = configuration.load()
    upgrade(chosen.database_url)
    return chosen, open_store(chosen.database_url)


@contextmanager
def refusing() -> Iterator[None]:
    """What cannot be done as asked ends in one line and its exit code."""
    try:
        yield
    except StoreBusy as busy:
        print(busy, file=sys.stderr)
        raise typer.Exit(NEEDS_A_PERSON) from None
    except (ConfigurationError, WatchlistError, QueryTooLong, StoreError, FileRefused) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(WRONG_USAGE) from None


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    app()
