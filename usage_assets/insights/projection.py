"""Project the cost of a month for each key of each scope, from what is known on a day.

The projection of a past day uses the days that were complete by the lags of the vendors, with the amounts of today.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from usage_assets.insights.daily_costs import (
    FOUR_WEEKS,
    WEEK,
    Bools,
    DailyCosts,
    Floats,
    Ints,
    Numbers,
    between,
    counted,
    cumulated,
)
from usage_assets.insights.key_sums import KeySums
from usage_assets.insights.projection_range import (
    DAYS_BETWEEN_ORIGINS,
    ORIGINS,
    SURPRISE_DAYS,
    Horizon,
    error_quantiles,
    past_errors,
)
from usage_assets.insights.rest_of_month import History, Month, RestOfMonth
from usage_assets.insights.weekday_means import REACH

HISTORY_DAYS = 2 * WEEK
NORMAL = 1.2816
"""A normal error is below so many deviations in nine of ten cases."""

LONGEST_MONTH = 31
PICO_PER_MICRO = 10**6
PICO_PER_CENT = 10**10


class Projection(NamedTuple):
    """The projection of one key.

    Attributes:
        scope: The scope, such as `account`.
        scope_key: The key in the scope.
        complete_through: The last day whose cost is known for every account of the key.
        month_to_date: Cost of the known days of the month, in units of 1e-12.
        projected: Cost of the month, in cents; None without a projection.
        low: Lower end of the 80 % range, in cents.
        high: Upper end.
        reason: Why there is no projection.
    """

    scope: str
    scope_key: str
    complete_through: date
    month_to_date: int
    projected: int | None
    low: int | None
    high: int | None
    reason: str | None


def reach_days(longest_lag: int) -> int:
    """Return how many days before an as-of day its projections still depend on."""
    return 2 * longest_lag + LONGEST_MONTH + ORIGINS * DAYS_BETWEEN_ORIGINS + SURPRISE_DAYS + REACH


class Projector:
    """Projects months from one matrix of daily costs."""

    def __init__(self, costs: DailyCosts) -> None:
        self._costs = costs
        self._known = costs.known
        self._history = History.of(costs)
        self._known_cost = cumulated(np.where(costs.is_missing, 0.0, costs.cost))
        self._known_rest = cumulated(np.where(costs.is_missing, 0, costs.rest))
        self._rows = counted(costs.has_rows)
        self._refunds = counted(costs.cost < 0)

    def project(self, as_of: date, is_chosen: Bools | None = None) -> list[Projection]:
        """Return the projections on a day of every key with rows in this month or the one before.

        Args:
            as_of: The day; its next morning is the time of the projection.
            is_chosen: The series of the keys that are wanted; all by default.
        """
        rest = self.rest_of_month(as_of, is_chosen)
        return [] if rest is None else self._projections(rest, self.keys_of(rest))

    def rest_of_month(
        self, as_of: date, is_chosen: Bools | None = None, *, known_as_of: date | None = None
    ) -> RestOfMonth | None:
        """Return the rest of the month of the series of `project`; None if there is none.

        Args:
            as_of: A day of the month.
            is_chosen: The series that are wanted; all by default.
            known_as_of: The day on whose next morning the days of the month are known; `as_of` by default.
        """
        month = Month.of(as_of, self._known.first_day)
        known = month.as_of if known_as_of is None else (known_as_of - self._known.first_day).days
        account, every = self._costs.account_of, np.arange(len(self._costs.account_of))
        last_day = np.minimum(known - np.maximum(self._known.lags - 1, 0)[account], month.last)
        is_projected = between(self._rows, every, month.earlier[0][0], last_day + 1) > 0
        is_projected &= between(self._known.known_before, account, last_day + 1 - FOUR_WEEKS, last_day + 1) > 0
        series = np.flatnonzero(is_projected if is_chosen is None else is_projected & is_chosen)
        return RestOfMonth(self._history, month, series, last_day[series]) if len(series) else None

    def keys_of(self, rest: RestOfMonth) -> KeySums:
        """Return the keys of the series of `rest`."""
        return KeySums.of(self._costs.scopes, rest.series, self._costs.account_of)

    def _projections(self, rest: RestOfMonth, keys: KeySums) -> list[Projection]:
        others, other_errors = rest.others()
        remaining = keys.sum(rest.usage() + others + self.of_missing_days(rest))
        past = past_errors(rest, keys, Horizon.of(rest))
        below, above = deviations(error_quantiles(past), past.scale_now, keys.sum(other_errors))
        below = self.without_loss(below, remaining, rest, keys)
        amounts = zip(self._month_to_date(rest, keys), remaining.tolist(), below.tolist(), above.tolist(), strict=True)
        known = zip(self.complete_through(rest, keys), self.history_days(rest, keys).tolist(), strict=True)
        return [
            _projection(key, day, days, *of_key)
            for key, (day, days), of_key in zip(keys.keys, known, amounts, strict=True)
        ]

    def without_loss(self, below: Floats, remaining: Floats, rest: RestOfMonth, keys: KeySums) -> Floats:
        """Return how far the range reaches below what remains; not below what is known, if there were no refunds."""
        has_refunds = keys.any(self._used(self._refunds, rest, rest.last_day + 1 - 2 * FOUR_WEEKS) > 0)
        return np.where(has_refunds, below, np.minimum(below, np.maximum(remaining, 0.0)))

    def _used(self, sums: Numbers, rest: RestOfMonth, first: Ints | int) -> Numbers:
        """Return the sums of the chosen series from column `first` to their last day used."""
        return between(sums, rest.series, first, rest.last_day + 1)

    def _month_to_date(self, rest: RestOfMonth, keys: KeySums) -> list[int]:
        """Return the cost of the known days of each key in units of 1e-12."""
        micros = keys.sum(self._used(self._known_cost, rest, rest.month.first)).tolist()
        rests = keys.sum(self._used(self._known_rest, rest, rest.month.first)).tolist()
        return [int(micro) * PICO_PER_MICRO + part for micro, part in zip(micros, rests, strict=True)]

    def of_missing_days(self, rest: RestOfMonth) -> Floats:
        """Return what is put in for the missing days up to the last day used, for each series."""
        filled = self._used(self._history.filled_before, rest, rest.month.first)
        return filled - self._used(self._known_cost, rest, rest.month.first)

    def history_days(self, rest: RestOfMonth, keys: KeySums) -> Ints:
        """Return the days from the first row of each key to the last day used, at most those that are needed."""
        ages = np.arange(HISTORY_DAYS)
        at = rest.last_day[:, None] - ages
        has_rows = self._costs.has_rows[rest.series[:, None], np.maximum(at, 0)] & (at >= 0)
        before = rest.last_day + 1 - HISTORY_DAYS
        is_older = between(self._rows, rest.series, before - REACH, before + 1) > 0
        oldest: Ints = np.where(has_rows, ages + 1, 0).max(axis=1)
        return keys.greatest(np.where(is_older, HISTORY_DAYS, oldest))

    def complete_through(self, rest: RestOfMonth, keys: KeySums) -> list[date]:
        """Return the last day that is known of every account of each key."""
        known = self._known.last_known[self._costs.account_of[rest.series], np.maximum(rest.last_day, 0)]
        columns = keys.smallest(np.where(rest.goes_on, known, rest.last_day)).tolist()
        return [self._known.first_day + timedelta(days=column) for column in columns]


def deviations(quantiles: tuple[float, float], scale: Floats, other_errors: Floats) -> tuple[Floats, Floats]:
    """Return how far the range of each key reaches below and above what is projected.

    Args:
        quantiles: The errors, in their scale, below which one and nine of ten past errors are.
        scale: The scale of each key now.
        other_errors: The usual error of fees and split rows of each key.
    """
    low, high = quantiles
    others = (NORMAL * other_errors) ** 2
    below: Floats = np.sqrt((max(-low, 0.0) * scale) ** 2 + others)
    above: Floats = np.sqrt((max(high, 0.0) * scale) ** 2 + others)
    return below, above


def missing_history(days: int) -> str | None:
    """Return why there is no projection with so many days of history; None if there is one."""
    if days >= HISTORY_DAYS:
        return None
    return f"{days} {'day' if days == 1 else 'days'} of history; a projection needs {HISTORY_DAYS}"


def _projection(
    key: tuple[str, str],
    complete_through: date,
    history_days: int,
    month_to_date: int,
    remaining: float,
    below: float,
    above: float,
) -> Projection:
    """Return the projection of a key, from amounts in millionths; the range is rounded outwards."""
    reason = missing_history(history_days)
    if reason is not None:
        return Projection(*key, complete_through, month_to_date, None, None, None, reason)
    total = month_to_date + int(remaining) * PICO_PER_MICRO
    low = (total - int(np.ceil(below)) * PICO_PER_MICRO) // PICO_PER_CENT
    high = -((-total - int(np.ceil(above)) * PICO_PER_MICRO) // PICO_PER_CENT)
    projected = (2 * total + PICO_PER_CENT) // (2 * PICO_PER_CENT)
    return Projection(*key, complete_through, month_to_date, projected, low, high, None)
