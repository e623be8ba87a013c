"""Upgrade the tables of a warehouse file to the schema version of this program.

An empty file gets the current schema. An older file gets the missing scripts of `migrations/`, in order. A new table is
created, and all days of a table that depends on `cost` become stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import duckdb

from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.errors import IncompleteWarehouse, NewerWarehouse, WarehouseUnreadable
from usage_assets.warehouse.schema import (
    Column,
    comment_on_columns,
    create_schema,
    create_table,
    described_columns,
    read_columns,
)
from usage_assets.warehouse.stale_days import record_stale_days
from usage_assets.warehouse.statements import execute
from usage_assets.warehouse.tables import BOOKKEEPING, INSIGHTS, TABLES

WAY_OUT = "run `usage-assets rebuild`, which moves that file aside and loads every landed window into a new one"


@dataclass(frozen=True)
class SchemaVersion:
    """The version of a file's tables, and their names, bookkeeping tables included."""

    number: int
    tables: frozenset[str]


@cache
def migrations() -> tuple[str, ...]:
    """Return the names of the migration scripts in order."""
    folder = resources.files(__package__).joinpath("migrations")
    return tuple(sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql")))


def current_version() -> SchemaVersion:
    """Return the version that this program writes."""
    return SchemaVersion(len(migrations()), frozenset([*TABLES, *BOOKKEEPING]))


def held_version(connection: duckdb.DuckDBPyConnection) -> SchemaVersion | None:
    """Return the version of the open file; its number is 0 for tables without a version. None means no tables."""
    try:
        [(number, tables)] = execute(connection, "version/held").fetchall()
    except duckdb.CatalogException:
        return SchemaVersion(0, frozenset()) if execute(connection, "version/has_tables").fetchall() else None
    return SchemaVersion(number, frozenset(tables))


def is_current(held: SchemaVersion | None) -> bool:
    """Return whether a file of this version needs no upgrade."""
    current = current_version()
    return held is not None and held.number == current.number and held.tables >= current.tables


def upgrade(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Upgrade the open file to the current version, in one transaction, unless it has that version.

    Raises:
        NewerWarehouse: A newer program wrote the file.
    """
    held = held_version(connection)
    if is_current(held):
        return
    _refuse_newer(held, path)
    connection.execute("begin")
    if held is None:
        create_schema(connection)
    else:
        _migrate(connection, held, path)
    _record_current_version(connection)
    connection.execute("commit")


def _refuse_newer(held: SchemaVersion | None, path: Path) -> None:
    """Refuse the file of a newer program.

    Raises:
        NewerWarehouse: The file's version is higher than the versions that this program knows.
    """
    current = current_version().number
    if held is not None and held.number > current:
        raise NewerWarehouse(
            f"The warehouse {path} has schema version {held.number} and this usage-assets knows versions up to "
            f"{current}: install the newer usage-assets that wrote it."
        )


def _migrate(connection: duckdb.DuckDBPyConnection, held: SchemaVersion, path: Path) -> None:
    try:
        for name in migrations()[held.number :]:
            connection.execute(_script(name))
        _add_tables(connection)
        comment_on_columns(connection)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise IncompleteWarehouse(
            f"The warehouse {path} cannot be upgraded from schema version {held.number} to "
            f"{current_version().number} ({str(error).splitlines()[0]}): {WAY_OUT}."
        ) from error


def _script(name: str) -> str:
    return resources.files(__package__).joinpath("migrations", name).read_text(encoding="utf-8")


def _add_tables(connection: duckdb.DuckDBPyConnection) -> None:
    held = {name for (name,) in execute(connection, "version/tables").fetchall()}
    missing = [table for table in [*TABLES, *BOOKKEEPING] if table not in held]
    for table in missing:
        create_table(connection, table)
    stale = [table for table in (*COST_DEPENDENTS, *INSIGHTS) if table in missing]
    days = [day for (day,) in execute(connection, "version/cost_days").fetchall()]
    record_stale_days(connection, stale, days)


def _record_current_version(connection: duckdb.DuckDBPyConnection) -> None:
    execute(connection, "version/delete")
    execute(connection, "version/insert", version=current_version().number, tables=[*TABLES, *BOOKKEEPING])


@contextmanager
def explaining_missing_parts(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Raise an error that names all missing tables and columns, if a statement of the block fails because of one.

    Comparing all columns takes longer than most reads, so it happens only after a failure.

    Raises:
        IncompleteWarehouse: The file lacks a part that its version has.
        WarehouseUnreadable: DuckDB cannot read a part of the file.
    """
    try:
        yield
    except duckdb.IOException as error:
        if path.name not in str(error):  # a landing file, for example
            raise
        raise WarehouseUnreadable(
            f"The warehouse {path} is damaged ({str(error).splitlines()[0]}): {WAY_OUT}."
        ) from error
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        with suppress(duckdb.TransactionException):  # a reading connection has no transaction
            connection.rollback()
        missing = missing_parts(read_columns(connection))
        if missing:
            raise IncompleteWarehouse(
                f"The warehouse {path} has schema version {current_version().number} but lacks "
                f"{', '.join(missing)}: {WAY_OUT}."
            ) from error
        raise


def missing_parts(held: Iterable[Column]) -> list[str]:
    """Return the tables and columns that the current schema has and `held` lacks, as `table` or `table.column`."""
    names = {(column.table, column.name) for column in held}
    tables = {table for table, _ in names}
    lacking = [column for column in described_columns() if (column.table, column.name) not in names]
    return list(dict.fromkeys(f"{c.table}.{c.name}" if c.table in tables else c.table for c in lacking))
