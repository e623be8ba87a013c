"""Loading: landing files into typed rows, each changed window replaced whole, in one transaction.

The only step that turns JSON into rows. Money is not interpreted here, only read exactly. Which windows stand where
two grains overlap is decided in `grain`, what is doubtful about rows is noted by `load_findings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, groupby
from typing import Any, ClassVar

import duckdb

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.integrations.windows import ONE_DAY, Window, day_window, elapsed_days, month_window
from usage_assets.landing.accounts import Account
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.pricing.names import canonical_model
from usage_assets.warehouse.accounts import replace_accounts
from usage_assets.warehouse.invariants import assert_invariant
from usage_assets.warehouse.load_findings import record_load_findings
from usage_assets.warehouse.overlaps import settle
from usage_assets.warehouse.restatement import record_replaced
from usage_assets.warehouse.row_reading import reading_parameters
from usage_assets.warehouse.stale_days import Span, record_stale_spans
from usage_assets.warehouse.statements import TempTable, execute, statement
from usage_assets.warehouse.temp_tables import create_temp_table
from usage_assets.warehouse.users import update_users

ROWS_AT_ONCE = 200_000
LONGEST_WINDOW = timedelta(days=31)
LoadedState = tuple[str, bool, int]
WINDOW_COLUMNS = (
    "account_id",
    "integration",
    "report",
    "window_start",
    "window_end",
    "filename",
    "lines_before",
    "sha256",
    "is_final",
    "fetched_at",
)


@dataclass(frozen=True)
class WindowsToLoad(TempTable):
    """The windows that are loaded or replaced."""

    name: ClassVar[str] = "windows_to_load"


@dataclass(frozen=True)
class ModelNames(TempTable):
    """The canonical name of each model id of a load."""

    name: ClassVar[str] = "model_names"


@dataclass(frozen=True)
class LoadReport:
    """What a load changed."""

    windows: int
    waiting: int
    rows: int
    rejected: int
    dropped: int
    duplicates: int


def load(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profiles: Profiles,
    accounts: Iterable[Account],
    days: Iterable[date],
    now: datetime,
) -> LoadReport:
    """Loads every pending window, and those of `days` that differ from what was loaded before.

    Args:
        connection: a connection inside a transaction.
        landing: where the windows lie.
        profiles: how each integration is read.
        accounts: the account list as last seen.
        days: the days that were asked for; pending windows are loaded whatever their days.
        now: the time of loading, UTC.

    Raises:
        InvariantViolated: two loaded windows share a day.
    """
    replace_accounts(connection, accounts)
    wanted = _landed({*landing.pending(), *_keys_of(landing, days), *_all_if_empty(connection, landing)}, landing)
    loaded = loaded_states(connection, wanted)
    settled = settle(wanted, loaded, landing, profiles)
    landed = _landed(sorted(settled.standing), landing)
    to_load = [manifest for manifest in landed.values() if not is_loaded(manifest, loaded)]
    if to_load or settled.giving_way:
        _replace_windows(connection, landing, profiles, to_load, settled.giving_way, now)
    return _report(connection, len(to_load), len(wanted.keys() - settled.standing))


def _all_if_empty(connection: duckdb.DuckDBPyConnection, landing: Landing) -> list[WindowKey]:
    """Return every landed window if the warehouse is empty, so that a new file is filled from landing alone."""
    if execute(connection, "load/any_load").fetchall():
        return []
    accounts = sorted({account_id for account_id, _ in landing.reports()})
    return [manifest.key for account_id in accounts for manifest in landing.manifests(account_id)]


def _keys_of(landing: Landing, days: Iterable[date]) -> Iterable[WindowKey]:
    windows = {window for day in days for window in (day_window(day), month_window(day))}
    for account_id, report in landing.reports():
        for window in windows:
            yield WindowKey(account_id, report, window.start, window.end)


def _landed(keys: Iterable[WindowKey], landing: Landing) -> dict[WindowKey, Manifest]:
    return {key: manifest for key in keys if (manifest := landing.manifest(key)) is not None}


def windows_shown(connection: duckdb.DuckDBPyConnection, landing: Landing, profiles: Profiles) -> list[WindowKey]:
    """Returns the pending windows of which the tables show all there is to show: as they lie there, or waiting."""
    landed = _landed(landing.pending(), landing)
    loaded = loaded_states(connection, landed)
    standing = settle(landed, loaded, landing, profiles).standing
    return [key for key in landing.pending() if key not in standing or is_loaded(landed.get(key), loaded)]


def is_loaded(manifest: Manifest | None, loaded: Mapping[WindowKey, LoadedState]) -> bool:
    """Returns whether the tables already show what landed: same content, same finality, same elapsed days."""
    return manifest is None or loaded.get(manifest.key) == (
        manifest.sha256,
        manifest.is_final,
        manifest.elapsed_days,
    )


def loaded_states(connection: duckdb.DuckDBPyConnection, keys: Iterable[WindowKey]) -> dict[WindowKey, LoadedState]:
    """Returns content hash, finality and elapsed days of every window that is loaded in the months of `keys`."""
    months = [month_window(key.window_start) for key in keys]
    if not months:
        return {}
    loaded = connection.execute(
        "select account_id, report, window_start, window_end, sha256, is_final, fetched_at from loads"
        " where window_start >= ? and window_start < ?",
        [min(months).start, max(months).end],
    ).fetchall()
    return {
        WindowKey(account_id, report, start, end): (
            sha256,
            final,
            elapsed_days(Window(start, end), fetched_at),
        )
        for account_id, report, start, end, sha256, final, fetched_at in loaded
    }


def _replace_windows(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profiles: Profiles,
    manifests: list[Manifest],
    giving_way: Iterable[WindowKey],
    now: datetime,
) -> None:
    rows = _window_rows(landing, manifests)
    # Lines are numbered as they come, one after the other: a second thread would cost a third more and save no time.
    connection.execute("set threads = 1")
    _name_windows(connection, [*rows, *map(_key_row, giving_way)])
    bounds = _bounds(connection)
    record_stale_spans(connection, _window_spans(connection, bounds))
    record_replaced(connection, bounds, now)
    connection.execute(statement("load/delete_usage"), bounds)
    for table in ("rejected_rows", "findings", "loads"):
        connection.execute(statement(f"load/delete_{table}"))
    for batch in batches(manifests):
        _name_windows(connection, _window_rows(landing, batch))
        _insert_rows(connection, landing, profiles.of(batch[0].integration), batch, now)
    _name_windows(connection, rows)
    record_stale_spans(connection, _window_spans(connection, bounds))
    assert_invariant(connection, "windows_loaded_twice", first_day=bounds["first_day"] - LONGEST_WINDOW)
    connection.execute("reset threads")


def _window_spans(connection: duckdb.DuckDBPyConnection, bounds: dict[str, date]) -> list[Span]:
    return execute(connection, "load/window_spans", WindowsToLoad(), **bounds).fetchall()


def batches(manifests: Iterable[Manifest]) -> Iterator[list[Manifest]]:
    """Yields windows of one integration that are loaded together: so many rows that memory does not follow history.

    A window is never parted, so a batch is larger where a single window is.
    """
    ordered = sorted(manifests, key=lambda one: (one.integration, one.window_start, one.account_id, one.report))
    for _, group in groupby(ordered, key=lambda one: one.integration):
        batch, rows = list[Manifest](), 0
        for manifest in group:
            if batch and rows + manifest.rows > ROWS_AT_ONCE:
                yield batch
                batch, rows = [], 0
            batch.append(manifest)
            rows += manifest.rows
        yield batch


def _name_windows(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    lines = [[row.get(column) for column in WINDOW_COLUMNS] for row in rows]
    create_temp_table(connection, WindowsToLoad(), WINDOW_COLUMNS, lines)


def _bounds(connection: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Returns the days in which rows of these windows start: the first, and the one beyond the last."""
    first_day, beyond = connection.execute("select min(window_start), max(window_end) from windows_to_load").fetchall()[
        0
    ]
    return {"first_day": first_day, "beyond": beyond}


def _window_rows(landing: Landing, manifests: list[Manifest]) -> list[dict[str, Any]]:
    """Returns a line for each window, with how many rows of the windows before it are read before its own."""
    ends = accumulate(manifest.rows for manifest in manifests)
    return [
        _window_row(manifest, str(landing.data_path(manifest)), end - manifest.rows)
        for manifest, end in zip(manifests, ends, strict=True)
    ]


def _window_row(manifest: Manifest, filename: str, lines_before: int) -> dict[str, Any]:
    return {
        **_key_row(manifest.key),
        "integration": manifest.integration,
        "filename": filename,
        "lines_before": lines_before,
        "sha256": manifest.sha256,
        "is_final": manifest.is_final,
        "fetched_at": manifest.fetched_at.replace(tzinfo=None),
    }


def _key_row(key: WindowKey) -> dict[str, Any]:
    return {
        "account_id": key.account_id,
        "report": key.report,
        "window_start": key.window_start,
        "window_end": key.window_end,
    }


def _insert_rows(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profile: Profile,
    manifests: list[Manifest],
    now: datetime,
) -> None:
    files = [str(landing.data_path(manifest)) for manifest in manifests]
    connection.execute(statement("load/stage"), {"files": files, **reading_parameters(profile)})
    if any(manifest.window_end > manifest.window_start + ONE_DAY for manifest in manifests):
        connection.execute(statement("load/order_staged"))
    connection.execute(statement("load/duplicates"))
    if connection.execute("select 1 from duplicates limit 1").fetchall():
        connection.execute(statement("load/delete_duplicates"))
    connection.execute(statement("load/valid_rows"))
    update_users(connection)
    _name_models(connection)
    connection.execute(statement("load/insert_usage"))
    connection.execute(statement("stale/record_long_spans"))
    if connection.execute("select 1 from staged where reason is not null limit 1").fetchall():
        # The files are read once more for the few lines, so that none has to be carried through the load.
        connection.execute(statement("load/insert_rejected"), {"files": files, "now": now.replace(tzinfo=None)})
    connection.execute(statement("load/insert_loads"), {"integration": profile.name, "now": now.replace(tzinfo=None)})
    record_load_findings(connection, profile)


def _name_models(connection: duckdb.DuckDBPyConnection) -> None:
    given = connection.execute("select distinct model_id from valid_rows where model_id is not null").fetchall()
    names = [(model_id, canonical_model(model_id)) for (model_id,) in given]
    create_temp_table(connection, ModelNames(), ["model_id", "model"], names)


def _report(connection: duckdb.DuckDBPyConnection, windows: int, waiting: int) -> LoadReport:
    if windows == 0:
        return LoadReport(0, waiting, 0, 0, 0, 0)
    rows, dropped, duplicates = connection.execute(
        "select sum(usage_rows)::bigint, sum(dropped_rows)::bigint, sum(duplicate_rows)::bigint from loads"
        " semi join windows_to_load using (account_id, report, window_start, window_end)"
    ).fetchall()[0]
    rejected = connection.execute(
        "select count(*) from rejected_rows"
        " semi join windows_to_load using (account_id, report, window_start, window_end)"
    ).fetchall()[0][0]
    return LoadReport(windows, waiting, rows, rejected, dropped, duplicates)
