"""Project fees: series that come on at most three days a month, such as seats and platform fees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usage_assets.insights.daily_costs import WEEK, Bools, Floats, Ints

MOST_DAYS = 3
EARLIER_MONTHS = 3
DAYS_OF_MONTH = 31

DAYS_LATE = 7
"""A fee that has not come so many days after its day of the month is not expected any more."""

SAME_DAY = 3
"""A fee of an earlier month is the same fee if it came at most so many days before or after."""


@dataclass(frozen=True)
class FeeMonths:
    """The cost of series by day of the month.

    Attributes:
        months: Months × series × 31: this month and the three months before it, newest first; 0 on days not used.
        last_day: For each series the day of the month of its last day used; 0 or less if it is of an earlier month.
        last_month_length: The number of days of the month before this one.
        age: For each series the days from its first cost in these months to its last day used.
    """

    months: Floats
    last_day: Ints
    last_month_length: int
    age: Ints


def are_fees(fees: FeeMonths) -> Bools:
    """Return which series are fees: with cost in these months, and on at most three days in each of them.

    A series of less than a week with cost on several days has just begun, and is none.
    """
    days: Ints = (fees.months != 0).sum(axis=2)
    most: Ints = days.max(axis=0)
    has_just_begun = (days[1:].sum(axis=0) == 0) & (fees.age < WEEK) & (days[0] > 1)
    are_rare: Bools = (most > 0) & (most <= MOST_DAYS) & ~has_just_begun
    return are_rare


def expected_fees(fees: FeeMonths) -> Floats:
    """Return what each series is expected to cost after its last day used, by last month's day of the month.

    These are the fees of last month that did not come this month.

    Last month's fees come in the order of their days. A fee is not expected if it did not come in the month before
    either, while others did.
    """
    last_month, came_before = _last_month(fees), fees.months[2] != 0
    is_due = (last_month != 0) & (_is_near(came_before) | ~came_before.any(axis=1, keepdims=True))
    came = (fees.months[0] != 0).sum(axis=1, keepdims=True)
    order = np.cumsum(is_due, axis=1)
    days = np.arange(1, DAYS_OF_MONTH + 1)
    is_expected = is_due & (order > came) & (days > fees.last_day[:, None] - DAYS_LATE)
    return np.where(is_expected, last_month, 0.0)


def usual_difference(fees: FeeMonths) -> Floats:
    """Return by how much the months of each series differ from one another, for the range of a fee that is expected."""
    totals: Floats = fees.months[1:].sum(axis=2)
    came_twice = (totals[:-1] != 0) & (totals[1:] != 0)
    differences: Floats = np.where(came_twice, np.abs(totals[:-1] - totals[1:]), 0.0).sum(axis=0)
    usual: Floats = differences / np.maximum(came_twice.sum(axis=0), 1)
    return usual


def _last_month(fees: FeeMonths) -> Floats:
    """Return last month by day; days of it that are not used yet are taken from the month before."""
    days = np.arange(1, DAYS_OF_MONTH + 1)
    last_used = np.where(fees.last_day < 0, fees.last_month_length + fees.last_day, DAYS_OF_MONTH)
    last_month: Floats = np.where(days > last_used[:, None], fees.months[2], fees.months[1])
    return last_month


def _is_near(has_fee: Bools) -> Bools:
    near = has_fee.copy()
    for distance in range(1, SAME_DAY + 1):
        near[:, distance:] |= has_fee[:, :-distance]
        near[:, :-distance] |= has_fee[:, distance:]
    return near
