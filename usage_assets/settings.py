"""Read the configuration: environment variables and the `.env` file of a working folder.

`docs/operations.md` lists the variables and their defaults. No file but `.env` is read.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from usage_assets.errors import WRONG_CALL, UsageAssetsError

OFF = "off"
"""The address of rates or prices that are not downloaded."""

CURRENCY_CODE = re.compile(r"[A-Z]{3}", re.ASCII)


class SettingsError(UsageAssetsError, ValueError):
    """An environment variable is missing or cannot be read."""

    exit_code = WRONG_CALL


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("it must start with http:// or https://")
    return text.rstrip("/")


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError("it must be a date such as 2026-01-01") from error


def _positive_days(value: object) -> object:
    if isinstance(value, str) and (not value.isdecimal() or int(value) == 0):
        raise ValueError("it must be a whole number of days, 1 or more")
    return value


def _switch(value: object) -> object:
    if isinstance(value, str) and value not in {"0", "1"}:
        raise ValueError("it must be 0 or 1")
    return value


def _currency(text: str) -> str:
    code = text.strip().upper()
    if CURRENCY_CODE.fullmatch(code) is None:
        raise ValueError("it must be a currency code of three letters, such as EUR")
    return code


def _source(text: str) -> str:
    return OFF if text.strip().lower() == OFF else _address(text.strip())


def _stripped(text: str | None) -> str | None:
    return (text or "").strip() or None


class Settings(BaseSettings):
    """The validated configuration of one project. Paths are absolute.

    A field is set by its environment variable, or in code by its own name: `Settings(data_dir=…)`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True)

    token: Annotated[str | None, AfterValidator(_stripped)] = Field(None, alias="TRUTO_API_TOKEN", repr=False)
    base_url: Annotated[str, AfterValidator(_address)] = Field("https://api.truto.one", alias="TRUTO_BASE_URL")
    data_dir: Path = Field(Path("data"), alias="USAGE_DATA_DIR")
    start_date: Annotated[date, BeforeValidator(_day)] = Field(date(2026, 1, 1), alias="USAGE_START_DATE")
    backfill_days: Annotated[int, BeforeValidator(_positive_days)] = Field(90, alias="USAGE_BACKFILL_DAYS")
    include_sandbox: Annotated[bool, BeforeValidator(_switch)] = Field(False, alias="USAGE_INCLUDE_SANDBOX")
    seat_idle_days: Annotated[int, BeforeValidator(_positive_days)] = Field(30, alias="USAGE_SEAT_IDLE_DAYS")
    currency: Annotated[str, AfterValidator(_currency)] = Field("USD", alias="USAGE_CURRENCY")
    rates_url: Annotated[str, AfterValidator(_source)] | None = Field(None, alias="USAGE_RATES_URL", repr=False)
    prices_url: Annotated[str, AfterValidator(_source)] | None = Field(None, alias="USAGE_PRICES_URL", repr=False)
    dagster_home: Path = Field(Path(), alias="DAGSTER_HOME")

    @property
    def landing_dir(self) -> Path:
        """The folder of landing files."""
        return self.data_dir / "landing"

    @property
    def users_dir(self) -> Path:
        """The folder of the landed lists of users."""
        return self.landing_dir / "users"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file."""
        return self.data_dir / "usage.duckdb"

    @property
    def published_dir(self) -> Path:
        """The folder of published generations."""
        return self.data_dir / "published"

    @property
    def profiles_path(self) -> Path:
        """The user's own integration profiles."""
        return self.data_dir / "profiles.toml"

    @property
    def prices_path(self) -> Path:
        """The user's own prices."""
        return self.data_dir / "prices.csv"

    @property
    def rates_path(self) -> Path:
        """The user's own exchange rates."""
        return self.data_dir / "exchange_rates.csv"

    @property
    def acknowledgements_path(self) -> Path:
        """The file of the anomalies that people acknowledged."""
        return self.data_dir / "anomalies.jsonl"

    @property
    def reference_dir(self) -> Path:
        """The folder of downloaded rates and prices."""
        return self.data_dir / "reference"

    @property
    def accounts_path(self) -> Path:
        """The user's own file of account names and rules."""
        return self.data_dir / "accounts.csv"

    @property
    def budgets_path(self) -> Path:
        """The user's own budgets."""
        return self.data_dir / "budgets.csv"

    @property
    def allocation_path(self) -> Path:
        """The user's own rules that allocate cost to teams."""
        return self.data_dir / "allocation.csv"

    @property
    def seats_path(self) -> Path:
        """The user's own prices of seats."""
        return self.data_dir / "seats.csv"

    @property
    def applied_files_dir(self) -> Path:
        """The folder of notes by which user files the tables are derived."""
        return self.data_dir / "warehouse"

    @property
    def in_force_dir(self) -> Path:
        """The folder with copies of the last good content of user files."""
        return self.data_dir / "warehouse" / "in_force"

    def required_token(self) -> str:
        """Return the bearer token.

        Raises:
            SettingsError: `TRUTO_API_TOKEN` is not set.
        """
        if self.token is None:
            raise SettingsError(
                "TRUTO_API_TOKEN is not set: put your Truto API token there, or in .env "
                "(the sandbox's token is `sandbox`)."
            )
        return self.token


def read_settings(folder: Path, **values: Any) -> Settings:
    """Return the settings of the environment and of the `.env` in `folder`, to which paths are relative.

    Args:
        folder: The working folder.
        **values: Fields that override the environment.

    Raises:
        SettingsError: A value cannot be read.
    """
    try:
        settings = Settings(_env_file=folder / ".env", **values)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error
    # Dagster lets `.env` win over the environment and expands `~`; a command must open the same instance.
    home = values.get("dagster_home") or _of_env_file(folder / ".env", "DAGSTER_HOME") or settings.dagster_home
    return settings.model_copy(
        update={
            "data_dir": (folder / settings.data_dir).resolve(),
            "dagster_home": (folder / Path(home).expanduser()).resolve(),
        }
    )


def read_token(env_file: Path) -> str | None:
    """Return the token that `env_file` holds now, None if it holds none or cannot be read."""
    return _of_env_file(env_file, "TRUTO_API_TOKEN")


def _of_env_file(env_file: Path, name: str) -> str | None:
    try:
        return _stripped(dotenv_values(env_file).get(name))
    except (OSError, UnicodeError):
        return None


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    reason = str(first.get("ctx", {}).get("error") or first["msg"])
    return f"{first['loc'][0]} is {first['input']!r}: {reason}."
