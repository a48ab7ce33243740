"""Coming in and going out."""

from __future__ import annotations

import pytest

from database.engine import reading, writing
from desk.accounts import add_account, change_password, make_first_account, person_with
from desk.attempts import PER_NAME
from desk.errors import AccountError
from desk.sessions import COOKIE, LENGTH
from tests.desk.conftest import PASSWORD, Office
from tests.desk.invented import NOW


def test_whoever_is_not_logged_in_is_sent_to_the_login_and_then_where_they_wanted(office: Office) -> None:
    stranger = office.stranger()
    stranger.open("/antrean?tiket=2026-000002")
    assert stranger.page.url.path == "/masuk"
    stranger.send("/masuk", nama="Ratna", sandi=PASSWORD)
    assert (stranger.page.url.path, stranger.page.url.query) == ("/antrean", b"tiket=2026-000002")


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
def test_a_login_never_leads_to_another_site(office: Office, elsewhere: str) -> None:
    client = office.stranger().client
    answer = client.post(
        "/masuk", data={"nama": "ratna", "sandi": PASSWORD, "lanjut": elsewhere}, follow_redirects=False
    )
    assert answer.headers["location"] == "/antrean"


def test_wrong_names_and_wrong_passwords_are_told_alike(office: Office) -> None:
    told = {office.stranger().log_in(name, password).page.text.replace(name, "") for name, password in
            (("ratna", "salah sekali"), ("bukan-siapa", PASSWORD))}  # fmt: skip
    assert len(told) == 1
    assert "tidak cocok" in told.pop()


def test_a_guesser_is_slowed_down_and_let_in_again_later(office: Office) -> None:
    stranger = office.stranger()
    for _ in range(PER_NAME):
        assert stranger.log_in("ratna", "tebakan saja").page.status_code == 401
    assert stranger.log_in("ratna").page.status_code == 429
    assert stranger.log_in("budi").page.status_code == 200, "others in the same office still come in"
    office.later(minutes=16)
    assert stranger.log_in("ratna").page.status_code == 200


def test_a_session_ends_after_a_working_day_and_with_a_logout(office: Office) -> None:
    ratna = office.colleague()
    office.later(seconds=LENGTH.total_seconds() - 1)
    ratna.open("/antrean")
    assert ratna.page.url.path == "/antrean"
    office.later(seconds=1)
    ratna.open("/antrean")
    assert ratna.page.url.path == "/masuk"
    budi = office.colleague("budi")
    kept = budi.client.cookies[COOKIE]
    budi.open("/antrean")
    budi.send("/keluar")
    budi.client.cookies.set(COOKIE, kept)
    budi.open("/antrean")
    assert budi.page.url.path == "/masuk", "an old cookie opens nothing"


def test_the_cookie_is_kept_from_scripts_and_other_sites(office: Office) -> None:
    answer = office.stranger().client.post("/masuk", data={"nama": "ratna", "sandi": PASSWORD}, follow_redirects=False)
    (cookie,) = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_new_password_logs_everyone_of_that_name_out(office: Office) -> None:
    ratna = office.colleague()
    with writing(office.store.engine) as connection:
        change_password(connection, "ratna", "teh tarik manis", office.now)
    ratna.open("/antrean")
    assert ratna.page.url.path == "/masuk"
    assert ratna.log_in("ratna", "teh tarik manis").page.url.path == "/antrean"


def test_the_first_account_is_made_once_with_a_password_nobody_knows(office: Office) -> None:
    engine = office.store.engine
    assert make_first_account(engine, NOW) is None, "there are accounts"
    office.store.wipe()
    with writing(engine) as connection:
        for table in ("sessions", "accounts"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    password = make_first_account(engine, NOW)
    assert password is not None
    with reading(engine) as connection:
        person = person_with(connection, "admin", password)
    assert person is not None
    assert person.role == "city_admin"
    assert make_first_account(engine, NOW) is None


@pytest.mark.parametrize(
    ("name", "password", "role", "opd", "told"),
    [
        ("R B", PASSWORD, "viewer", None, "no account name"),
        ("ratna", PASSWORD, "viewer", None, "has an account"),
        ("sri", "pendek", "viewer", None, "at least 10"),
        ("sri", PASSWORD, "boss", None, "no role"),
        ("sri", PASSWORD, "opd_admin", None, "does not go with"),
        ("sri", PASSWORD, "opd_admin", "pln", "does not go with"),
        ("sri", PASSWORD, "viewer", "dpu", "does not go with"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    office: Office, name: str, password: str, role: str, opd: str | None, told: str
) -> None:
    with pytest.raises(AccountError, match=told), writing(office.store.engine) as connection:
        add_account(connection, name, password, role, opd, NOW, opds=office.store.city.opds)
