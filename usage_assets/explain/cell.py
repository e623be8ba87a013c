"""What was asked for: one cell of an aggregate. Finds its cost rows, and the table that holds it too.

The statements are in `warehouse/sql/explain/`; what the rows mean is said in `explanation`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import duckdb

from usage_assets.explain.facts import BasisSum, CellFacts, CurrencySums, TableSums, cost_row
from usage_assets.explain.said import printable
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.statements import statement

FILTERS = {
    "account_id": "account",
    "provider": "provider",
    "model": "model",
    "surface": "surface",
    "user_key": "user",
}
FINEST = {"model": "cost_by_model", "surface": "cost_by_surface", "user_key": "cost_by_user"}
KEYS = {
    "cost_by_model": ("account_id", "provider", "model"),
    "cost_by_surface": ("account_id", "provider", "surface"),
    "cost_by_user": ("account_id", "provider", "user_key"),
    "cost_by_provider": ("account_id", "provider"),
    "cost_by_account": ("account_id",),
}
VALUES_SHOWN = 20


class NoCostThere(NothingLoaded):
    """A cell has no cost row; the text says which filter leaves nothing, and what there is instead."""


@dataclass(frozen=True)
class Cell:
    """A day, and the values its rows must have; None asks for all."""

    usage_date: date
    account_id: str | None = None
    provider: str | None = None
    model: str | None = None
    surface: str | None = None
    user_key: str | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The columns that were asked for, with their values."""
        return {column: value for column in FILTERS if (value := getattr(self, column)) is not None}

    @property
    def table(self) -> str | None:
        """The aggregate with such a cell, None where none has all of these columns."""
        finest = [column for column in FINEST if column in self.filters]
        if len(finest) > 1:
            return None
        if finest:
            return FINEST[finest[0]]
        return "cost_by_provider" if self.provider is not None else "cost_by_account"

    def __str__(self) -> str:
        asked = [f"{FILTERS[column]} {printable(value)}" for column, value in self.filters.items()]
        return ", ".join([str(self.usage_date), *asked])


def read_cell(warehouse: Warehouse, cell: Cell, cost_rows: int | None) -> CellFacts:
    """Returns what the warehouse holds about `cell`; of its cost rows at most so many, the costliest first.

    Raises:
        NoCostThere: there is no such row.
        NothingLoaded: there are no tables.
        LockHeld: the warehouse is being written.
    """
    with warehouse.reading() as connection:
        connection.execute(statement("explain/matching"), asdict(cell))
        sums = [CurrencySums(**one) for one in _found(connection, "sums")]
        if not sums:
            raise NoCostThere(_why_nothing(connection, cell))
        table = _table(connection, cell)
        return CellFacts(
            sums=sums,
            bases=[BasisSum(**one) for one in _found(connection, "bases")],
            table=table,
            table_sums=_table_sums(connection, cell, table) if table else [],
            behind=[one["table_name"] for one in _found(connection, "behind", usage_date=cell.usage_date)],
            rows=[cost_row(one) for one in _found(connection, "rows", cost_rows=cost_rows)],
        )


def _table(connection: duckdb.DuckDBPyConnection, cell: Cell) -> str | None:
    """The aggregate with the cell; none if the model was asked for by an id of which the tables know only the name."""
    if cell.model is not None:
        asked = cell.model.strip().lower()
        if any(one["model"].lower() != asked for one in _found(connection, "values_of_model")):
            return None
    return cell.table


def _table_sums(connection: duckdb.DuckDBPyConnection, cell: Cell, table: str) -> list[TableSums]:
    key = {column: getattr(cell, column) for column in KEYS[table]}
    return [TableSums(**one) for one in _found(connection, f"of_{table}", usage_date=cell.usage_date, **key)]


def _why_nothing(connection: duckdb.DuckDBPyConnection, cell: Cell) -> str:
    """Narrows the day filter by filter until nothing is left; what was there before that is what could be asked."""
    narrowed = Cell(cell.usage_date)
    connection.execute(statement("explain/matching"), asdict(narrowed))
    if not _found(connection, "sums"):
        return _no_such_day(connection, cell.usage_date)
    for column, value in cell.filters.items():
        before = [one[column] for one in _found(connection, f"values_of_{column}")]
        changes: dict[str, Any] = {column: value}
        wider, narrowed = narrowed, replace(narrowed, **changes)
        connection.execute(statement("explain/matching"), asdict(narrowed))
        if not _found(connection, "sums"):
            return f"No cost on {wider} is of {FILTERS[column]} {printable(value)}; there it is of: {_listed(before)}."
    raise AssertionError("every filter alone leaves rows, and so do all together")


def _no_such_day(connection: duckdb.DuckDBPyConnection, day: date) -> str:
    [held] = _found(connection, "days_held")
    if held["first_day"] is None:
        return f"No cost on {day}: the warehouse holds no cost yet, run `usage-assets sync`."
    return f"No cost on {day}: the warehouse holds cost from {held['first_day']} to {held['last_day']}."


def _listed(values: list[str]) -> str:
    more = f" and {len(values) - VALUES_SHOWN} more" if len(values) > VALUES_SHOWN else ""
    return ", ".join(map(printable, values[:VALUES_SHOWN])) + more


def _found(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> list[dict[str, Any]]:
    result = connection.execute(statement(f"explain/{name}"), parameters)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
