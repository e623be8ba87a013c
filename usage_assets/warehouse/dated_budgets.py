"""Compute the status of each budget on each day, from its costs and from forecasts of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

import duckdb

from usage_assets.insights.budgets import BudgetStatus, Forecast, budget_status
from usage_assets.insights.period_forecast import PeriodForecast, PeriodForecaster, expected_days
from usage_assets.insights.projection import reach_days
from usage_assets.integrations.windows import ONE_DAY
from usage_assets.shown_currency import PeriodRate
from usage_assets.user_files.budgets import Budget
from usage_assets.warehouse.budget_costs import amounts_known, read_amounts, read_currencies, scope_key
from usage_assets.warehouse.daily_spend import ALL, BUDGET, Span, SpendingAccount, read_daily_costs, read_known_days

MICROS = 10**6
MOST_DAYS_AT_ONCE = 400
"""So many days are forecast from one reading, which bounds memory."""

NO_COST = "no cost in this month or the one before"
NOT_CONVERTED = "its cost has no exchange rate to USD"


@dataclass(frozen=True)
class BudgetHistory:
    """The accounts with known days, and the days that can have a status."""

    accounts: Sequence[SpendingAccount]
    span: Span

    @property
    def longest_lag(self) -> int:
        """The longest lag of the accounts."""
        return max(account.lag for account in self.accounts)

    def known_as_of(self, day: date, last_day: date) -> date:
        """Return the day on whose next morning the status of `day` is made, in a period up to `last_day`.

        It is the day itself. The last day of a period waits for all days of the period, as far as they are known now.
        """
        if day < last_day:
            return day
        return max(day, min(self.span.last, day + ONE_DAY * max(self.longest_lag - 1, 0)))

    @property
    def reach(self) -> int:
        """How many days before a day its forecast reads."""
        return reach_days(self.longest_lag)


@dataclass(frozen=True)
class DatedStatus:
    """The status of a budget on a day, by the line that is valid on it."""

    usage_date: date
    budget: Budget
    status: BudgetStatus
    complete_through: date | None
    reason: str | None


def dated_statuses(
    connection: duckdb.DuckDBPyConnection, dated: Sequence[tuple[date, Budget]], history: BudgetHistory
) -> Iterator[DatedStatus]:
    """Yield the status of each budget on its day.

    Args:
        connection: A connection inside a transaction, after `write_budget_costs`.
        dated: The days, in order, each with the line of a budget that is valid on it.
        history: The accounts and the days that can have a status.
    """
    days = sorted({day for day, _ in dated})
    for first in range(0, len(days), MOST_DAYS_AT_ONCE):
        chosen = days[first : first + MOST_DAYS_AT_ONCE]
        lines = [(day, line) for day, line in dated if chosen[0] <= day <= chosen[-1]]
        yield from _statuses_of(connection, lines, chosen, history)


def _statuses_of(
    connection: duckdb.DuckDBPyConnection,
    lines: Sequence[tuple[date, Budget]],
    days: Sequence[date],
    history: BudgetHistory,
) -> Iterator[DatedStatus]:
    first_day = min(line.period.first_day(day) for day, line in lines)
    amounts = read_amounts(connection, (line for _, line in lines), history.accounts, Span(first_day, days[-1]))
    known = read_known_days(connection, history.accounts, Span(days[0] - ONE_DAY * history.reach, days[-1]))
    of_company, costs = (read_daily_costs(connection, scope, known) for scope in (ALL, BUDGET))
    forecaster = None if costs is None or of_company is None else PeriodForecaster(costs, of_company)
    rates = read_currencies(connection, {line.currency for _, line in lines})
    for day, of_day in groupby(lines, key=lambda dated: dated[0]):
        budgets = [line for _, line in of_day]
        forecasts = {} if forecaster is None else _forecasts(forecaster, day, budgets, history)
        for line in budgets:
            key, period = scope_key(line.scope), (line.period.first_day(day), line.period.last_day(day))
            known_as_of = history.known_as_of(day, period[1])
            spent = amounts_known(amounts.get((key, line.currency), {}), period, known_as_of)
            yield _dated_status(day, line, spent, forecasts.get((period[1], key)), rates[line.currency].at(day))


def _forecasts(
    forecaster: PeriodForecaster, day: date, budgets: Sequence[Budget], history: BudgetHistory
) -> dict[tuple[date, str], PeriodForecast]:
    """Return the forecast of each period and scope on a day: of a period that ends on it, with what is known by now."""
    last_days = {line.period.last_day(day) for line in budgets}
    forecasts = forecaster.forecasts(day, last_days - {day})
    if day in last_days:
        forecasts |= forecaster.forecasts(day, {day}, history.known_as_of(day, day))
    return forecasts


def _dated_status(
    day: date, line: Budget, spent: Mapping[date, Decimal], forecast: PeriodForecast | None, rate: PeriodRate
) -> DatedStatus:
    reason = forecast.reason if forecast is not None else NOT_CONVERTED if any(spent.values()) else NO_COST
    if reason is None and rate.currency != line.currency:
        reason = f"no exchange rate of {line.currency} up to {day}"
    expected = None if forecast is None or reason else _in_units(forecast, float(rate.units_per_usd))
    complete_through = None if forecast is None else forecast.complete_through
    return DatedStatus(day, line, budget_status(line, spent, expected), complete_through, reason)


def _in_units(forecast: PeriodForecast, units_per_usd: float) -> Forecast:
    factor = units_per_usd / MICROS
    days = [(day, amount * factor) for day, amount in expected_days(forecast)]
    return Forecast(days, forecast.below * factor, forecast.above * factor)
