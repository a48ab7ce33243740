"""The settings of a deployment: one table behind `.env.example`, `--check` and the docs.

Read once, by the entry points, from the environment and `.env`; the values are handed down from there.
Nothing inside the project reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

HOME = Path(__file__).resolve().parent
PREFIX = "SIMAK_"


class ConfigurationError(Exception):
    """A setting, or a file that a setting names, is not usable: one line, naming it and what it should be."""


def _from_home(path: Path) -> Path:
    return path if path.is_absolute() else HOME / path


def _database_url(url: str) -> str:
    """A relative SQLite file counts from the clone, wherever the command is started."""
    if "://" not in url:
        raise ValueError("it should be a database URL such as sqlite:///simak.db or postgresql://user@host/name")
    prefix = "sqlite:///"
    if url.startswith(prefix) and url != prefix and not url.startswith(prefix + "/") and ":memory:" not in url:
        return prefix + str(_from_home(Path(url.removeprefix(prefix))))
    return url


def _http_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("it should begin with http:// or https://")
    if url.rstrip("/").endswith("/2"):
        raise ValueError("it should be the base address, without /2")
    return url.rstrip("/")


def _address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("it should be HOST:PORT, such as 127.0.0.1:8000")
    return value


def _money(value: Decimal) -> Decimal:
    if value != value.quantize(Decimal("0.000001")):
        raise ValueError("it should have at most six decimals")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("it should be the name of a time zone, such as Asia/Jakarta") from error
    return value


def _user_token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and len(value.get_secret_value().split()) not in (1, 4):
        raise ValueError("it should be one OAuth 2.0 token, or the four parts of OAuth 1.0a with spaces between")
    return value


HomePath = Annotated[Path, AfterValidator(_from_home)]
Money = Annotated[Decimal, Field(ge=0, le=1_000_000), AfterValidator(_money)]
Secret = Annotated[SecretStr | None, BeforeValidator(lambda value: value or None)]


class Settings(BaseModel):
    """One row a setting: its name (with the prefix, in capitals), its kind, its default and what it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite:///simak.db", description="where everything is kept: any SQLAlchemy URL; PostgreSQL through psycopg 3"
    )
    x_bearer_token: Secret = Field(
        None, description="app-only token of the X API; unset means that X is off, and the listener says so"
    )
    x_user_token: Annotated[Secret, AfterValidator(_user_token)] = Field(
        None,
        description="token of the city's own account, for replies through X: an OAuth 2.0 user token, or the four "
        "parts of OAuth 1.0a with spaces between; unset means that replies are copied",
    )
    x_api_url: Annotated[str, AfterValidator(_http_url)] = Field(
        "https://api.x.com", description="base address of the X API, without /2"
    )
    city: HomePath = Field(Path("city/semarang"), description="folder of what is true of the city")
    watchlist: HomePath | None = Field(
        None,
        description="hashtags, handles, keywords and own accounts; unset means watchlist.toml in the city's folder",
    )
    models_dir: HomePath = Field(Path("models"), description="registry of model versions")
    training_data_dir: HomePath = Field(Path("training_data"), description="labelled posts and language lexicons")
    timezone: Annotated[str, AfterValidator(_zone)] = Field("Asia/Jakarta", description="on screens and in schedules")
    listen_minute: int = Field(5, ge=0, le=59, description="minute of the hour at which the listener runs")
    x_monthly_budget_usd: Money = Field(Decimal(50), description="hard cap on a calendar month (UTC); 0 reads nothing")
    x_price_per_post_usd: Money = Field(Decimal("0.005"), description="price of one post read")
    x_price_per_user_usd: Money = Field(Decimal("0.010"), description="price of one account looked up")
    x_query_length: int = Field(512, ge=64, le=4096, description="longest query of the contract with X, in characters")
    x_overlap_minutes: int = Field(
        60, ge=0, le=1440, description="how far back each run reads again, for late and edited posts"
    )
    desk_address: Annotated[str, AfterValidator(_address)] = Field(
        "127.0.0.1:8000", description="where the desk listens"
    )
    dask_scheduler: Annotated[str | None, BeforeValidator(lambda value: value or None)] = Field(
        None, description="address of a Dask scheduler for bulk work (needs the extra `cluster`)"
    )

    @property
    def watchlist_path(self) -> Path:
        return self.watchlist or self.city / "watchlist.toml"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is set, as text (secrets hidden), and where it came from."""

    name: str
    value: str
    source: str


def environment_name(field: str) -> str:
    return PREFIX + field.upper()


def is_secret(field: str) -> bool:
    return "SecretStr" in str(Settings.model_fields[field].annotation)


def load(environ: Mapping[str, str] | None = None, dotenv: Path = HOME / ".env") -> tuple[Settings, list[Origin]]:
    """The settings and, for `--check`, the origin of each.

    The environment goes before `.env`; a secret may also come from the file that `…_FILE` names.
    Raises ConfigurationError for an unknown `SIMAK_` name, an impossible value or an unreadable file.
    """
    given: dict[str, tuple[str, str]] = {}
    for source, values in ((".env", _dotenv(dotenv)), ("environment", os.environ if environ is None else environ)):
        for name, value in values.items():
            if name.upper().startswith(PREFIX):
                given[name.upper()] = (value, source)
    raw: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, (value, source) in given.items():
        field, text, source = _resolve(name, value, source)
        if field not in raw or not source.startswith("file"):  # a value written out goes before its file
            raw[field], sources[field] = text, source
    raw = {field: text for field, text in raw.items() if text != ""}  # NAME= in a .env means unset
    try:
        settings = Settings(**raw)
    except ValidationError as error:
        raise ConfigurationError(_explain(error)) from None
    return settings, [_origin(settings, field, sources if field in raw else {}) for field in Settings.model_fields]


def _dotenv(path: Path) -> dict[str, str]:
    try:
        return {name: value or "" for name, value in dotenv_values(path, encoding="utf-8").items()}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error}); make it a text file of NAME=value lines") from None


def _resolve(name: str, value: str, source: str) -> tuple[str, str, str]:
    field = name.removeprefix(PREFIX).lower()
    if field in Settings.model_fields:
        return field, value.strip(), source
    secret = field.removesuffix("_file")
    if field.endswith("_file") and secret in Settings.model_fields and is_secret(secret):
        try:
            return secret, _from_home(Path(value)).read_text(encoding="utf-8").strip(), f"file named by {name}"
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"{name}: {value!r} cannot be read ({error}); it should name a text file"
            ) from None
    known = ", ".join(environment_name(field) for field in Settings.model_fields)
    raise ConfigurationError(f"{name} ({source}) is no setting; the settings are {known}")


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    field = str(first["loc"][0])
    what = first["msg"].removeprefix("Value error, ")
    found = "" if is_secret(field) else f", not {first['input']!r}"
    return (
        f"{environment_name(field)}: {what[0].lower() + what[1:]}{found} ({Settings.model_fields[field].description})"
    )


def _origin(settings: Settings, field: str, sources: Mapping[str, str]) -> Origin:
    value = getattr(settings, field)
    text = "unset" if value is None else "hidden" if is_secret(field) else str(value)
    return Origin(environment_name(field), text, sources.get(field, "default"))


def example() -> str:
    """The text of `.env.example`, made from the table (a test compares the two)."""
    lines = ["# Settings of Simak. Copy to .env and change what you need; the environment goes before this file.", ""]
    for field, info in Settings.model_fields.items():
        default = "" if info.default is None else info.default
        lines += [f"# {info.description}", f"#{environment_name(field)}={default}"]
        if is_secret(field):
            lines.append(f"#{environment_name(field)}_FILE=")
        lines.append("")
    return "\n".join(lines)
