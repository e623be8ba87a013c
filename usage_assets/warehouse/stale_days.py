"""Stale days: those on which a derived table does not show yet what is loaded. Each table notes what must follow it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from usage_assets.warehouse.statements import statement
from usage_assets.warehouse.temp_tables import create_temp_table


def stale_days(connection: duckdb.DuckDBPyConnection, table: str) -> set[date]:
    """Returns the days on which `table` does not show yet what is loaded."""
    rows = connection.execute("select usage_date from bookkeeping.stale_days where table_name = ?", [table]).fetchall()
    return {day for (day,) in rows}


def claim_stale_days(connection: duckdb.DuckDBPyConnection, table: str, days: Iterable[date]) -> set[date]:
    """Returns `days` and the stale ones of `table`, named `days` for the statements, and no longer stale."""
    wanted = {*days, *stale_days(connection, table)}
    name_days(connection, wanted)
    connection.execute("delete from bookkeeping.stale_days where table_name = ?", [table])
    return wanted


def name_days(connection: duckdb.DuckDBPyConnection, days: set[date]) -> None:
    """Gives `days` to the statements that follow, as the table of that name."""
    create_temp_table(connection, "days", ["usage_date"], [(day,) for day in sorted(days)])


def name_start_days(connection: duckdb.DuckDBPyConnection, days: set[date]) -> None:
    """Gives `days`, and `start_days` on which the rows start that touch one of them, to the statements that follow.

    A row of more than 24 hours touches days after its first; so a derive looks at its own days and at few others,
    whatever history holds.
    """
    name_days(connection, days)
    connection.execute(statement("stale/start_days"))


def record_stale(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Notes that `tables` have to follow what was just written on the named days."""
    connection.execute(statement("stale/record_tables"), {"tables": tables})


def record_stale_spans(
    connection: duckdb.DuckDBPyConnection, spans: str, parameters: dict[str, date] | None = None
) -> None:
    """Notes that cost has to be derived anew over the spans of days that the statement named `spans` finds."""
    connection.execute(statement(spans), parameters)
    connection.execute(statement("stale/record_spans"))
