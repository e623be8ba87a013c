"""Stage a batch of landing files: typed rows, without duplicates, and a view of the valid rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import duckdb

from usage_assets.warehouse.load_windows import BadLines, BatchFiles, BatchWindows
from usage_assets.warehouse.row_reading import RowReading
from usage_assets.warehouse.statements import TempTable, execute


@dataclass(frozen=True)
class Staged(TempTable):
    """The rows of a batch, with the numbers of dropped and rejected rows. Key: window_number, file_row."""

    name: ClassVar[str] = "staged"
    dropped_rows: int = 0
    rejected_rows: int = 0

    @property
    def has_unloaded_rows(self) -> bool:
        """Whether a row belongs to another window or is rejected."""
        return bool(self.dropped_rows or self.rejected_rows)


@dataclass(frozen=True)
class Duplicates(TempTable):
    """The rows left out because another row of their file has the same `usage_key`. Key: window_number, file_row."""

    name: ClassVar[str] = "duplicates"
    rows: int = 0


@dataclass(frozen=True)
class ValidRows(TempTable):
    """The staged rows to load, as a view. Key: usage_key."""

    name: ClassVar[str] = "valid_rows"


def stage_rows(
    connection: duckdb.DuckDBPyConnection,
    windows: BatchWindows,
    files: BatchFiles,
    bad_lines: BadLines,
    reading: RowReading,
) -> Staged:
    """Create the temp table `staged` from the files of `windows`, in the order of their days."""
    execute(connection, "load/stage", windows, files, bad_lines, files=files.paths, **reading.parameters)
    if windows.has_months:
        execute(connection, "load/order_staged", Staged())
    return _counted(connection)


def _counted(connection: duckdb.DuckDBPyConnection) -> Staged:
    """Return the handle with the numbers of rows, after rows with numbers too large to add up are rejected."""
    [(dropped_rows, rejected_rows, has_large_numbers)] = execute(connection, "load/unloaded_rows", Staged()).fetchall()
    if has_large_numbers:
        execute(connection, "load/reject_large_rows", Staged())
        [(dropped_rows, rejected_rows, _)] = execute(connection, "load/unloaded_rows", Staged()).fetchall()
    return Staged(dropped_rows, rejected_rows)


def remove_duplicates(connection: duckdb.DuckDBPyConnection, staged: Staged) -> Duplicates:
    """Create the temp table `duplicates` and remove its rows from `staged`."""
    [(count,)] = execute(connection, "load/duplicates", staged).fetchall()
    if count:
        execute(connection, "load/delete_duplicates", staged, Duplicates())
    return Duplicates(count)


def create_valid_rows(connection: duckdb.DuckDBPyConnection, staged: Staged) -> ValidRows:
    """Create the view `valid_rows`."""
    execute(connection, "load/valid_rows", staged)
    return ValidRows()
