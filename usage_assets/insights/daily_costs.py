"""Daily cost as matrices with one row per series and one column per day.

A series is the cost of one account, provider and product within a key of each scope, such as one user. Amounts are
floats that hold whole millionths of the currency. So sums are exact, and do not depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Numbers = TypeVar("Numbers", Floats, Ints)
Matrix = TypeVar("Matrix", Floats, Ints, Bools)

WEEK = 7
FOUR_WEEKS = 28


@dataclass(frozen=True)
class KnownDays:
    """Which days of each account are known.

    Attributes:
        first_day: The day of the first column.
        last_day: The day of the last column.
        account_ids: The accounts.
        lags: Days until a day of the account is complete at the vendor.
        is_known: Accounts × days: whether the figures of the day are complete in the tables.
        is_missing: Accounts × days: whether they should be, and are not. A day that is neither is not of the account's
            history, as after its deletion.
    """

    first_day: date
    last_day: date
    account_ids: Sequence[str]
    lags: Ints
    is_known: Bools
    is_missing: Bools

    @cached_property
    def last_known(self) -> Ints:
        """Accounts × days: the column of the last known day up to each day; -1 before the first."""
        known = np.where(self.is_known, np.arange(self.is_known.shape[1]), -1)
        last: Ints = np.maximum.accumulate(known, axis=1)
        return last

    @cached_property
    def known_before(self) -> Ints:
        """Accounts × (days + 1): how many days are known before each column."""
        return counted(self.is_known)


@dataclass(frozen=True)
class Keys:
    """The keys of one scope, and the key of each series."""

    names: Sequence[str]
    of_series: Ints

    @classmethod
    def of(cls, names: Sequence[str]) -> Keys:
        """Return the keys of series, of which `names` names the key of each."""
        unique = sorted(set(names))
        number_of = {name: number for number, name in enumerate(unique)}
        return cls(unique, np.array([number_of[name] for name in names], dtype=np.int64))

    def are_among(self, names: Collection[str]) -> Bools:
        """Return which series have a key among `names`."""
        is_among: Bools = np.array([name in names for name in self.names], dtype=np.bool_)[self.of_series]
        return is_among


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
    def is_missing(self) -> Bools:
        """Series × days: whether the figures of the day are missing."""
        is_missing: Bools = self.known.is_missing[self.account_of]
        return is_missing


def cumulated(values: Numbers) -> Numbers:
    """Return the sums of the columns before each column: one column more than `values`, the first is 0."""
    sums: Numbers = np.zeros((values.shape[0], values.shape[1] + 1), dtype=values.dtype)
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def counted(flags: Bools) -> Ints:
    """Return how many columns before each column are true."""
    return cumulated(flags.astype(np.int64))


def between(sums: Numbers, rows: Ints, first: Ints | int, end: Ints | int) -> Numbers:
    """Return the sums of the columns from `first` to before `end` in each of `rows`; no column is outside the matrix.

    Args:
        sums: The sums before each column, as `cumulated` gives them.
        rows: The rows.
        first: The first column, one for each row or one for all.
        end: The column after the last one.
    """
    # `minimum` and `maximum` take half the time of `clip`.
    stop = np.maximum(np.minimum(end, sums.shape[1] - 1), 0)
    difference: Numbers = sums[rows, stop] - sums[rows, np.minimum(np.maximum(first, 0), stop)]
    return difference


def last_sums(values: Numbers, days: int) -> Numbers:
    """Return, for each day, the sum of the last `days` days up to it; fewer at the start."""
    sums = cumulated(values)
    start = np.maximum(np.arange(values.shape[1]) + 1 - days, 0)
    difference: Numbers = sums[:, 1:] - sums[:, start]
    return difference


def earlier(values: Matrix, days: int) -> Matrix:
    """Return the value of `days` days before each day; 0 before the first day."""
    moved = np.zeros_like(values)
    moved[:, days:] = values[:, : max(values.shape[1] - days, 0)]
    return moved
