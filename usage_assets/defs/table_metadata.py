"""What the UI shows of a table: its columns, read from the schema files, and its row count."""

from __future__ import annotations

import re
from typing import Any

import dagster as dg
import duckdb

from usage_assets.warehouse.statements import statement

COLUMN = re.compile(r"^    (\w+) (.+?)( not null)?,?$", re.MULTILINE)


def columns_of(table: str) -> list[tuple[str, str, bool]]:
    """Returns name, type and whether it may be NULL of each column of `table`."""
    return [(name, kind, not required) for name, kind, required in COLUMN.findall(statement(f"schema/{table}"))]


def documented(table: str) -> dict[str, Any]:
    """Returns an asset's metadata: its column schema and table name."""
    columns = [
        dg.TableColumn(name, kind, constraints=dg.TableColumnConstraints(nullable=nullable))
        for name, kind, nullable in columns_of(table)
    ]
    return {"dagster/column_schema": dg.TableSchema(columns), "dagster/table_name": f"usage.main.{table}"}


def row_counts(warehouse: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """Returns how many rows `table` holds, under the name the UI looks for."""
    count = warehouse.table(table).count("*").fetchall()[0][0]
    return {"dagster/row_count": dg.MetadataValue.int(count)}
