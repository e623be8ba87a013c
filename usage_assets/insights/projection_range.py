"""The range of a projection: from the errors that the same method made for earlier days.

From earlier days, the same number of days is forecast by what was known then, and compared with what came. An error is
that of a sum of days, so it holds how days go together. It is measured in a scale of its key, which follows from the
usual surprise of a day and from the level. So the errors of all keys together say how often an error is how large.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usage_assets.insights.daily_costs import FOUR_WEEKS, WEEK, Floats, Ints, between, counted, cumulated
from usage_assets.insights.key_sums import KeySums
from usage_assets.insights.rest_of_month import RestOfMonth

SHARES = (0.1, 0.9)
MEAN_TO_DEVIATION = 1.2533
"""The standard deviation of normal errors in units of their mean size."""

LEVEL_SHARE = 0.06
"""By this share of the forecast, the level of each account may differ from that of the weeks before."""

ORIGINS = 28
DAYS_BETWEEN_ORIGINS = 3
SURPRISE_DAYS = FOUR_WEEKS
FEWEST_SURPRISES = 3
KNOWN_DAYS_OF_FORECAST = 2 * WEEK
KNOWN_DAYS_OF_SURPRISE = WEEK

PRIOR_QUANTILE = 2.5
LARGEST_ERROR = 10.0
"""An error counts as so many scales at most: one absurd day says little of the next weeks."""

PRIOR_WEIGHT = 12.0
"""Before errors are known, nine of ten are taken to be below so many scales, as if so many errors had said so."""


@dataclass(frozen=True)
class Horizon:
    """How far is forecast, of all series of a matrix.

    Attributes:
        days: The number of days that are forecast, of the series with the fewest known days.
        more_days: How many of them are of later months.
        last_day: The column of the last day used of that series.
    """

    days: int
    more_days: int
    last_day: int

    @classmethod
    def of(cls, rest: RestOfMonth, more_days: int = 0) -> Horizon:
        """Return the horizon of the rest of a month, and of so many days more."""
        return cls(int(rest.days.max()) + more_days, more_days, int(rest.last_day.min()))


@dataclass(frozen=True)
class PastErrors:
    """Errors of forecasts from earlier days, per key, with the scale in which they are measured.

    Attributes:
        errors: Keys × origins: the sum that came less the forecast.
        scales: Keys × origins: the scale at that time; NaN where no forecast could be made.
        scale_now: Keys: the scale on the day of the projection.
        surprise_now: Keys: the usual daily surprise on the day of the projection.
        days: The number of days that are forecast.
    """

    errors: Floats
    scales: Floats
    scale_now: Floats
    surprise_now: Floats
    days: int


def past_errors(rest: RestOfMonth, keys: KeySums, horizon: Horizon) -> PastErrors:
    """Return the errors of the usage forecasts for as many days, from origins at which these days are known by now.

    Args:
        rest: The rest of the month.
        keys: The keys of its series.
        horizon: How far is forecast.
    """
    days = horizon.days
    shifts = days + DAYS_BETWEEN_ORIGINS * np.arange(ORIGINS)
    origins = rest.last_day[:, None] - shifts
    is_valid = rest.is_usage[:, None] & (_known_days(rest, origins) >= KNOWN_DAYS_OF_FORECAST)
    came, forecast = (
        np.where(is_valid, figures, 0.0) for figures in _came_and_forecast(rest, origins, horizon.more_days)
    )
    surprise = _usual_surprises(rest, keys, horizon.last_day, int(shifts[-1]))
    scales = scale_of(surprise[:, ::-1][:, shifts], keys.root_of_squares(forecast), days)
    surprise_now = np.nan_to_num(surprise[:, -1])
    return PastErrors(
        keys.sum(came - forecast),
        np.where(keys.any(is_valid), scales, np.nan),
        scale_of(surprise_now, keys.root_of_squares(rest.usage()), days),
        surprise_now,
        days,
    )


def error_quantiles(past: PastErrors) -> tuple[float, float]:
    """Return the errors, in their scale, below which one and nine of ten are.

    They are drawn towards wide ones where errors are few. Errors of overlapping days count as one.
    """
    is_used = past.scales > 0
    if not is_used.any():
        return -PRIOR_QUANTILE, PRIOR_QUANTILE
    units = np.clip(past.errors[is_used] / past.scales[is_used], -LARGEST_ERROR, LARGEST_ERROR)
    weight = len(units) * DAYS_BETWEEN_ORIGINS / max(past.days, DAYS_BETWEEN_ORIGINS)
    share = weight / (weight + PRIOR_WEIGHT)
    low, high = np.quantile(units, SHARES)
    return float(share * low - (1 - share) * PRIOR_QUANTILE), float(share * high + (1 - share) * PRIOR_QUANTILE)


def scale_of(surprise: Floats, level: Floats, days: int) -> Floats:
    """Return the deviation of a sum of days: of independent daily surprises, and of the level."""
    deviation: Floats = np.sqrt(days * (MEAN_TO_DEVIATION * surprise) ** 2 + (LEVEL_SHARE * level) ** 2)
    return deviation


def _known_days(rest: RestOfMonth, columns: Ints) -> Ints:
    """Return how many of the four weeks up to each column are known, for each series."""
    costs = rest.history.costs
    account = costs.account_of[rest.series][:, None]
    return between(costs.known.known_before, account, columns + 1 - FOUR_WEEKS, columns + 1)


def _came_and_forecast(rest: RestOfMonth, origins: Ints, more_days: int) -> tuple[Floats, Floats]:
    """Return, for each series and origin, what came in the days after it, and the forecast."""
    history, series = rest.history, rest.series[:, None]
    days, skipped = rest.days[:, None] + more_days, rest.skipped[:, None]
    came = between(history.filled_before, series, origins + skipped + 1, origins + days + 1)
    forecast = history.usage_after(series, origins, days) - history.usage_after(series, origins, skipped)
    return came, forecast


def _usual_surprises(rest: RestOfMonth, keys: KeySums, last: int, longest_shift: int) -> Floats:
    """Return the usual daily surprise of each key on the columns up to `last`, from `longest_shift` before it.

    It is NaN where too few days are known.
    """
    columns = np.arange(last - longest_shift - SURPRISE_DAYS + 1, last + 1)
    at = np.maximum(columns, 0)
    is_used = rest.is_usage[:, None] & (_known_days(rest, columns - 1) >= KNOWN_DAYS_OF_SURPRISE)
    surprises = np.where(is_used, rest.history.forecasts.surprise[rest.series[:, None], at], 0.0)
    sizes = cumulated(np.abs(keys.sum(surprises)))
    counts = counted(keys.any(is_used))
    number = counts[:, SURPRISE_DAYS:] - counts[:, :-SURPRISE_DAYS]
    usual = (sizes[:, SURPRISE_DAYS:] - sizes[:, :-SURPRISE_DAYS]) / np.maximum(number, 1)
    return np.where(number >= FEWEST_SURPRISES, usual, np.nan)
