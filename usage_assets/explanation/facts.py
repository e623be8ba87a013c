"""The facts of a cell as the warehouse holds them: the columns of `sql/*.sql`, typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from usage_assets.explanation.exact import added
from usage_assets.landing.manifest import WindowKey

USD = "USD"
NO_VALUE = "(none)"


@dataclass(frozen=True)
class Charge:
    """One charge of an API row, its amount in units of the currency."""

    amount: Decimal
    currency: str
    type: str | None


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One meter of an API row: a quantity of one of its models, with the recorded price; None without a price."""

    part: int
    meter: str
    quantity: int
    unit_price: Decimal | None
    matched_model: str | None
    is_context_priced: bool | None
    price_book: str | None


@dataclass(frozen=True, kw_only=True)
class TeamShare:
    """The part of a cost row that a team gets by a line of `allocation.csv`.

    Attributes:
        line: The line, None where no rule matches the row.
        rule: The conditions of its rule in words.
        cost_centre: The cost centre.
        share: The share of the line.
        other_shares: The shares of the other lines, if it is the last of several, which gets what they leave.
        cost: The part of the cost.
        tax: The part of the tax.
        cost_usd: The part of the cost in USD.
    """

    line: int | None
    rule: str
    cost_centre: str
    share: Decimal
    other_shares: tuple[Decimal, ...] = ()
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """One row of `cost` with its API row, load and meters. The columns of an API row that was replaced are None.

    `team_shares` are the parts that the team of a cell gets; a cell of no team has none.
    """

    usage_date: date
    account_id: str
    integration: str
    report: str
    row_id: str
    part: int
    product_id: str
    metric_name: str
    provider: str
    model: str
    surface: str
    user_key: str
    price_context: str
    currency: str
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    cost_basis: str
    cost_rule: str
    is_provisional: bool
    fx_rate: Decimal | None
    fx_date: date | None
    fx_stale: bool | None
    units_per_usd: Decimal | None
    model_id: str | None
    user_id: str | None
    user_email: str | None
    user_name: str | None
    charges: tuple[Charge, ...]
    input_tokens: int | None
    cached_input_tokens: int | None
    is_covered: bool | None
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
    meters: tuple[Meter, ...]
    team_shares: tuple[TeamShare, ...] = ()

    @classmethod
    def of_columns(cls, columns: dict[str, Any], team_shares: tuple[TeamShare, ...] = ()) -> CostRow:
        """Return the row in a result of `sql/cost_rows.sql`, with the shares of the team of the cell."""
        charges = tuple(Charge(**charge) for charge in columns["charges"] or ())
        meters = tuple(Meter(**meter) for meter in columns["meters"] or ())
        return cls(**{**columns, "charges": charges, "meters": meters, "team_shares": team_shares})

    @property
    def cell_cost(self) -> Decimal | None:
        """What the row adds to the cost of its cell: all of its cost, or the parts that the team of the cell gets."""
        if not self.team_shares:
            return self.cost
        known = [share.cost for share in self.team_shares if share.cost is not None]
        return added(known).value if known else None

    @property
    def own_meters(self) -> tuple[Meter, ...]:
        """The meters of its part; none on a line in a currency that does not count them."""
        counts = self.currency == self.counting_currency
        return tuple(meter for meter in self.meters if counts and meter.part == self.part)

    @property
    def parts(self) -> int:
        """The number of parts of its API row: the models that the row lists."""
        return max((meter.part for meter in self.meters), default=1)

    @property
    def window_key(self) -> WindowKey | None:
        """The window of its API row, None if that row was replaced."""
        if self.window_start is None or self.window_end is None:
            return None
        return WindowKey(self.account_id, self.report, self.window_start, self.window_end)

    @property
    def own_charges(self) -> tuple[Charge, ...]:
        """The charges in its own currency; charges in another currency make another cost row."""
        return tuple(charge for charge in self.charges if charge.currency == self.currency)

    @property
    def counting_currency(self) -> str:
        """The currency of the cost row that holds the tokens and the estimate of the API row."""
        return min({charge.currency for charge in self.charges} or {USD}, key=lambda code: (code != USD, code))

    @property
    def days(self) -> int | None:
        """The number of days over which its API row is split."""
        return (self.last_day - self.first_day).days + 1 if self.first_day and self.last_day else None

    @property
    def day_number(self) -> int | None:
        """The number of its day among those of its API row; the first is 1."""
        return (self.usage_date - self.first_day).days + 1 if self.first_day else None


@dataclass(frozen=True, kw_only=True)
class BasisSum:
    """The sum of the cost rows with one cost basis, in one currency."""

    currency: str
    cost_basis: str
    cost_rows: int
    cost: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Contributor:
    """One of the largest parts of a cell, in one currency."""

    currency: str
    account_id: str
    display_name: str | None
    provider: str
    model: str
    cost_rows: int
    cost: Decimal | None

    @property
    def account(self) -> str:
        """The account for people: its name, else its id."""
        return self.display_name or self.account_id


@dataclass(frozen=True, kw_only=True)
class CurrencySums:
    """The sums of a cell in one currency."""

    currency: str
    cost_rows: int
    rows_with_cost: int
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    provisional_cost: Decimal | None
    provisional_rows: int
    unconverted_rows: int
    bases: tuple[BasisSum, ...]
    contributors: tuple[Contributor, ...]


@dataclass(frozen=True, kw_only=True)
class DaySums:
    """The sums of a cell on one day in one currency, by its cost rows or by an aggregate."""

    usage_date: date
    currency: str
    cost: Decimal | None
    tax: Decimal | None
    cost_usd: Decimal | None
    provisional_cost: Decimal | None


@dataclass(frozen=True, kw_only=True)
class CellFacts:
    """The facts of a cell. `table` is the aggregate that has such a cell, None if there is none."""

    sums: tuple[CurrencySums, ...]
    day_sums: tuple[DaySums, ...]
    table: str | None
    table_sums: tuple[DaySums, ...]
    stale_days: frozenset[tuple[str, date]]
    rows: tuple[CostRow, ...]


def printable(text: str) -> str:
    """Return `text` without control characters, because names in the data may contain them."""
    return "".join(character for character in text if character.isprintable())
