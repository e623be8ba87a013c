"""Publish a complete generation of Parquet files, and make it current by replacing one symlink.

Readers resolve `published/current` once. The file of an unchanged month is a hard link to the previous file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from usage_assets.integrations.windows import month_window
from usage_assets.warehouse.stale_days import PUBLISHED, forget_stale_days, stale_days
from usage_assets.warehouse.tables import MONTHLY_TABLES, NOT_PUBLISHED, WHOLE_TABLES

GENERATIONS_KEPT = 2
EMPTY_MONTH = date(1970, 1, 1)


def publish(connection: duckdb.DuckDBPyConnection, published: Path, days: Iterable[date]) -> Path:
    """Write a new generation: months of `days` and of stale days from the tables, other months as links.

    Returns:
        The folder of the generation, which `current` now points to.
    """
    current = published / "current"
    before = current.resolve() if current.exists() else None
    generation = _next_generation(published)
    arriving = published / f".{generation}.arriving"
    shutil.rmtree(arriving, ignore_errors=True)
    changed = {f"{day:%Y-%m}" for day in (*days, *stale_days(connection, PUBLISHED))}
    for table in MONTHLY_TABLES:
        _publish_months(connection, table, changed, arriving / table, before and before / table)
    for table in WHOLE_TABLES:
        _copy(_published_rows(connection, table), arriving / f"{table}.parquet")
    arriving.rename(published / generation)
    _swap(published, generation)
    _sweep(published)
    forget_stale_days(connection, PUBLISHED)
    return published / generation


def _publish_months(
    connection: duckdb.DuckDBPyConnection, table: str, changed: set[str], folder: Path, before: Path | None
) -> None:
    folder.mkdir(parents=True)
    column = MONTHLY_TABLES[table]
    rows = _published_rows(connection, table)
    held = rows.project(f"date_trunc('month', {column})::date").distinct().fetchall()
    # A table without rows is published as a file without rows, so that readers find its columns.
    for month in sorted({month for (month,) in held}) or [EMPTY_MONTH]:
        name = f"{month:%Y-%m}"
        file = folder / f"{name}.parquet"
        unchanged = before / file.name if before and name not in changed else None
        if unchanged is not None and unchanged.exists():
            file.hardlink_to(unchanged)
        else:
            _copy(rows.filter(_is_in_month(column, month)).order(column), file)


def _is_in_month(column: str, month: date) -> duckdb.Expression:
    day, window = duckdb.ColumnExpression(column), month_window(month)
    return (day >= duckdb.ConstantExpression(window.start)) & (day < duckdb.ConstantExpression(window.end))


def _published_rows(connection: duckdb.DuckDBPyConnection, table: str) -> duckdb.DuckDBPyRelation:
    return connection.table(table).select(duckdb.StarExpression(exclude=NOT_PUBLISHED.get(table, ())))


def _copy(rows: duckdb.DuckDBPyRelation, file: Path) -> None:
    rows.write_parquet(str(file), compression="zstd")


def _next_generation(published: Path) -> str:
    published.mkdir(parents=True, exist_ok=True)
    return f"generation-{max([0, *map(_number, _generations(published))]) + 1:08d}"


def _generations(published: Path) -> list[Path]:
    return sorted(published.glob("generation-*"))


def _number(generation: Path) -> int:
    return int(generation.name.removeprefix("generation-"))


def _swap(published: Path, generation: str) -> None:
    link = published / ".current.arriving"
    link.unlink(missing_ok=True)
    link.symlink_to(generation, target_is_directory=True)
    link.replace(published / "current")


def _sweep(published: Path) -> None:
    for old in _generations(published)[:-GENERATIONS_KEPT]:
        shutil.rmtree(old)
