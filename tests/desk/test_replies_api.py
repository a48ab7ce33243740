"""Replies for other programs: the same drafts, the same refusals, the same care."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.desk.conftest import Office
from tests.desk.test_api import program
from tests.desk.test_deciding import FLOOD, LAMP, number_of
from tests.desk.test_replies import MENTION, Mouth, Sent, decided, rows


@pytest.fixture
def mouth() -> Mouth:
    return Mouth()


@pytest.fixture
def flood(office: Office, mouth: Mouth) -> Office:
    office.parts = replace(office.parts, sender=mouth)
    decided(office, FLOOD)
    return office


def talks(office: Office, words: str, name: str = "ratna", **query: Any) -> list[dict[str, Any]]:
    answer = program(office, name).get(f"/api/v1/tickets/{number_of(office, words)}/replies", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def of_mention(office: Office) -> dict[str, Any]:
    post = next(row for row in office.store.posts() if MENTION in row["text"])
    return next(talk for talk in talks(office, FLOOD) if talk["post_id"] == post["id"])


def test_a_program_reads_the_drafts_and_records_a_reply_that_it_gave(office: Office) -> None:
    decided(office, LAMP)
    (talk,) = talks(office, LAMP)
    draft = talk["draft"]
    assert (draft["occasion"], draft["limit"], talk["seen"]) == ("accepted", 280, None)
    assert draft["length"] <= 280
    body = {"post_id": talk["post_id"], "text": draft["text"], "way": "clipboard", "seen": talk["seen"]}
    given = program(office).post(f"/api/v1/tickets/{number_of(office, LAMP)}/replies", json=body).json()
    assert (given["state"], given["by"], given["text"]) == ("given", "ratna", draft["text"])
    (talk,) = talks(office, LAMP)
    assert (talk["is_answered"], talk["seen"], talk["replies"]) == (True, given["id"], [given])
    shown = program(office).get(f"/api/v1/tickets/{number_of(office, LAMP)}").json()
    assert shown["replies"] == [given]
    line = next(line for line in shown["history"] if line["action"] == "reply")
    assert line["origin"].startswith("api ")


def test_the_same_request_twice_gives_one_reply(flood: Office, mouth: Mouth) -> None:
    talk = of_mention(flood)
    assert talk["draft"]["may_go_to_x"]
    body = {"post_id": talk["post_id"], "text": talk["draft"]["text"], "way": "x", "seen": talk["seen"]}
    address = f"/api/v1/tickets/{number_of(flood, FLOOD)}/replies"
    first, second = (program(flood).post(address, json=body) for _ in range(2))
    assert (first.json()["state"], first.json()["source_id"]) == ("given", "9001")
    assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile")
    assert len(mouth.said) == 1


def test_a_lost_answer_is_settled_by_whoever_looked(flood: Office, mouth: Mouth) -> None:
    mouth.outcome = Sent()
    talk = of_mention(flood)
    body = {"post_id": talk["post_id"], "text": "Sudah.", "way": "x"}
    client, address = program(flood), f"/api/v1/tickets/{number_of(flood, FLOOD)}/replies"
    given = client.post(address, json=body).json()
    assert given["state"] == "sending"
    again = client.post(address, json=body | {"seen": given["id"]})
    assert (again.status_code, again.json()["code"]) == (403, "reply_unsettled")
    settle = f"/api/v1/replies/{given['id']}/settle"
    assert program(flood, "joko").post(settle, json={"is_out": True}).status_code == 403
    assert client.post(settle, json={"is_out": True}).status_code == 204
    assert client.post(settle, json={"is_out": False}).json()["code"] == "reply_is_settled"
    assert [row["state"] for row in rows(flood)] == ["given"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"text": "lihat lapor.go.id"}, 422, "link_not_asked_for"),
        ({"text": "a" * 281}, 422, "too_long_for_x"),
        ({"text": " "}, 422, "reply_empty"),
        ({"post_id": 9999}, 422, "posts_are_gone"),
    ],
)
def test_what_cannot_go_is_refused_with_its_code(
    flood: Office, mouth: Mouth, changes: dict[str, Any], status: int, code: str
) -> None:
    body = {"post_id": of_mention(flood)["post_id"], "text": "Sudah.", "way": "x"} | changes
    answer = program(flood).post(f"/api/v1/tickets/{number_of(flood, FLOOD)}/replies", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (mouth.said, rows(flood)) == ([], [])


@pytest.mark.parametrize("name", ["joko", "dewi", "tamu"])
def test_who_may_not_know_citizens_neither_replies_nor_reads_names_in_replies(flood: Office, name: str) -> None:
    talk = of_mention(flood)
    body = {"post_id": talk["post_id"], "text": "Siap @contoh_090, 0812-3456-7890 kami catat.", "way": "clipboard"}
    address = f"/api/v1/tickets/{number_of(flood, FLOOD)}/replies"
    refused = program(flood, name).post(address, json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_for_this_role")
    assert program(flood).post(address, json=body).status_code == 200
    told = talks(flood, FLOOD, name)
    assert all(each["draft"] is None for each in told)
    texts = [reply["text"] for each in told for reply in each["replies"]]
    assert texts == ["Siap ▇▇▇, ▇▇▇ kami catat."]
    shown = program(flood, name).get(f"/api/v1/tickets/{number_of(flood, FLOOD)}").text
    assert "contoh_090" not in shown
    assert "0812" not in shown


def test_an_office_reaches_no_replies_of_others(office: Office) -> None:
    client = program(office, "joko")
    assert client.get(f"/api/v1/tickets/{number_of(office, LAMP)}/replies").status_code == 404


def test_it_is_described_with_its_fields(office: Office) -> None:
    described = office.stranger().client.get("/api/v1/openapi.json").json()
    assert {"get", "post"} <= described["paths"]["/tickets/{number}/replies"].keys()
    assert "is_out" in described["components"]["schemas"]["SettleBody"]["properties"]
    states = described["components"]["schemas"]["Reply"]["properties"]["state"]["enum"]
    assert states == ["sending", "given", "refused", "withdrawn"]
