"""The derive of one day, step by step as the assets do it: a transaction of its own for each, timed by CPU clock.

Loading and publishing are steps too; which of them are asked for is up to the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.candidates.ours import load_landed, warehouse_of
from usage_assets.integrations.profiles import load_profiles
from usage_assets.landing.accounts import AccountList
from usage_assets.landing.store import Landing
from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.derive import derive_aggregates, derive_cost, derived_windows
from usage_assets.warehouse.prices import price
from usage_assets.warehouse.publish import publish

Seconds = dict[str, float]


class Pipeline:
    """The landing folder and the warehouse of one folder, with price book and rates opened beforehand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.landing = Landing(folder / "landing")
        self._warehouse = warehouse_of(folder)
        self._profiles = load_profiles()
        self._book = PriceBook()
        self._rates = ExchangeRates()
        # Both read their files when first asked; that is the cost of a process, not of a day.
        self._book.unit_prices("anthropic", "claude-sonnet-4-5", date(2025, 1, 1))
        self._rates.rate("EUR", date(2025, 1, 1))

    def load(self) -> Seconds:
        """Loads what is pending."""
        accounts = AccountList(self.landing).read()
        return {"load": _timed(lambda: load_landed(self.folder, accounts))}

    def derive(self, days: list[date]) -> Seconds:
        """Derives `days` from `prices` to the last table that stands on `cost`."""
        return {
            "prices": _timed(lambda: self._price(days)),
            "cost": _timed(lambda: self._cost(days)),
            "aggregates": _timed(lambda: self._aggregate(days)),
        }

    def publish(self, days: list[date]) -> Seconds:
        """Publishes `days`, and forgets what is all derived."""
        return {"published": _timed(lambda: self._publish(days))}

    def _price(self, days: list[date]) -> None:
        with self._warehouse.transaction() as connection:
            price(connection, days, self._book)

    def _cost(self, days: list[date]) -> None:
        with self._warehouse.transaction() as connection:
            derive_cost(connection, days, self._profiles, self._rates)

    def _aggregate(self, days: list[date]) -> None:
        with self._warehouse.transaction() as connection:
            derive_aggregates(connection, COST_DEPENDENTS, days)

    def _publish(self, days: list[date]) -> None:
        with self._warehouse.transaction() as connection:
            publish(connection, self.folder / "published", days)
            derived = derived_windows(connection, self.landing, self._profiles)
        self.landing.forget_pending(derived)

    def forget(self) -> None:
        """Forgets which windows are pending, without publishing: for days that are only history."""
        self.landing.forget_pending(self.landing.pending())


def _timed(step: Callable[[], object]) -> float:
    before = time.process_time()
    step()
    return time.process_time() - before
