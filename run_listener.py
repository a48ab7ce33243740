"""The listener: captures, reads and drafts, once or every hour.

The composition root: builds the parts from the settings and hands them down.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import orjson
import structlog
import typer
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

import settings as configuration
from city import CityError
from city.watchlist import Watchlist, WatchlistError, load_watchlist
from database.engine import StoreBusy, StoreError, open_store, writing
from database.kind import claim_kind, demo_began, kind_of
from database.lock import one_holder
from database.upgrade import open_existing, upgrade
from listener.ledger import RunError, begin_run, end_run, end_turn
from listener.logs import LogFormat, set_up_logs
from listener.packing import QueryTooLong, pack
from listener.sources.files import FileRefused
from settings import ConfigurationError, Origin, Settings
from tickets.ledger import RunReport, failed_report, run_report, waiting_count

if TYPE_CHECKING:  # imported where there is something to ask or to read: an idle hour must stay light
    from city import City
    from listener.capture import Listening
    from listener.sources.x.client import Patience
    from listener.sources.x.voice import Voice

DONE, NEEDS_A_PERSON, WRONG_USAGE = 0, 1, 2
OVERDUE = timedelta(hours=3)  # two missed hours: one may be X's fault
DEMO_INTERVAL = 2  # minutes: the demo's city does not sleep

app = typer.Typer(add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every way of running is made of."""

    settings: Settings
    watchlist: Watchlist
    engine: Engine
    stop: threading.Event
    patience: Patience | None = None  # with X; the demo's needs none
    is_demo: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)


# ── One turn ──────────────────────────────────────────────────────────────────────────────────────────────────────


def search_turn(parts: Parts) -> RunReport:
    """Search X if there is a token, then read what waits."""
    listening = listening_from(parts)
    if listening is None:
        print("X is off: SIMAK_X_BEARER_TOKEN is unset; only what waits is read", file=sys.stderr)
        return turn(parts, lambda: run_without_source(parts.engine))
    from listener.capture import capture, name_authors

    return turn(parts, lambda: capture(listening), lambda run_id: name_authors(listening, run_id))


def turn(parts: Parts, bring: Callable[[], str], finish: Callable[[str], None] = lambda run_id: None) -> RunReport:
    """Bring posts in, read what waits, finish the run; the report says how it went."""
    try:
        with one_holder(parts.engine, "capture"):
            run_id = bring()
            hand_over(parts)
            problem = read_what_waits(parts, run_id)
            finish(run_id)
            with writing(parts.engine) as connection:
                end_turn(connection, run_id, _now(), RunError("model", problem) if problem else None)
            report = run_report(parts.engine, run_id, monthly_budget_usd=parts.settings.x_monthly_budget_usd)
    except StoreBusy as busy:
        return failed_report("busy", str(busy), _now())
    except (StoreError, DBAPIError, OSError) as error:
        return failed_report("internal", f"the store: {getattr(error, 'orig', None) or error}", _now())
    except Exception as error:  # noqa: BLE001  whoever reads stdout gets its object, whoever reads stderr the trace
        structlog.get_logger().exception("the run failed")
        return failed_report("internal", f"{type(error).__name__}: {error}", _now())
    if report.read:
        from tickets.shadowing import candidate_reads_along

        candidate_reads_along(parts.engine, parts.settings.models_dir, _now, parts.stop)
    return report


def listening_from(parts: Parts) -> Listening | None:
    """The parts of a capture run, or None while X is off."""
    chosen = parts.settings
    if chosen.x_bearer_token is None:
        return None
    from listener.budget import Budget, micros
    from listener.capture import Listening
    from listener.sources.x.client import XClient

    token = chosen.x_bearer_token.get_secret_value()
    return Listening(
        engine=parts.engine,
        source=XClient(token, chosen.x_api_url, stop=parts.stop, patience=parts.patience),
        terms=parts.watchlist.terms,
        own_accounts=parts.watchlist.own_accounts,
        budget=Budget(
            monthly=micros(chosen.x_monthly_budget_usd),
            post=micros(chosen.x_price_per_post_usd),
            user=micros(chosen.x_price_per_user_usd),
        ),
        zone=parts.zone,
        overlap=timedelta(minutes=chosen.x_overlap_minutes),
        longest_query=chosen.x_query_length,
        stop=parts.stop,
    )


def run_without_source(engine: Engine) -> str:
    with writing(engine) as connection:
        run_id = begin_run(connection, "off", "x", _now())
        end_run(connection, run_id, "complete", [], _now())
    return run_id


def read_what_waits(parts: Parts, run_id: str) -> str | None:
    """Read every waiting post with the champion; returns why that was not possible, if it was not."""
    waiting = waiting_count(parts.engine)
    if not waiting:
        return None
    from classifier import Reader
    from classifier.errors import ClassifierError
    from tickets.errors import ReaderFailed
    from tickets.reading import read_waiting

    try:
        reader = Reader.load(parts.settings.models_dir)
        with progress("posts read", waiting) as advance:
            read_waiting(
                parts.engine,
                reader,
                _now,
                city=city_of_today(parts),
                run_id=run_id,
                own_accounts=parts.watchlist.own_accounts,
                stop=parts.stop,
                progress=advance,
            )
    except (CityError, ClassifierError, ReaderFailed) as error:
        return f"{error}; {waiting_count(parts.engine)} posts wait"
    return None


def city_of_today(parts: Parts) -> City:
    """Raises CityError."""
    from city import load_city
    from city.changes import as_of

    return as_of(load_city(parts.settings.city), _now().astimezone(parts.zone).date())


def hand_over(parts: Parts) -> None:
    """Where the city changed, bring what is open to whoever took over; what a person must do is logged."""
    from city.changes import CHANGES_FILE

    if not (parts.settings.city / CHANGES_FILE).exists():
        return
    from tickets.taking_over import take_over

    try:
        problem = take_over(parts.engine, city_of_today(parts), _now(), parts.zone).problem
    except CityError as error:
        problem = str(error)
    if problem:
        structlog.get_logger().warning(problem)


# ── Ways of running ───────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def main(
    once: Annotated[bool, typer.Option("--once", help="One run, then exit.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print each run as one JSON object.")] = False,
    interval: Annotated[int | None, typer.Option(min=1, help="Minutes between runs, instead of hourly.")] = None,
    desk: Annotated[bool, typer.Option("--desk", help="Serve the review desk too.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Against the built-in emulator and its invented posts.")] = False,
    demo_without_token: Annotated[
        bool,
        typer.Option("--demo-without-token", help="The demo, if no X token is set and the store is not a real one."),
    ] = False,
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Posts from a file instead of X: JSONL of X posts, or CSV.")
    ] = None,
    recheck: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="DAYS", help="Ask X again for what was captured in so many days: edits, deletions."
        ),
    ] = None,
    healthcheck: Annotated[
        bool, typer.Option("--healthcheck", help="Exit 0 if the last complete run is less than three hours old.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Show every setting, try every part once, and exit.")] = False,
    log_format: Annotated[LogFormat, typer.Option(help="How logs are written to stderr.")] = "text",
    verbose: Annotated[bool, typer.Option("--verbose", help="Log each page.")] = False,
) -> None:
    """Capture what citizens post, read it, and draft tickets: now, and then every hour until stopped.

    Exit codes: 0 done · 1 ran, but something needs a person (named on stderr) · 2 wrong usage or configuration.

    Examples: `python run_listener.py --once --json` · `python run_listener.py --desk` · `… --replay archive.jsonl`
    """
    set_up_logs(log_format, verbose=verbose)
    with ExitStack() as stack, refusing():
        chosen, origins = configuration.load()
        watchlist = load_watchlist(chosen.watchlist_path)
        check_query_lengths(watchlist, chosen.x_query_length)
        if check:
            raise typer.Exit(check_everything(chosen, origins, watchlist))
        if healthcheck:
            raise typer.Exit(check_health(chosen.database_url))
        parts = Parts(chosen, watchlist, prepared_store(chosen.database_url), stop_on_signals())
        if demo or (demo_without_token and chosen.x_bearer_token is None and kind_of(parts.engine) != "real"):
            parts = stack.enter_context(demo_parts(parts))
            interval = interval or DEMO_INTERVAL
        elif replay is None and chosen.x_bearer_token is not None:
            claim_kind(parts.engine, "real")
        if replay is not None:
            raise typer.Exit(tell(replay_turn(parts, replay), as_json=as_json))
        if recheck is not None:
            raise typer.Exit(tell(recheck_turn(parts, recheck), as_json=as_json))
        if once:
            raise typer.Exit(tell(search_turn(parts), as_json=as_json))
        if desk:
            stack.enter_context(served_desk(parts))
        from listener.schedule import keep_listening, last_complete_run

        last = last_complete_run(parts.engine)
        if last is not None and _now() - last > timedelta(hours=1, minutes=30):
            print(f"catching up: the last complete run ended {last:%Y-%m-%d %H:%M} UTC", file=sys.stderr)
        take = partial(_take_and_tell, parts, as_json=as_json)
        keep_listening(take, parts.stop, zone=parts.zone, minute=chosen.listen_minute, interval=interval)


def _take_and_tell(parts: Parts, *, as_json: bool) -> None:
    tell(search_turn(parts), as_json=as_json)


def recheck_turn(parts: Parts, days: int) -> RunReport:
    """One run that asks X again for what was captured in the last `days`."""
    listening = listening_from(parts)
    if listening is None:
        raise ConfigurationError("X is off, so nothing can be asked again; set SIMAK_X_BEARER_TOKEN")
    from listener.capture import recheck

    return turn(parts, lambda: recheck(listening, _now() - timedelta(days=days)))


def replay_turn(parts: Parts, path: Path) -> RunReport:
    """One run whose posts come from a file."""
    from listener.importing import import_file
    from listener.sources.files import Reading, read_file

    reading = Reading("x", parts.zone, _now())
    read_file(path, reading)  # refuses the file before a run is written down
    with progress("posts read from the file") as advance:
        return turn(
            parts, lambda: import_file(parts.engine, path, reading, _now, stop=parts.stop, on_page=advance).run_id
        )


@contextmanager
def demo_parts(parts: Parts) -> Iterator[Parts]:
    """The same parts pointed at the built-in emulator, with a store that is marked as a demo's."""
    from listener.emulator import Emulator
    from listener.sources.x.client import Patience

    claim_kind(parts.engine, "demo")
    print("DEMO: invented posts from the built-in X emulator; nothing here is real", file=sys.stderr)
    with Emulator.with_bundled_posts(start=demo_began(parts.engine, _now())) as emulator:
        pointed = {"x_api_url": emulator.url, "x_bearer_token": SecretStr(emulator.token), "x_user_token": None}
        if own := sorted(parts.watchlist.own_accounts):
            pointed["x_user_token"] = SecretStr(emulator.log_in(own[0]))
        chosen = parts.settings.model_copy(update=pointed)
        yield replace(parts, settings=chosen, patience=Patience(pace=0), is_demo=True)


@contextmanager
def served_desk(parts: Parts) -> Iterator[None]:
    """The review desk, served beside the listener for as long as the block lasts."""
    from desk.serving import serving

    # What is invented is never answered in the real world.
    may_speak = parts.is_demo or kind_of(parts.engine) != "demo"
    with serving(parts.engine, parts.settings, parts.stop, sender=voice_from(parts.settings) if may_speak else None):
        yield


def voice_from(chosen: Settings) -> Voice | None:
    """What posts replies as the city's account, or None while no token is set."""
    if chosen.x_user_token is None:
        return None
    from listener.sources.x.voice import Voice

    return Voice(chosen.x_user_token.get_secret_value(), chosen.x_api_url)


def tell(report: RunReport, *, as_json: bool) -> int:
    """Print how a run went; returns the exit code."""
    if as_json:
        print(orjson.dumps(report.as_dict()).decode(), flush=True)
    else:
        print(report.in_words(), flush=True)
    for error in report.errors:
        print(f"{error.kind}: {error.message}", file=sys.stderr)
    return NEEDS_A_PERSON if report.needs_a_person else DONE


# ── Trying every part ─────────────────────────────────────────────────────────────────────────────────────────────


def check_everything(chosen: Settings, origins: list[Origin], watchlist: Watchlist) -> int:
    """Print every setting and try database, model and X once, changing nothing; returns the exit code."""
    for origin in origins:
        print(f"{origin.name:32} {origin.value:48} {origin.source}")
    print(f"{'watch-list':32} {len(watchlist.terms)} terms")
    well = True
    for name, attempt in (
        ("city", partial(check_city, chosen)),
        ("database", partial(check_store, chosen.database_url)),
        ("model", partial(check_model, chosen.models_dir)),
        ("X", partial(check_x, chosen, watchlist)),
        ("replies through X", partial(check_voice, chosen)),
    ):
        try:
            print(f"{name:32} {attempt()}")
        except Exception as error:  # noqa: BLE001  whatever is wrong with a part is what is to be shown
            well = False
            print(f"{name:32} NOT WELL: {error}")
            print(f"{name}: {error}", file=sys.stderr)
    return DONE if well else NEEDS_A_PERSON


def check_health(url: str) -> int:
    """For a watchdog: says when the last complete run was; returns the exit code."""
    from listener.schedule import last_complete_run

    last = last_complete_run(open_existing(url))
    well = last is not None and _now() - last < OVERDUE
    print(f"the last complete run ended {last:%Y-%m-%d %H:%M} UTC" if last else "no run was ever complete")
    return DONE if well else NEEDS_A_PERSON


def check_city(chosen: Settings) -> str:
    from city import load_city
    from city.reading_replies import FILE, load_replies

    city = load_city(chosen.city)
    load_watchlist(chosen.watchlist_path, frozenset(city.opds))
    load_replies(chosen.city / FILE, city)
    return f"well, {len(city.opds)} departments, {len(city.categories)} categories"


def check_store(url: str) -> str:
    engine = open_store(url)
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return "not there yet; the first start makes it"
    return f"well, {kind_of(open_existing(url)) or 'new'}"


def check_model(models_dir: Path) -> str:
    from classifier import Reader

    return f"well, {Reader.load(models_dir).model}"


def check_x(chosen: Settings, watchlist: Watchlist) -> str:
    """Ask for the posts of one past millisecond: it tries address, token and query, and costs nothing."""
    from listener.cursor import Window
    from listener.packing import query_of
    from listener.snowflake import first_id_at
    from listener.sources.x.client import PAGE_SIZES, XClient

    if chosen.x_bearer_token is None:
        return "off: SIMAK_X_BEARER_TOKEN is unset"
    if not watchlist.terms:
        return "nothing to ask: the watch-list has no terms"
    moment = first_id_at(_now() - timedelta(minutes=5))
    client = XClient(chosen.x_bearer_token.get_secret_value(), chosen.x_api_url)
    query = query_of([watchlist.terms[0].query])
    client.search(query, Window(moment, moment + 1), size=PAGE_SIZES[0], page=None)
    return "well, the token is taken"


def check_voice(chosen: Settings) -> str:
    """Whether a token is there, and of what kind. It is not tried: whatever it may ask costs money, or is published."""
    voice = voice_from(chosen)
    if voice is None:
        return "off: SIMAK_X_USER_TOKEN is unset; replies are copied by hand"
    return (
        f"a token {'of OAuth 2.0, which ends by itself' if voice.ends else 'of OAuth 1.0a'}; tried with the first reply"
    )


# ── Parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def refusing() -> Iterator[None]:
    """Wrong configuration or usage ends in one line and exit code 2."""
    try:
        yield
    except (ConfigurationError, CityError, WatchlistError, QueryTooLong, StoreError, FileRefused) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(WRONG_USAGE) from None


def check_query_lengths(watchlist: Watchlist, longest: int) -> None:
    pack([term.query for term in watchlist.terms], longest)


def prepared_store(url: str) -> Engine:
    upgrade(url)
    return open_store(url)


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set; a second signal ends the process at once."""
    stop = threading.Event()

    def heard(number: int, _frame: object) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        print("stopping at the next page's end; once more stops at once", file=sys.stderr)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)
    return stop


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing elsewhere; yields what is to be told of each step."""
    if not sys.stderr.isatty():
        yield lambda steps: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda steps: bars.advance(bar, steps)


if __name__ == "__main__":
    app()
