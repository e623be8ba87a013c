"""Create temporary tables of the windows of a load and of a batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, ClassVar

import duckdb

from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.warehouse.statements import TempTable
from usage_assets.warehouse.temp_tables import create_temp_table

KEY_COLUMNS = ("account_id", "report", "window_start", "window_end")
BATCH_COLUMNS = (*KEY_COLUMNS, "integration", "filename", "lines_before", "sha256", "is_final", "fetched_at")


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
    """The windows of one batch, all of one integration, with their landing files in reading order."""

    name: ClassVar[str] = "batch_windows"
    files: list[str]
    has_months: bool


def create_load_windows(connection: duckdb.DuckDBPyConnection, keys: Iterable[WindowKey]) -> LoadWindows:
    """Create the temp table `load_windows` for at least one window."""
    rows = [(key.account_id, key.report, key.window_start, key.window_end) for key in keys]
    handle = LoadWindows(min(row[2] for row in rows), max(row[3] for row in rows))
    return create_temp_table(connection, handle, KEY_COLUMNS, rows)


def create_batch_windows(
    connection: duckdb.DuckDBPyConnection, landing: Landing, manifests: list[Manifest]
) -> BatchWindows:
    """Create the temp table `batch_windows`, with the number of lines in the files before each window."""
    files = [str(landing.data_path(manifest)) for manifest in manifests]
    lines_before = accumulate((manifest.rows for manifest in manifests[:-1]), initial=0)
    rows = [_batch_row(*window) for window in zip(manifests, files, lines_before, strict=True)]
    has_months = any(len(manifest.key.window.days) > 1 for manifest in manifests)
    return create_temp_table(connection, BatchWindows(files, has_months), BATCH_COLUMNS, rows)


def _batch_row(manifest: Manifest, file: str, lines_before: int) -> tuple[Any, ...]:
    return (
        *(manifest.account_id, manifest.report, manifest.window_start, manifest.window_end),
        *(manifest.integration, file, lines_before, manifest.sha256, manifest.is_final),
        manifest.fetched_at.replace(tzinfo=None),
    )
