"""Deriving: cost and the tables that stand on it, for the days asked for and every day still stale.

Each table notes what now has to follow it, in the same transaction, so a run that dies in between is made up for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from usage_assets.integrations.profiles import Profiles
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.warehouse.invariants import assert_invariant, violations
from usage_assets.warehouse.load import windows_shown
from usage_assets.warehouse.restatement import log_restatements
from usage_assets.warehouse.stale_days import claim_stale_days, name_days, name_start_days, record_stale
from usage_assets.warehouse.statements import AGGREGATES, COST_DEPENDENTS, COST_FINDINGS, COST_MACROS, statement
from usage_assets.warehouse.temp_tables import create_temp_table

PUBLISHED = "published"
RULE_COLUMNS = ("integration", "leading_charge", "bills_by")
RATE_COLUMNS = ("currency", "usage_date", "usd_per_unit", "units_per_usd", "rate_date", "is_stale")


def derive_cost(
    connection: duckdb.DuckDBPyConnection, days: Iterable[date], profiles: Profiles, rates: ExchangeRates
) -> set[date]:
    """Writes `cost` for `days` and the stale ones; returns the days written.

    Raises:
        InvariantViolated: the days of a split row do not sum to the row.
    """
    wanted = claim_stale_days(connection, "cost", days)
    if wanted:
        _cost_rows(connection, wanted, profiles)
        _name_rates(connection, wanted, rates)
        _insert_cost(connection, wanted)
        assert_invariant(connection, "broken_splits")
        connection.execute(statement("findings/delete"))
        for check in COST_FINDINGS:
            connection.execute(statement(f"findings/{check}"))
        record_stale(connection, [*COST_DEPENDENTS, PUBLISHED])
    log_restatements(connection, max(wanted, default=date.min))
    return wanted


def _insert_cost(connection: duckdb.DuckDBPyConnection, days: set[date]) -> None:
    for macro in COST_MACROS:
        connection.execute(statement(macro))
    connection.execute(statement("cost/delete"))
    connection.execute(statement("cost/costed"))
    # `cost` stays in day order; a sort of a single day would cost a tenth of that step for nothing.
    connection.execute(statement("cost/insert" if len(days) == 1 else "cost/insert_day_by_day"))


def disagreements(connection: duckdb.DuckDBPyConnection, table: str, days: set[date], profiles: Profiles) -> int:
    """Returns how many figures of `table` on `days` do not agree with those they stand on; 0 unless we have a bug."""
    if not days:
        return 0
    name_days(connection, days)
    if table != "cost":
        return len(violations(connection, "aggregate_differs_from_cost", table=table))
    if not connection.execute(statement("stale/any_long_span")).fetchall():
        return 0
    _cost_rows(connection, days, profiles)
    return len(violations(connection, "broken_splits"))


def _cost_rows(connection: duckdb.DuckDBPyConnection, days: set[date], profiles: Profiles) -> None:
    """Makes the temp tables `charge_sums` and `row_costs` for the rows that touch `days`."""
    name_start_days(connection, days)
    rules = [(profile.name, profile.leading_charge, profile.bills_by) for profile in profiles.all]
    create_temp_table(connection, "integration_rules", RULE_COLUMNS, rules)
    others = profiles.of("default")
    first_day = min(days)
    connection.execute(statement("charges/of_usage"), {"first_day": first_day, "leading_charge": others.leading_charge})
    connection.execute(statement("charges/charge_sums"))
    connection.execute(statement("cost/row_costs"), {"first_day": first_day, "bills_by": others.bills_by})


def _name_rates(connection: duckdb.DuckDBPyConnection, days: set[date], rates: ExchangeRates) -> None:
    """Makes the temp table `day_rates` for every currency of `row_costs` on every one of `days`."""
    currencies = [one for (one,) in connection.execute("select distinct currency from row_costs").fetchall()]
    found = [
        (currency, day, rate.usd_per_unit, rate.units_per_usd, rate.rate_date, rate.is_stale)
        for currency in currencies
        for day in sorted(days)
        if (rate := rates.rate(currency, day)) is not None
    ]
    create_temp_table(connection, "day_rates", RATE_COLUMNS, found)


def derive_aggregates(connection: duckdb.DuckDBPyConnection, tables: Iterable[str], days: Iterable[date]) -> None:
    """Writes tables that stand on `cost`, each for `days` and the days on which it is stale.

    Raises:
        InvariantViolated: the sums of one differ from those of `cost`.
    """
    asked = set(days)
    for table in tables:
        _derive_aggregate(connection, table, asked)


def _derive_aggregate(connection: duckdb.DuckDBPyConnection, table: str, days: set[date]) -> None:
    if claim_stale_days(connection, table, days):
        connection.execute(statement(f"aggregates/delete_{table}"))
        connection.execute(statement("aggregates/cost_lines"))
        connection.execute(statement(f"aggregates/{table}"))
        if table in AGGREGATES:
            assert_invariant(connection, "aggregate_differs_from_cost", table=table)
        record_stale(connection, [PUBLISHED])


def derived_windows(connection: duckdb.DuckDBPyConnection, landing: Landing, profiles: Profiles) -> list[WindowKey]:
    """Returns the pending windows that are loaded as they lie there now, once no day of any table is stale."""
    if connection.execute("select 1 from bookkeeping.stale_days limit 1").fetchall():
        return []
    return windows_shown(connection, landing, profiles)
