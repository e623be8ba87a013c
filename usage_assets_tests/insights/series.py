"""Daily costs for tests: series are given as amounts in whole units of the currency, day after day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from usage_assets.insights.daily_costs import DailyCosts, Keys, KnownDays
from usage_assets.insights.projection import Projection, Projector

MICRO = 10**6
MONDAY = date(2026, 4, 6)
"""Eight weeks before the first of June 2026, which is a Monday as well."""


@dataclass(frozen=True)
class Series:
    """The cost of an account, provider and product, from the first day of the matrix on."""

    cost: Sequence[float]
    account: str = "acme"
    provider: str = "anthropic"
    is_split: bool = False


@dataclass(frozen=True)
class History:
    """Series from `first_day` on, the lag of each account, and the days that are missing or no part of its history."""

    series: Sequence[Series]
    first_day: date = MONDAY
    lags: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, Collection[date]] = field(default_factory=dict)
    ended: Mapping[str, date] = field(default_factory=dict)

    def costs(self) -> DailyCosts:
        accounts = sorted({one.account for one in self.series})
        cost = np.array([one.cost for one in self.series], dtype=np.float64)
        days = [self.first_day + timedelta(days=number) for number in range(cost.shape[1])]
        missing = np.array([[day in self.missing.get(name, ()) for day in days] for name in accounts])
        ended = np.array([[day > self.ended.get(name, date.max) for day in days] for name in accounts])
        lags = np.array([self.lags.get(name, 1) for name in accounts])
        known = KnownDays(days[0], days[-1], accounts, lags, ~missing & ~ended, missing)
        scopes = {
            "all": Keys.of(["(all)"] * len(self.series)),
            "account": Keys.of([one.account for one in self.series]),
            "provider": Keys.of([one.provider for one in self.series]),
        }
        return DailyCosts(
            known,
            np.array([accounts.index(one.account) for one in self.series]),
            scopes,
            np.rint(cost * MICRO),
            np.zeros(cost.shape, dtype=np.int64),
            np.ones(cost.shape, dtype=np.bool_),
            np.array([[one.is_split] * cost.shape[1] for one in self.series]),
        )

    def project(self, as_of: date) -> dict[tuple[str, str], Projection]:
        projections = Projector(self.costs()).project(as_of)
        return {(projection.scope, projection.scope_key): projection for projection in projections}


def total(history: History, as_of: date) -> Projection:
    """Return the projection of the scope `all`."""
    return history.project(as_of)["all", "(all)"]


def of_one(cost: Sequence[float], **given: object) -> History:
    """Return the history of one series."""
    return replace(History([Series(cost)]), **given)  # type: ignore[arg-type]


def units(cents: int | None) -> Decimal:
    """Return cents in units of the currency."""
    assert cents is not None
    return Decimal(cents) / 100


def workdays(days: int, *, workday: float = 100, weekend: float = 10) -> list[float]:
    """Return the cost of `days` days from a Monday on."""
    return [workday if number % 7 < 5 else weekend for number in range(days)]


def to_date(projection: Projection) -> Decimal:
    """Return the month to date in units of the currency."""
    return Decimal(projection.month_to_date).scaleb(-12)
