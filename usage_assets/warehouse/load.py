"""Load landing files into `usage`: replace all rows of every changed window, in one transaction.

This is the only step that parses rows. It reads money exactly and leaves its interpretation to `derive`. `load_plan`
decides which windows are loaded; `sql/load/README.md` lists the code that exists only for speed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from usage_assets.account_rules import AccountRules
from usage_assets.integrations.profiles import Profiles
from usage_assets.landing.accounts import Account
from usage_assets.landing.store import Landing
from usage_assets.warehouse.account_rules import apply_account_rules
from usage_assets.warehouse.accounts import replace_accounts
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.invariants import assert_invariant
from usage_assets.warehouse.load_batch import BatchFailed, Unloadable, WindowsDamaged, batches, load_batch
from usage_assets.warehouse.load_plan import LoadPlan, plan_load, set_aside, windows_of_days
from usage_assets.warehouse.load_windows import LoadWindows, create_load_windows
from usage_assets.warehouse.publications import is_behind
from usage_assets.warehouse.restatement import record_replaced_windows
from usage_assets.warehouse.stale_days import LOADED, record_stale_days, record_stale_spans
from usage_assets.warehouse.statements import execute
from usage_assets.warehouse.unloadable import LoadFailed, find_unloadable

LONGEST_WINDOW = timedelta(days=31)
MOST_FAILURES = 20
NOTHING_UNLOADABLE = Unloadable()


@dataclass(frozen=True)
class LoadReport:
    """The result of a load: loaded and waiting windows, and the rows of the loaded windows by outcome."""

    windows: int = 0
    waiting: int = 0
    rows: int = 0
    rejected: int = 0
    dropped: int = 0
    duplicates: int = 0


def load_landed(
    warehouse: Warehouse,
    landing: Landing,
    profiles: Profiles,
    accounts: Sequence[Account],
    days: Collection[date],
    now: datetime,
    rules: AccountRules,
) -> LoadReport:
    """Load in a transaction of its own, as `load` does, and apply the user's `accounts.csv` to what is loaded then.

    What cannot be loaded is set aside, and the rest is loaded:
    a row that a step fails over is rejected, a window of which nothing can be loaded keeps its earlier rows, and the
    file of a damaged window is moved to the quarantine, so that the window is fetched again.

    Raises:
        InvariantViolated: Two loaded windows of one account and report share a day.
        LoadFailed: Each attempt failed over another window, or over none.
    """
    unloadable, failures = Unloadable(), 0
    while failures < MOST_FAILURES:
        try:
            with warehouse.transaction() as connection:
                report = load(connection, landing, profiles, accounts, days, now, unloadable)
                apply_account_rules(connection, rules)
                return report
        except WindowsDamaged as error:
            # A file that is whole again was replaced by a fetch meanwhile.
            moved = {key: reason for key, reason in error.reasons.items() if landing.quarantine(key)}
            unloadable |= Unloadable(windows=moved)
            failures += not moved
        except BatchFailed as error:
            unloadable |= find_unloadable(landing, profiles, error.manifests, unloadable, error.__cause__)
            failures += 1
    raise LoadFailed(
        f"The load failed {MOST_FAILURES} times, each time over other windows: look at the check windows_set_aside."
    )


def load(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profiles: Profiles,
    accounts: Iterable[Account],
    days: Iterable[date],
    now: datetime,
    unloadable: Unloadable = NOTHING_UNLOADABLE,
) -> LoadReport:
    """Load the pending windows and the windows of `days`, except those already loaded with their landed content.

    A warehouse that is empty, or not the one that was published last, gets every landed window that it lacks, so
    landing alone is enough to replace a warehouse file.

    Args:
        connection: A connection inside a transaction.
        landing: The landing folder.
        profiles: The rules for reading the rows of each integration.
        accounts: The current account list.
        days: The requested days; pending windows are loaded in any case.
        now: The time of loading, UTC.
        unloadable: The rows to reject and the windows to leave as they are, because earlier attempts failed over them.

    Raises:
        InvariantViolated: Two loaded windows of one account and report share a day.
        WindowsDamaged: Landing files are not those that were written.
        BatchFailed: A step failed over the rows of a batch.
    """
    replace_accounts(connection, accounts)
    set_aside(connection, landing, unloadable.windows, now)
    pending, is_restored = set(landing.pending()), is_behind(connection, landing)
    windows = {*pending, *windows_of_days(landing, days)}
    if is_restored or not execute(connection, "load/any_load").fetchall():
        windows |= {*landing.windows()}
    plan = plan_load(connection, landing, profiles, windows)
    if not (plan.to_load or plan.replaced):
        return LoadReport(waiting=plan.waiting)
    keys = [*(manifest.key for manifest in plan.to_load), *plan.replaced]
    load_windows = create_load_windows(connection, keys)
    connection.execute("set threads = 1")  # speed
    _remove_rows(connection, load_windows, now)
    for batch in batches(plan.to_load):
        load_batch(connection, landing, profiles.of(batch[0].integration), batch, unloadable, now)
    connection.execute("reset threads")
    _record_stale_days(connection, load_windows)
    # A file that was removed or restored gets its windows anew, which explains no month with fewer rows.
    changed = [key for key in keys if not is_restored or key in pending]
    record_stale_days(connection, [LOADED], {day for key in changed for day in key.window.days})
    assert_invariant(connection, "windows_loaded_twice", first_day=load_windows.first_day - LONGEST_WINDOW)
    return _report(connection, plan, load_windows)


def _remove_rows(connection: duckdb.DuckDBPyConnection, load_windows: LoadWindows, now: datetime) -> None:
    """Remove everything that earlier loads wrote for these windows; mark its days as stale."""
    _record_stale_days(connection, load_windows)
    record_replaced_windows(connection, load_windows, now)
    execute(connection, "load/delete_usage", load_windows, **load_windows.bounds)
    for table in ("rejected_rows", "findings", "outside_rows", "set_aside", "loads"):
        execute(connection, f"load/delete_{table}", load_windows)


def _record_stale_days(connection: duckdb.DuckDBPyConnection, load_windows: LoadWindows) -> None:
    spans = execute(connection, "load/window_spans", load_windows, **load_windows.bounds).fetchall()
    record_stale_spans(connection, spans)


def _report(connection: duckdb.DuckDBPyConnection, plan: LoadPlan, load_windows: LoadWindows) -> LoadReport:
    [rows_by_outcome] = execute(connection, "load/report", load_windows).fetchall()
    return LoadReport(len(plan.to_load), plan.waiting, *rows_by_outcome)
