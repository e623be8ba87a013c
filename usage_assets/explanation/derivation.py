"""The derivation of a figure: its sums, the aggregate that holds it, and each cost row back to its API row.

Notebooks call `explain`. A derivation is plain data; `lines` and `document` write it as text and JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING

from usage_assets.errors import WRONG_CALL, UsageAssetsError
from usage_assets.explanation.api_rows import ApiRow, ApiRows, SentAmount, sent_amounts, sent_input
from usage_assets.explanation.cell import Cell, read_cell
from usage_assets.explanation.contradictions import Contradiction, row_contradictions, table_contradictions
from usage_assets.explanation.document import to_frame
from usage_assets.explanation.exact import Formula, added
from usage_assets.explanation.facts import CellFacts, CostRow, CurrencySums
from usage_assets.explanation.lines import lines_of_derivation
from usage_assets.explanation.recomputation import Recomputation, needs_units_per_usd, recompute
from usage_assets.pricing.rates import ExchangeRates
from usage_assets.project import Project, current_project

if TYPE_CHECKING:
    import pandas as pd

MAX_RECOMPUTED = 5_000


class InvalidDays(UsageAssetsError, ValueError):
    """A day is not a date, or the last day is before the first."""

    exit_code = WRONG_CALL
    is_permanent = True


@dataclass(frozen=True, kw_only=True)
class DerivedRow:
    """One cost row with its source and its recomputation.

    Attributes:
        number: Its rank by cost; the costliest row is 1.
        cost_row: The row of `cost`, with its API row, load and price.
        api_row: The API row in its landing file, None if a newer response replaced it.
        sent_amounts: The amounts of the API row that were divided or rounded when they were loaded.
        sent_input: Its input count, if that includes the cached tokens.
        recomputed: Bill, estimate, share of the day, conversion, and the amounts; None if the API row was replaced.
        contradictions: The contradictions of this row.
    """

    number: int
    cost_row: CostRow
    api_row: ApiRow | None
    sent_amounts: tuple[SentAmount, ...]
    sent_input: Formula | None
    recomputed: Recomputation | None
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """A figure and how it is derived.

    Attributes:
        cell: The days and filters.
        sums: The sums of its cost rows, one per currency, with their cost bases and largest contributors.
        table: The aggregate that holds the figure, None if no aggregate has such a cell.
        table_contradictions: Where that aggregate differs from `cost`.
        stale_days: The days on which a newer response is loaded but not derived.
        rows: The recomputed cost rows, costliest first.
    """

    cell: Cell
    sums: tuple[CurrencySums, ...]
    table: str | None
    table_contradictions: tuple[Contradiction, ...]
    stale_days: tuple[date, ...]
    rows: tuple[DerivedRow, ...]

    @property
    def cost(self) -> dict[str, Decimal | None]:
        """The cost by currency, None if no row has a cost. Currencies are never added up."""
        return {sums.currency: sums.cost for sums in self.sums}

    @property
    def cost_usd(self) -> Decimal | None:
        """The cost in USD, without rows that lack an exchange rate; None if no row has a cost in USD."""
        known = [sums.cost_usd for sums in self.sums if sums.cost_usd is not None]
        return added(known).value if known else None

    @property
    def row_count(self) -> int:
        """The number of all cost rows, including those that `rows` omits."""
        return sum(sums.cost_rows for sums in self.sums)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Every contradiction: of the aggregate, then of the rows."""
        of_rows = (contradiction for row in self.rows for contradiction in row.contradictions)
        return (*self.table_contradictions, *of_rows)

    def to_frame(self) -> pd.DataFrame:
        """Return the recomputed rows as a frame, exact decimals: columns of `cost`, recomputed amounts, source."""
        return to_frame(self.rows)

    def __str__(self) -> str:
        return "\n".join(lines_of_derivation(self))


def explain(  # noqa: PLR0913 - a cell has this many filters
    day: date | str,
    last_day: date | str | None = None,
    *,
    account: str | None = None,
    provider: str | None = None,
    model: str | None = None,
    surface: str | None = None,
    user: str | None = None,
    team: str | None = None,
    project: Project | None = None,
    max_rows: int | None = MAX_RECOMPUTED,
) -> Derivation:
    """Return the derivation of the cost of a day, or of a range of days, with these filters.

    Args:
        day: The day, as a date or `YYYY-MM-DD`.
        last_day: The last day of a range that begins with `day`, included.
        account: The account, by any unambiguous part of its id, integration or tenant.
        provider: The provider; letter case is ignored.
        model: The model's name in the tables or its raw id; letter case is ignored.
        surface: The surface.
        user: The user's `user_key`, an e-mail if one is known; letter case is ignored.
        team: The team by the rules of `allocation.csv`; letter case is ignored.
        project: The project; by default that of the working folder and its environment.
        max_rows: The number of cost rows to recompute, costliest first; None recomputes all.

    Raises:
        AmbiguousAccount: Several accounts match `account`.
        InvalidDays: A day is not a date, or the range is reversed.
        NoCost: No cost row matches.
        NothingLoaded: The warehouse has no tables yet.
        LockHeld: The warehouse is being written.
        RulesUnreadable: The rules by which teams are derived are refused by this version.
        RateOverridesError: The user's exchange rates are needed and cannot be read.
    """
    first, project = _date(day), project or current_project()
    cell = Cell(
        first_day=first,
        last_day=first if last_day is None else _date(last_day),
        account_id=project.account_id(account) if account else None,
        provider=provider,
        model=model,
        surface=surface,
        user_key=user,
        team=team,
    )
    if cell.last_day < cell.first_day:
        raise InvalidDays(f"{cell.last_day} is before {cell.first_day}: put the earlier day first.")
    return derivation_of(cell, project, max_rows)


def derivation_of(cell: Cell, project: Project, max_rows: int | None = MAX_RECOMPUTED) -> Derivation:
    """Return the derivation of a cell; see `explain`."""
    facts = read_cell(project.warehouse, cell, max_rows)
    return Derivation(
        cell=cell,
        sums=facts.sums,
        table=facts.table,
        table_contradictions=tuple(table_contradictions(facts)),
        stale_days=tuple(sorted(day for table, day in facts.stale_days if table == "cost")),
        rows=tuple(_derived_rows(facts, project)),
    )


def _derived_rows(facts: CellFacts, project: Project) -> Iterator[DerivedRow]:
    profiles, rates = project.profiles, cache(lambda: project.exchange_rates)
    api_rows = ApiRows(project.landing, facts.rows)
    for number, row in enumerate(facts.rows, 1):
        is_stale = ("cost", row.usage_date) in facts.stale_days
        api_row = api_rows.of(row)
        text, profile = api_row.text if api_row else None, profiles.of(row.integration)
        amounts = sent_amounts(text, row.charges, profile) if text else ()
        recomputed = recompute(row, _units_per_usd(row, rates), profile.reduction_sign) if api_row else None
        yield DerivedRow(
            number=number,
            cost_row=row,
            api_row=api_row,
            sent_amounts=amounts,
            sent_input=sent_input(text, row, profile) if text else None,
            recomputed=recomputed,
            contradictions=tuple(row_contradictions(number, row, api_row, amounts, recomputed, is_stale=is_stale)),
        )


def _units_per_usd(row: CostRow, rates: Callable[[], ExchangeRates]) -> Decimal | None:
    """Return the price of a dollar in the currency of `row`, None if it is not needed or not known.

    A day that an older version of this program derived has no recorded rate.
    """
    if row.units_per_usd is not None:
        return row.units_per_usd
    rate = rates().rate(row.currency, row.usage_date) if needs_units_per_usd(row) else None
    return rate.units_per_usd if rate else None


def _date(day: date | str) -> date:
    if isinstance(day, date):
        return day.date() if isinstance(day, datetime) else day
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise InvalidDays(f"{day!r} is not a date: write it as 2026-01-31.") from error
