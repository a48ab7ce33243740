"""API tokens: made for an account, shown once, with its role, and ended in more ways than one."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest
from alembic import command
from sqlalchemy import Engine, select, text, update
from starlette.testclient import TestClient
from typer.testing import CliRunner

from database import upgrade
from database.engine import reading, writing
from database.tables import accounts, api_tokens, sessions
from database.upgrade import _configuration
from desk.__main__ import app
from desk.accounts import change_password
from desk.api_tokens import BEGINNING
from desk.app import application
from desk.sessions import COOKIE
from tests.desk.conftest import ADDRESS, Colleague, Office
from tests.desk.invented import NOW
from tests.desk.test_deciding import FLOOD, LAMP, number_of


def _migration() -> ModuleType:
    (path,) = (Path(upgrade.__file__).parent / "migrations" / "versions").glob("*_tokens_of_their_own.py")
    specification = util.spec_from_file_location("migration", path)
    assert specification is not None
    assert specification.loader is not None
    module = util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


MIGRATION = _migration()
COUNTS = "/api/v1/counts"


def with_token(office: Office, token: str) -> TestClient:
    return TestClient(application(office.parts), base_url=ADDRESS, headers={"Authorization": f"Bearer {token}"})


def made(office: Office, name: str = "ratna", **typed: str) -> tuple[Colleague, str]:
    """Somebody at the page, and the token that it has just shown."""
    colleague = office.colleague(name)
    colleague.open("/token")
    page = colleague.send("/token", **{"nama": "dasbor wali kota", "berlaku": "90h"} | typed)
    return colleague, re.findall(rf'value="({BEGINNING}[\w-]+)"', page)[0]


def row(office: Office) -> object:
    with reading(office.store.engine) as connection:
        return connection.execute(select(api_tokens)).one()


def test_a_token_made_on_the_page_is_shown_once_and_opens_the_api(office: Office) -> None:
    ratna, token = made(office)
    assert with_token(office, token).get(COUNTS).status_code == 200
    page = ratna.open("/token")
    assert "dasbor wali kota" in page
    assert token not in page
    assert token not in str(row(office)), "the store holds a hash, which opens nothing"


def test_when_it_was_last_used_is_written_down_and_not_at_every_call(office: Office) -> None:
    ratna, token = made(office)
    assert "belum pernah" in ratna.page.text
    client = with_token(office, token)
    for _ in range(3):
        client.get(COUNTS)
        office.later(seconds=25)
    assert row(office).last_used_at == NOW  # type: ignore[attr-defined]
    client.get(COUNTS)
    assert row(office).last_used_at > NOW  # type: ignore[attr-defined]
    assert "belum pernah" not in ratna.open("/token")


def test_a_token_ends_on_its_day_and_one_without_a_day_does_not(office: Office) -> None:
    _, for_ninety_days = made(office)
    _, for_ever = made(office, nama="sistem lain", berlaku="tetap")
    office.later(days=89)
    assert [with_token(office, token).get(COUNTS).status_code for token in (for_ninety_days, for_ever)] == [200, 200]
    office.later(days=2)
    assert [with_token(office, token).get(COUNTS).status_code for token in (for_ninety_days, for_ever)] == [401, 200]
    assert "sudah lewat" in office.colleague().open("/token")


def test_a_revoked_token_opens_nothing_and_its_name_is_free_again(office: Office) -> None:
    ratna, token = made(office)
    assert "nama yang belum dipakai" in ratna.send("/token", nama="dasbor wali kota", berlaku="30h")
    ratna.open("/token")
    assert "dicabut" in ratna.send("/cabut")
    assert with_token(office, token).get(COUNTS).status_code == 401
    assert BEGINNING in ratna.send("/token", nama="dasbor wali kota", berlaku="30h")


def test_the_tokens_of_a_disabled_account_open_nothing(office: Office) -> None:
    _, token = made(office)
    with writing(office.store.engine) as connection:
        connection.execute(update(accounts).where(accounts.c.name == "ratna").values(disabled_at=NOW))
    assert with_token(office, token).get(COUNTS).status_code == 401


def test_a_new_password_ends_the_tokens_too(office: Office) -> None:
    _, token = made(office)
    _, of_budi = made(office, "budi")
    with writing(office.store.engine) as connection:
        change_password(connection, "ratna", "teh tarik manis", office.now)
    assert with_token(office, token).get(COUNTS).status_code == 401
    assert with_token(office, of_budi).get(COUNTS).status_code == 200


def test_a_token_has_the_role_of_its_account_as_it_is_now(office: Office) -> None:
    _, token = made(office, "joko")
    client, lamp = with_token(office, token), number_of(office, LAMP)
    assert client.get(f"/api/v1/tickets/{lamp}").status_code == 404
    assert client.get(f"/api/v1/tickets/{number_of(office, FLOOD)}").status_code == 200
    with writing(office.store.engine) as connection:
        viewer = update(accounts).where(accounts.c.name == "joko").values(role="viewer", opd=None)
        connection.execute(viewer)
    assert client.post(f"/api/v1/tickets/{lamp}/accept", json={"version": 1}).status_code == 403


def test_nobody_sees_or_revokes_anothers_token(office: Office) -> None:
    ratna, token = made(office)
    budi, _ = made(office, "budi", nama="milik budi")
    assert "dasbor wali kota" not in budi.open("/token")
    theirs = next(address for address in re.findall(r'action="(/token/\d+/cabut)"', ratna.page.text))
    mine = budi.page.text.split("/cabut")[0].rsplit("/", 1)[-1]
    form = re.findall(rf'action="/token/{mine}/cabut"><input type="hidden" name="token" value="(\w+)"', budi.page.text)
    assert budi.client.post(theirs, data={"token": form[0]}).status_code == 403
    assert with_token(office, token).get(COUNTS).status_code == 200


@pytest.mark.parametrize("typed", [{"nama": " "}, {"nama": "x" * 81}, {"berlaku": "selamanya"}])
def test_a_token_needs_a_name_and_an_end(office: Office, typed: dict[str, str]) -> None:
    ratna = office.colleague()
    ratna.open("/token")
    page = ratna.send("/token", **{"nama": "dasbor", "berlaku": "30h"} | typed)
    assert ratna.page.status_code == 422
    assert BEGINNING not in page


def test_the_description_says_how_a_program_shows_its_token(office: Office) -> None:
    described = office.stranger().client.get("/api/v1/openapi.json").json()
    scheme = described["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert "Token API" in scheme["description"]
    for path, operations in described["paths"].items():
        for operation in operations.values():
            assert operation["security"] == [{"token": []}], path


def test_tokens_from_before_they_had_a_table_go_on_working(engine: Engine, office: Office, store_url: str) -> None:
    _, token = made(office)
    with writing(engine) as connection:  # as the code before kept it
        (found,) = connection.execute(select(api_tokens)).mappings()
        connection.execute(api_tokens.delete())
        old = {name: found[name] for name in ("token_hash", "account_id", "created_at", "expires_at")}
        connection.execute(sessions.insert().values(**old, csrf_token=""))
    assert with_token(office, token).get(COUNTS).status_code == 401
    with engine.begin() as connection:
        connection.execute(text(copying_sql(store_url)))
    assert with_token(office, token).get(COUNTS).status_code == 200
    browser = TestClient(application(office.parts), base_url=ADDRESS, cookies={COOKIE: token})
    assert browser.get("/antrean", follow_redirects=False).status_code == 303, "it is nobody's session"


def copying_sql(url: str) -> str:
    """What the migration runs on this database."""
    output = io.StringIO()
    configuration = _configuration(url)
    configuration.output_buffer = output
    command.upgrade(configuration, f"{MIGRATION.down_revision}:{MIGRATION.revision}", sql=True)
    return next(each for each in output.getvalue().split(";") if "INSERT INTO api_tokens" in each)


# ── From a shell ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shell(office: Office, store_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("SIMAK_DATABASE_URL", store_url)
    return CliRunner()


def test_a_token_is_made_listed_and_revoked_from_a_shell(office: Office, shell: CliRunner) -> None:
    token = shell.invoke(app, ["token", "add", "ratna", "sistem lain", "--days", "30"]).stdout.strip()
    office.now = datetime.now(UTC)
    assert with_token(office, token).get(COUNTS).status_code == 200
    listed = shell.invoke(app, ["token", "list"]).stdout
    assert re.match(r"1  ratna  sistem lain  to 20\d\d-.*  last used 20", listed)
    assert token not in listed
    told = json.loads(shell.invoke(app, ["token", "list", "ratna", "--json"]).stdout)
    assert (told["account"], told["name"], told["opens"]) == ("ratna", "sistem lain", True)
    assert shell.invoke(app, ["token", "list", "budi"]).stdout == ""
    assert shell.invoke(app, ["token", "revoke", "1"]).exit_code == 0
    assert "ended (revoked)" in shell.invoke(app, ["token", "list"]).stdout
    assert with_token(office, token).get(COUNTS).status_code == 401


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["add", "siapa", "x"], "nobody has the name 'siapa'"),
        (["add", "ratna", " "], "no name of a token"),
        (["list", "siapa"], "nobody has the name"),
        (["revoke", "99"], "there is no token 99"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(shell: CliRunner, asked: list[str], told: str) -> None:
    answer = shell.invoke(app, ["token", *asked])
    assert (answer.exit_code, told in answer.stderr, answer.stderr.count("\n")) == (2, True, 1)
