"""Find the current published generation and sum it per account, without Dagster, pandas or the warehouse file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import duckdb

from usage_assets.completeness import CoverageSpan
from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.windows import ONE_DAY, Window
from usage_assets.shown_currency import USD, ShownCurrency, ShownTotal
from usage_assets.warehouse.statements import TempTable, create_macros, execute
from usage_assets.warehouse.tables import MONTHLY_TABLES, WHOLE_TABLES
from usage_assets.warehouse.temp_tables import create_temp_table

RATE_COLUMNS = ("usage_date", "units_per_usd")
TABLES = tuple(sorted((*MONTHLY_TABLES, *WHOLE_TABLES)))


class NothingPublished(UsageAssetsError, LookupError):
    """Nothing has been published yet, or the table is not published."""


@dataclass(frozen=True)
class AccountTotals:
    """The published figures of one account.

    Attributes:
        first_day: The first day with rows.
        last_day: The last day with rows.
        usage_rows: The number of API rows, counted once per currency.
        cost: The cost by currency, without currencies whose cost is unknown.
        total: The cost in the shown currency.
    """

    first_day: date
    last_day: date
    usage_rows: int
    total: ShownTotal
    cost: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class ShownRates(TempTable):
    """The published rates of the shown currency. Key: usage_date."""

    name: ClassVar[str] = "shown_rates"


def current_generation(published: Path) -> Path:
    """Return the folder of the generation that `current` points to now.

    A reader that uses only this folder never mixes two generations.

    Raises:
        NothingPublished: Nothing has been published yet.
    """
    try:
        return (published / "current").resolve(strict=True)
    except FileNotFoundError as error:
        raise NothingPublished(f"Nothing is published in {published} yet: run `usage-assets sync` first.") from error


def files_of(generation: Path, table: str) -> list[Path]:
    """Return the files of `table` in `generation`, in order of their months.

    Raises:
        NothingPublished: The generation does not have the table.
    """
    files = (
        sorted((generation / table).glob("*.parquet")) if table in MONTHLY_TABLES else [generation / f"{table}.parquet"]
    )
    if not files or not files[0].exists():
        raise NothingPublished(f"The table {table} is not published in {generation}: run `usage-assets sync` first.")
    return files


def published_totals(published: Path, currency: str = USD) -> dict[str, AccountTotals]:
    """Return the totals of each account with published rows, in their currencies and in the shown `currency`.

    Raises:
        NothingPublished: Nothing has been published yet.
    """
    generation = current_generation(published)
    files = [str(file) for file in files_of(generation, "cost_by_account")]
    shown = published_currency(generation, currency)
    with duckdb.connect(config={"threads": 1}) as connection:
        create_macros(connection)
        rates = create_temp_table(connection, ShownRates(), RATE_COLUMNS, sorted(shown.units_per_usd.items()))
        rows = execute(connection, "published/account_totals", rates, files=files, currency=currency).fetchall()
    return {
        account_id: AccountTotals(first, last, count, ShownTotal(currency, amount, unconverted), cost)
        for account_id, first, last, count, cost, amount, unconverted in rows
    }


def published_currency(generation: Path, currency: str) -> ShownCurrency:
    """Return a currency with the rates of it in a generation; USD needs none, and an older version published none."""
    file = generation / "exchange_rates.parquet"
    if currency == USD or not file.exists():
        return ShownCurrency(currency)
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = execute(connection, "published/shown_rates", files=[str(file)], currency=currency).fetchall()
    return ShownCurrency(currency, dict(rows))


def published_coverage(published: Path) -> dict[str, list[CoverageSpan]]:
    """Return the published coverage of each account as spans, in the order of days.

    Raises:
        NothingPublished: Nothing has been published yet, or an older program published without coverage.
    """
    files = [str(file) for file in files_of(current_generation(published), "coverage")]
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = execute(connection, "published/coverage_spans", files=files).fetchall()
    spans = dict[str, list[CoverageSpan]]()
    for account_id, first_day, last_day, state, reason in rows:
        spans.setdefault(account_id, []).append(CoverageSpan(Window(first_day, last_day + ONE_DAY), state, reason))
    return spans
