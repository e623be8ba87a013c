"""Apply the user's `accounts.csv`: keep the days on which rows of an account do not count.

`cost` leaves those rows out; `usage` keeps them. The days whose rows begin or cease to count become stale.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.account_rules import AccountRules, IgnoredDays, replaced_days
from usage_assets.warehouse.stale_days import record_stale_spans
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table

COLUMNS = ("account_id", "first_day", "last_day", "reason")


@dataclass(frozen=True)
class NewIgnoredDays(TempTable):
    """The spans of days that do not count by the present file. Key: account_id, first_day, last_day, reason."""

    name: ClassVar[str] = "new_ignored_days"


def apply_account_rules(connection: duckdb.DuckDBPyConnection, rules: AccountRules) -> None:
    """Record the days that do not count by `rules` and the loaded usage; mark the days that change as stale.

    Args:
        connection: A connection inside a transaction, after the load.
        rules: The content of `accounts.csv`.
    """
    held = {IgnoredDays(*row) for row in execute(connection, "account_rules/held").fetchall()}
    if not held and not rules.lines:
        return
    spans = {*rules.ignored_days, *replaced_days(rules, _first_days(connection, rules))}
    if spans == held:
        return
    new = _create_new(connection, spans)
    record_stale_spans(connection, execute(connection, "account_rules/changed_days", new).fetchall())
    execute(connection, "account_rules/delete")
    execute(connection, "account_rules/insert", new)


def _first_days(connection: duckdb.DuckDBPyConnection, rules: AccountRules) -> dict[str, date]:
    """Return the first day on which each account that replaces another has a row that counts."""
    successors = sorted(set().union(*rules.successors.values()))
    if not successors:
        return {}
    new = _create_new(connection, rules.ignored_days)
    return dict(execute(connection, "account_rules/first_days", new, accounts=successors).fetchall())


def _create_new(connection: duckdb.DuckDBPyConnection, spans: Collection[IgnoredDays]) -> NewIgnoredDays:
    return create_temp_table(connection, NewIgnoredDays(), COLUMNS, sorted(map(astuple, spans)))
