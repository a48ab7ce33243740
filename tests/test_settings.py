"""Settings: one table, and one clear line for what is wrong."""

from pathlib import Path

import pytest

import settings
from settings import ConfigurationError, Settings, load

NO_DOTENV = Path("no such file")


def test_the_example_file_is_made_from_the_table() -> None:
    assert (settings.HOME / ".env.example").read_text() == settings.example()


def test_every_setting_stands_in_the_operators_guide() -> None:
    guide = (settings.HOME / "docs" / "operator.md").read_text()
    assert [name for name in Settings.model_fields if settings.environment_name(name) not in guide] == []


def test_the_environment_goes_before_the_file_and_the_origin_of_each_is_told(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("SIMAK_X_QUERY_LENGTH=1024\nSIMAK_LISTEN_MINUTE=7\n")
    chosen, origins = load({"SIMAK_X_QUERY_LENGTH": "4096"}, dotenv)
    assert (chosen.x_query_length, chosen.listen_minute) == (4096, 7)
    sources = {origin.name: origin.source for origin in origins}
    assert sources["SIMAK_X_QUERY_LENGTH"] == "environment"
    assert sources["SIMAK_LISTEN_MINUTE"] == ".env"
    assert sources["SIMAK_CITY"] == "default"


@pytest.mark.parametrize("field", ["x_bearer_token", "x_user_token"])
def test_a_secret_may_come_from_a_file_and_is_never_shown(tmp_path: Path, field: str) -> None:
    secret = tmp_path / "token"
    secret.write_text("s3cret\n")
    chosen, origins = load({f"SIMAK_{field.upper()}_FILE": str(secret)}, NO_DOTENV)
    assert getattr(chosen, field).get_secret_value() == "s3cret"
    assert "s3cret" not in str(origins) + repr(chosen)


def test_a_relative_store_counts_from_the_clone() -> None:
    chosen, _ = load({"SIMAK_DATABASE_URL": "sqlite:///here.db"}, NO_DOTENV)
    assert chosen.database_url == f"sqlite:///{settings.HOME}/here.db"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SIMAK_X_BUDGET", "5", "SIMAK_X_BUDGET (environment) is no setting"),
        ("SIMAK_X_API_URL", "https://api.x.com/2", "without /2"),
        ("SIMAK_X_API_URL", "api.x.com", "http:// or https://"),
        ("SIMAK_X_QUERY_LENGTH", "many", "'many'"),
        ("SIMAK_X_MONTHLY_BUDGET_USD", "-1", "greater than or equal to 0"),
        ("SIMAK_X_PRICE_PER_POST_USD", "0.0000001", "six decimals"),
        ("SIMAK_TIMEZONE", "Asia/Semarang", "Asia/Jakarta"),
        ("SIMAK_DESK_ADDRESS", "8000", "HOST:PORT"),
        ("SIMAK_DATABASE_URL", "simak.db", "sqlite:///"),
        ("SIMAK_X_BEARER_TOKEN_FILE", "nowhere", "cannot be read"),
        ("SIMAK_X_USER_TOKEN", "two parts", "four parts of OAuth 1.0a"),
        ("SIMAK_X_USER_TOKEN_FILE", "nowhere", "cannot be read"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_that_names_the_setting(name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        load({name: value}, NO_DOTENV)
    message = str(error.value)
    assert "two parts" not in message, "a secret is never shown"
    assert name in message
    assert told in message
    assert "\n" not in message
