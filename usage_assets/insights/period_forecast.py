"""Forecast the rest of a period of several months for each key, as it is known on a day.

The rest of the month is that of the projection. Each day of later months counts with the daily mean of what the next
four weeks are expected to cost. So the forecast of a period that ends with the month is the projection itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from usage_assets.insights.daily_costs import FOUR_WEEKS, DailyCosts, Floats
from usage_assets.insights.projection import Projector, deviations, missing_history
from usage_assets.insights.projection_range import Horizon, error_quantiles, past_errors, scale_of
from usage_assets.insights.rest_of_month import RestOfMonth


class PeriodForecast(NamedTuple):
    """What the rest of a period is expected to cost, of one key.

    Attributes:
        complete_through: The last day whose cost is known for every account of the key.
        reason: Why there is no forecast; the other members then mean nothing.
        first_day: The day of the first expected amount.
        expected: The expected amount of each day to the end of the period, in millionths; of days that some accounts
            are known of, what the others are expected to cost.
        below: How far the 80 % range reaches below their sum, in millionths.
        above: How far it reaches above.
    """

    complete_through: date
    reason: str | None
    first_day: date
    expected: Sequence[float]
    below: float
    above: float


class PeriodForecaster:
    """Forecasts periods from one matrix of daily costs."""

    def __init__(self, costs: DailyCosts, of_company: DailyCosts) -> None:
        """Take the costs of the keys, and those of all accounts, by whose past errors every range is made.

        So the range of a key depends on no other key.
        """
        self._costs = costs
        self._projector = Projector(costs)
        self._of_company = Projector(of_company)

    def forecasts(
        self, as_of: date, last_days: Iterable[date], known_as_of: date | None = None
    ) -> dict[tuple[date, str], PeriodForecast]:
        """Return the forecast of each period and key with rows in this month or the one before.

        Args:
            as_of: A day of the month.
            last_days: The last days of the periods, of this month or later ones.
            known_as_of: The day on whose next morning the forecast is made; `as_of` by default.
        """
        rest = self._projector.rest_of_month(as_of, known_as_of=known_as_of)
        company = self._of_company.rest_of_month(as_of, known_as_of=known_as_of)
        if rest is None or company is None:
            return {}
        keys, of_month, rates = self._projector.keys_of(rest), self._of_month(rest), rest.daily_rate()
        known = list(
            zip(
                self._projector.complete_through(rest, keys),
                map(missing_history, self._projector.history_days(rest, keys).tolist()),
                strict=True,
            )
        )
        forecasts = dict[tuple[date, str], PeriodForecast]()
        for last_day in last_days:
            expected, below, above = self._expected(rest, company, keys.sum(of_month), rates, last_day)
            amounts = zip(keys.keys, known, expected.tolist(), below.tolist(), above.tolist(), strict=True)
            for (_, name), (complete_through, reason), *of_key in amounts:
                forecast = PeriodForecast(complete_through, reason, as_of.replace(day=1), *of_key)
                forecasts[last_day, name] = forecast
        return forecasts

    def _expected(
        self,
        rest: RestOfMonth,
        company: RestOfMonth,
        of_month: Floats,
        rates: tuple[Floats, Floats],
        last_day: date,
    ) -> tuple[Floats, Floats, Floats]:
        """Return what each key is expected to cost on each day from the first of the month, and its range."""
        keys, (rate, usage_rate) = self._projector.keys_of(rest), rates
        later_days = (last_day - self._costs.known.first_day).days - rest.month.last
        expected = np.hstack([of_month, np.repeat(keys.sum(rate)[:, None], later_days, axis=1)])
        below, above = self._deviations(rest, company, usage_rate, later_days)
        return expected, self._projector.without_loss(below, expected.sum(axis=1), rest, keys), above

    def _of_month(self, rest: RestOfMonth) -> Floats:
        """Return what is expected of each day of the month, with what is put in for missing days."""
        expected = rest.by_day()
        columns = np.arange(max(rest.month.first, 0), min(rest.month.last + 1, self._costs.cost.shape[1]))
        at = np.ix_(rest.series, columns)
        is_put_in = self._costs.is_missing[at] & (columns <= rest.last_day[:, None])
        expected[:, columns - rest.month.first] += np.where(is_put_in, rest.history.forecasts.cost[at], 0.0)
        return expected

    def _deviations(
        self, rest: RestOfMonth, company: RestOfMonth, usage_rate: Floats, later_days: int
    ) -> tuple[Floats, Floats]:
        """Return the range of the period: the past errors of four weeks at least, in the scale of all its days."""
        keys, days = self._projector.keys_of(rest), int(company.days.max())
        horizon = Horizon.of(company, max(min(later_days, FOUR_WEEKS - days), 0))
        quantiles = error_quantiles(past_errors(company, self._of_company.keys_of(company), horizon))
        surprise = past_errors(rest, keys, horizon).surprise_now
        level = keys.root_of_squares(rest.usage() + usage_rate * later_days)
        _, other_errors = rest.others()
        months = 1 + later_days / (rest.month.last - rest.month.first + 1)
        return deviations(quantiles, scale_of(surprise, level, days + later_days), keys.sum(other_errors) * months)


def expected_days(forecast: PeriodForecast) -> list[tuple[date, float]]:
    """Return the days with an expected amount, in order, with the amount in millionths."""
    return [
        (forecast.first_day + timedelta(days=number), amount)
        for number, amount in enumerate(forecast.expected)
        if amount
    ]
