"""Daily cost as matrices with one row per series and one column per day.

A series is the cost of one account, provider and product within a key of each scope, such as one user. Amounts are
floats that hold whole millionths of the currency. So sums are exact, and do not depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MILLION = 10**6
WEEK = 7
FOUR_WEEKS = 28


@dataclass(frozen=True)
class KnownDays:
    """What is known of each account.

    Attributes:
        first_day: The day of the first column.
        account_ids: The accounts.
        lags: Days until a day of the account is complete at the vendor.
        is_known: Accounts × days: whether the usage of the day is complete in the tables.
    """

    first_day: date
    account_ids: Sequence[str]
    lags: Ints
    is_known: Bools

    def column(self, day: date) -> int:
        """Return the column of `day`, which may lie outside the matrix."""
        return (day - self.first_day).days

    @cached_property
    def known_before(self) -> Ints:
        """Accounts × (days + 1): how many days are known before each column."""
        return cumulated(self.is_known.astype(np.int64))


@dataclass(frozen=True)
class Keys:
    """The keys of one scope, and the key of each series."""

    names: Sequence[str]
    of_series: Ints


@dataclass(frozen=True)
class DailyCosts:
    """The daily cost of series.

    Attributes:
        known: The accounts, and their known days.
        account_of: The account of each series, as a row of `known`.
        scopes: The keys of each scope; each series has one key in each scope.
        cost: Series × days, in whole millionths; the rest is cut off.
        rest: Series × days: what is cut off, in units of 1e-12.
        has_rows: Series × days: whether the day has a row with a cost, which may be 0.
        is_split: Series × days: whether a row of several days gave the cost of this day.
    """

    known: KnownDays
    account_of: Ints
    scopes: dict[str, Keys]
    cost: Floats
    rest: Ints
    has_rows: Bools
    is_split: Bools

    @cached_property
    def is_known(self) -> Bools:
        """Series × days: whether the day of the account is known."""
        return self.known.is_known[self.account_of]


def cumulated(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Return the sums of the columns before each column: one column more than `values`, the first is 0."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1), dtype=values.dtype)
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def last_sums(values: npt.NDArray[np.generic], days: int) -> npt.NDArray[np.generic]:
    """Return, for each day, the sum of the last `days` days up to it; fewer at the start."""
    sums = cumulated(values)
    start = np.maximum(np.arange(values.shape[1]) + 1 - days, 0)
    return sums[:, 1:] - sums[:, start]


def earlier(values: npt.NDArray[np.generic], days: int) -> npt.NDArray[np.generic]:
    """Return the value of `days` days before each day; 0 before the first day."""
    moved = np.zeros_like(values)
    moved[:, days:] = values[:, : values.shape[1] - days]
    return moved
