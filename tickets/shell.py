"""How `python -m tickets` shows things: tables for a person at a terminal, JSON lines or CSV for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tickets.counts import STATUS_WORDS, Counts, Line, Waiting
from tickets.ledger import Ledger
from tickets.queue import TicketView

if TYPE_CHECKING:  # the exact tests bring the model stack with them
    from tickets.watching import Watch

_WIDE = 200  # columns where no terminal says how many it has: into a file or another program
_NEAREST = 10  # of what was tested and is no alarm


def _console() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=_WIDE)


def _table(*names: str, kept_whole: tuple[str, ...] = (), title: str | None = None) -> Table:
    """A table that breaks or shortens its other columns before those `kept_whole`."""
    table = Table(title=title)
    for name in names:
        table.add_column(name, no_wrap=name in kept_whole)
    return table


def print_json(values: Iterable[Mapping[str, object]]) -> int:
    """One object a line; returns how many."""
    count = 0
    for value in values:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        count += 1
    return count


def print_tickets(views: list[TicketView], zone: tzinfo, total: int) -> None:
    names = ("nomor", "status", "prioritas", "OPD", "kategori", "judul", "masuk", "kiriman")
    table = _table(*names, kept_whole=("nomor", "prioritas", "masuk"))
    for view in views:
        row = view.row
        table.add_row(
            row["number"],
            STATUS_WORDS[row["status"]],
            row["priority"],
            row["opd"] or "–",
            row["category"] or "–",
            escape(row["title"]),
            local(row["created_at"], zone),
            str(row["post_count"]),
        )
    _console().print(table)
    if len(views) < total:
        print(f"{len(views)} of {total} tickets; --limit 0 shows all", file=sys.stderr)


def print_set_aside(rows: Iterable[Mapping[str, object]]) -> None:
    names = ("channel", "id", "outcome", "reason", "created_at", "text")
    table = _table("kanal", "id", "hasil", "alasan", "ditulis", "teks", kept_whole=("id", "hasil"))
    for row in rows:
        table.add_row(*(escape(str(row[name] or "").replace("\n", " ")[:100]) for name in names))
    _console().print(table)


def print_ticket(
    view: TicketView, lines: Iterable[Mapping[str, Any]], number_of_home: str | None, zone: tzinfo
) -> None:
    """One ticket: what a reviewer decides on first, then its posts and what happened to it."""
    console, row, told = _console(), view.row, view.row["prediction"]
    console.print(f"[bold]{row['number']}  {escape(row['title'])}[/bold]", highlight=False)
    state = "digabung ke " + number_of_home if number_of_home else STATUS_WORDS[row["status"]]
    console.print(f"{state} · {row['priority']} · {row['decision']} · masuk {local(row['created_at'], zone)}")
    console.print(escape(row["text"]) or "(kata-katanya sudah dihapus)", highlight=False)
    table = Table(show_header=False, box=None)
    table.add_row("OPD", f"{row['opd'] or '–'} ({_percent(row['opd_p'])})")
    table.add_row("alternatif", ", ".join(f"{each['code']} {_percent(each['p'])}" for each in told.get("opd_top3", [])))
    table.add_row("kategori", row["category"] or "–")
    table.add_row("tempat", escape(str((row["place"] or {}).get("text") or "–")))
    table.add_row("sebab", escape(", ".join(f"{each['term']} {each['weight']:+.2f}" for each in told.get("why", []))))
    table.add_row("model", row["model"])
    _console().print(table)
    for post in view.posts:
        console.print(f"· {local(post.created_at, zone)} {post.author or '?'} {post.url or ''}", markup=False)
    for line in lines:
        changed = ", ".join(f"{name}: {value}" for name, value in line["after"].items())
        told_by = f"{local(line['at'], zone)} {line['actor']} {line['action']} {changed}"
        console.print(told_by, markup=False, style="dim")


def print_ledger(books: Ledger, zone: tzinfo) -> None:
    names = list(books.totals.as_dict())
    table = _table("run", "mulai", "status", *names, "dibaca", "biaya", kept_whole=("run", "mulai"))
    for run in books.runs:
        counted = [str(number) for number in run.counts.as_dict().values()]
        table.add_row(
            run.run_id[:8], local(run.started_at, zone), run.status, *counted, str(run.read), f"${run.cost_usd}"
        )
    table.add_row("semua", "", "", *(str(number) for number in books.totals.as_dict().values()), style="bold")
    _console().print(table)
    print("the ledger balances" if books.balances else "the ledger does NOT balance", file=sys.stderr)


def print_counts(counts: Counts, zone: tzinfo) -> None:
    console = _console()
    begin = local(counts.since, zone) if counts.since else "awal"
    end = local(counts.until, zone) if counts.until else "sekarang"
    console.print(f"Tiket dari {begin} sampai {end}", highlight=False)
    _print_lines("status per OPD", counts.opds, counts.all)
    _print_lines("status per kategori", counts.categories, counts.all)
    console.print(f"menunggu verifikasi: {_hours(counts.drafts)}", highlight=False)
    console.print(f"sampai diverifikasi: {_hours(counts.decided)}", highlight=False)


def _print_lines(title: str, lines: Iterable[Line], whole: Line) -> None:
    table = _table("", *STATUS_WORDS.values(), "jumlah", title=title)
    for line in (*lines, whole):
        style = "bold" if line is whole else None
        table.add_row(
            line.name, *(str(line.by_status[status]) for status in STATUS_WORDS), str(line.total), style=style
        )
    _console().print(table)


def print_drift(seen: Watch) -> None:
    """The alarms, and what came nearest to one."""
    if not seen.findings:
        print(f"nothing can be compared yet: {seen.lately} tickets lately, {seen.before} before")
        return
    table = _table("", "what", "lately", "n", "before", "n", "p")
    for finding in seen.findings[: max(len(seen.alarms), _NEAREST)]:
        shares = (f"{low:.1%} to {high:.1%}" for _, low, high in (finding.lately, finding.before))
        lately, before = shares
        sign = "!" if finding.alarm else ""
        what = f"{finding.kind} {finding.name}".strip()
        table.add_row(sign, what, lately, str(finding.of_lately), before, str(finding.of_before), f"{finding.p:.1g}")
    _console().print(table)
    print(
        f"{len(seen.alarms)} alarms; {seen.lately} tickets lately, {seen.before} before (95 % intervals, exact tests)"
    )


def _hours(waiting: Waiting) -> str:
    if not waiting.n:
        return "tidak ada"
    return f"{waiting.n} tiket, tengah {waiting.median_hours} jam, terlama {waiting.longest_hours} jam"


def _percent(probability: float | None) -> str:
    return "–" if probability is None else f"{probability:.0%}"


def local(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
