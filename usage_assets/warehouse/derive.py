"""Derive `cost` and the tables that depend on it, for the requested days and every day that is still stale."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import duckdb

from usage_assets.allocation.rules import Allocation
from usage_assets.integrations.profiles import Profiles
from usage_assets.landing.manifest import LoadState, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.pricing.meters import count_meters
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.aggregates import (
    AGGREGATES,
    COST_BY_METER,
    COST_BY_TEAM,
    COST_DEPENDENTS,
    COUNTS,
    MONEY,
    PRICE_VARIANCE,
)
from usage_assets.warehouse.allocation import apply_allocation, insert_cost_by_team
from usage_assets.warehouse.charges import ChargeSums, create_charge_sums, create_integration_rules
from usage_assets.warehouse.cost_lines import CostLines, create_cost_lines
from usage_assets.warehouse.exchange_rates import (
    DayRates,
    create_day_rates,
    record_rates,
    record_shown_currencies,
    renew_stale_rates,
)
from usage_assets.warehouse.invariants import assert_holds, assert_invariant, violations
from usage_assets.warehouse.load_plan import up_to_date_windows
from usage_assets.warehouse.meters import insert_cost_by_meter
from usage_assets.warehouse.part_costs import create_part_charges, create_part_estimates
from usage_assets.warehouse.restatement import log_restatements
from usage_assets.warehouse.stale_days import (
    PUBLISHED,
    Days,
    claim_stale_days,
    create_days,
    create_start_days,
    is_any_day_stale,
    record_stale_days,
)
from usage_assets.warehouse.statements import CHARGE_FINDINGS, COST_FINDINGS, TempTable, execute, execute_on
from usage_assets.warehouse.tables import INSIGHTS


@dataclass(frozen=True)
class RowCosts(TempTable):
    """The cost of each part of a usage row that touches the days of a step, before it is split over days.

    Key: usage_key, part, currency.
    """

    name: ClassVar[str] = "row_costs"


@dataclass(frozen=True)
class ReportBills(TempTable):
    """The days on which a report bills the tokens of an account's other reports. Key: account_id, usage_date."""

    name: ClassVar[str] = "report_bills"


@dataclass(frozen=True)
class Costed(TempTable):
    """The cost rows of the days of a step, as a view. Key: usage_key, part, currency, usage_date."""

    name: ClassVar[str] = "costed"


@dataclass(frozen=True)
class AggregateSums(TempTable):
    """The sums of one aggregate on the days of a step, without its labels."""

    name: ClassVar[str] = "aggregate_sums"


def derive_cost(
    connection: duckdb.DuckDBPyConnection,
    days: Iterable[date],
    profiles: Profiles,
    rates: ExchangeRates,
    shown: Collection[str] = (),
) -> set[date]:
    """Write `cost` for `days`, its stale days, and the days of which a newer rate is known; return the written days.

    Args:
        connection: A connection inside a transaction.
        days: The requested days.
        profiles: The rules of each integration.
        rates: The exchange rates; a day that has recorded rates keeps them.
        shown: The currencies of which every day gets a rate, besides those of its costs.

    Raises:
        InvariantViolated: The days of a split row do not sum to the row.
    """
    renew_stale_rates(connection, rates)
    claimed = claim_stale_days(connection, "cost", days)
    if claimed.days:
        charge_sums, row_costs = _create_row_costs(connection, claimed, profiles)
        used = [currency for (currency,) in execute(connection, "cost/currencies", row_costs).fetchall()]
        day_rates = create_day_rates(connection, claimed, [*used, *shown], rates)
        _write_cost(connection, claimed, row_costs, day_rates)
        record_rates(connection, claimed, day_rates, shown)
        assert_invariant(connection, "broken_splits", row_costs)
        _write_findings(connection, claimed, row_costs, charge_sums)
        record_stale_days(connection, [*COST_DEPENDENTS, *INSIGHTS, PUBLISHED], claimed.days)
    record_shown_currencies(connection, shown, rates)
    log_restatements(connection, max(claimed.days, default=date.min))
    return set(claimed.days)


def _create_row_costs(
    connection: duckdb.DuckDBPyConnection, days: Days, profiles: Profiles
) -> tuple[ChargeSums, RowCosts]:
    start_days = create_start_days(connection, days)
    rules = create_integration_rules(connection, profiles)
    others, first_day = profiles.of("default"), min(days.days)
    charge_sums = create_charge_sums(connection, start_days, rules, first_day=first_day, others=others)
    estimates = create_part_estimates(connection, start_days, first_day=first_day)
    part_charges = create_part_charges(connection, estimates, charge_sums)
    execute(
        connection,
        "cost/row_costs",
        start_days,
        rules,
        charge_sums,
        estimates,
        part_charges,
        first_day=first_day,
        bills_by=others.bills_by,
    )
    return charge_sums, RowCosts()


def _write_cost(connection: duckdb.DuckDBPyConnection, days: Days, row_costs: RowCosts, day_rates: DayRates) -> None:
    execute(connection, "cost/delete", days)
    execute(connection, "cost/report_bills", days, row_costs)
    execute(connection, "cost/costed", days, row_costs, day_rates, ReportBills())
    # `cost` is written in day order. A single day needs no sort, which would take a tenth of this step.
    execute(connection, "cost/insert" if len(days.days) == 1 else "cost/insert_day_by_day", Costed())


def _write_findings(
    connection: duckdb.DuckDBPyConnection, days: Days, row_costs: RowCosts, charge_sums: ChargeSums
) -> None:
    execute(connection, "findings/delete", days)
    for check in COST_FINDINGS:
        execute(connection, f"findings/{check}", days, count_meters=list(count_meters()))
    execute(connection, "findings/contexts_without_price", days, row_costs)
    for check in CHARGE_FINDINGS:
        execute(connection, f"findings/{check}", days, row_costs, charge_sums)
    execute(connection, "findings/charges_spread_over_rows", days, charge_sums)


def disagreements(connection: duckdb.DuckDBPyConnection, table: str, days: Iterable[date], profiles: Profiles) -> int:
    """Return how many figures of `table` on `days` differ from the figures they are derived from."""
    checked = create_days(connection, days)
    if not checked.days:
        return 0
    if table != "cost":
        return len(differing_sums(connection, table, checked))
    if not execute(connection, "stale/any_long_span", checked).fetchall():
        return 0
    _, row_costs = _create_row_costs(connection, checked, profiles)
    return len(violations(connection, "broken_splits", row_costs))


def derive_aggregates(
    connection: duckdb.DuckDBPyConnection,
    tables: Collection[str],
    days: Iterable[date],
    allocation: FileInForce[Allocation],
) -> None:
    """Write the `tables` that depend on `cost`, each for `days` and its stale days.

    Args:
        connection: A connection inside a transaction.
        tables: The tables.
        days: The requested days; stale days are derived in any case.
        allocation: The content of `allocation.csv` that counts.

    Raises:
        InvariantViolated: The sums of an aggregate differ from those of `cost`.
    """
    requested = set(days)
    if COST_BY_TEAM in tables:
        apply_allocation(connection, allocation)
    for table in tables:
        _derive_aggregate(connection, table, requested, allocation.value)


def _derive_aggregate(
    connection: duckdb.DuckDBPyConnection, table: str, days: set[date], allocation: Allocation
) -> None:
    claimed = claim_stale_days(connection, table, days)
    if not claimed.days:
        return
    execute_on(connection, table, "aggregates/delete", claimed)
    _insert_aggregate(connection, table, claimed, allocation)
    if table in AGGREGATES:
        assert_holds("aggregate_differs_from_cost", differing_sums(connection, table, claimed))
    record_stale_days(connection, [PUBLISHED], claimed.days)


def _insert_aggregate(connection: duckdb.DuckDBPyConnection, table: str, days: Days, allocation: Allocation) -> None:
    if table == COST_BY_METER:
        insert_cost_by_meter(connection, days)
        return
    cost_lines = create_cost_lines(connection, days)
    if table == COST_BY_TEAM:
        insert_cost_by_team(connection, days, cost_lines, allocation)
    elif table == PRICE_VARIANCE:
        execute(connection, "aggregates/insert_price_variance", cost_lines)
    else:
        _insert_sums(connection, table, days, _create_sums(connection, table, cost_lines))


def _create_sums(connection: duckdb.DuckDBPyConnection, table: str, cost_lines: CostLines) -> AggregateSums:
    execute(connection, "aggregates/sums", cost_lines, key=AGGREGATES[table].key, money=MONEY, counts=COUNTS)
    return AggregateSums()


def _insert_sums(connection: duckdb.DuckDBPyConnection, table: str, days: Days, sums: AggregateSums) -> None:
    if table == "cost_by_user":
        execute(connection, "aggregates/insert_cost_by_user", sums, days)
    elif table == "cost_by_account":
        execute(connection, "aggregates/insert_cost_by_account", sums)
    else:
        execute_on(connection, table, "aggregates/insert", sums)


def differing_sums(connection: duckdb.DuckDBPyConnection, table: str, days: Days) -> list[tuple[Any, ...]]:
    """Return the sums of `table` on `days` that differ from those of `cost`."""
    statement = "invariants/aggregate_differs_from_cost"
    return execute_on(connection, table, statement, days, measures=AGGREGATES[table].measures).fetchall()


def derived_windows(
    connection: duckdb.DuckDBPyConnection, landing: Landing, profiles: Profiles
) -> dict[WindowKey, LoadState | None]:
    """Return the pending windows that need no load, with their load state; none while any table is stale on any day."""
    if is_any_day_stale(connection):
        return {}
    return up_to_date_windows(connection, landing, profiles)
