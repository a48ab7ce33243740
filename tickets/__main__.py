"""`python -m tickets`: the queue, its books and its numbers, from a shell.

Exit codes: 0 done · 1 done, but something needs a person (named on stderr) · 2 wrong usage or configuration.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

import settings as configuration
from city import City, CityError, load_city
from city.changes import as_of
from city.watchlist import WatchlistError, load_watchlist
from database.engine import StoreError, open_store, reading
from database.upgrade import require_schema
from settings import ConfigurationError, Settings
from tickets import exports, queue, shell
from tickets.arguments import Arguments
from tickets.blind import unproposed_line
from tickets.counts import count as count_tickets
from tickets.errors import TicketError, WrongArgument
from tickets.ledger import ledger as read_books

DONE, NEEDS_A_PERSON, WRONG_USAGE = 0, 1, 2
LINES_IN_A_TABLE = 50

app = typer.Typer(
    help="Tickets from a shell: the queue, its books and its numbers. Results on stdout, remarks on stderr.",
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

Statuses = Annotated[
    list[str] | None, typer.Option("--status", help="Only this status, such as selesai; may be repeated.")
]
Opds = Annotated[list[str] | None, typer.Option("--opd", help="Only this OPD or other authority, by its code.")]
Categories = Annotated[list[str] | None, typer.Option("--category", help="Only this category, by its code.")]
Since = Annotated[str | None, typer.Option("--since", help="Drafted since: 2026-11-01, 2026-11-01T08:00, 24h or 7d.")]
Until = Annotated[str | None, typer.Option("--until", help="Drafted before; written like --since.")]
Limit = Annotated[int | None, typer.Option("--limit", min=0, help="At most so many; 0: all. A table has 50 lines.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line; all of them, unless --limit is given.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV instead of a table.")]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the commands work with."""

    settings: Settings
    city: City
    engine: Engine
    zone: ZoneInfo
    now: datetime

    @property
    def arguments(self) -> Arguments:
        return Arguments(self.city, self.zone, self.now)


@contextmanager
def parts() -> Iterator[Parts]:
    """Everything that a command needs; wrong configuration and usage end in one line and exit code 2."""
    try:
        chosen, _ = configuration.load()
        zone, now = ZoneInfo(chosen.timezone), datetime.now(UTC)
        city = as_of(load_city(chosen.city), now.astimezone(zone).date())
        with existing_store(chosen.database_url) as engine:
            yield Parts(chosen, city, engine, zone, now)
    except (ConfigurationError, CityError, WatchlistError, StoreError, WrongArgument) as error:
        refuse(str(error))
    except DBAPIError as error:
        refuse(f"the store: {error.orig}")


@contextmanager
def existing_store(url: str) -> Iterator[Engine]:
    """The store as it is: a command that looks makes none. Raises StoreError."""
    engine = open_store(url)
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and path != ":memory:" and not Path(path).exists():
        raise StoreError(f"{path} is not there; the listener makes it, or `python -m database upgrade`")
    try:
        require_schema(engine)
        yield engine
    finally:
        engine.dispose()


def refuse(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(WRONG_USAGE) from None


@app.command("list")
def list_tickets(
    statuses: Statuses = None,
    opds: Opds = None,
    categories: Categories = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    filtered: Annotated[
        bool, typer.Option("--filtered", help="What was not drafted instead, with the reason.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """The queue: the most urgent first, then who has waited longest.

    Example: `python -m tickets list --status belum_terverifikasi --opd dpu --since 7d`
    """
    with parts() as given, reading(given.engine) as connection:
        wanted = given.arguments.filter(statuses, opds, categories, since, until)
        at_most = most_of(limit, in_a_table=not (as_json or as_csv))
        if filtered:
            if statuses or opds or categories or until:
                refuse("--filtered goes with --since and --limit: what was not drafted has no status, OPD or category")
            table = exports.set_aside_table(queue.every_set_aside(connection, since=wanted.since, limit=at_most))
        elif as_csv:
            table = exports.ticket_table(connection, wanted, at_most)
        else:
            if as_json:  # for programs: the same posts make the same lines, whichever of them are `blind`
                whole = replace(wanted, hides_blind=False)
                shell.print_json(view.as_dict() for view in queue.every(connection, whole, limit=at_most))
            else:
                views = exports.as_shown(queue.every(connection, wanted, limit=at_most))
                shell.print_tickets(list(views), given.zone, queue.count(connection, wanted))
            return
        if as_json or as_csv:
            exports.write(table, None, as_json=as_json)
        else:
            shell.print_set_aside(table.rows)


def most_of(limit: int | None, *, in_a_table: bool) -> int | None:
    """None for all. A person gets a screenful, a program everything, unless they say otherwise."""
    if limit is None:
        return LINES_IN_A_TABLE if in_a_table else None
    return limit or None


@app.command("show")
def show_ticket(
    number: Annotated[str, typer.Argument(help="The ticket's number, such as 2026-000123.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, with reasons and history.")] = False,
) -> None:
    """One ticket: what it says, why, its posts, and what happened to it.

    Example: `python -m tickets show 2026-000123`
    """
    with parts() as given, reading(given.engine) as connection:
        view = queue.show(connection, number)
        if view is None:
            refuse(f"there is no ticket {number!r}; `python -m tickets list` shows the numbers there are")
        home = view.row["merged_into"]
        merged_into = queue.number_of(connection, home) if home else None
        blind = view.row["blind"]
        lines = [unproposed_line(line, blind=blind) for line in queue.history(connection, view.row["id"])]
        (view,) = exports.as_shown([view])
        if as_json:
            told = [exports.history_row(line) for line in lines]
            shell.print_json([view.in_full() | {"merged_into": merged_into, "history": told}])
        else:
            shell.print_ticket(view, lines, merged_into, given.zone)


@app.command("export")
def export(
    labels: Annotated[
        bool, typer.Option("--labels", help="What people decided, for `python -m classifier train`.")
    ] = False,
    each_reviewer: Annotated[
        bool, typer.Option("--each-reviewer", help="With --labels: what each said of a post, not only the newest.")
    ] = False,
    predictions: Annotated[
        bool, typer.Option("--predictions", help="What each model said, for `python -m classifier compare`.")
    ] = False,
    posts: Annotated[bool, typer.Option("--posts", help="Every post, for `python -m classifier predict`.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Into this file instead of stdout.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines, with every text as it is, instead of CSV.")
    ] = False,
    statuses: Statuses = None,
    opds: Opds = None,
    categories: Categories = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Tickets, labels, posts or predictions as CSV or JSON lines; in CSV, what a spreadsheet would run begins with '.

    Example: `python -m tickets export --labels --out labels.csv`
    """
    if labels + posts + predictions > 1:
        refuse("--labels, --posts and --predictions are files of their own; ask for one at a time")
    if each_reviewer and not labels:
        refuse("--each-reviewer goes with --labels")
    with parts() as given, reading(given.engine) as connection:
        wanted = given.arguments.filter(statuses, opds, categories, since, until)
        if labels or posts or predictions:
            if wanted != given.arguments.filter(None):
                refuse("--labels, --posts and --predictions are whole; filters are for tickets")
            if labels:
                table = exports.label_table(connection, each_reviewer=each_reviewer)
            else:
                table = exports.post_table(connection) if posts else exports.prediction_table(connection)
        else:
            table = exports.ticket_table(connection, wanted)
        if out is None:
            exports.write(table, None, as_json=as_json)
            return
        try:
            written = exports.write(table, out, as_json=as_json)
        except OSError as error:
            refuse(f"{out}: cannot be written ({error.strerror}); name a file in a folder that is yours")
        print(f"{written} rows written to {out}", file=sys.stderr)


@app.command("ledger")
def show_ledger(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """What every run saw and what became of it; exit code 1 if the numbers do not add up.

    Example: `python -m tickets ledger --json`
    """
    with parts() as given:
        books = read_books(given.engine, monthly_budget_usd=given.settings.x_monthly_budget_usd)
        if as_json:
            shell.print_json([books.as_dict()])
        else:
            shell.print_ledger(books, given.zone)
        for wrong in books.imbalances:
            print(wrong.in_words(), file=sys.stderr)
        if not books.balances:
            raise typer.Exit(NEEDS_A_PERSON)


@app.command("report")
def report(
    since: Annotated[str | None, typer.Option("--from", "--since", help="Drafted since: 2026-11-01 or 30d.")] = None,
    until: Annotated[str | None, typer.Option("--to", "--until", help="Drafted before.")] = None,
    opds: Opds = None,
    categories: Categories = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The numbers of a period, in the city's words: by status, OPD and category, and how long people waited.

    Example: `python -m tickets report --from 2026-10-01 --to 2026-11-01`
    """
    with parts() as given, reading(given.engine) as connection:
        wanted = given.arguments.filter(None, opds, categories, since, until)
        counts = count_tickets(connection, given.city, wanted, given.now)
        if as_json:
            shell.print_json([counts.as_dict()])
        else:
            shell.print_counts(counts, given.zone)


@app.command("drift")
def drift(
    weeks: Annotated[int, typer.Option(min=1, help="The weeks to look at.")] = 4,
    before: Annotated[int, typer.Option(min=1, help="The weeks before them to compare with.")] = 26,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, whatever was tested.")] = False,
) -> None:
    """Whether complaints changed: new topics, other shares, less sure or more often wrong. Exit code 1: they did.

    Example: `python -m tickets drift --weeks 4`
    """
    from classifier import Reader
    from classifier.errors import ClassifierError
    from tickets.watching import watch

    with parts() as given:
        try:
            reader = Reader.load(given.settings.models_dir)
        except ClassifierError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(NEEDS_A_PERSON) from None
        seen = watch(given.engine, reader.topics, given.now, timedelta(weeks=weeks), timedelta(weeks=before))
        shell.print_json(map(asdict, seen.findings)) if as_json else shell.print_drift(seen)
        if seen.alarms:
            raise typer.Exit(NEEDS_A_PERSON)


@app.command("read")
def read(
    quarantined: Annotated[bool, typer.Option("--quarantined", help="Those in quarantine too, once more.")] = False,
) -> None:
    """Read what waits with the champion: after a model was missing, or was mended.

    Where the city changed, what is open goes to whoever took over first.

    Example: `python -m tickets read --quarantined`
    """
    from classifier import Reader
    from classifier.errors import ClassifierError
    from tickets.ledger import waiting_count
    from tickets.reading import read_waiting, release_quarantined
    from tickets.shadowing import candidate_reads_along
    from tickets.taking_over import take_over

    with parts() as given:
        own = load_watchlist(given.settings.watchlist_path).own_accounts
        if problem := take_over(given.engine, given.city, given.now, given.zone).problem:
            print(problem, file=sys.stderr)
        if quarantined:
            release_quarantined(given.engine)
        if not waiting_count(given.engine):
            print("nothing waits to be read", file=sys.stderr)
            return
        try:
            reader = Reader.load(given.settings.models_dir)
            count = read_waiting(given.engine, reader, lambda: datetime.now(UTC), city=given.city, own_accounts=own)
        except (ClassifierError, TicketError) as error:
            print(error, file=sys.stderr)
            raise typer.Exit(NEEDS_A_PERSON) from None
        print(f"{count} posts read", file=sys.stderr)
        candidate_reads_along(given.engine, given.settings.models_dir, lambda: datetime.now(UTC))


if __name__ == "__main__":
    app()
