"""Record findings about the rows of a load, per window; data checks report them until the window is loaded again.

`data_checks` declares the checks and their severity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import duckdb

from usage_assets.integrations.profiles import Profile
from usage_assets.truto.display_text import single_line, truncate
from usage_assets.warehouse.load_windows import BatchWindows
from usage_assets.warehouse.staging import Duplicates, Staged, ValidRows
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table
from usage_assets.warehouse.unread_fields import InspectedRow, unknown_tokens

FIELD_COLUMNS = ("window_number", "subject", "affected_rows", "tokens")
LONGEST_PATH = 200


@dataclass(frozen=True)
class UnloadedChargeSums(TempTable):
    """The billed cost of rows that are not loaded, duplicates too. Key: window_number, file_row, currency."""

    name: ClassVar[str] = "unloaded_charge_sums"


@dataclass(frozen=True)
class UnknownFields(TempTable):
    """Fields that look like token counts and that no path reads. Key: window_number, subject."""

    name: ClassVar[str] = "unknown_fields"


@dataclass(frozen=True)
class RepairedWindows(TempTable):
    """Windows with rows that were repaired before they were read. Key: window_number."""

    name: ClassVar[str] = "repaired_windows"


def record_load_findings(
    connection: duckdb.DuckDBPyConnection,
    windows: BatchWindows,
    staged: Staged,
    duplicates: Duplicates,
    valid_rows: ValidRows,
    inspected: Sequence[InspectedRow],
    profile: Profile,
) -> None:
    """Record the findings about a batch of one integration."""
    execute(connection, "load/findings", valid_rows)
    if duplicates.rows or staged.has_unloaded_rows:
        sums = _create_unloaded_charge_sums(connection, staged, duplicates, profile)
        execute(connection, "load/differing_duplicates", staged, duplicates, sums)
        execute(connection, "load/unloaded_row_findings", staged, sums)
        execute(connection, "load/insert_outside_rows", staged, sums)
    _record_unknown_tokens(connection, windows, inspected)
    _record_repairs(connection, windows)


def _create_unloaded_charge_sums(
    connection: duckdb.DuckDBPyConnection, staged: Staged, duplicates: Duplicates, profile: Profile
) -> UnloadedChargeSums:
    execute(
        connection,
        "load/unloaded_charge_sums",
        staged,
        duplicates,
        leading_charge=profile.leading_charge,
        reduction_sign=profile.reduction_sign,
    )
    return UnloadedChargeSums()


def _record_unknown_tokens(
    connection: duckdb.DuckDBPyConnection, windows: BatchWindows, inspected: Sequence[InspectedRow]
) -> None:
    rows = [
        (window, truncate(single_line(path), LONGEST_PATH), affected_rows, tokens)
        for window, path, affected_rows, tokens in unknown_tokens(inspected)
    ]
    if rows:
        fields = create_temp_table(connection, UnknownFields(), FIELD_COLUMNS, rows)
        execute(connection, "load/insert_unknown_fields", fields, windows)


def _record_repairs(connection: duckdb.DuckDBPyConnection, windows: BatchWindows) -> None:
    rows = [
        (number, window.repaired_rows)
        for number, window in enumerate(windows.readable, start=1)
        if window.repaired_rows
    ]
    if rows:
        repaired = create_temp_table(connection, RepairedWindows(), ("window_number", "affected_rows"), rows)
        execute(connection, "load/insert_repaired_windows", repaired, windows)
