"""An office is renamed at midnight while the desk is open: names, queues and people follow without a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from city import City, load_city
from database.engine import writing
from tests.changed_city import changed_copy
from tests.desk.conftest import Office, open_office
from tests.desk.invented import NOW
from tests.tickets.builder import Desk as Store
from tickets.steps import Accept, Actor, Close
from tickets.taking_over import take_over
from tickets.workflow import perform

CITY = Path(__file__).parents[2] / "city" / "semarang"
ZONE = ZoneInfo("Asia/Jakarta")
MIDNIGHT = datetime(2027, 1, 1, tzinfo=ZONE)
OFFICES = ["air_baru,Dinas Air dan Jalan,dinas,,,,none_found,jalan,,,,2027,"]
CHANGES = ["2027-01-01,dpu,air_baru,,,,Perda 9/2026", "2027-01-01,dlh,dlh,,,Dinas Kebersihan Lama,Perda 9/2026"]


@pytest.fixture
def changing(tmp_path: Path) -> City:
    return load_city(changed_copy(CITY, tmp_path / "kota", offices=OFFICES, changes=CHANGES))


@pytest.fixture
def office(store: Store, changing: City, tmp_path: Path) -> Office:
    store.city = changing
    return open_office(store, tmp_path / "models")


def of_office(store: Store, opd: str) -> list[int]:
    return [row["id"] for row in store.alive() if row["opd"] == opd and row["status"] == "belum_terverifikasi"]


def done_at(office: Office, ticket_id: int, now: datetime) -> None:
    """Accepted and closed, both at that moment."""
    for step in (Accept(), Close()):
        with writing(office.store.engine) as connection:
            version = office.store.ticket(ticket_id)["version"]
            perform(connection, office.parts.city, ticket_id, step, Actor("ratna", "city_admin"), now, version=version)


def test_at_midnight_names_queues_and_people_follow_and_old_tickets_keep_what_was(office: Office) -> None:
    store = office.store
    closed, drafted, *_ = of_office(store, "dpu")
    waste, *_ = of_office(store, "dlh")
    done_at(office, closed, NOW)
    done_at(office, waste, NOW)
    # Given the last minute of the year, everything is called as it was;
    office.now = MIDNIGHT - timedelta(minutes=1)
    ratna = office.colleague()
    page = ratna.open(f"/antrean?status=selesai&tiket={store.ticket(closed)['number']}")
    assert "Dinas Pekerjaan Umum" in page
    assert "Dinas Air dan Jalan" not in page
    assert "air_baru" not in office.parts.city.opds
    # when the new year begins and the hourly run hands over,
    office.now = MIDNIGHT + timedelta(minutes=5)
    take_over(store.engine, office.parts.city, office.now.astimezone(UTC), ZONE)
    # then the new office has what is open, and its history says from whom;
    page = ratna.open(f"/antrean?tiket={store.ticket(drafted)['number']}")
    assert "Dinas Air dan Jalan" in page
    assert store.ticket(drafted)["opd"] == "air_baru"
    # the closed ticket is still the old one's, under its name, and not taken for another authority's;
    page = ratna.open(f"/antrean?status=selesai&tiket={store.ticket(closed)['number']}")
    assert "<strong>Dinas Pekerjaan Umum</strong>" in page
    assert "di luar kewenangan kita" not in page
    # what was closed by an office that only changed its name bears the name of that day;
    page = ratna.open(f"/antrean?status=selesai&tiket={store.ticket(waste)['number']}")
    assert "<strong>Dinas Kebersihan Lama</strong>" in page
    # and the old office's admin sees, and accepts, what is the new one's now.
    joko = office.colleague("joko")
    assert store.ticket(drafted)["number"] in joko.open("/antrean")
    joko.open(f"/antrean?tiket={store.ticket(drafted)['number']}")
    joko.send("/terima")
    assert store.ticket(drafted)["status"] == "dalam_proses"
