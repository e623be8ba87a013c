"""Deriving: prices, cost and its aggregates for the days asked for and every day still stale.

Each table notes what now has to follow it, in the same transaction, so a run that dies in between is made up for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb
import pyarrow as pa

from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets.pricing.book import book_name, unit_prices
from usage_assets.warehouse.load import is_loaded, loaded_states
from usage_assets.warehouse.statements import AGGREGATES, statement

PUBLISHED = "published"


class InvariantViolated(Exception):
    """Figures that must agree to the last digit do not: a bug of ours, never of the data."""


def stale_days(connection: duckdb.DuckDBPyConnection, table: str) -> set[date]:
    """Returns the days on which `table` does not show yet what is loaded."""
    rows = connection.execute("select usage_date from bookkeeping.stale_days where table_name = ?", [table]).fetchall()
    return {day for (day,) in rows}


def price(connection: duckdb.DuckDBPyConnection, days: Iterable[date]) -> int:
    """Notes the price of every model used on `days` or a stale day that has none yet; returns how many."""
    wanted = {*days, *stale_days(connection, "cost")}
    if not wanted:
        return 0
    keys = connection.execute(statement("prices/unpriced_keys"), _bounds(wanted)).fetchall()
    rows = [(*key, *_price_columns(*key), book_name()) for key in keys]
    if rows:
        connection.executemany("insert into prices values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return len(rows)


def derive_cost(connection: duckdb.DuckDBPyConnection, days: Iterable[date]) -> set[date]:
    """Writes `cost` for `days` and the stale ones; returns the days written.

    Raises:
        InvariantViolated: the days of a split row do not sum to the row.
    """
    wanted = _take(connection, "cost", days)
    if wanted:
        connection.execute(statement("cost/row_costs"), _bounds(wanted))
        connection.execute(statement("cost/delete"))
        connection.execute(statement("cost/insert"))
        _assert_none(connection, "cost/broken_splits")
        _note(connection, [*AGGREGATES, PUBLISHED])
    return wanted


def derive_aggregate(connection: duckdb.DuckDBPyConnection, table: str, days: Iterable[date]) -> set[date]:
    """Writes one aggregate for `days` and the stale ones; returns the days written.

    Raises:
        InvariantViolated: its sums differ from those of `cost`.
    """
    wanted = _take(connection, table, days)
    if wanted:
        connection.execute(statement(f"aggregates/delete_{table}"))
        connection.execute(statement("aggregates/cost_lines"))
        connection.execute(statement(f"aggregates/{table}"))
        _assert_none(connection, "aggregates/differs_from_cost", table=table)
        _note(connection, [PUBLISHED])
    return wanted


def derived_windows(connection: duckdb.DuckDBPyConnection, landing: Landing) -> list[WindowKey]:
    """Returns the pending windows that are loaded as they lie there now, once no day of any table is stale."""
    if connection.execute("select 1 from bookkeeping.stale_days limit 1").fetchall():
        return []
    loaded = loaded_states(connection)
    return [key for key in landing.pending() if is_loaded(landing.manifest(key), loaded)]


def _price_columns(provider: str, model: str, day: date) -> tuple[object, ...]:
    prices = unit_prices(provider, model, day)
    if prices is None:
        return (None, None, None, None, None)
    return (
        prices.matched_model,
        prices.input_price,
        prices.cached_input_price,
        prices.cache_write_price,
        prices.output_price,
    )


def _take(connection: duckdb.DuckDBPyConnection, table: str, days: Iterable[date]) -> set[date]:
    wanted = {*days, *stale_days(connection, table)}
    connection.register("days_given", pa.table({"usage_date": pa.array(sorted(wanted), pa.date32())}))
    connection.execute("create or replace temp table days as select usage_date from days_given")
    connection.unregister("days_given")
    connection.execute("delete from bookkeeping.stale_days where table_name = ?", [table])
    return wanted


def _note(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    connection.execute(statement("cost/note_stale_days"), {"tables": tables})


def _bounds(days: set[date]) -> dict[str, date]:
    return {"first_day": min(days), "last_day": max(days)}


def _assert_none(connection: duckdb.DuckDBPyConnection, name: str, **parameters: str) -> None:
    offending = connection.execute(statement(name), parameters).fetchmany(3)
    if offending:
        raise InvariantViolated(
            f"{name} found figures that do not agree, nothing was written; please report this with: {offending}"
        )
