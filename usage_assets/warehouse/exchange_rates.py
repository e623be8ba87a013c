"""Maintain the table `exchange_rates`: the rates of a day, recorded when it is derived and changed only by `reprice`.

A stale rate was no rate of its day. It is replaced, and its day derived, once a newer one is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

import duckdb

from usage_assets.pricing.rates import USD, ExchangeRates, Rate
from usage_assets.warehouse.stale_days import Days, create_days, record_stale_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import BUDGET_STATUS
from usage_assets.warehouse.temp_tables import create_temp_table

RATE_COLUMNS = ("currency", "usage_date", "usd_per_unit", "units_per_usd", "rate_date", "is_stale")


@dataclass(frozen=True)
class DayRates(TempTable):
    """The exchange rates of the days of a step. Key: currency, usage_date."""

    name: ClassVar[str] = "day_rates"


def renew_stale_rates(connection: duckdb.DuckDBPyConnection, rates: ExchangeRates) -> None:
    """Mark `cost` as stale on the days of which a newer rate is known than the stale one that is recorded."""
    recorded = execute(connection, "exchange_rates/unknown_rates").fetchall()
    days = {day for day, currency, rate_date in recorded if is_better(rates.rate(currency, day), rate_date)}
    record_stale_days(connection, ["cost"], days)


def is_better(rate: Rate | None, rate_date: date | None) -> bool:
    """Return whether a rate replaces a stale one.

    Args:
        rate: The rate that is known now.
        rate_date: The day of the stale rate, None if it is not known.
    """
    if rate is None:
        return False
    return not rate.is_stale or (rate_date is not None and rate.rate_date > rate_date)


def create_day_rates(
    connection: duckdb.DuckDBPyConnection, days: Days, currencies: Iterable[str], rates: ExchangeRates
) -> DayRates:
    """Create the temp table `day_rates`: each day keeps its recorded rates, and gets the present ones of the others."""
    recorded = {
        (currency, day): Rate(*values)
        for currency, day, *values in execute(connection, "exchange_rates/recorded", days).fetchall()
    }
    lines = [
        (currency, day, rate.usd_per_unit, rate.units_per_usd, rate.rate_date, rate.is_stale)
        for currency in sorted({*currencies})
        for day in sorted(days.days)
        if (rate := _kept(recorded.get((currency, day)), rates.rate(currency, day))) is not None
    ]
    return create_temp_table(connection, DayRates(), RATE_COLUMNS, lines)


def _kept(recorded: Rate | None, present: Rate | None) -> Rate | None:
    if recorded is None or (recorded.is_stale and is_better(present, recorded.rate_date)):
        return present
    return recorded


def record_rates(
    connection: duckdb.DuckDBPyConnection, days: Days, day_rates: DayRates, shown: Collection[str]
) -> None:
    """Record the rates by which `cost` of `days` was converted, and those of the shown currencies on these days."""
    execute(connection, "exchange_rates/delete", days)
    execute(connection, "exchange_rates/insert", days, day_rates, shown=sorted(shown))


def record_shown_currencies(
    connection: duckdb.DuckDBPyConnection, shown: Collection[str], rates: ExchangeRates
) -> None:
    """Record the rates of shown currencies on every day of cost, and forget those that are no longer shown."""
    wanted = {*shown} - {USD}
    held = {currency for (currency,) in execute(connection, "exchange_rates/shown").fetchall()}
    _record_missing(connection, wanted, rates)
    if wanted == held:
        return
    for currency in sorted(held - wanted):
        execute(connection, "exchange_rates/delete_shown", currency=currency)
    execute(connection, "exchange_rates/forget_shown")
    execute(connection, "exchange_rates/insert_shown", shown=sorted(wanted))


def _record_missing(connection: duckdb.DuckDBPyConnection, wanted: Collection[str], rates: ExchangeRates) -> None:
    """Record the rates of days of cost that have none of a wanted currency; what is converted by them is stale then."""
    lacking = execute(connection, "exchange_rates/lacking_days", currencies=sorted(wanted)).fetchall()
    known = [(currency, day) for currency, day in lacking if rates.rate(currency, day) is not None]
    if not known:
        return
    days = create_days(connection, {day for _, day in known})
    day_rates = create_day_rates(connection, days, {currency for currency, _ in known}, rates)
    execute(connection, "exchange_rates/insert_missing", day_rates)
    record_stale_days(connection, [BUDGET_STATUS], days.days)


def reconvert(connection: duckdb.DuckDBPyConnection, first: date, last: date, rates: ExchangeRates) -> set[date]:
    """Forget the recorded rates of the days from `first` to `last` on which a rate has changed.

    Returns:
        These days. `cost` becomes stale on them.
    """
    lines = [
        *execute(connection, "prices/converted_days", first_day=first, last_day=last).fetchall(),
        *execute(connection, "exchange_rates/recorded_between", first_day=first, last_day=last).fetchall(),
    ]
    changed = {day for day, currency, *recorded in lines if tuple(recorded) != _rate_line(rates, currency, day)}
    execute(connection, "exchange_rates/delete_days", days=sorted(changed))
    record_stale_days(connection, ["cost"], changed)
    return changed


def _rate_line(rates: ExchangeRates, currency: str, day: date) -> tuple[Decimal | None, date | None, bool | None]:
    rate = rates.rate(currency, day)
    return (None, None, None) if rate is None else (rate.usd_per_unit, rate.rate_date, rate.is_stale)
