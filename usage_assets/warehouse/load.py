"""Load landing files into `usage`: replace all rows of every changed window, in one transaction.

This is the only step that parses rows. It reads money exactly and leaves its interpretation to `derive`. `load_plan`
decides which windows are loaded; `sql/load/README.md` lists the code that exists only for speed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import duckdb

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.landing.accounts import Account
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.warehouse.accounts import replace_accounts
from usage_assets.warehouse.invariants import assert_invariant
from usage_assets.warehouse.load_findings import record_load_findings
from usage_assets.warehouse.load_plan import LoadPlan, plan_load, windows_of_days
from usage_assets.warehouse.load_windows import (
    LoadWindows,
    create_batch_windows,
    create_load_windows,
)
from usage_assets.warehouse.restatement import record_replaced_windows
from usage_assets.warehouse.staging import create_valid_rows, remove_duplicates, stage_rows
from usage_assets.warehouse.stale_days import record_stale_spans
from usage_assets.warehouse.statements import execute
from usage_assets.warehouse.usage_rows import insert_usage
from usage_assets.warehouse.users import update_users

ROWS_PER_BATCH = 200_000
LONGEST_WINDOW = timedelta(days=31)


@dataclass(frozen=True)
class LoadReport:
    """The result of a load: loaded and waiting windows, and the rows of the loaded windows by outcome."""

    windows: int = 0
    waiting: int = 0
    rows: int = 0
    rejected: int = 0
    dropped: int = 0
    duplicates: int = 0


def load(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profiles: Profiles,
    accounts: Iterable[Account],
    days: Iterable[date],
    now: datetime,
) -> LoadReport:
    """Load the pending windows and the windows of `days`, except those already loaded with their landed content.

    An empty warehouse gets every landed window, so landing alone is enough to replace a warehouse file.

    Args:
        connection: A connection inside a transaction.
        landing: The landing folder.
        profiles: The rules for reading the rows of each integration.
        accounts: The current account list.
        days: The requested days; pending windows are loaded in any case.
        now: The time of loading, UTC.

    Raises:
        InvariantViolated: Two loaded windows of one account and report share a day.
    """
    replace_accounts(connection, accounts)
    windows = {*landing.pending(), *windows_of_days(landing, days), *_all_if_empty(connection, landing)}
    plan = plan_load(connection, landing, profiles, windows)
    if not (plan.to_load or plan.replaced):
        return LoadReport(waiting=plan.waiting)
    load_windows = create_load_windows(connection, [*(manifest.key for manifest in plan.to_load), *plan.replaced])
    connection.execute("set threads = 1")  # speed
    _remove_rows(connection, load_windows, now)
    for batch in batches(plan.to_load):
        _load_batch(connection, landing, profiles.of(batch[0].integration), batch, now)
    connection.execute("reset threads")
    _record_stale_days(connection, load_windows)
    assert_invariant(connection, "windows_loaded_twice", first_day=load_windows.first_day - LONGEST_WINDOW)
    return _report(connection, plan, load_windows)


def _all_if_empty(connection: duckdb.DuckDBPyConnection, landing: Landing) -> list[WindowKey]:
    return [] if execute(connection, "load/any_load").fetchall() else landing.windows()


def _remove_rows(connection: duckdb.DuckDBPyConnection, load_windows: LoadWindows, now: datetime) -> None:
    """Remove everything that earlier loads wrote for these windows; mark its days as stale."""
    _record_stale_days(connection, load_windows)
    record_replaced_windows(connection, load_windows, now)
    execute(connection, "load/delete_usage", load_windows, **load_windows.bounds)
    for table in ("rejected_rows", "findings", "loads"):
        execute(connection, f"load/delete_{table}", load_windows)


def _load_batch(
    connection: duckdb.DuckDBPyConnection, landing: Landing, profile: Profile, manifests: list[Manifest], now: datetime
) -> None:
    """Load windows of one integration: landing files → staged rows → valid rows → `usage`."""
    windows = create_batch_windows(connection, landing, manifests)
    staged = stage_rows(connection, windows, profile)
    duplicates = remove_duplicates(connection, staged)
    valid_rows = create_valid_rows(connection, staged)
    insert_usage(connection, valid_rows, update_users(connection, valid_rows))
    loaded_at = now.replace(tzinfo=None)
    if staged.rejected_rows:
        execute(connection, "load/insert_rejected_rows", staged, windows, files=windows.files, now=loaded_at)
    execute(connection, "load/insert_loads", staged, duplicates, windows, now=loaded_at)
    record_load_findings(connection, staged, duplicates, valid_rows, profile)


def batches(manifests: Iterable[Manifest]) -> Iterator[list[Manifest]]:
    """Yield batches of windows of one integration, so that memory does not grow with history.

    A window is never divided: a batch exceeds `ROWS_PER_BATCH` rows only if it is a single window.
    """
    ordered = sorted(
        manifests,
        key=lambda manifest: (manifest.integration, manifest.window_start, manifest.account_id, manifest.report),
    )
    for _, group in groupby(ordered, key=lambda manifest: manifest.integration):
        batch, rows = list[Manifest](), 0
        for manifest in group:
            if batch and rows + manifest.rows > ROWS_PER_BATCH:
                yield batch
                batch, rows = [], 0
            batch.append(manifest)
            rows += manifest.rows
        yield batch


def _record_stale_days(connection: duckdb.DuckDBPyConnection, load_windows: LoadWindows) -> None:
    spans = execute(connection, "load/window_spans", load_windows, **load_windows.bounds).fetchall()
    record_stale_spans(connection, spans)


def _report(connection: duckdb.DuckDBPyConnection, plan: LoadPlan, load_windows: LoadWindows) -> LoadReport:
    [rows_by_outcome] = execute(connection, "load/report", load_windows).fetchall()
    return LoadReport(len(plan.to_load), plan.waiting, *rows_by_outcome)
