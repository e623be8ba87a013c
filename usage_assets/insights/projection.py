"""Project the cost of a month for each key of each scope, from what is known on a day.

The projection of a past day uses the days that were complete by the lags of the vendors, with the amounts of today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from usage_assets.insights.daily_costs import FOUR_WEEKS, WEEK, Bools, DailyCosts, Floats, Ints, cumulated
from usage_assets.insights.key_sums import KeySums
from usage_assets.insights.projection_range import (
    DAYS_BETWEEN_ORIGINS,
    ORIGINS,
    SURPRISE_DAYS,
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


@dataclass(frozen=True, slots=True)
class Projection:
    """The projection of one key.

    Attributes:
        scope: The scope, such as `account`.
        scope_key: The key in the scope.
        complete_through: The last day of which the cost of every account of the key is known.
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
        self._known_cost = cumulated(np.where(costs.is_known, costs.cost, 0.0))
        self._known_rest = cumulated(np.where(costs.is_known, costs.rest, 0))
        self._rows = cumulated(costs.has_rows.astype(np.int64))
        self._refunds = cumulated((costs.cost < 0).astype(np.int64))
        self._last_known = _last_true(costs.known.is_known)

    def project(self, as_of: date, is_chosen: Bools | None = None) -> list[Projection]:
        """Return the projections on a day of every key with rows in this month or the one before.

        Args:
            as_of: The day; its next morning is the time of the projection.
            is_chosen: The series of the keys that are wanted; all by default.
        """
        month = Month.of(as_of, self._known.first_day)
        last_day = month.as_of + 1 - self._known.lags[self._costs.account_of]
        is_projected = self._known_days(last_day, FOUR_WEEKS) > 0
        is_projected &= _between(self._rows, month.earlier[0][0], last_day + 1) > 0
        series = np.flatnonzero(is_projected if is_chosen is None else is_projected & is_chosen)
        if not len(series):
            return []
        rest = RestOfMonth(self._history, month, series, last_day[series])
        return self._rows_of(rest, KeySums.of(self._costs.scopes, series, self._costs.account_of))

    def _rows_of(self, rest: RestOfMonth, keys: KeySums) -> list[Projection]:
        cost, missing = self._month_to_date(rest, keys)
        others, other_errors = rest.others()
        remaining = missing + keys.sum(rest.usage() + others)
        below, above = self._deviations(rest, keys, keys.sum(other_errors))
        can_be_less = keys.any(_between_of(self._refunds, rest, rest.last_day + 1 - 2 * FOUR_WEEKS) > 0)
        below = np.where(can_be_less, below, np.minimum(below, np.maximum(remaining, 0.0)))
        reasons = self._reasons(rest, keys)
        complete = self._complete_through(rest, keys)
        figures = zip(cost, remaining.tolist(), below.tolist(), above.tolist(), strict=True)
        return [
            Projection(*key, self._day(column), *_figures(*amounts, reason), reason)
            for key, column, amounts, reason in zip(keys.keys, complete.tolist(), figures, reasons, strict=True)
        ]

    def _month_to_date(self, rest: RestOfMonth, keys: KeySums) -> tuple[list[int], Floats]:
        """Return the cost of the known days of each key in 1e-12, and what is put in for unknown days before the last."""
        known = _between_of(self._known_cost, rest, rest.month.first)
        others = _between_of(self._known_rest, rest, rest.month.first)
        filled = _between_of(self._history.filled_before, rest, rest.month.first)
        micros, rests = keys.sum(known), keys.sum_of_integers(others)
        cost = [int(micro) * PICO_PER_MICRO + part for micro, part in zip(micros, rests.tolist(), strict=True)]
        return cost, keys.sum(filled - known)

    def _deviations(self, rest: RestOfMonth, keys: KeySums, other_errors: Floats) -> tuple[Floats, Floats]:
        past = past_errors(rest, keys)
        low, high = error_quantiles(past)
        others = NORMAL * other_errors
        below = np.sqrt((max(-low, 0.0) * past.scale_now) ** 2 + others**2)
        above = np.sqrt((max(high, 0.0) * past.scale_now) ** 2 + others**2)
        return below, above

    def _reasons(self, rest: RestOfMonth, keys: KeySums) -> list[str | None]:
        columns = np.arange(HISTORY_DAYS)
        at = rest.last_day[:, None] - columns
        in_rows = self._costs.has_rows[rest.series[:, None], np.maximum(at, 0)] & (at >= 0)
        days = np.where(in_rows, columns + 1, 0).max(axis=1)
        before = rest.last_day + 1 - HISTORY_DAYS
        is_older = _between(self._rows[rest.series], before - REACH, before + 1) > 0
        ages = keys.greatest(np.where(is_older, HISTORY_DAYS, days))
        return [
            None if age >= HISTORY_DAYS else f"{age} days of history, less than two weeks" for age in ages.tolist()
        ]

    def _complete_through(self, rest: RestOfMonth, keys: KeySums) -> Ints:
        account = self._costs.account_of[rest.series]
        return keys.smallest(self._last_known[account, np.maximum(rest.last_day, 0)])

    def _known_days(self, last_day: Ints, days: int) -> Ints:
        before = self._known.known_before[self._costs.account_of]
        return _between(before, last_day + 1 - days, last_day + 1)

    def _day(self, column: int) -> date:
        return self._known.first_day + timedelta(days=column)


def _figures(
    cost: int, remaining: float, below: float, above: float, reason: str | None
) -> tuple[int, int | None, int | None, int | None]:
    """Return the month to date in 1e-12, and projection and range in cents; the range is rounded outwards."""
    if reason is not None:
        return cost, None, None, None
    total = cost + int(remaining) * PICO_PER_MICRO
    low = total - int(np.ceil(below)) * PICO_PER_MICRO
    high = total + int(np.ceil(above)) * PICO_PER_MICRO
    projected = (2 * total + PICO_PER_CENT) // (2 * PICO_PER_CENT)
    return cost, projected, low // PICO_PER_CENT, -(-high // PICO_PER_CENT)


def _between(sums: Floats | Ints, first: Ints | int, end: Ints | int) -> Floats | Ints:
    """Return the sums of the columns from `first` to before `end`, one of each per row; columns outside count nothing."""
    rows, columns = np.arange(sums.shape[0]), sums.shape[1] - 1
    stop = np.clip(end, 0, columns)
    return sums[rows, stop] - sums[rows, np.minimum(np.clip(first, 0, columns), stop)]


def _between_of(sums: Floats | Ints, rest: RestOfMonth, first: Ints | int) -> Floats | Ints:
    """Return the sums of the chosen series from column `first` to their last day used."""
    columns = sums.shape[1] - 1
    stop = np.clip(rest.last_day + 1, 0, columns)
    return sums[rest.series, stop] - sums[rest.series, np.minimum(np.clip(first, 0, columns), stop)]


def _last_true(values: Bools) -> Ints:
    columns = np.arange(values.shape[1])
    return np.maximum.accumulate(np.where(values, columns, -1), axis=1)
