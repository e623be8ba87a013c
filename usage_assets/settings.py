"""The environment, read once: what is configured, with absolute paths.

The variables and their defaults are listed in `docs/operations.md`. Nothing here opens a file but `.env`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dotenv import dotenv_values

CHECKOUT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """An environment variable is missing or cannot be read; the text says which and what it should be."""


@dataclass(frozen=True)
class Settings:
    """What the environment says, checked."""

    token: str | None
    base_url: str
    data_dir: Path
    start_date: date
    backfill_days: int
    include_sandbox: bool

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url!r}, data_dir={str(self.data_dir)!r})"

    @property
    def landing_dir(self) -> Path:
        """Where fetched windows land."""
        return self.data_dir / "landing"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file."""
        return self.data_dir / "usage.duckdb"

    @property
    def published_dir(self) -> Path:
        """Where people and reports read."""
        return self.data_dir / "published"

    @property
    def profiles_path(self) -> Path:
        """The user's own integration profiles, laid over the shipped ones."""
        return self.data_dir / "profiles.toml"

    @property
    def prices_path(self) -> Path:
        """The user's own prices, which lead over the price book's."""
        return self.data_dir / "prices.csv"

    @property
    def rates_path(self) -> Path:
        """The user's own exchange rates, which lead over the ECB's."""
        return self.data_dir / "exchange_rates.csv"

    def required_token(self) -> str:
        """Returns the bearer token.

        Raises:
            SettingsError: `TRUTO_API_TOKEN` is not set.
        """
        if self.token is None:
            raise SettingsError(
                "TRUTO_API_TOKEN is not set: put your Truto API token there, or in .env "
                "(the sandbox's token is `sandbox`)."
            )
        return self.token


def settings_from(environ: Mapping[str, str], checkout: Path) -> Settings:
    """Reads the settings out of `environ`; relative paths are relative to `checkout`.

    Raises:
        SettingsError: a value cannot be read.
    """
    return Settings(
        token=environ.get("TRUTO_API_TOKEN", "").strip() or None,
        base_url=_base_url(environ.get("TRUTO_BASE_URL") or "https://api.truto.one"),
        data_dir=(checkout / (environ.get("USAGE_DATA_DIR") or "data")).resolve(),
        start_date=_day("USAGE_START_DATE", environ.get("USAGE_START_DATE") or "2026-01-01"),
        backfill_days=_days("USAGE_BACKFILL_DAYS", environ.get("USAGE_BACKFILL_DAYS") or "90"),
        include_sandbox=_switch("USAGE_INCLUDE_SANDBOX", environ.get("USAGE_INCLUDE_SANDBOX") or "0"),
    )


def current_settings() -> Settings:
    """Returns the settings of this process: its environment, and `.env` of the checkout below it."""
    written = {name: value for name, value in dotenv_values(CHECKOUT / ".env").items() if value is not None}
    return settings_from({**written, **os.environ}, CHECKOUT)


def _base_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise SettingsError(f"TRUTO_BASE_URL is {text!r}: it must start with http:// or https://.")
    return text.rstrip("/")


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{name} is {text!r}: it must be a date such as 2026-01-01.") from error


def _days(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise SettingsError(f"{name} is {text!r}: it must be a whole number of days, 1 or more.")
    return int(text)


def _switch(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise SettingsError(f"{name} is {text!r}: it must be 0 or 1.")
    return text == "1"
