"""Keep the cost within the scope of each budget by day, account, provider and product, in the bookkeeping.

So a normal morning allocates only the days that changed, and reads few rows for budgets of a whole year.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

import duckdb

from usage_assets.allocation.rules import Allocation
from usage_assets.integrations.windows import ONE_DAY
from usage_assets.shown_currency import ShownCurrency
from usage_assets.user_files.budgets import SCOPE, Budget
from usage_assets.warehouse.allocation import applied_allocation, create_team_lines
from usage_assets.warehouse.cost_lines import create_cost_lines
from usage_assets.warehouse.daily_spend import Span, SpendingAccount
from usage_assets.warehouse.stale_days import Days, create_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table

TEAM_COLUMNS = ("team", "cost_centre")

Scope = tuple[tuple[str, str], ...]
"""What a budget counts, as pairs of column and value."""

AmountsByLag = Mapping[int, Mapping[date, Decimal]]
"""The amount of each day, of the accounts with each lag."""


@dataclass(frozen=True)
class BudgetLines(TempTable):
    """The cost rows of the days of a step with team and cost centre, as a view."""

    name: ClassVar[str] = "budget_lines"


@dataclass(frozen=True)
class BudgetScopes(TempTable):
    """The scopes of budgets. Key: scope."""

    name: ClassVar[str] = "budget_scopes"


@dataclass(frozen=True)
class ShownScopes(TempTable):
    """The scopes of budgets with their currencies. Key: scope, currency."""

    name: ClassVar[str] = "shown_scopes"


@dataclass(frozen=True)
class AccountLags(TempTable):
    """The lag of each account with known days. Key: account_id."""

    name: ClassVar[str] = "account_lags"


def scope_key(scope: Scope) -> str:
    """Return the text by which the bookkeeping knows a scope; different scopes have different ones."""
    return json.dumps(scope)


def write_budget_costs(connection: duckdb.DuckDBPyConnection, days: Iterable[date], scopes: Collection[Scope]) -> None:
    """Write the costs of these scopes on `days`, by the allocation rules that `cost_by_team` is derived by."""
    step = create_days(connection, days)
    if not step.days or not scopes:
        return
    by_column: list[Mapping[str, str]] = [dict(scope) for scope in scopes]
    rows = [
        (scope_key(scope), *map(conditions.get, SCOPE)) for scope, conditions in zip(scopes, by_column, strict=True)
    ]
    table = create_temp_table(connection, BudgetScopes(), ("scope", *SCOPE), rows)
    execute(connection, "budgets/delete_costs", step, table)
    has_teams = any(column in conditions for conditions in by_column for column in TEAM_COLUMNS)
    lines = _create_budget_lines(connection, step, has_teams=has_teams)
    execute(connection, "budgets/insert_costs", lines, table)


def keep_scopes(connection: duckdb.DuckDBPyConnection, scopes: Iterable[Scope]) -> None:
    """Delete the costs of all other scopes."""
    execute(connection, "budgets/delete_other_scopes", scopes=[scope_key(scope) for scope in scopes])


def _create_budget_lines(connection: duckdb.DuckDBPyConnection, days: Days, *, has_teams: bool) -> BudgetLines:
    cost_lines = create_cost_lines(connection, days)
    if has_teams:
        allocation = applied_allocation(connection) or Allocation()
        execute(connection, "budgets/lines_of_teams", create_team_lines(connection, days, cost_lines, allocation))
    else:
        execute(connection, "budgets/lines_of_cost", cost_lines)
    return BudgetLines()


def read_amounts(
    connection: duckdb.DuckDBPyConnection, budgets: Iterable[Budget], accounts: Iterable[SpendingAccount], span: Span
) -> dict[tuple[str, str], AmountsByLag]:
    """Return the amounts of the days of `span` for the key of each scope and each currency; missing days have none."""
    wanted = sorted({(scope_key(budget.scope), budget.currency) for budget in budgets})
    shown = create_temp_table(connection, ShownScopes(), ("scope", "currency"), wanted)
    lag_rows = [(account.account_id, account.lag) for account in accounts]
    lags = create_temp_table(connection, AccountLags(), ("account_id", "lag"), lag_rows)
    rows = execute(connection, "budgets/amounts", shown, lags, first_day=span.first, last_day=span.last).fetchall()
    amounts: dict[tuple[str, str], dict[int, dict[date, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for scope, currency, day, lag, amount in rows:
        amounts[scope, currency][lag][day] = amount
    return {key: dict(by_lag) for key, by_lag in amounts.items()}


def read_currencies(connection: duckdb.DuckDBPyConnection, currencies: Collection[str]) -> dict[str, ShownCurrency]:
    """Return these currencies with their recorded rates."""
    rates: dict[str, dict[date, Decimal]] = {currency: {} for currency in currencies}
    rows = execute(connection, "budgets/rates", currencies=sorted(currencies)).fetchall()
    for currency, day, units_per_usd in rows:
        rates[currency][day] = units_per_usd
    return {currency: ShownCurrency(currency, of_days) for currency, of_days in rates.items()}


def amounts_known(amounts: AmountsByLag, period: tuple[date, date], as_of: date) -> dict[date, Decimal]:
    """Return the amounts of the days of a period, first and last, that are known on the morning after `as_of`."""
    first_day, last_day = period
    known = dict[date, Decimal]()
    for lag, by_day in amounts.items():
        last_known = min(as_of - ONE_DAY * max(lag - 1, 0), last_day)
        for day, amount in by_day.items():
            if first_day <= day <= last_known:
                known[day] = known.get(day, Decimal(0)) + amount
    return known
