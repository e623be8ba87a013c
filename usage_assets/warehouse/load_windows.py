"""Create temporary tables of the windows of a load, and of the windows, files and unreadable lines of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, ClassVar

import duckdb

from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.warehouse.readable_files import ReadableWindow
from usage_assets.warehouse.statements import TempTable
from usage_assets.warehouse.temp_tables import create_temp_table

KEY_COLUMNS = ("account_id", "report", "window_start", "window_end")
BATCH_COLUMNS = (*KEY_COLUMNS, "integration", "sha256", "is_final", "fetched_at")
FILE_COLUMNS = ("filename", "window_number", "rows_before", "lines_before")
LINE_COLUMNS = ("window_number", "file_row", "reason", "line")


@dataclass(frozen=True)
class LoadWindows(TempTable):
    """Every window that a load replaces or removes; their rows start from `first_day` to the day before `end_day`."""

    name: ClassVar[str] = "load_windows"
    first_day: date
    end_day: date

    @property
    def bounds(self) -> dict[str, date]:
        """The days as parameters of a statement."""
        return {"first_day": self.first_day, "end_day": self.end_day}


@dataclass(frozen=True)
class BatchWindows(TempTable):
    """The windows of one batch, all of one integration, in reading order. Key: window_number, from 1."""

    name: ClassVar[str] = "batch_windows"
    manifests: Sequence[Manifest]
    readable: Sequence[ReadableWindow]

    @property
    def has_months(self) -> bool:
        """Whether a window has several days."""
        return any(len(manifest.key.window.days) > 1 for manifest in self.manifests)


@dataclass(frozen=True)
class BatchFiles(TempTable):
    """The files to read for the windows of a batch, in reading order. Key: filename."""

    name: ClassVar[str] = "batch_files"
    paths: list[str]


@dataclass(frozen=True)
class BadLines(TempTable):
    """The lines of the landing files that cannot be read. Key: window_number, file_row."""

    name: ClassVar[str] = "bad_lines"


def create_load_windows(connection: duckdb.DuckDBPyConnection, keys: Iterable[WindowKey]) -> LoadWindows:
    """Create the temp table `load_windows` for at least one window."""
    rows = [(key.account_id, key.report, key.window_start, key.window_end) for key in keys]
    handle = LoadWindows(min(row[2] for row in rows), max(row[3] for row in rows))
    return create_temp_table(connection, handle, KEY_COLUMNS, rows)


def create_batch_windows(
    connection: duckdb.DuckDBPyConnection, manifests: Sequence[Manifest], readable: Sequence[ReadableWindow]
) -> BatchWindows:
    """Create the temp table `batch_windows`."""
    rows = [_batch_row(manifest) for manifest in manifests]
    return create_temp_table(connection, BatchWindows(manifests, readable), BATCH_COLUMNS, rows)


def create_batch_files(connection: duckdb.DuckDBPyConnection, windows: BatchWindows) -> BatchFiles:
    """Create the temp table `batch_files`, with the number of lines in the files before each file."""
    slices = [(number, file) for number, window in enumerate(windows.readable, start=1) for file in window.slices]
    lines_before = accumulate((file.rows for _, file in slices[:-1]), initial=0)
    rows = [
        (str(file.path), number, file.rows_before, before)
        for (number, file), before in zip(slices, lines_before, strict=True)
    ]
    return create_temp_table(connection, BatchFiles([row[0] for row in rows]), FILE_COLUMNS, rows)


def create_bad_lines(connection: duckdb.DuckDBPyConnection, windows: BatchWindows) -> BadLines:
    """Create the temp table `bad_lines`."""
    rows = [
        (number, file_row, bad.reason, bad.text)
        for number, window in enumerate(windows.readable, start=1)
        for file_row, bad in window.bad_lines.items()
    ]
    return create_temp_table(connection, BadLines(), LINE_COLUMNS, rows)


def _batch_row(manifest: Manifest) -> tuple[Any, ...]:
    return (
        *(manifest.account_id, manifest.report, manifest.window_start, manifest.window_end),
        *(manifest.integration, manifest.sha256, manifest.is_final),
        manifest.fetched_at.replace(tzinfo=None),
    )
