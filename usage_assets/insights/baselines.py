"""Choose the days that a day is compared with: the last four usable days of each weekday, 28 days in all.

Days are numbers from 0, the first day of the matrices.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WEEK = 7
WEEKS = 4
REACH_DAYS = 8 * WEEK
"""The oldest day that a day is compared with. Four of eight weeks may lack a weekday, by holidays or missing days."""

MISSING = -1
QUIET = 0.5
FEWEST_QUIET_ACCOUNTS = 2


def baseline_days(is_usable: Bools) -> Ints:
    """Return days × 7 × 4: for each day, the last four usable days of each weekday before it, oldest first.

    The first of the seven is the day's own weekday, the second that of the day before, and so on. A weekday with fewer
    than four usable days in the eight weeks before has `MISSING`.
    """
    count = len(is_usable)
    days = np.arange(count)
    chosen = np.full((count, WEEK, WEEKS), MISSING)
    for weekday in range(WEEK):
        usable = np.flatnonzero(is_usable & (days % WEEK == weekday))
        before = np.searchsorted(usable, days)
        has_four = before >= WEEKS
        positions = before[has_four, None] + np.arange(-WEEKS, 0)
        found = usable[positions]
        found[found[:, 0] < days[has_four] - REACH_DAYS] = MISSING
        chosen[days[has_four], (days[has_four] - weekday) % WEEK] = found
    return chosen


def values_on(amounts: Floats, chosen: Ints) -> Floats:
    """Return the amounts on the chosen days, NaN for a missing day; the days of `amounts` are its first axis."""
    values = amounts[chosen]
    values[chosen == MISSING] = np.nan
    return values


def expected_amounts(amounts: Floats, chosen: Ints) -> Floats:
    """Return days × series: the median of the last four usable days of the same weekday, NaN without four."""
    four = np.sort(values_on(amounts, chosen[:, 0]), axis=1)
    return (four[:, 1] + four[:, 2]) / 2


def quiet_days(amounts: Floats, is_complete: Bools, least: float) -> Bools:
    """Return the days on which half of all accounts, and at least two, spend half of what is expected, or less.

    Such a day is a public holiday: it is no drop, and no other day is compared with it.

    Args:
        amounts: Days × accounts.
        is_complete: Days × accounts.
        least: Accounts with a smaller expected amount do not count.
    """
    counting, quiet = np.zeros(len(amounts), dtype=np.int64), np.zeros(len(amounts), dtype=np.int64)
    for account in range(amounts.shape[1]):
        chosen = baseline_days(is_complete[:, account])
        expected = expected_amounts(amounts[:, [account]], chosen)[:, 0]
        counts = is_complete[:, account] & (expected >= least)
        counting += counts
        quiet += counts & (amounts[:, account] <= QUIET * expected)
    return (quiet >= FEWEST_QUIET_ACCOUNTS) & (2 * quiet >= counting)
