"""Maintain the stale days: days on which a derived table is behind the data it is derived from.

A step that writes a table records, in the same transaction, the days on which the tables derived from it are stale.
So the next run completes a run that dies between two steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.integrations.windows import days_between
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import ACTIVITY_BY_USER
from usage_assets.warehouse.temp_tables import create_temp_table

PUBLISHED = "published"
"""The table name of stale days whose published files are behind the tables."""

LOADED = "loaded"
"""The table name of the days of windows that were loaded or removed since the last publication."""

ACTIVE_USERS = "active_users"
"""The bookkeeping table of the people who were active on a day, from which `seats` are derived."""

USAGE_DEPENDENTS = ("cost", ACTIVITY_BY_USER, ACTIVE_USERS)
"""The tables that are derived from `usage` itself."""

Span = tuple[date, date]


@dataclass(frozen=True)
class Days(TempTable):
    """The days of one derive step. A filter on this table is up to twice as fast as a filter on a list parameter."""

    name: ClassVar[str] = "days"
    days: frozenset[date]


@dataclass(frozen=True)
class StartDays(TempTable):
    """The start days of the usage rows that touch a day of the step."""

    name: ClassVar[str] = "start_days"


def published_name(table: str) -> str:
    """Return the table name of stale days on which the published files of `table` alone are behind it."""
    return f"{PUBLISHED}_{table}"


def stale_days(connection: duckdb.DuckDBPyConnection, table: str) -> set[date]:
    """Return the days on which `table` is stale."""
    rows = execute(connection, "stale/days", table=table).fetchall()
    return {day for (day,) in rows}


def is_any_day_stale(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether any table, or what is published, is stale on any day."""
    return bool(execute(connection, "stale/any_day").fetchall())


def claim_stale_days(connection: duckdb.DuckDBPyConnection, table: str, days: Iterable[date]) -> Days:
    """Return `days` and the stale days of `table`, and remove them from the stale days."""
    claimed = create_days(connection, {*days, *stale_days(connection, table)})
    forget_stale_days(connection, table)
    return claimed


def forget_stale_days(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Remove the stale days of `table`, because this transaction writes them."""
    execute(connection, "stale/delete", table=table)


def create_days(connection: duckdb.DuckDBPyConnection, days: Iterable[date]) -> Days:
    """Create the temp table `days`."""
    handle = Days(frozenset(days))
    return create_temp_table(connection, handle, ["usage_date"], [(day,) for day in sorted(handle.days)])


def create_start_days(connection: duckdb.DuckDBPyConnection, days: Days) -> StartDays:
    """Create the temp table `start_days` for `days`.

    A row of several days touches days after its first. This table lets a step read its own days and few
    others, regardless of the length of the history.
    """
    execute(connection, "stale/start_days", days)
    return StartDays()


def record_stale_days(connection: duckdb.DuckDBPyConnection, tables: Iterable[str], days: Iterable[date]) -> None:
    """Record that `tables` are stale on `days`."""
    execute(connection, "stale/record", tables=list(tables), days=sorted(set(days)))


def record_stale_spans(
    connection: duckdb.DuckDBPyConnection, spans: Iterable[Span], tables: Iterable[str] = USAGE_DEPENDENTS
) -> None:
    """Record that `tables` are stale on every day from the first to the last day of each span."""
    record_stale_days(connection, tables, {day for first, last in spans for day in days_between(first, last)})
