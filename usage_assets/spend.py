"""Compare what was spent in a month with the same days of the month before, by one column of the published tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import duckdb

from usage_assets.allocation.rules import Allocation
from usage_assets.completeness import Comparison, Coverage, compare, month_to_date
from usage_assets.published import (
    RATE_COLUMNS,
    NothingPublished,
    ShownRates,
    current_generation,
    files_of,
    published_coverage,
    published_currency,
)
from usage_assets.warehouse.allocation import create_team_lines
from usage_assets.warehouse.cost_lines import create_cost_lines
from usage_assets.warehouse.stale_days import create_days
from usage_assets.warehouse.statements import TempTable, create_macros, execute
from usage_assets.warehouse.temp_tables import create_temp_table

BY = {
    "provider": ("cost_by_provider", "provider"),
    "model": ("cost_by_model", "model"),
    "surface": ("cost_by_surface", "surface"),
    "user": ("cost_by_user", "user_key"),
    "account": ("cost_by_account", "account_id"),
    "resource": ("cost_by_resource", "resource_id"),
    "team": ("cost_by_team", "team"),
    "meter": ("cost_by_meter", "meter"),
}
"""The table and the column of each choice of `--by`."""

SERIES_OF_METERS = ("account_id", "provider", "model", "meter")
SERIES_OF_COST = ("account_id", "provider", "product_id", "resource_id", "model", "surface", "user_key")
LONGEST_MONTH = timedelta(days=31)
MOST_CHANGES = 3


@dataclass(frozen=True)
class ComparedDays(TempTable):
    """The complete days of both periods. Key: account_id, usage_date."""

    name: ClassVar[str] = "compared_days"


@dataclass(frozen=True)
class SpendLines(TempTable):
    """The rows of the compared days. Key: that of their table."""

    name: ClassVar[str] = "spend_lines"


@dataclass(frozen=True)
class Spent:
    """The cost of one key in both periods, in the shown currency."""

    key: str
    cost: Decimal
    earlier: Decimal

    @property
    def change(self) -> Decimal:
        """How much more was spent than before."""
        return self.cost - self.earlier


@dataclass(frozen=True)
class Change:
    """One of the series that changed most: the values of its columns, and its cost in both periods."""

    values: Mapping[str, str]
    cost: Decimal
    earlier: Decimal


@dataclass(frozen=True)
class MonthsSpend:
    """What was spent in a month.

    Attributes:
        last_day: The last day of the month that is complete for any account.
        earlier_day: The last day of the month before that is compared.
        currency: The currency of the amounts.
        comparison: The days that are compared, account by account.
        keys: The cost of each key, the greatest first.
        changes: The series that changed most.
        lacking_rows: How many rows are left out because their currency has no rate.
    """

    last_day: date
    earlier_day: date
    currency: str
    comparison: Comparison
    keys: Sequence[Spent]
    changes: Sequence[Change]
    lacking_rows: int


def spend_of_month(
    published: Path, month: date | None, by: str, only: str | None, currency: str, allocation: Allocation
) -> MonthsSpend:
    """Return what was spent in a month up to its last complete day, against the same days of the month before.

    Args:
        published: The folder of published generations.
        month: Any day of the month; the newest month with a complete day by default.
        by: The name of the column, as in `BY`.
        only: The only key that is wanted; all by default.
        currency: The currency of the amounts.
        allocation: The rules of teams, by which the largest changes of teams are found.

    Raises:
        NothingPublished: Nothing is published, or no day of the month is complete.
    """
    coverage = published_coverage(published)
    last_day = _last_day(coverage, month)
    if last_day is None:
        raise NothingPublished(f"No day of {month:%Y-%m} is complete." if month else "No day is complete yet.")
    pairs, generation = month_to_date(last_day), current_generation(published)
    comparison = compare(coverage, pairs)
    with duckdb.connect(config={"threads": 2}) as connection:
        create_macros(connection)
        reading = _Reading(
            connection,
            _create_days(connection, comparison),
            _create_rates(connection, generation, currency),
            {"column": BY[by][1], "only": only, "currency": currency},
        )
        rows = reading.keys(_files(generation, BY[by][0], last_day))
        if by == "team":
            lines = reading.lines_of_teams(_files(generation, "cost", last_day), allocation)
        else:
            lines = reading.lines(_files(generation, "cost_by_meter" if by == "meter" else "cost", last_day))
        changes = reading.changes(lines, SERIES_OF_METERS if by == "meter" else SERIES_OF_COST)
    wanted = [row for row in rows if only is None or row[0] == only]
    keys, lacking_rows = [Spent(*row[:-1]) for row in wanted], sum(row[-1] for row in wanted)
    return MonthsSpend(last_day, pairs[-1].earlier, currency, comparison, keys, changes, lacking_rows)


@dataclass(frozen=True)
class _Reading:
    """A connection with the compared days and the rates, and the parameters of the statements that read by them."""

    connection: duckdb.DuckDBPyConnection
    days: ComparedDays
    rates: ShownRates
    given: Mapping[str, str | None]

    def keys(self, files: Sequence[str]) -> list[tuple[str, Decimal, Decimal, int]]:
        """Return each key with its cost in both periods and the number of rows without rate."""
        return execute(
            self.connection, "published/spend_by", self.days, self.rates, files=list(files), **self.given
        ).fetchall()

    def lines(self, files: Sequence[str]) -> SpendLines:
        """Create the rows of the compared days."""
        execute(self.connection, "published/spend_lines", self.days, files=list(files))
        return SpendLines()

    def lines_of_teams(self, files: Sequence[str], allocation: Allocation) -> SpendLines:
        """Create the cost rows of the compared days with their teams."""
        execute(self.connection, "published/compared_cost", self.days, files=list(files))
        execute(self.connection, "published/no_usage")
        days = create_days(
            self.connection, {day for (day,) in execute(self.connection, "version/cost_days").fetchall()}
        )
        teams = create_team_lines(self.connection, days, create_cost_lines(self.connection, days), allocation)
        execute(self.connection, "published/spend_lines_of_teams", teams)
        return SpendLines()

    def changes(self, lines: SpendLines, series: Sequence[str]) -> list[Change]:
        """Return the series that changed most."""
        given = {**self.given, "series": list(series), "most": MOST_CHANGES}
        found = execute(self.connection, "published/spend_changes", lines, self.days, self.rates, **given)
        *names, _, _ = [column[0] for column in found.description]
        return [
            Change(dict(zip(names, values, strict=True)), cost, earlier) for *values, cost, earlier in found.fetchall()
        ]


def _last_day(coverage: Coverage, month: date | None) -> date | None:
    """Return the last complete day of any account, in `month` if one is given."""
    lasts = [span.window.days for spans in coverage.values() for span in spans if span.is_complete]
    days = {day for of_span in lasts for day in of_span}
    return max((day for day in days if month is None or day.replace(day=1) == month.replace(day=1)), default=None)


def _create_days(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> ComparedDays:
    rows = [
        (account_id, day, is_current)
        for account_id, pairs in comparison.days.items()
        for pair in pairs
        for day, is_current in ((pair.day, True), (pair.earlier, False))
    ]
    return create_temp_table(connection, ComparedDays(), ("account_id", "usage_date", "is_current"), rows)


def _create_rates(connection: duckdb.DuckDBPyConnection, generation: Path, currency: str) -> ShownRates:
    shown = published_currency(generation, currency)
    return create_temp_table(connection, ShownRates(), RATE_COLUMNS, sorted(shown.units_per_usd.items()))


def _files(generation: Path, table: str, last_day: date) -> list[str]:
    """Return the files of the month and of the month before."""
    months = {f"{last_day:%Y-%m}", f"{last_day.replace(day=1) - timedelta(days=1):%Y-%m}"}
    files = files_of(generation, table)
    return [str(file) for file in files if file.stem in months] or [str(files[-1])]
