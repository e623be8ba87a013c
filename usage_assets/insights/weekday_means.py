"""Forecast the days after any day by the weekday means of the four weeks up to it, with a robust trend.

The figures of a day depend on that day and on earlier ones alone, and on none that is `REACH` days or more before it.
So a forecast that is made again for a past day is the one that was made then, from the same costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from usage_assets.insights.daily_costs import FOUR_WEEKS, WEEK, Bools, Floats, Ints, earlier, last_sums

BAND = 2.5
"""A day whose distance from the median of its weekday is more than this many usual ones is cut to that distance."""

SILENT_DAYS = 10
"""A series that had cost on most days is over once it has had none for so many days."""

FASTEST_CHANGE = 0.08
"""The largest change per week that a trend continues, as a share of the level."""

NOISE_WEIGHT = 3.0
"""How much larger than the differences between its weeks a change must be to be trusted by half."""

REACH = 20 * WEEK


@dataclass(frozen=True)
class WeekdayForecasts:
    """The forecasts made after each day. Series × days.

    Attributes:
        cost: The cost; on missing days, what their weekday usually costs.
        level: The mean cost of the weekday in the four weeks up to the day, outliers cut.
        surprise: The cost, outliers cut, less what was expected a week before.
        change: The change per week, as a share of the level.
        mean_of_young: The mean cost of a day, for a series that began in the last week; NaN for others.
        is_over: Whether the series has ended.
    """

    cost: Floats
    level: Floats
    surprise: Floats
    change: Floats
    mean_of_young: Floats
    is_over: Bools

    @classmethod
    def of(cls, cost: Floats, is_missing: Bools) -> WeekdayForecasts:
        """Return the forecasts for series, of which `is_missing` says on which days the cost is not known."""
        filled = fill_missing_days(cost, is_missing)
        begins = first_days(filled)
        cut = cut_outliers(filled, begins)
        level = weekday_means(cut, begins)
        surprise, change = cut - earlier(level, WEEK), weekly_change(cut, begins)
        return cls(filled, level, surprise, change, means_of_young(filled, begins), have_ended(filled))


def fill_missing_days(cost: Floats, is_missing: Bools) -> Floats:
    """Return the cost with the mean of the four earlier same weekdays on missing days, else the mean of four weeks."""
    if not is_missing.any():
        return cost
    held, is_held = np.where(is_missing, 0.0, cost), (~is_missing).astype(np.float64)
    of_weekday = _ratio(_sum_of_weeks(earlier(held, WEEK)), counts := _sum_of_weeks(earlier(is_held, WEEK)))
    of_all = _ratio(last_sums(held, FOUR_WEEKS), last_sums(is_held, FOUR_WEEKS))
    return np.where(is_missing, np.rint(np.where(counts > 0, of_weekday, of_all)), cost)


def first_days(cost: Floats) -> Ints:
    """Return, for each day, the first day of a series that began in the last four weeks; -1 for older series.

    A series without cost in the last eight weeks begins on a later day.
    """
    days = np.arange(cost.shape[1])
    has_cost = _has_cost(cost)
    next_cost = np.where(has_cost > 0, days, cost.shape[1])
    next_cost = np.minimum.accumulate(next_cost[:, ::-1], axis=1)[:, ::-1]
    first: Ints = next_cost[:, np.maximum(days + 1 - FOUR_WEEKS, 0)]
    is_old = earlier(last_sums(has_cost, FOUR_WEEKS), FOUR_WEEKS) > 0
    return np.where(is_old, -1, first)


def cut_outliers(cost: Floats, begins: Ints) -> Floats:
    """Return the cost, each day cut to a band around the median of the four earlier same weekdays.

    The usual distance is the median of four weeks' mean distances. A series of less than eight weeks is not cut. Nor is
    one that has had no cost on half of the days of four weeks, because the medians of its weekdays are 0.
    """
    medians = _median_of_four([earlier(cost, WEEK * weeks) for weeks in range(1, 5)])
    distances = last_sums(np.abs(cost - medians), WEEK) / WEEK
    usual = _median_of_four([earlier(distances, 1 + WEEK * weeks) for weeks in range(4)])
    is_frequent = last_sums(_has_cost(cost), FOUR_WEEKS) * 2 >= FOUR_WEEKS
    is_cut = is_frequent & earlier(is_frequent, FOUR_WEEKS) & _has_eight_weeks(begins)
    return np.where(is_cut, np.rint(np.clip(cost, medians - BAND * usual, medians + BAND * usual)), cost)


def weekday_means(cost: Floats, begins: Ints) -> Floats:
    """Return the mean cost of the weekday of each day in the four weeks up to it, or since the series began."""
    days = np.arange(cost.shape[1])
    sums, counts = np.zeros_like(cost), np.zeros_like(cost)
    for weeks in range(4):
        has_begun = days - WEEK * weeks >= np.maximum(begins, 0)
        sums += np.where(has_begun, earlier(cost, WEEK * weeks), 0.0)
        counts += has_begun
    return np.rint(_ratio(sums, counts))


def weekly_change(cost: Floats, begins: Ints) -> Floats:
    """Return the trend: the median change between each of four weeks and the fourth week before it, per week.

    It is a share of the level, lessened the more the four changes differ, and 0 for a series of less than eight weeks.
    """
    weekly = last_sums(cost, WEEK)
    weeks = [earlier(weekly, WEEK * number) for number in range(8)]
    changes = [(weeks[number] - weeks[number + 4]) / 4 for number in range(4)]
    change = _median_of_four(changes)
    noise = NOISE_WEIGHT * _sum_of_four([np.abs(one - change) for one in changes]) / 4
    trust = _ratio(change**2, change**2 + noise**2)
    share = _ratio(change * trust, np.maximum(_sum_of_four(weeks[:4]) / 4, 0.0))
    return np.where(_has_eight_weeks(begins), np.clip(share, -FASTEST_CHANGE, FASTEST_CHANGE), 0.0)


def have_ended(cost: Floats) -> Bools:
    """Return when a series has ended: no cost in the last days, but on most days of the four weeks before."""
    days = np.arange(cost.shape[1])
    has_cost = _has_cost(cost)
    last_cost = np.maximum.accumulate(np.where(has_cost > 0, days, 0), axis=1)
    days_with_cost: Ints = np.take_along_axis(last_sums(has_cost, FOUR_WEEKS), last_cost, axis=1)
    has_ended: Bools = (days - last_cost >= SILENT_DAYS) & (days_with_cost * 2 >= FOUR_WEEKS)
    return has_ended


def means_of_young(cost: Floats, begins: Ints) -> Floats:
    """Return the mean cost of a day since the series began, if that is less than a week ago; NaN for others."""
    age = np.arange(cost.shape[1]) - begins + 1
    is_young = (begins >= 0) & (age >= 1) & (age < WEEK)
    return np.where(is_young, last_sums(cost, WEEK) / np.maximum(age, 1), np.nan)


def _has_eight_weeks(begins: Ints) -> Bools:
    """Return on which days a series is eight weeks old; `begins` is its first day, -1 where it is older than four."""
    days = np.arange(begins.shape[1])
    has_eight_weeks: Bools = (earlier(begins, FOUR_WEEKS) <= days + 1 - 2 * FOUR_WEEKS) & (days >= FOUR_WEEKS)
    return has_eight_weeks


def _has_cost(cost: Floats) -> Ints:
    has_cost: Ints = (cost != 0).astype(np.int64)
    return has_cost


def _ratio(values: Floats, by: Floats) -> Floats:
    """Return the ratio, and 0 where `by` is not above 0."""
    return np.divide(values, by, out=np.zeros_like(values), where=by > 0)


def _sum_of_weeks(values: Floats) -> Floats:
    return _sum_of_four([earlier(values, WEEK * weeks) for weeks in range(4)])


def _sum_of_four(values: Sequence[Floats]) -> Floats:
    a, b, c, d = values
    return a + b + c + d


def _median_of_four(values: Sequence[Floats]) -> Floats:
    a, b, c, d = values
    lowest = np.minimum(np.minimum(a, b), np.minimum(c, d))
    highest = np.maximum(np.maximum(a, b), np.maximum(c, d))
    return (a + b + c + d - lowest - highest) / 2
