"""Restatements: what a loaded window cost before it was replaced, and after its days are derived again."""

from __future__ import annotations

from datetime import date, datetime

import duckdb

from usage_assets.warehouse.statements import statement


def record_replaced(connection: duckdb.DuckDBPyConnection, bounds: dict[str, date], now: datetime) -> None:
    """Notes what the windows about to be loaded cost so far, each once until its cost is derived again.

    Args:
        connection: a connection inside a transaction that has named the windows to load.
        bounds: the days in which their rows start.
        now: the time of loading, UTC.
    """
    last_day = connection.execute("select coalesce(max(usage_date), $day) from cost", {"day": bounds["beyond"]})
    days = {"first_day": bounds["first_day"], "last_day": last_day.fetchall()[0][0]}
    connection.execute(statement("restatements/record_cost_before"), days)
    connection.execute(statement("restatements/record_replaced"), {"now": now.replace(tzinfo=None)})


def log_restatements(connection: duckdb.DuckDBPyConnection, last_day: date) -> None:
    """Writes a line for every replaced window whose rows or cost changed, now that its days are derived.

    Args:
        connection: a connection inside the transaction that derived the cost.
        last_day: the last day that was derived.
    """
    [(first_day,)] = connection.execute("select min(window_start) from bookkeeping.replaced_windows").fetchall()
    if first_day is None:
        return
    connection.execute(statement("restatements/insert"), {"first_day": first_day, "last_day": last_day})
    connection.execute(statement("restatements/forget_cost_before"))
    connection.execute(statement("restatements/forget_replaced"))
