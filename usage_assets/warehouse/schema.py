"""Create the tables of the warehouse and describe their columns.

A file in `sql/schema/` is a short script that creates one table and comments on its columns. These comments are the
only description of a column: the UI shows them, and a test compares `docs/tables.md` with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import duckdb

from usage_assets.warehouse.aggregates import AGGREGATES, COST_BY_METER, DIMENSIONS, LABELS
from usage_assets.warehouse.statements import execute, statement, statement_on
from usage_assets.warehouse.tables import BOOKKEEPING, TABLES


@dataclass(frozen=True)
class Column:
    """A column of a table, as the database describes it."""

    table: str
    name: str
    type: str
    is_nullable: bool
    meaning: str


def create_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Create all tables in a file without tables."""
    execute(connection, "schema/bookkeeping")
    for table in [*TABLES, *BOOKKEEPING]:
        create_table(connection, table)


def create_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Create one table with the comments on its columns."""
    if table not in AGGREGATES or table == COST_BY_METER:
        connection.execute(statement(f"schema/{table}"))
        return
    aggregate = AGGREGATES[table]
    connection.execute(statement_on(table, "schema/aggregate"))
    for column in (*DIMENSIONS, *LABELS):
        if column not in (*aggregate.dimensions, *aggregate.labels):
            connection.execute(statement_on(table, "schema/drop_dimension").replace("dimension", column))


def comment_on_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Set the comments of the current schema on the columns of an older file."""
    for column in described_columns():
        if column.meaning:
            text = column.meaning.replace("'", "''")
            connection.execute(f"comment on column {column.table}.{column.name} is '{text}'")


def columns_of(table: str) -> list[Column]:
    """Return the columns of `table` in order."""
    return [column for column in described_columns() if column.table == table]


@cache
def described_columns() -> tuple[Column, ...]:
    """Return the columns of all tables, from a database in memory; no file is opened."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("begin")  # a single transaction takes a quarter less time
        create_schema(connection)
        return tuple(read_columns(connection))


def read_columns(connection: duckdb.DuckDBPyConnection) -> Iterable[Column]:
    """Return the columns of the open database, table by table; names of bookkeeping tables include their schema."""
    return [Column(*row) for row in execute(connection, "schema/columns").fetchall()]
