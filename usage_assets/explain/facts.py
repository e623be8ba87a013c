"""What is known about a cell and its cost rows: the columns of `sql/explain/*.sql`, typed. Nothing is reckoned here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from usage_assets.landing.manifest import WindowKey

USD = "USD"


@dataclass(frozen=True)
class Charge:
    """One charge of an API row, its amount in units of the currency."""

    amount: Decimal
    currency: str
    type: str | None


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """Where the API row of a cost row lies, as it was loaded."""

    key: WindowKey
    file_row: int
    sha256: str
    fetched_at: datetime


@dataclass(frozen=True, kw_only=True)
class Span:
    """An API row longer than a day: the days it is split over, and which of them a cost row stands on."""

    usage_date: date
    start_at: datetime
    end_at: datetime
    fetched_at: datetime
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """How many days it is split over."""
        return (self.last_day - self.first_day).days + 1

    @property
    def day_number(self) -> int:
        """Which of them this is; the first is 1."""
        return (self.usage_date - self.first_day).days + 1


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """One row of `cost` with what it stands on; what belongs to the API row is None where that row is gone."""

    usage_date: date
    account_id: str
    integration: str
    report: str
    row_id: str
    product_id: str
    metric_name: str
    provider: str
    model: str
    surface: str
    user_key: str
    currency: str
    cost: Decimal | None
    estimated_cost: Decimal | None
    estimated_cost_usd: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    cost_basis: str
    cost_rule: str
    is_provisional: bool
    fx_rate: Decimal | None
    fx_date: date | None
    fx_stale: bool | None
    model_id: str | None
    user_id: str | None
    user_email: str | None
    user_name: str | None
    charges: tuple[Charge, ...]
    input_tokens: int | None
    cached_input_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    start_at: datetime | None
    end_at: datetime | None
    row_fetched_at: datetime | None
    first_day: date | None
    last_day: date | None
    is_long: bool | None
    window_start: date | None
    window_end: date | None
    file_row: int | None
    sha256: str | None
    fetched_at: datetime | None
    matched_model: str | None
    input_price: Decimal | None
    cached_input_price: Decimal | None
    cache_write_price: Decimal | None
    output_price: Decimal | None
    price_book: str | None

    @property
    def source(self) -> SourceFacts | None:
        """Where its API row lies, None where the tables no longer hold that row."""
        if not (self.window_start and self.window_end and self.file_row and self.sha256 and self.fetched_at):
            return None
        key = WindowKey(self.account_id, self.report, self.window_start, self.window_end)
        return SourceFacts(key=key, file_row=self.file_row, sha256=self.sha256, fetched_at=self.fetched_at)

    @property
    def span(self) -> Span | None:
        """How its API row is split, None where the row stands on one day whole."""
        if not (self.is_long and self.start_at and self.end_at and self.row_fetched_at):
            return None
        if not (self.first_day and self.last_day):
            return None
        return Span(
            usage_date=self.usage_date,
            start_at=self.start_at,
            end_at=self.end_at,
            fetched_at=self.row_fetched_at,
            first_day=self.first_day,
            last_day=self.last_day,
        )

    @property
    def own_charges(self) -> list[Charge]:
        """The charges in its own currency; those in another make another cost row."""
        return [charge for charge in self.charges if charge.currency == self.currency]

    @property
    def counting_currency(self) -> str:
        """The currency of the API row's cost row on which tokens and estimate stand."""
        return min({charge.currency for charge in self.charges} or {USD}, key=lambda code: (code != USD, code))


def cost_row(columns: dict[str, Any]) -> CostRow:
    """Returns the row that `explain/rows.sql` found."""
    charges = tuple(Charge(**charge) for charge in columns["charges"] or ())
    return CostRow(**{**columns, "charges": charges})


@dataclass(frozen=True, kw_only=True)
class CurrencySums:
    """What the rows of a cell come to in one currency."""

    currency: str
    cost_rows: int
    rows_with_cost: int
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    provisional_cost: Decimal | None
    provisional_rows: int
    unconverted_rows: int


@dataclass(frozen=True, kw_only=True)
class BasisSum:
    """The part of a cell's rows that has one cost basis, in one currency."""

    currency: str
    cost_basis: str
    cost_rows: int
    cost: Decimal | None


@dataclass(frozen=True, kw_only=True)
class TableSums:
    """What an aggregate table holds of a cell in one currency."""

    currency: str
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    provisional_cost: Decimal | None


@dataclass(frozen=True, kw_only=True)
class CellFacts:
    """Everything the warehouse holds about a cell. `table` is None where no aggregate has such a cell."""

    sums: list[CurrencySums]
    bases: list[BasisSum]
    table: str | None
    table_sums: list[TableSums]
    behind: list[str]
    rows: list[CostRow]
