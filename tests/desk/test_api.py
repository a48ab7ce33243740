"""The desk for other programs: the same acts and the same refusals, as JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from database.engine import writing
from desk.accounts import person_named
from desk.api_tokens import make_token
from desk.app import application
from desk.sessions import COOKIE
from tests.desk.conftest import ADDRESS, PEOPLE, Office
from tests.desk.test_deciding import FLOOD, LAMP, number_of, ticket
from tickets.moves import MOVES
from tickets.steps import ACTIONS


def program(office: Office, name: str = "ratna") -> TestClient:
    """A program with a token of this account."""
    with writing(office.store.engine) as connection:
        person = person_named(connection, name)
        token = make_token(connection, person, uuid4().hex, office.now, office.now + timedelta(days=30))
    return TestClient(application(office.parts), base_url=ADDRESS, headers={"Authorization": f"Bearer {token}"})


BODIES: dict[str, dict[str, Any]] = {
    "accept": {}, "correct": {"opd": "dpu"}, "reject": {"rejection": "too_little"}, "close": {},
    "reopen": {"reason": "x"}, "merge": {"into": "2026-000002"}, "split": {"posts": [1]}, "retitle": {"title": "x"},
    "send_back": {"reason": "x"}, "later": {"reason": "photo", "until": "2027-01-01T01:00:00Z"}, "resume": {},
    "tag": {"tag": "rapat"}, "prioritise": {"priority": "tinggi"},
}  # fmt: skip


def test_a_program_reads_page_by_page_what_waits(office: Office) -> None:
    client, seen, after = program(office), [], None
    while True:
        query = {"status": "belum_terverifikasi", "limit": 5} | ({"after": after} if after else {})
        answer = client.get("/api/v1/tickets", params=query).json()
        seen += [each["id"] for each in answer["tickets"]]
        after = answer["next"]
        if after is None:
            break
    assert sorted(seen) == sorted(row["number"] for row in office.store.alive())
    assert len(seen) == len(set(seen))


def test_a_program_accepts_with_the_version_it_read_and_takes_it_back(office: Office) -> None:
    client, number = program(office), number_of(office, LAMP)
    read = client.get(f"/api/v1/tickets/{number}").json()
    assert "accept" in read["may"]
    done = client.post(f"/api/v1/tickets/{number}/accept", json={"version": read["version"]}).json()
    assert ticket(office, LAMP)["status"] == "dalam_proses"
    late = client.post(f"/api/v1/tickets/{number}/close", json={"version": read["version"]})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert client.post(f"/api/v1/undo/{done['audit_id']}").status_code == 200
    assert ticket(office, LAMP)["status"] == "belum_terverifikasi"
    assert office.store.history(int(str(ticket(office, LAMP)["id"])))[-1]["origin"].startswith("api ")


def test_every_step_has_its_address() -> None:
    assert set(BODIES) == set(ACTIONS.values())


@pytest.mark.parametrize(("name", "role"), [(name, role) for name, role, _ in PEOPLE])
def test_every_step_is_refused_to_whom_it_is_not_for(office: Office, name: str, role: str) -> None:
    client, number = program(office, name), number_of(office, FLOOD)
    version = ticket(office, FLOOD)["version"]
    for action, body in BODIES.items():
        roles = {
            one for move in MOVES if move.action == action and move.at == "belum_terverifikasi" for one in move.roles
        }
        if role not in roles:
            answer = client.post(f"/api/v1/tickets/{number}/{action}", json={"version": version, **body})
            assert (answer.status_code, answer.json()["code"]) in (
                (403, "not_for_this_role"),
                (403, "not_in_this_status"),
                (404, "no_such_ticket"),
            ), action
    assert ticket(office, FLOOD)["version"] == version


def test_an_office_reaches_only_its_own_tickets(office: Office) -> None:
    client = program(office, "joko")
    assert {each["opd"] for each in client.get("/api/v1/tickets", params={"opd": "dlh"}).json()["tickets"]} == {"dpu"}
    for row in office.store.alive():
        expected = 200 if row["opd"] == "dpu" else 404
        assert client.get(f"/api/v1/tickets/{row['number']}").status_code == expected


def test_who_wrote_is_told_to_no_program_of_others_than_the_city_desk(office: Office) -> None:
    number = number_of(office, FLOOD)
    assert "contoh_118" in program(office).get(f"/api/v1/tickets/{number}").text
    for name in ("joko", "dewi", "tamu"):
        assert "contoh_118" not in program(office, name).get(f"/api/v1/tickets/{number}").text


def test_a_cookie_opens_no_api_and_a_token_no_page(office: Office) -> None:
    ratna = office.colleague()
    assert ratna.client.get("/api/v1/tickets").status_code == 401
    cookie = ratna.client.cookies[COOKIE]
    assert ratna.client.get("/api/v1/tickets", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    client = program(office)
    client.cookies.set(COOKIE, client.headers["Authorization"].removeprefix("Bearer "))
    assert client.get("/antrean", follow_redirects=False).status_code == 303


def test_a_token_ends(office: Office) -> None:
    client = program(office)
    office.later(days=31)
    assert client.get("/api/v1/tickets").status_code == 401


def test_the_counts_are_those_of_the_page(office: Office) -> None:
    told = program(office).get("/api/v1/counts").json()
    assert told["total"] == len(office.store.alive())


def test_it_is_described(office: Office) -> None:
    described = office.stranger().client.get("/api/v1/openapi.json").json()
    assert {f"/tickets/{{number}}/{action}" for action in BODIES} < set(described["paths"])
