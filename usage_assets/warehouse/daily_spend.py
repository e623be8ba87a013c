"""Read the daily cost of series from the warehouse, as the matrices that statistics read.

Amounts are `cost_usd`: cost whose currency has no rate, and usage without a price, is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb
import numpy as np

from usage_assets.insights.daily_costs import DailyCosts, Floats, Keys, KnownDays, last_sums
from usage_assets.integrations.profiles import Profiles
from usage_assets.integrations.windows import ONE_DAY
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table

CURRENCY = "USD"
TOP_USERS = 200
TOP_DAYS = 28
ALL, MODEL, USER, TEAM, BUDGET = "all", "model", "user", "team", "budget"
ALL_KEY = "(all)"
"""The only key of the scope `all`."""


@dataclass(frozen=True)
class SpendingAccount:
    """An account with known days."""

    account_id: str
    lag: int
    last_known_day: date

    @property
    def last_as_of(self) -> date:
        """The last day on whose next morning the last known day is the last that can be known."""
        return self.last_known_day + ONE_DAY * max(self.lag - 1, 0)


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class ChosenUsers(TempTable):
    """The users whose cost is read. Key: user_key."""

    name: ClassVar[str] = "chosen_users"


@dataclass(frozen=True)
class SpendingUsers(TempTable):
    """The users with cost in the days, numbered. Key: user_key."""

    name: ClassVar[str] = "spending_users"


@dataclass(frozen=True)
class DailySpend(TempTable):
    """The cost of each series and day. Key: series, usage_date."""

    name: ClassVar[str] = "daily_spend"


def spending_accounts(connection: duckdb.DuckDBPyConnection, profiles: Profiles) -> list[SpendingAccount]:
    """Return the accounts with known days, in the order of their ids."""
    rows = execute(connection, "insights/account_spans").fetchall()
    return [SpendingAccount(account, profiles.of(integration).lag, last) for account, integration, last in rows]


def read_known_days(
    connection: duckdb.DuckDBPyConnection, accounts: Sequence[SpendingAccount], span: Span
) -> KnownDays:
    """Return which days of `span` are known."""
    ids = [account.account_id for account in accounts]
    days = execute(connection, "insights/coverage_days", account_ids=ids, first_day=span.first, last_day=span.last)
    rows = days.fetchnumpy()
    is_known, is_missing = (np.zeros((len(accounts), span.length), dtype=np.bool_) for _ in range(2))
    is_known[rows["account"], rows["day"]] = rows["is_known"]
    is_missing[rows["account"], rows["day"]] = rows["is_missing"]
    lags = np.array([account.lag for account in accounts], dtype=np.int64)
    return KnownDays(span.first, span.last, ids, lags, is_known, is_missing)


def read_daily_costs(
    connection: duckdb.DuckDBPyConnection, scope: str, known: KnownDays, users: Collection[str] = ()
) -> DailyCosts | None:
    """Return the daily costs of the series of a scope on the days of `known`; None if there is no cost.

    Args:
        connection: A connection inside a transaction.
        scope: `model`, `user`, `team`, `budget` (its keys are those of scopes of budgets), or `all`, which gives the
            scopes `all`, `account` and `provider`.
        known: The known days; cost of other accounts is left out.
        users: The users to read in the scope `user`.
    """
    limits = {"account_ids": known.account_ids, "first_day": known.first_day, "last_day": known.last_day}
    if scope in (TEAM, BUDGET):
        execute(connection, f"insights/daily_spend_of_{scope}s", **limits)
    else:
        chosen = create_temp_table(connection, ChosenUsers(), ("user_key",), [(user,) for user in sorted(users)])
        execute(connection, "insights/daily_spend", chosen, scope=scope, **limits)
    series = execute(connection, "insights/spend_series", DailySpend()).fetchall()
    if not series:
        return None
    days = execute(connection, "insights/spend_days", DailySpend(), **limits).fetchnumpy()
    at = (days["series"], days["day"])
    shape = (len(series), known.is_known.shape[1])
    cost, rest = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    has_rows, is_split = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    cost[at], rest[at], has_rows[at], is_split[at] = days["cost"], days["rest"], True, days["is_split"]
    number_of = {account_id: number for number, account_id in enumerate(known.account_ids)}
    account_of = np.array([number_of[account] for account, _, _ in series], dtype=np.int64)
    return DailyCosts(known, account_of, _scopes(scope, series), cost, rest, has_rows, is_split)


def top_users(connection: duckdb.DuckDBPyConnection, days: Sequence[date]) -> dict[date, set[str]]:
    """Return, for each of the days, the users with the highest cost in the four weeks up to it, at most 200."""
    span = Span(min(days) - ONE_DAY * (TOP_DAYS - 1), max(days))
    execute(connection, "insights/spending_users", first_day=span.first, last_day=span.last)
    users = SpendingUsers()
    names = [name for (name,) in execute(connection, "insights/user_names", users).fetchall()]
    spend = execute(connection, "insights/user_spend", users, first_day=span.first, last_day=span.last)
    rows = spend.fetchnumpy()
    at = np.asarray(rows["user_number"], dtype=np.int64) * span.length + np.asarray(rows["day"], dtype=np.int64)
    cost = np.zeros(len(names) * span.length)
    cost += np.bincount(at, weights=np.asarray(rows["cost"]), minlength=len(cost))
    of_four_weeks = last_sums(cost.reshape(len(names), span.length), TOP_DAYS)
    return {day: _highest(names, of_four_weeks[:, (day - span.first).days]) for day in days}


def _highest(names: Sequence[str], cost: Floats) -> set[str]:
    order = np.argsort(-cost, kind="stable")[:TOP_USERS]
    return {names[number] for number in order if cost[number] > 0}


def _scopes(scope: str, series: Sequence[tuple[str, str, str]]) -> dict[str, Keys]:
    if scope != ALL:
        return {scope: Keys.of([key for _, _, key in series])}
    return {
        ALL: Keys.of([ALL_KEY] * len(series)),
        "account": Keys.of([account for account, _, _ in series]),
        "provider": Keys.of([provider for _, provider, _ in series]),
    }
