"""A cell of an aggregate: its filters, the table that holds it, and its facts, read from the warehouse."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import duckdb

from usage_assets.explanation.facts import BasisSum, CellFacts, Contributor, CostRow, CurrencySums, DaySums, printable
from usage_assets.explanation.teams import create_applied_team_lines, shares_by_line, team_shares_of
from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.statements import TempTable

FILTERS = {
    "account_id": "account",
    "provider": "provider",
    "model": "model",
    "surface": "surface",
    "user_key": "user",
    "team": "team",
}
MAX_VALUES = 20
MAX_CONTRIBUTORS = 5


@dataclass(frozen=True)
class MatchingRows(TempTable):
    """The cost rows of a cell."""

    name = "matching"


class NoCost(NothingLoaded):
    """A cell has no cost row; the text names the filter that excludes all rows, and values that have cost."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A range of days and the values to filter cost rows by; None is no filter."""

    first_day: date
    last_day: date
    account_id: str | None = None
    provider: str | None = None
    model: str | None = None
    surface: str | None = None
    user_key: str | None = None
    team: str | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The columns that filter, with their values."""
        return {column: value for column in FILTERS if (value := getattr(self, column)) is not None}

    @property
    def table(self) -> str | None:
        """The coarsest aggregate that has every filtered column, None if no aggregate has."""
        columns = self.filters.keys() - {"account_id"}
        having = [name for name, table in AGGREGATES.items() if columns <= set(table.dimensions)]
        return min(having, key=lambda name: len(AGGREGATES[name].dimensions), default=None)

    @property
    def days(self) -> str:
        """The days as text."""
        return str(self.first_day) if self.first_day == self.last_day else f"{self.first_day} to {self.last_day}"

    def __str__(self) -> str:
        return ", ".join([self.days, *(f"{FILTERS[column]} {value}" for column, value in self.filters.items())])


def read_cell(warehouse: Warehouse, cell: Cell, max_rows: int | None) -> CellFacts:
    """Return the facts of `cell`.

    Args:
        warehouse: The warehouse, which is locked only during the call.
        cell: The cell.
        max_rows: The number of cost rows to read, costliest first; None reads all.

    Raises:
        NoCost: The cell has no cost row.
        NothingLoaded: The warehouse has no tables.
        LockHeld: The warehouse is being written.
    """
    with warehouse.reading() as connection:
        matching = _create_matching(connection, cell)
        sums = _currency_sums(connection, matching)
        if not sums:
            raise NoCost(printable(_why_no_cost(connection, cell)))
        table = _table_of(connection, matching, cell)
        return CellFacts(
            sums=sums,
            day_sums=tuple(DaySums(**day) for day in _fetch(connection, "day_sums", matching)),
            table=table,
            table_sums=_table_sums(connection, cell, table) if table else (),
            stale_days=_stale_days(connection, cell),
            rows=_cost_rows(connection, matching, max_rows),
        )


def _create_matching(connection: duckdb.DuckDBPyConnection, cell: Cell) -> MatchingRows:
    """Create the temp table `matching`; for a cell of a team, its amounts are the parts that the team gets."""
    of_row = {name: value for name, value in asdict(cell).items() if name != "team"}
    connection.execute(_statement("create_matching"), of_row)
    matching = MatchingRows()
    if cell.team is not None:
        days = [day["usage_date"] for day in _fetch(connection, "matching_days", matching)]
        create_applied_team_lines(connection, days)
        connection.execute(_statement("create_team_matching"), {"team": cell.team})
    return matching


def _cost_rows(
    connection: duckdb.DuckDBPyConnection, matching: MatchingRows, max_rows: int | None
) -> tuple[CostRow, ...]:
    rows = _fetch(connection, "cost_rows", matching, max_rows=max_rows)
    shares = shares_by_line(connection) if any(row["team_shares"] for row in rows) else {}
    return tuple(CostRow.of_columns(row, team_shares_of(row["team_shares"], shares)) for row in rows)


def _currency_sums(connection: duckdb.DuckDBPyConnection, matching: MatchingRows) -> tuple[CurrencySums, ...]:
    largest = _fetch(connection, "contributors", matching, max_contributors=MAX_CONTRIBUTORS)
    bases = [BasisSum(**basis) for basis in _fetch(connection, "basis_sums", matching)]
    contributors = [Contributor(**part) for part in largest]
    return tuple(
        CurrencySums(
            **sums,
            bases=tuple(basis for basis in bases if basis.currency == sums["currency"]),
            contributors=tuple(part for part in contributors if part.currency == sums["currency"]),
        )
        for sums in _fetch(connection, "currency_sums", matching)
    )


def _table_of(connection: duckdb.DuckDBPyConnection, matching: MatchingRows, cell: Cell) -> str | None:
    """Return the aggregate of `cell`, None if its model is a raw id: the aggregates know only the model's name."""
    if cell.model is not None:
        [values] = _fetch(connection, "values", matching)
        if any(model.lower() != cell.model.strip().lower() for model in values["model"]):
            return None
    return cell.table


def _table_sums(connection: duckdb.DuckDBPyConnection, cell: Cell, table: str) -> tuple[DaySums, ...]:
    return tuple(DaySums(**sums) for sums in _fetch(connection, "table_sums", table=table, **asdict(cell)))


def _stale_days(connection: duckdb.DuckDBPyConnection, cell: Cell) -> frozenset[tuple[str, date]]:
    days = _fetch(connection, "stale_days", first_day=cell.first_day, last_day=cell.last_day)
    return frozenset((stale["table_name"], stale["usage_date"]) for stale in days)


def _why_no_cost(connection: duckdb.DuckDBPyConnection, cell: Cell) -> str:
    """Return a sentence that names the first filter that excludes all rows."""
    wider = Cell(first_day=cell.first_day, last_day=cell.last_day)
    matching = _create_matching(connection, wider)
    if not _fetch(connection, "day_sums", matching):
        return _no_such_day(connection, cell)
    for column, value in cell.filters.items():
        [values] = _fetch(connection, "values", matching)
        changes: dict[str, Any] = {column: value}
        narrower = replace(wider, **changes)
        matching = _create_matching(connection, narrower)
        if not _fetch(connection, "day_sums", matching):
            found = _listed(column, values.get(column, []))
            return f"{FILTERS[column].capitalize()} {value} has no cost on {wider}; {found}."
        wider = narrower
    raise AssertionError("the cell has no cost row, but no filter excludes all rows")


def _no_such_day(connection: duckdb.DuckDBPyConnection, cell: Cell) -> str:
    [days] = _fetch(connection, "cost_days")
    if days["first_day"] is None:
        return f"There is no cost on {cell.days}: the warehouse holds no cost yet, run `usage-assets sync`."
    return f"There is no cost on {cell.days}: the warehouse holds cost from {days['first_day']} to {days['last_day']}."


def _listed(column: str, values: list[str]) -> str:
    if column == "user_key":
        return "see `cost_by_user` for the users who have"
    if column == "team":
        return "see `cost_by_team` for the teams that have"
    more = f" and {len(values) - MAX_VALUES} more" if len(values) > MAX_VALUES else ""
    return f"there is cost of {', '.join(values[:MAX_VALUES])}{more}"


def _fetch(
    connection: duckdb.DuckDBPyConnection, name: str, *inputs: TempTable, **parameters: Any
) -> list[dict[str, Any]]:
    """Return the rows of `sql/{name}.sql`, which reads the temp tables `inputs`."""
    statement = _statement(name)
    if {table.name for table in inputs} != {"matching"}.intersection(statement.split()):
        raise AssertionError(f"{name}.sql does not read exactly the temp tables in {inputs}")
    result = connection.execute(statement, parameters)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


@cache
def _statement(name: str) -> str:
    return resources.files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
