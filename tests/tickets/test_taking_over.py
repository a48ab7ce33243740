"""The city changes while tickets are open: the successor has them the same day, and what is done stays what it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from city import City, load_city
from city.changes import as_of
from city.watchlist import Watchlist
from database.engine import reading, writing
from run_listener import Parts, hand_over
from settings import Settings
from tests.changed_city import changed_copy
from tests.tickets.builder import Desk
from tickets.counts import Counts, count
from tickets.errors import ChangedMeanwhile
from tickets.queue import Filter
from tickets.steps import Accept, Actor, Close, Correct, Reopen, Step
from tickets.taking_over import TakenOver, take_over
from tickets.undoing import undo
from tickets.workflow import perform

ZONE = ZoneInfo("Asia/Jakarta")
CITY = Path(__file__).parents[2] / "city" / "semarang"
OFFICES = (
    "pju_baru,Dinas Penerangan,dinas,,,,none_found,lampu,,,,2027,",
    "taman_baru,Dinas Taman,dinas,,,,none_found,taman,,,,2027,",
)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=ZONE)
RATNA = Actor("ratna", "city_admin")
LAMP, TREE, ROAD = "lampu mati di jl. Gajah", "lampu taman gelap di jl. Rusa", "lubang di jl. Merak"

Changed = Callable[..., City]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The city with two more offices and these lines of changes.csv, as its files have it."""

    def write(*lines: str) -> City:
        return load_city(changed_copy(CITY, tmp_path / "kota", offices=OFFICES, changes=lines))

    return write


def on(desk: Desk, city: City, now: datetime) -> TakenOver:
    """That moment begins: the city is that of its day, and the hourly run hands over."""
    desk.now, desk.city = now, as_of(city, now.astimezone(ZONE).date())
    return take_over(desk.engine, desk.city, now, ZONE)


def act(desk: Desk, ticket_id: int, step: Step) -> None:
    with writing(desk.engine) as connection:
        perform(connection, desk.city, ticket_id, step, RATNA, desk.now, version=desk.ticket(ticket_id)["version"])


def report(desk: Desk, since: datetime, until: datetime | None) -> Counts:
    with reading(desk.engine) as connection:
        return count(connection, desk.city, Filter(since=since, until=until), desk.now)


def by_code(counts: Counts) -> dict[str | None, int]:
    return {line.code: line.total for line in counts.opds}


def test_what_is_open_goes_to_the_successor_on_the_day_and_what_is_done_keeps_its_code(
    desk: Desk, changed: Changed
) -> None:
    city = changed("2027-01-01,disperkim,pju_baru,,,,Perda 9/2026")
    # Given, in the old year, a draft, an accepted ticket and a closed one,
    assert on(desk, city, NEW_YEAR - timedelta(days=40)) == TakenOver()
    desk.tell(LAMP, "lampu mati di jl. Singa", "lampu mati di jl. Kuda")
    act(desk, 2, Accept())
    act(desk, 3, Accept())
    act(desk, 3, Close())
    # when the new year begins,
    assert on(desk, city, NEW_YEAR - timedelta(minutes=10)).moved == 0
    assert on(desk, city, NEW_YEAR + timedelta(minutes=10)).moved == 1
    # then the first two are the successor's, in its queue, and their history says so;
    draft, accepted, closed = (desk.ticket(number) for number in (1, 2, 3))
    assert (draft["opd"], draft["queue"], draft["prediction"]["opd"]["code"]) == ("pju_baru",) * 3
    assert (accepted["status"], accepted["opd"], accepted["queue"]) == ("dalam_proses", "pju_baru", "pju_baru")
    for ticket_id in (1, 2):
        line = desk.history(ticket_id)[-1]
        assert (line["actor"], line["action"]) == ("simak", "take_over")
        assert (line["before"]["opd"], line["after"]["opd"]) == ("disperkim", "pju_baru")
    # and the closed one stands as it was closed.
    assert (closed["opd"], desk.history(3)[-1]["action"]) == ("disperkim", "close")
    # An hour later nothing is left to do, and a post that the old model still gives to the old office is the new one's.
    lines = [len(desk.history(ticket_id)) for ticket_id in (1, 2, 3)]
    assert on(desk, city, NEW_YEAR + timedelta(minutes=70)) == TakenOver()
    assert lines == [len(desk.history(ticket_id)) for ticket_id in (1, 2, 3)]
    (late,) = desk.tell("lampu mati di jl. Banteng")
    assert (desk.ticket_of(late)["opd"], desk.ticket_of(late)["queue"]) == ("pju_baru", "pju_baru")
    act(desk, desk.ticket_of(late)["id"], Accept())


def test_what_a_person_chose_goes_to_the_successor_too(desk: Desk, changed: Changed) -> None:
    city = changed("2027-01-01,disperkim,pju_baru,,,,x")
    on(desk, city, NEW_YEAR - timedelta(days=1))
    desk.tell(ROAD)
    act(desk, 1, Correct(opd="disperkim"))
    on(desk, city, NEW_YEAR)
    assert (desk.ticket(1)["opd"], desk.ticket(1)["queue"]) == ("pju_baru", "pju_baru")


def test_a_split_that_is_left_open_waits_for_a_person_and_says_which_tickets(desk: Desk, changed: Changed) -> None:
    city = changed("2027-01-01,disperkim,pju_baru;taman_baru,,,,x")
    on(desk, city, NEW_YEAR - timedelta(days=1))
    desk.tell(LAMP, TREE)
    act(desk, 2, Accept())
    found = on(desk, city, NEW_YEAR)
    # The draft is routed to nobody, with both offices proposed; the accepted one stays until a person chooses.
    draft, accepted = desk.ticket(1), desk.ticket(2)
    assert (draft["decision"], draft["queue"]) == ("review", None)
    assert accepted["opd"] == "disperkim"
    assert found.undecided == (accepted["number"],)
    assert found.problem is not None
    assert accepted["number"] in found.problem
    act(desk, 2, Correct(opd="taman_baru"))
    assert on(desk, city, NEW_YEAR + timedelta(hours=1)).undecided == ()


def test_a_part_that_is_handed_on_takes_only_what_was_decided_before(desk: Desk, changed: Changed) -> None:
    city = changed("2027-01-01,disperkim,pju_baru,pju,,,x")
    on(desk, city, NEW_YEAR - timedelta(days=1))
    desk.tell(LAMP, ROAD)
    act(desk, 1, Accept())
    act(desk, 2, Accept(category="pohon_taman", opd="disperkim"))
    on(desk, city, NEW_YEAR + timedelta(hours=1))
    assert [desk.ticket(number)["opd"] for number in (1, 2)] == ["pju_baru", "disperkim"]
    # Given to the old office again on purpose, it stays there.
    act(desk, 1, Correct(opd="disperkim"))
    on(desk, city, NEW_YEAR + timedelta(hours=2))
    assert desk.ticket(1)["opd"] == "disperkim"


def test_what_goes_to_another_authority_is_for_a_person_to_refer(desk: Desk, changed: Changed) -> None:
    city = changed("2027-01-01,disperkim,pln,,,,x")
    on(desk, city, NEW_YEAR - timedelta(days=1))
    desk.tell(LAMP, TREE)
    act(desk, 2, Accept())
    assert on(desk, city, NEW_YEAR).undecided == (desk.ticket(2)["number"],)
    assert (desk.ticket(1)["decision"], desk.ticket(1)["opd"]) == ("not_ours", "pln")


def test_a_report_of_a_period_before_the_change_shows_what_held_then_and_who_took_over(
    desk: Desk, changed: Changed
) -> None:
    lines = ("2027-01-01,disperkim,pju_baru,,,,x", "2027-01-01,dpu,dpu,,,Dinas Pengairan,x")
    city = changed(*lines)
    december = datetime(2026, 12, 1, tzinfo=ZONE)
    on(desk, city, december + timedelta(days=3))
    desk.tell(LAMP, "lampu mati di jl. Singa", "lampu mati di jl. Kuda", ROAD)
    for number in (2, 3, 4):
        act(desk, number, Accept())
    act(desk, 3, Close())
    before = report(desk, december, NEW_YEAR)
    # When the new year has begun and one more was told,
    on(desk, city, NEW_YEAR + timedelta(hours=1))
    desk.tell("lampu mati di jl. Banteng")
    # then December is what it was, with its codes and names, and says who took over;
    after = report(desk, december, NEW_YEAR)
    assert by_code(after) == by_code(before) == {"disperkim": 3, "dpu": 1}
    assert [line.by_status for line in after.opds] == [line.by_status for line in before.opds]
    names = {line.code: line.name for line in after.opds}
    assert names["disperkim"] == "Dinas Perumahan dan Kawasan Permukiman (kini Dinas Penerangan)"
    assert names["dpu"] == "Dinas Pengairan (kini Dinas Pekerjaan Umum)"
    # all time shows where each stands, and every table has the same total.
    whole = report(desk, december, None)
    assert by_code(whole) == {"pju_baru": 3, "disperkim": 1, "dpu": 1}
    for counts in (after, whole):
        assert sum(by_code(counts).values()) == sum(line.total for line in counts.categories) == counts.all.total
    # What a person corrected since counts where they put it.
    act(desk, 2, Correct(opd="dishub"))
    assert by_code(report(desk, december, NEW_YEAR)) == {"disperkim": 2, "dpu": 1, "dishub": 1}


def test_a_chain_of_two_changes_leads_to_the_last_and_each_report_to_its_own(desk: Desk, changed: Changed) -> None:
    city = changed("2027-01-01,disperkim,pju_baru,,,,x", "2027-03-01,pju_baru,taman_baru,,,,x")
    on(desk, city, NEW_YEAR - timedelta(days=3))
    desk.tell(LAMP)
    act(desk, 1, Accept())
    on(desk, city, NEW_YEAR + timedelta(hours=1))
    on(desk, city, datetime(2027, 3, 1, 1, tzinfo=ZONE))
    begin = datetime(2026, 12, 1, tzinfo=ZONE)
    assert desk.ticket(1)["opd"] == "taman_baru"
    assert by_code(report(desk, begin, NEW_YEAR)) == {"disperkim": 1}
    assert by_code(report(desk, begin, datetime(2027, 2, 1, tzinfo=ZONE))) == {"pju_baru": 1}
    assert by_code(report(desk, begin, None)) == {"taman_baru": 1}


def test_a_decision_from_before_the_change_is_taken_back_unless_it_chose_the_code_that_ended(
    desk: Desk, changed: Changed
) -> None:
    city = changed("2027-01-01,disperkim,pju_baru,,,,x")
    on(desk, city, NEW_YEAR - timedelta(days=1))
    desk.tell(LAMP, ROAD)
    act(desk, 1, Accept())
    act(desk, 2, Accept(opd="disperkim"))
    on(desk, city, NEW_YEAR + timedelta(hours=1))
    accepted = {number: desk.history(number)[-2]["id"] for number in (1, 2)}
    with writing(desk.engine) as connection:
        undo(connection, desk.city, accepted[1], RATNA, desk.now)
    assert (desk.ticket(1)["status"], desk.ticket(1)["opd"]) == ("belum_terverifikasi", "pju_baru")
    with writing(desk.engine) as connection, pytest.raises(ChangedMeanwhile) as told:
        undo(connection, desk.city, accepted[2], RATNA, desk.now)
    assert (told.value.who, told.value.action) == ("simak", "take_over")


def test_what_was_closed_before_the_change_and_is_opened_again_goes_to_the_successor(
    desk: Desk, changed: Changed
) -> None:
    city = changed("2027-01-01,disperkim,pju_baru,,,,x")
    on(desk, city, NEW_YEAR - timedelta(days=1))
    desk.tell(LAMP)
    act(desk, 1, Accept())
    act(desk, 1, Close())
    on(desk, city, NEW_YEAR + timedelta(hours=1))
    act(desk, 1, Reopen("belum selesai"))
    on(desk, city, NEW_YEAR + timedelta(hours=2))
    assert (desk.ticket(1)["opd"], desk.ticket(1)["queue"]) == ("pju_baru", "pju_baru")


def test_the_hourly_run_hands_over_though_nothing_waits_to_be_read(
    desk: Desk, changed: Changed, tmp_path: Path
) -> None:
    city = changed("2026-01-01,disperkim,pju_baru,,,,x")  # long ago for the clock of this machine
    desk.city = as_of(city, date(2025, 1, 1))
    desk.tell(LAMP)
    chosen = Settings().model_copy(update={"city": tmp_path / "kota"})
    hand_over(Parts(chosen, Watchlist(terms=(), own_accounts=frozenset()), desk.engine, Event()))
    assert desk.ticket(1)["opd"] == "pju_baru"


def test_a_city_without_changes_is_not_even_looked_at(desk: Desk) -> None:
    desk.tell(LAMP)
    assert take_over(desk.engine, as_of(desk.city, date(2027, 1, 1)), datetime(2027, 1, 1, tzinfo=UTC), ZONE) == (
        TakenOver()
    )
    assert [line["action"] for line in desk.history(1)] == ["draft"]
