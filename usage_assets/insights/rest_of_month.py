"""Forecast the days of a month that are not known yet, for each series, on one day.

A series is a fee if it comes on at most three days a month, and a split row if its last cost is the share of a row that
was split over its days. Any other series is usage, which weekday means forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np

from usage_assets.insights.daily_costs import (
    FOUR_WEEKS,
    WEEK,
    Bools,
    DailyCosts,
    Floats,
    Ints,
    between,
    counted,
    cumulated,
)
from usage_assets.insights.fees import (
    DAYS_OF_MONTH,
    EARLIER_MONTHS,
    MOST_DAYS,
    FeeMonths,
    are_fees,
    expected_fees,
    usual_difference,
)
from usage_assets.insights.weekday_means import WeekdayForecasts

LEAST_FACTOR, MOST_FACTOR = 0.5, 2.0
LEAST_SPLIT_CHANGE = 0.02
"""A split row changes at least by this share in its further days."""


@dataclass(frozen=True)
class History:
    """Daily costs with the forecasts made after each day, and their sums, which every as-of day reads."""

    costs: DailyCosts
    forecasts: WeekdayForecasts
    filled_before: Floats
    level_before: Floats
    days_with_cost_before: Ints

    @classmethod
    def of(cls, costs: DailyCosts) -> History:
        """Return the history of `costs`."""
        forecasts = WeekdayForecasts.of(costs.cost, costs.is_missing)
        return cls(
            costs,
            forecasts,
            cumulated(forecasts.cost),
            cumulated(forecasts.level),
            counted(forecasts.cost != 0),
        )

    def usage_after(self, series: Ints, day: Ints, days: Ints) -> Floats:
        """Return the forecast sum of the `days` days after column `day`, made on that day."""
        at = np.maximum(day, 0)
        week_ago = np.maximum(at + 1 - WEEK, 0)
        weeks, others = np.divmod(days, WEEK)
        before = self.level_before
        start = before[series, week_ago]
        level = weeks * (before[series, at + 1] - start) + (before[series, week_ago + others] - start)
        of_young = self.forecasts.mean_of_young[series, at]
        level = np.where(np.isnan(of_young), level, days * of_young)
        factor = 1 + self.forecasts.change[series, at] * (2 + days / 2 / WEEK)
        forecast = np.rint(level * np.minimum(np.maximum(factor, LEAST_FACTOR), MOST_FACTOR))
        return np.where(self.forecasts.is_over[series, at], 0.0, forecast)


@dataclass(frozen=True)
class Month:
    """A month as columns, seen from an as-of day."""

    as_of: int
    first: int
    last: int
    earlier: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, as_of: date, first_day: date) -> Month:
        """Return the month of `as_of`; column 0 is `first_day`."""
        starts = [as_of.replace(day=1)]
        for _ in range(EARLIER_MONTHS):
            starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
        after = (starts[0] + timedelta(days=31)).replace(day=1)
        columns = [(start - first_day).days for start in (after, *starts)]
        spans = [(start, end - 1) for end, start in pairwise(columns)]
        return cls((as_of - first_day).days, *spans[0], tuple(spans[1:]))


@dataclass(frozen=True)
class RestOfMonth:
    """The days after the last day used, of the chosen series on one as-of day.

    Attributes:
        history: The history.
        month: The month.
        series: The chosen series.
        last_day: The column of the last day used of each of them.
    """

    history: History
    month: Month
    series: Ints
    last_day: Ints

    @property
    def days(self) -> Ints:
        """The number of days from the last day used to the end of the month."""
        return self.month.last - self.last_day

    @property
    def skipped(self) -> Ints:
        """How many of these days are still of the month before."""
        return np.maximum(self.month.first - 1 - self.last_day, 0)

    @cached_property
    def is_split(self) -> Bools:
        """Whether the last cost is the share of a row that was split: equal on two days, or the first of a month."""
        last, cost = np.maximum(self.last_day, 0), self.history.forecasts.cost
        share, share_before = cost[self.series, last], cost[self.series, np.maximum(last - 1, 0)]
        begins = np.isin(last, [self.month.first, *(first for first, _ in self.month.earlier)])
        is_split: Bools = self.history.costs.is_split[self.series, last] & (
            (np.abs(share - share_before) <= 1) | begins
        )
        return is_split

    @cached_property
    def is_fee(self) -> Bools:
        """Whether the series is a fee."""
        is_fee = np.zeros(len(self.series), dtype=np.bool_)
        is_fee[self._rare] = are_fees(self._fee_months)
        return is_fee & ~self.is_split

    @property
    def is_usage(self) -> Bools:
        """Whether the series is usage."""
        return ~self.is_split & ~self.is_fee

    def usage(self) -> Floats:
        """Return the forecast of usage; 0 for other series."""
        after = self.history.usage_after
        forecast = after(self.series, self.last_day, self.days) - after(self.series, self.last_day, self.skipped)
        return np.where(self.is_usage & self.goes_on, forecast, 0.0)

    def others(self) -> tuple[Floats, Floats]:
        """Return the forecast of fees and split rows, 0 for usage, and the usual error of each."""
        forecast, error = np.zeros(len(self.series)), np.zeros(len(self.series))
        fees, differences = self._expected_fees.sum(axis=1), usual_difference(self._fee_months)
        forecast[self._rare] = fees
        error[self._rare] = np.where(fees != 0, differences, 0.0)
        last = np.maximum(self.last_day, 0)
        share = self.history.forecasts.cost[self.series, last] * (self.days - self.skipped)
        change = np.rint(np.abs(share) * self._split_changes())
        forecast = np.where(self.is_split, share, np.where(self.is_fee, forecast, 0.0))
        error = np.where(self.is_split, change, np.where(self.is_fee, error, 0.0))
        return np.where(self.goes_on, forecast, 0.0), np.where(self.goes_on, error, 0.0)

    def by_day(self) -> Floats:
        """Return the sum of the two forecasts on each day of the month, series × days; 0 up to the last day used.

        A fee is put on the day of its day last month, or on the next day if that has passed.
        """
        after = np.maximum(np.arange(self.month.first, self.month.last + 1) - self.last_day[:, None], 0)
        series, day = self.series[:, None], self.last_day[:, None]
        usage = self.history.usage_after(series, day, after) - self.history.usage_after(
            series, day, np.maximum(after - 1, 0)
        )
        share = self.history.forecasts.cost[self.series, np.maximum(self.last_day, 0)]
        forecast = np.where(self.is_usage[:, None], usage, 0.0)
        forecast += np.where(self.is_split[:, None] & (after > 0), share[:, None], 0.0)
        forecast += np.where(self.is_fee[:, None], self._fees_by_day(), 0.0)
        return np.where(self.goes_on[:, None], forecast, 0.0)

    def daily_rate(self) -> tuple[Floats, Floats]:
        """Return what a day of the months after this one costs, and which part of it is usage.

        Usage has the mean of four weeks' forecast, a fee this month's, a split row its last share.
        """
        usage = self.history.usage_after(self.series, self.last_day, np.full_like(self.last_day, FOUR_WEEKS))
        usage = np.where(self.is_usage & self.goes_on, usage / FOUR_WEEKS, 0.0)
        share = self.history.forecasts.cost[self.series, np.maximum(self.last_day, 0)]
        fees = np.zeros(len(self.series))
        of_month = self._fee_months.months[0].sum(axis=1) + self._expected_fees.sum(axis=1)
        fees[self._rare] = of_month / (self.month.last - self.month.first + 1)
        others = np.where(self.is_split, share, np.where(self.is_fee, fees, 0.0))
        return usage + np.where(self.goes_on, others, 0.0), usage

    def _fees_by_day(self) -> Floats:
        length = self.month.last - self.month.first + 1
        fees = np.zeros((len(self.series), length))
        earliest = self.last_day[self._rare] - self.month.first + 1
        expected = self._expected_fees
        for number, day in zip(*np.nonzero(expected), strict=True):
            position = min(max(day, earliest[number], 0), length - 1)
            fees[self._rare[number], position] += expected[number, day]
        return fees

    @cached_property
    def goes_on(self) -> Bools:
        """Whether the account still has a history on the last day used."""
        known, last = self.history.costs.known, np.maximum(self.last_day, 0)
        account = self.history.costs.account_of[self.series]
        goes_on: Bools = known.is_known[account, last] | known.is_missing[account, last]
        return goes_on

    def _split_changes(self) -> Floats:
        """Return by which share the last share differs from that of the month before."""
        cost = self.history.forecasts.cost
        last = np.maximum(self.last_day, 0)
        first = np.where(self.last_day >= self.month.first, self.month.first, self.month.earlier[0][0])
        share, before = cost[self.series, last], cost[self.series, np.maximum(first - 1, 0)]
        ratio = np.divide(share, before, out=np.ones_like(share), where=before != 0)
        change: Floats = np.maximum(np.abs(ratio - 1), LEAST_SPLIT_CHANGE)
        return change

    @cached_property
    def _rare(self) -> Ints:
        """The positions of the series that have cost on few days of these months."""
        sums = self.history.days_with_cost_before
        days = between(sums, self.series, self.month.earlier[-1][0], self.last_day + 1)
        return np.flatnonzero((days > 0) & (days <= MOST_DAYS * (1 + EARLIER_MONTHS)))

    @cached_property
    def _expected_fees(self) -> Floats:
        return expected_fees(self._fee_months)

    @cached_property
    def _fee_months(self) -> FeeMonths:
        series, last_day = self.series[self._rare], self.last_day[self._rare]
        spans = [(self.month.first, self.month.last), *self.month.earlier]
        months = np.zeros((len(spans), len(series), DAYS_OF_MONTH))
        cost = self.history.forecasts.cost
        for number, (first, last) in enumerate(spans):
            columns = np.arange(max(first, 0), min(last, cost.shape[1] - 1) + 1)
            used = np.where(columns <= last_day[:, None], cost[np.ix_(series, columns)], 0.0)
            months[number][:, columns - first] = used
        first = max(self.month.earlier[-1][0], 0)
        has_cost = cost[series, first:] != 0
        age = last_day - (first + has_cost.argmax(axis=1)) + 1
        before = self.month.earlier[0]
        return FeeMonths(months, last_day - self.month.first + 1, before[1] - before[0] + 1, age)
