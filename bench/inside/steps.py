"""Run load, derive and publish step by step as the assets do, each in its own transaction, timed by CPU clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from bench.inside.projects import bench_project
from bench.inside.tasks import Seconds
from bench.pages import FIRST_DAY
from usage_assets.account_histories import HistoryRules, account_histories
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.activity import derive_activity
from usage_assets.warehouse.aggregates import COST_BY_TEAM, COST_DEPENDENTS
from usage_assets.warehouse.coverage import derive_coverage
from usage_assets.warehouse.derive import derive_aggregates, derive_cost
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.load import load
from usage_assets.warehouse.prices import price
from usage_assets.warehouse.publish import publish_derived
from usage_assets.warehouse.seats import derive_seats
from usage_assets.warehouse.tables import INSIGHTS

DAYS_UNTIL_READY = 3
BACKFILL_DAYS = 90


class TimedPipeline:
    """The steps of the pipeline in one data folder. Price book and exchange rates are read before the first step."""

    def __init__(self, folder: Path, url: str) -> None:
        self._project = bench_project(folder, url, FIRST_DAY)
        self._profiles = self._project.profiles
        self._book = self._project.price_book
        self._rates = self._project.exchange_rates
        # Both read their files at the first lookup, which is a cost of the process, not of a day.
        self._book.unit_price("anthropic", "claude-sonnet-4-5", "(none)", "input", FIRST_DAY)
        self._rates.rate("EUR", FIRST_DAY)
        self._today = FIRST_DAY

    def load(self) -> Seconds:
        """Load every pending window; the first morning on which all of them are ready is today from now on."""
        ends = [key.window_end for key in self._project.landing.pending()]
        self._today = max([self._today, *(end + timedelta(days=DAYS_UNTIL_READY) for end in ends)])
        return {"load": _timed(self._load)}

    def derive(self, days: list[date]) -> Seconds:
        """Derive `days`: prices, cost and the tables that depend on cost."""
        return {
            "prices": _timed(lambda: self._price(days)),
            "cost": _timed(lambda: self._derive_cost(days)),
            "aggregates": _timed(lambda: self._derive_aggregates(days)),
            "activity": _timed(lambda: self._derive_activity(days)),
            "seats": _timed(lambda: self._derive_seats(days)),
            "coverage": _timed(self._derive_coverage),
            "insights": _timed(lambda: self._derive_insights(days)),
        }

    def publish(self, days: list[date]) -> Seconds:
        """Publish `days` and forget the pending windows that are derived."""
        return {"published": _timed(lambda: self._publish(days))}

    @property
    def allocation_path(self) -> Path:
        """The file of rules that allocate cost to teams."""
        return self._project.settings.allocation_path

    def look_at_allocation(self) -> None:
        """Read the file of rules."""
        self._project.files.allocation.look()

    def allocate(self, days: list[date]) -> float:
        """Derive `cost_by_team` of `days` alone; return the CPU seconds, the file of rules read before."""
        allocation = self._project.files.allocation.put_in_force()
        with self._project.warehouse.transaction() as connection:
            return _timed(lambda: derive_aggregates(connection, [COST_BY_TEAM], days, allocation))

    def forget_pending(self) -> None:
        """Remove all pending markers without publishing, for days that only serve as history."""
        landing = self._project.landing
        landing.forget_pending({key: landing.load_state(key) for key in landing.pending()})

    def _load(self) -> None:
        project = self._project
        accounts = project.account_list.read()
        with project.warehouse.transaction() as connection:
            load(connection, project.landing, self._profiles, accounts, [], project.now())

    def _price(self, days: list[date]) -> None:
        with self._project.warehouse.transaction() as connection:
            price(connection, days, self._book)

    def _derive_cost(self, days: list[date]) -> None:
        with self._project.warehouse.transaction() as connection:
            derive_cost(connection, days, self._profiles, self._rates)

    def _derive_aggregates(self, days: list[date]) -> None:
        with self._project.warehouse.transaction() as connection:
            derive_aggregates(connection, COST_DEPENDENTS, days, self._project.files.allocation.put_in_force())

    def _derive_activity(self, days: list[date]) -> None:
        with self._project.warehouse.transaction() as connection:
            derive_activity(connection, days, self._profiles)

    def _derive_seats(self, days: list[date]) -> None:
        with self._project.warehouse.transaction() as connection:
            derive_seats(connection, days, self._project.seat_rules)

    def _derive_coverage(self) -> None:
        project, rules = self._project, HistoryRules(BACKFILL_DAYS, FIRST_DAY, include_sandbox=False)
        histories = account_histories(project.account_list.read(), self._profiles, {}, rules, self._today)
        with project.warehouse.transaction() as connection:
            derive_coverage(connection, project.landing, histories)

    def _derive_insights(self, days: list[date]) -> None:
        with self._project.warehouse.transaction() as connection:
            derive_insights(connection, INSIGHTS, days, self._profiles, {}, FileInForce(()))

    def _publish(self, days: list[date]) -> None:
        project = self._project
        publish_derived(project.warehouse, project.landing, self._profiles, project.published_dir, days)


def _timed(step: Callable[[], None]) -> float:
    started = time.process_time()
    step()
    return time.process_time() - started
