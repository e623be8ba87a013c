"""What the UI shows of a table: its columns with their meaning, where each comes from, and how many rows there are.

Columns and meanings come from `warehouse.schema`, origins from `warehouse.lineage`.
"""

from __future__ import annotations

from typing import Any

import dagster as dg
import duckdb

from usage_assets.warehouse.lineage import LINEAGE
from usage_assets.warehouse.schema import columns_of


def documented(table: str) -> dict[str, Any]:
    """Returns an asset's metadata: its columns, their origins and its table name.

    The open-source UI shows no column lineage of its own, so each column's description names its origins too.
    """
    origins = LINEAGE.get(table, {})
    columns = [
        dg.TableColumn(
            column.name,
            column.type,
            description=_with_origins(column.meaning, origins.get(column.name, [])),
            constraints=dg.TableColumnConstraints(nullable=column.is_nullable),
        )
        for column in columns_of(table)
    ]
    return {
        "dagster/column_schema": dg.TableSchema(columns),
        "dagster/column_lineage": dg.TableColumnLineage({name: _deps(given) for name, given in origins.items()}),
        "dagster/table_name": f"usage.main.{table}",
    }


def row_counts(warehouse: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """Returns how many rows `table` holds, under the name the UI looks for."""
    count = warehouse.table(table).count("*").fetchall()[0][0]
    return {"dagster/row_count": dg.MetadataValue.int(count)}


def _deps(origins: list[str]) -> list[dg.TableColumnDep]:
    pairs = (origin.split(".", maxsplit=1) for origin in origins)
    return [dg.TableColumnDep(asset_key=dg.AssetKey(table), column_name=column) for table, column in pairs]


def _with_origins(meaning: str, origins: list[str]) -> str:
    return f"{meaning} (from {', '.join(origins)})" if origins else meaning
