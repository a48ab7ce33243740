"""One act on many tickets, for other programs: the same door, the same refusals, one undo."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.desk.conftest import Office
from tests.desk.test_api import program
from tests.desk.test_deciding import FLOOD, LAMP, at, number_of, ticket
from tests.tickets.test_workflow import state

DPU = {"opd": ["dpu"]}


def prepared(client: TestClient, act: dict[str, Any], **which: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/bulk", json={"which": which, "act": act})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_program_prepares_begins_and_takes_back_as_one(office: Office) -> None:
    before = state(office.store)
    client = program(office)
    told = prepared(client, {"action": "reject", "rejection": "no_complaint"}, **DPU)
    assert (told["state"], told["counts"]) == ("prepared", {"waiting": 2})
    assert state(office.store) == before
    late = client.post(f"/api/v1/bulk/{told['id']}/start", json={})
    assert (late.status_code, late.json()["code"]) == (422, "reason_missing")
    done = client.post(f"/api/v1/bulk/{told['id']}/start", json={"reason": "uji coba"}).json()
    assert (done["state"], done["counts"], done["reason"]) == ("done", {"done": 2}, "uji coba")
    assert ticket(office, FLOOD)["reason"] == "uji coba"
    assert office.store.history(int(str(ticket(office, FLOOD)["id"])))[-1]["origin"].startswith("api ")
    assert client.get(f"/api/v1/bulk/{told['id']}").json()["state"] == "done"
    undone = client.post(f"/api/v1/bulk/{told['id']}/undo").json()
    assert (undone["state"], undone["counts"]) == ("undone", {"undone": 2})
    assert state(office.store) == before


def test_what_changed_since_is_named_with_who_and_what(office: Office) -> None:
    client = program(office)
    told = prepared(client, {"action": "tag", "tag": "rapat"}, **DPU)
    at(office, FLOOD, "budi").send("/judul", judul="Banjir")
    done = client.post(f"/api/v1/bulk/{told['id']}/start", json={}).json()
    (skipped,) = done["skipped"]
    assert (skipped["id"], skipped["code"]) == (number_of(office, FLOOD), "changed_meanwhile")
    assert skipped["parameters"]["who"] == "budi"


def test_every_act_can_be_asked_for_and_a_merge_takes_the_earliest(office: Office) -> None:
    client = program(office)
    acts: tuple[dict[str, Any], ...] = (
        {"action": "accept"}, {"action": "correct", "opd": "dishub"}, {"action": "merge"},
        {"action": "merge", "into": number_of(office, LAMP)}, {"action": "tag", "tag": None},
        {"action": "later", "reason": "photo", "until": "2026-12-01T00:00:00Z"},
    )  # fmt: skip
    for act in acts:
        assert prepared(client, act, words="jl")["action"] == act["action"]
    unknown = client.post("/api/v1/bulk", json={"act": {"action": "correct", "opd": "dinas lampu"}})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "opd_unknown")
    assert client.post("/api/v1/bulk", json={"act": {"action": "split"}}).status_code == 422


def test_an_office_reaches_its_own_only_and_a_viewer_does_nothing(office: Office) -> None:
    told = prepared(program(office, "joko"), {"action": "accept"}, opd=["dlh"])
    assert told["counts"] == {"waiting": 2}
    tamu = program(office, "tamu")
    refused = prepared(tamu, {"action": "accept"})
    assert {each["code"] for each in refused["refused"]} == {"not_for_this_role"}
    assert tamu.post(f"/api/v1/bulk/{refused['id']}/start", json={}).status_code == 422
    assert tamu.get(f"/api/v1/bulk/{told['id']}").status_code == 404
    assert office.stranger().client.post("/api/v1/bulk", json={"act": {"action": "accept"}}).status_code == 401


def test_what_was_put_off_or_tagged_is_told_and_found(office: Office) -> None:
    client, number = program(office), number_of(office, LAMP)
    put_off = {"version": 1, "reason": "photo", "until": "2026-12-01T00:00:00Z"}
    client.post(f"/api/v1/tickets/{number}/later", json=put_off)
    client.post(f"/api/v1/tickets/{number}/tag", json={"version": 2, "tag": "rapat"})
    for query in ({"later": "photo"}, {"tag": "rapat"}):
        (found,) = client.get("/api/v1/tickets", params=query).json()["tickets"]
        assert (found["id"], found["later"], found["tag"]) == (number, "photo", "rapat")
        assert found["later_until"] == "2026-12-01T00:00:00Z"
    office.later(days=8)
    assert client.get("/api/v1/tickets", params={"later": "photo"}).json()["tickets"] == [], "it came back by itself"


def test_it_is_described(office: Office) -> None:
    described = office.stranger().client.get("/api/v1/openapi.json").json()
    paths = {"/bulk", "/bulk/{batch_id}", "/bulk/{batch_id}/start", "/bulk/{batch_id}/undo"}
    assert paths <= set(described["paths"])
    assert {"/tickets/{number}/later", "/tickets/{number}/resume", "/tickets/{number}/tag"} <= set(described["paths"])
