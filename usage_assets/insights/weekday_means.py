"""Forecast the days after any day by the weekday means of the four weeks up to it, with a robust trend.

Each figure of a day depends on that day and those before it alone, and on no day further back than `REACH`. So a
forecast that is made again for a past day is the one that was made then, from the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usage_assets.insights.daily_costs import (
    FOUR_WEEKS,
    WEEK,
    Bools,
    Floats,
    Ints,
    cumulated,
    earlier,
    last_sums,
)

BAND = 2.5
"""A day further from the median of its weekday than this many times the usual distance is cut to that distance."""

SILENT_DAYS = 10
"""A series without cost for so many days, which had cost on most days before, is over."""

FASTEST_CHANGE = 0.08
"""The largest change per week that a trend may continue, as a share of the level."""

NOISE_WEIGHT = 3.0
REACH = 20 * WEEK
"""No figure of a day depends on a day so many days before it, or on an earlier one."""


@dataclass(frozen=True)
class WeekdayForecasts:
    """The forecasts made after each day.

    Attributes:
        cost: Series × days: the cost; on days that are not known, what their weekday usually costs.
        level: Series × days: the mean of the weekday in the four weeks up to the day, outliers cut.
        surprise: Series × days: the cost with outliers cut, less what was expected a week before.
        change: Series × days: the change per week, as a share of the level.
        mean_of_young: Series × days: the daily mean of a series that began in the last week; NaN for others.
    """

    cost: Floats
    level: Floats
    surprise: Floats
    change: Floats
    mean_of_young: Floats

    @classmethod
    def of(cls, cost: Floats, is_known: Bools) -> WeekdayForecasts:
        """Return the forecasts for series, of which `is_known` says on which days the cost is known."""
        filled = fill_unknown_days(cost, is_known)
        begins = first_days(filled)
        cut = cut_outliers(filled)
        level = np.where(is_over(filled), 0.0, weekday_means(cut, begins))
        change = weekly_change(cut, begins)
        return cls(filled, level, cut - earlier(level, WEEK), change, _means_of_young(filled, begins))


def fill_unknown_days(cost: Floats, is_known: Bools) -> Floats:
    """Return the cost with the mean of the four earlier same weekdays on unknown days; else the mean of four weeks."""
    if is_known.all():
        return cost
    known_cost, known = np.where(is_known, cost, 0.0), is_known.astype(np.float64)
    sums = sum(earlier(known_cost, WEEK * weeks) for weeks in range(1, 5))
    counts = sum(earlier(known, WEEK * weeks) for weeks in range(1, 5))
    all_sums, all_counts = last_sums(known_cost, FOUR_WEEKS), last_sums(known, FOUR_WEEKS)
    of_weekday = np.divide(sums, counts, out=np.zeros_like(cost), where=counts > 0)
    of_all = np.divide(all_sums, all_counts, out=np.zeros_like(cost), where=all_counts > 0)
    return np.where(is_known, cost, np.rint(np.where(counts > 0, of_weekday, of_all)))


def first_days(cost: Floats) -> Ints:
    """Return, for each day, the first day of a series that began in the last four weeks; -1 for older series.

    A series without cost in the last eight weeks begins after the day.
    """
    days = np.arange(cost.shape[1])
    has_cost = (cost != 0).astype(np.int64)
    next_cost = np.where(has_cost > 0, days, cost.shape[1])
    next_cost = np.minimum.accumulate(next_cost[:, ::-1], axis=1)[:, ::-1]
    first = next_cost[:, np.maximum(days + 1 - FOUR_WEEKS, 0)]
    is_old = earlier(last_sums(has_cost, FOUR_WEEKS), FOUR_WEEKS) > 0
    return np.where(is_old, -1, first)


def cut_outliers(cost: Floats) -> Floats:
    """Return the cost, each day cut to a band around the median of the four earlier same weekdays.

    The width of the band is the median, over four weeks, of the mean distance in a week. A series that has cost on
    less than half of the days keeps its days, because its medians are 0.
    """
    medians = _median_of_four([earlier(cost, WEEK * weeks) for weeks in range(1, 5)])
    medians[:, :FOUR_WEEKS] = cost[:, :FOUR_WEEKS]
    distances = last_sums(np.abs(cost - medians), WEEK) / WEEK
    usual = _median_of_four([earlier(distances, 1 + WEEK * weeks) for weeks in range(4)])
    is_usual = last_sums((cost != 0).astype(np.int64), FOUR_WEEKS) * 2 >= FOUR_WEEKS
    is_cut = is_usual & earlier(is_usual, FOUR_WEEKS)
    is_cut[:, : 2 * FOUR_WEEKS] = False
    cut = np.rint(np.clip(cost, medians - BAND * usual, medians + BAND * usual))
    return np.where(is_cut, cut, cost)


def weekday_means(cost: Floats, begins: Ints) -> Floats:
    """Return the mean cost of the weekday of each day in the four weeks up to it, or since the series began."""
    days = np.arange(cost.shape[1])
    sums, counts = np.zeros_like(cost), np.zeros_like(cost)
    for weeks in range(4):
        counts_now = days - WEEK * weeks >= np.maximum(begins, 0)
        sums += np.where(counts_now, earlier(cost, WEEK * weeks), 0.0)
        counts += counts_now
    return np.rint(np.divide(sums, counts, out=np.zeros_like(cost), where=counts > 0))


def weekly_change(cost: Floats, begins: Ints) -> Floats:
    """Return the trend: the median change between a week and the fourth week before it, per week of the level.

    It is taken from the last eight weeks, lessened the more the four changes differ, and 0 for younger series.
    """
    weekly = last_sums(cost, WEEK)
    weeks = [earlier(weekly, WEEK * number) for number in range(8)]
    changes = [(weeks[number] - weeks[number + 4]) / 4 for number in range(4)]
    change = _median_of_four(changes)
    noise = NOISE_WEIGHT * sum(np.abs(one - change) for one in changes) / 4
    level = sum(weeks[:4]) / 4
    trust = np.divide(change**2, change**2 + noise**2, out=np.zeros_like(cost), where=change != 0)
    share = np.divide(change * trust, level, out=np.zeros_like(cost), where=level > 0)
    share[:, : 2 * FOUR_WEEKS - 1] = 0.0
    return np.where(begins < 0, np.clip(share, -FASTEST_CHANGE, FASTEST_CHANGE), 0.0)


def is_over(cost: Floats) -> Bools:
    """Return whether the series has ended: no cost in the last days, but on most days of the four weeks before."""
    has_cost = (cost != 0).astype(np.int64)
    days = np.arange(cost.shape[1])
    last_cost = np.maximum.accumulate(np.where(has_cost > 0, days, 0), axis=1)
    before = np.take_along_axis(last_sums(has_cost, FOUR_WEEKS), last_cost, axis=1)
    return (days - last_cost >= SILENT_DAYS) & (before * 2 >= FOUR_WEEKS)


def _means_of_young(cost: Floats, begins: Ints) -> Floats:
    age = np.arange(cost.shape[1]) - begins + 1
    is_young = (begins >= 0) & (age >= 1) & (age < WEEK)
    return np.where(is_young, last_sums(cost, WEEK) / np.maximum(age, 1), np.nan)


def _median_of_four(values: list[Floats]) -> Floats:
    a, b, c, d = values
    lowest = np.minimum(np.minimum(a, b), np.minimum(c, d))
    highest = np.maximum(np.maximum(a, b), np.maximum(c, d))
    return (a + b + c + d - lowest - highest) / 2
