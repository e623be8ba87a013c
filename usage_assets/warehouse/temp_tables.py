"""Create a temporary table from Python rows; `sql/inputs/NAME.sql` defines its columns.

Rows are passed as list parameters, not as Arrow, because `pyarrow.table()` imports pandas: 0.6 s in each process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import duckdb

from usage_assets.warehouse.statements import TempTable, execute

Table = TypeVar("Table", bound=TempTable)


def create_temp_table(
    connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Table:
    """Create `table` and return its handle.

    Args:
        connection: An open connection.
        table: The handle, which names the table.
        columns: The columns, in the order of each row's values.
        rows: The rows; decimals keep every digit.
    """
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    lists = {column: _exact(given) for column, given in zip(columns, values, strict=True)}
    execute(connection, f"inputs/{table.name}", **lists)
    return table


def _exact(values: Sequence[Any]) -> list[Any]:
    # DuckDB gives a list of decimals the type of a single element and rounds the others.
    if Decimal not in set(map(type, values)):
        return list(values)
    return [f"{value:f}" if isinstance(value, Decimal) else value for value in values]
