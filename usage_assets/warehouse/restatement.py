"""Record restatements: the cost of a loaded window before its replacement, and after its days are derived again."""

from __future__ import annotations

from datetime import date, datetime

import duckdb

from usage_assets.warehouse.load_windows import LoadWindows
from usage_assets.warehouse.statements import execute


def record_replaced_windows(connection: duckdb.DuckDBPyConnection, load_windows: LoadWindows, now: datetime) -> None:
    """Record the cost of the windows of a load before their replacement, unless it is recorded and not derived since.

    Args:
        connection: A connection inside a transaction.
        load_windows: The windows; the tables still hold their rows of earlier loads.
        now: The time of loading, UTC.
    """
    execute(connection, "restatements/record_cost_before", load_windows, first_day=load_windows.first_day)
    execute(connection, "restatements/record_replaced", load_windows, now=now.replace(tzinfo=None))


def log_restatements(connection: duckdb.DuckDBPyConnection, last_day: date) -> None:
    """Insert a line into `restatements` for every replaced window whose rows or cost changed.

    Args:
        connection: A connection inside the transaction that derived the cost of these windows.
        last_day: The last day that was derived.
    """
    [(first_day,)] = execute(connection, "restatements/first_day").fetchall()
    if first_day is None:
        return
    execute(connection, "restatements/insert", first_day=first_day, last_day=last_day)
    execute(connection, "restatements/forget_cost_before")
    execute(connection, "restatements/forget_replaced")
