"""Runs the queries that look for doubtful data; what a finding means is said where the checks are declared."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from usage_assets.warehouse.statements import statement


@dataclass(frozen=True)
class Doubts:
    """How many findings a check has, and the first of them as column → text."""

    count: int
    examples: list[dict[str, str]]


def find_doubts(connection: duckdb.DuckDBPyConnection, name: str, examples: int) -> Doubts:
    """Returns what `sql/checks/{name}.sql` finds."""
    result = connection.execute(statement(f"checks/{name}"))
    columns = [column[0] for column in result.description]
    rows = result.fetchall()
    return Doubts(len(rows), [dict(zip(columns, map(str, row), strict=True)) for row in rows[:examples]])
