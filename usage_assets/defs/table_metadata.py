"""What the UI shows of a table: its columns with their meaning, where each comes from, and how many rows there are.

Columns and meanings are read from the schema files, origins from `column_lineage`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb

from usage_assets.defs.column_lineage import LINEAGE
from usage_assets.warehouse.statements import statement

COLUMN = re.compile(r"((?:^    -- .*\n)*)^    (\w+) (.+?)( not null)?,?$", re.MULTILINE)


@dataclass(frozen=True)
class Column:
    """One column of a table, as its schema file has it."""

    name: str
    type: str
    is_nullable: bool
    meaning: str


def columns_of(table: str) -> list[Column]:
    """Returns the columns of `table` in order."""
    found = COLUMN.findall(statement(f"schema/{table}"))
    return [Column(name, kind, not required, _joined(comment)) for comment, name, kind, required in found]


def documented(table: str) -> dict[str, Any]:
    """Returns an asset's metadata: its columns, their origins and its table name.

    The open-source UI shows no column lineage of its own, so each column's description names its origins too.
    """
    origins = LINEAGE.get(table, {})
    columns = [
        dg.TableColumn(
            one.name,
            one.type,
            description=_with_origins(one.meaning, origins.get(one.name, [])),
            constraints=dg.TableColumnConstraints(nullable=one.is_nullable),
        )
        for one in columns_of(table)
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


def _joined(comment: str) -> str:
    return " ".join(line.strip().removeprefix("-- ") for line in comment.splitlines())
