"""The table `prices`: a snapshot of what a token cost, noted when a day first needs it, and anew only on request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import duckdb

from usage_assets.pricing.book import PriceBook, book_name
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.warehouse.stale_days import name_days, name_start_days, record_stale, record_stale_spans, stale_days
from usage_assets.warehouse.statements import statement
from usage_assets.warehouse.temp_tables import create_temp_table

PriceLine = tuple[str, str, date, str | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None, str]
PRICE_COLUMNS = (
    "provider",
    "model",
    "usage_date",
    "matched_model",
    "input_price",
    "cached_input_price",
    "cache_write_price",
    "output_price",
    "price_book",
)


def price(connection: duckdb.DuckDBPyConnection, days: Iterable[date], book: PriceBook) -> int:
    """Notes the price of every model used on `days` or a stale day that has none yet; returns how many."""
    wanted = {*days, *stale_days(connection, "cost")}
    if not wanted:
        return 0
    name_start_days(connection, wanted)
    keys = connection.execute(statement("prices/unpriced_keys")).fetchall()
    _note(connection, [price_line(book, *key) for key in keys])
    return len(keys)


def reprice(connection: duckdb.DuckDBPyConnection, first: date, last: date, book: PriceBook) -> set[date]:
    """Notes the prices of the days from `first` to `last` anew, by `book` as it is now.

    Returns:
        The days whose prices changed; the days of every row they price are stale from now on.
    """
    noted: list[PriceLine] = connection.execute(
        statement("prices/noted_prices"), {"first_day": first, "last_day": last}
    ).fetchall()
    anew = [price_line(book, provider, model, day) for provider, model, day, *_ in noted]
    changed = [line for line, before in zip(anew, noted, strict=True) if line != before]
    if changed:
        create_temp_table(connection, "repriced", PRICE_COLUMNS, changed)
        connection.execute(statement("prices/delete_repriced"))
        connection.execute(statement("prices/insert_repriced"))
        record_stale_spans(connection, "prices/repriced_spans")
    return {day for _, _, day, *_ in changed}


def reconvert(connection: duckdb.DuckDBPyConnection, first: date, last: date, rates: ExchangeRates) -> set[date]:
    """Returns the days from `first` to `last` on which a rate is another now; their cost is stale from now on."""
    converted = connection.execute(
        statement("prices/converted_days"), {"first_day": first, "last_day": last}
    ).fetchall()
    changed = {day for day, currency, *noted in converted if tuple(noted) != _rate_line(rates, currency, day)}
    if changed:
        name_days(connection, changed)
        record_stale(connection, ["cost"])
    return changed


def _rate_line(rates: ExchangeRates, currency: str, day: date) -> tuple[Decimal | None, date | None, bool | None]:
    rate = rates.rate(currency, day)
    return (None, None, None) if rate is None else (rate.usd_per_unit, rate.rate_date, rate.is_stale)


def price_line(book: PriceBook, provider: str, model: str, day: date) -> PriceLine:
    """Returns the line of `prices` for one model on one day; NULL prices where the book knows none."""
    found = book.unit_prices(provider, model, day)
    if found is None:
        return (provider, model, day, None, None, None, None, None, book_name())
    return (
        provider,
        model,
        day,
        found.matched_model,
        found.input_price,
        found.cached_input_price,
        found.cache_write_price,
        found.output_price,
        found.price_book,
    )


def _note(connection: duckdb.DuckDBPyConnection, lines: list[PriceLine]) -> None:
    create_temp_table(connection, "repriced", PRICE_COLUMNS, lines)
    connection.execute(statement("prices/insert_repriced"))
