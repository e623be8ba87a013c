"""Maintain the table `prices`: unit prices, recorded when a day first needs them and changed only by `reprice`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

import duckdb

from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.meters import count_meters
from usage_assets.warehouse.stale_days import (
    create_days,
    create_start_days,
    record_stale_spans,
    stale_days,
)
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table

PriceKey = tuple[str, str, str, str, date]
PriceLine = tuple[str, str, str, str, date, str | None, Decimal | None, bool, str]
PRICE_COLUMNS = (
    "provider",
    "model",
    "price_context",
    "meter",
    "usage_date",
    "matched_model",
    "unit_price",
    "is_context_priced",
    "price_book",
)


@dataclass(frozen=True)
class NewPrices(TempTable):
    """Lines for `prices`. Key: provider, model, price_context, meter, usage_date."""

    name: ClassVar[str] = "new_prices"


def price(connection: duckdb.DuckDBPyConnection, days: Iterable[date], book: PriceBook) -> int:
    """Record the missing prices of meters used on `days` or on stale days; return their number."""
    wanted = {*days, *stale_days(connection, "cost")}
    if not wanted:
        return 0
    start_days = create_start_days(connection, create_days(connection, wanted))
    keys = execute(connection, "prices/unpriced_keys", start_days, count_meters=list(count_meters())).fetchall()
    new_prices = create_new_prices(connection, [price_line(book, key) for key in keys])
    execute(connection, "prices/insert", new_prices)
    return len(keys)


def reprice(connection: duckdb.DuckDBPyConnection, first: date, last: date, book: PriceBook) -> set[date]:
    """Replace the recorded prices of the days from `first` to `last` with those of `book`.

    Returns:
        The days whose prices changed. `cost` becomes stale on all days of every row that these prices apply to.
    """
    recorded: list[PriceLine] = execute(connection, "prices/recorded_prices", first_day=first, last_day=last).fetchall()
    current = [price_line(book, line[:5]) for line in recorded]
    changed = [line for line, before in zip(current, recorded, strict=True) if line != before]
    if changed:
        new_prices = create_new_prices(connection, changed)
        execute(connection, "prices/delete", new_prices)
        execute(connection, "prices/insert", new_prices)
        record_stale_spans(connection, execute(connection, "prices/repriced_spans", new_prices).fetchall(), ["cost"])
    return {line[4] for line in changed}


def create_new_prices(connection: duckdb.DuckDBPyConnection, lines: Iterable[PriceLine]) -> NewPrices:
    """Create the temp table `new_prices`."""
    return create_temp_table(connection, NewPrices(), PRICE_COLUMNS, lines)


def price_line(book: PriceBook, key: PriceKey) -> PriceLine:
    """Return the line of `prices` for one meter of a model on one day; its price is NULL if the book has none."""
    found = book.unit_price(*key)
    return (*key, found.matched_model, found.price, found.is_context_priced, found.price_book)
