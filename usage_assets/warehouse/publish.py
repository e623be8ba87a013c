"""Publishing: a complete generation of Parquet files, swapped in by one symlink.

Readers open `published/current/`; a month that did not change is a hard link to the file before.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.derive import PUBLISHED
from usage_assets.warehouse.stale_days import stale_days

MONTHLY_TABLES = {
    "cost": "usage_date",
    **dict.fromkeys(COST_DEPENDENTS, "usage_date"),
    "restatements": "window_start",
}
WHOLE_TABLES = ("accounts", "users", "loads", "prices")
GENERATIONS_KEPT = 2
EMPTY_MONTH = "1970-01"
MONTH = duckdb.ConstantExpression("%Y-%m")


def publish(connection: duckdb.DuckDBPyConnection, published: Path, days: Iterable[date]) -> Path:
    """Writes a new generation: the months of `days` and of stale days anew, the others as they were.

    Returns:
        The folder of the generation, which `current` names from now on.
    """
    stale = stale_days(connection, PUBLISHED)
    current = published / "current"
    before = current.resolve() if current.exists() else None
    generation = _next_generation(published)
    arriving = published / f".{generation}.arriving"
    shutil.rmtree(arriving, ignore_errors=True)
    for table, column in MONTHLY_TABLES.items():
        _publish_months(connection, table, column, {*days, *stale}, arriving / table, before and before / table)
    for table in WHOLE_TABLES:
        _copy(connection.table(table), arriving / f"{table}.parquet")
    arriving.rename(published / generation)
    _swap(published, generation)
    _sweep(published)
    connection.execute("delete from bookkeeping.stale_days where table_name = ?", [PUBLISHED])
    return published / generation


def _publish_months(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    column: str,
    days: set[date],
    folder: Path,
    before: Path | None,
) -> None:
    folder.mkdir(parents=True)
    touched = {f"{day:%Y-%m}" for day in days}
    held = connection.table(table).project(f"strftime({column}, '%Y-%m')").distinct().fetchall()
    # A table without a row is a file without a row: whoever reads it finds its columns.
    for month in sorted({month for (month,) in held} or {max(touched, default=EMPTY_MONTH)}):
        file = folder / f"{month}.parquet"
        unchanged = before / file.name if before and month not in touched else None
        if unchanged is not None and unchanged.exists():
            file.hardlink_to(unchanged)
        else:
            of_month = duckdb.FunctionExpression("strftime", duckdb.ColumnExpression(column), MONTH)
            _copy(connection.table(table).filter(of_month == duckdb.ConstantExpression(month)).order(column), file)


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
