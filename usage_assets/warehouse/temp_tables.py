"""Gives rows of Python to the statements that follow, as a temporary table: `sql/inputs/NAME.sql` says of what columns.

Lists as parameters, not Arrow: `pyarrow.table()` imports pandas, 0.6 s in each process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import duckdb

from usage_assets.warehouse.statements import statement


def create_temp_table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Makes the temp table `name` of `rows`, each a value for every one of `columns`; decimals keep every digit."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    connection.execute(
        statement(f"inputs/{name}"),
        {column: [_exact(value) for value in given] for column, given in zip(columns, values, strict=True)},
    )


def _exact(value: Any) -> Any:
    # A list of decimals would take the type of one of them.
    return f"{value:f}" if isinstance(value, Decimal) else value
