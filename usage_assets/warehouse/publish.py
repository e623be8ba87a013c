"""Publish a complete generation of Parquet files, and make it current by replacing one symlink.

Readers resolve `published/current` once. The file of an unchanged month is a hard link to the previous file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from usage_assets.integrations.profiles import Profiles
from usage_assets.integrations.windows import month_window
from usage_assets.landing.store import Landing
from usage_assets.landing.whole_files import sync_folder
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.derive import derived_windows
from usage_assets.warehouse.publications import (
    last_publication,
    name_publication,
    published_rows,
    record_publication,
    refuse_fewer_rows,
    refuse_lacking_windows,
)
from usage_assets.warehouse.stale_days import LOADED, PUBLISHED, forget_stale_days, published_name, stale_days
from usage_assets.warehouse.tables import MONTHLY_TABLES, NOT_PUBLISHED, WHOLE_TABLES
from usage_assets.warehouse.user_lists import loaded_lists

GENERATIONS_KEPT = 2
EMPTY_MONTH = date(1970, 1, 1)


def publish_derived(
    warehouse: Warehouse,
    landing: Landing,
    profiles: Profiles,
    published: Path,
    days: Iterable[date],
    users: Landing | None = None,
) -> Path:
    """Publish in a transaction of its own, and forget the pending windows and lists of users that are derived.

    Args:
        warehouse: The warehouse.
        landing: The landing folder of usage windows.
        profiles: The profiles of all integrations.
        published: The folder of published generations.
        days: The requested days.
        users: The landing folder of the lists of users, if there are any.

    Raises:
        ShrunkMonth: A month has fewer rows than the published one, and no window of it was loaded since.
    """
    with warehouse.transaction() as connection:
        folder = publish(connection, published, days)
        derived = derived_windows(connection, landing, profiles)
        lists = loaded_lists(connection, users) if users else {}
        publication = last_publication(connection)
    record_publication(landing, publication)
    landing.forget_pending(derived)
    if users:
        users.forget_pending(lists)
    return folder


def publish(connection: duckdb.DuckDBPyConnection, published: Path, days: Iterable[date]) -> Path:
    """Write a new generation: months of `days` and of stale days from the tables, other months as links.

    Returns:
        The folder of the generation, which `current` now points to.

    Raises:
        ShrunkMonth: A month has fewer rows than the published one, and no window of it was loaded since, or it lacks a
            window whose landing file was damaged.
    """
    current = published / "current"
    before = current.resolve() if current.exists() else None
    rows_before = published_rows(connection, before) if before else None
    if rows_before is None:
        before = None  # every month is written from the tables
    else:
        refuse_lacking_windows(connection, rows_before, current)
        refuse_fewer_rows(connection, rows_before, current)
    generation = _next_generation(published)
    arriving = published / f".{generation}.arriving"
    shutil.rmtree(arriving, ignore_errors=True)
    changed = _months_of((*days, *stale_days(connection, PUBLISHED)))
    for table in MONTHLY_TABLES:
        own = _months_of(stale_days(connection, published_name(table)))
        _publish_months(connection, table, changed | own, arriving / table, before and before / table)
    for table in WHOLE_TABLES:
        _copy(_published_rows(connection, table), arriving / f"{table}.parquet")
    _sync(arriving)
    arriving.rename(published / generation)
    _swap(published, generation)
    _sweep(published)
    for name in (PUBLISHED, LOADED, *map(published_name, MONTHLY_TABLES)):
        forget_stale_days(connection, name)
    name_publication(connection)
    return published / generation


def _months_of(days: Iterable[date]) -> set[str]:
    return {f"{day:%Y-%m}" for day in days}


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
    sync_folder(published)


def _sync(folder: Path) -> None:
    """Write the new files of a generation to disk; links to older files are there already."""
    for path in folder.rglob("*.parquet"):
        if path.stat().st_nlink == 1:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for inner in (*(path for path in folder.iterdir() if path.is_dir()), folder):
        sync_folder(inner)


def _sweep(published: Path) -> None:
    for old in _generations(published)[:-GENERATIONS_KEPT]:
        shutil.rmtree(old)
