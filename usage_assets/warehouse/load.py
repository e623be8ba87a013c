"""Loading: landing files into typed rows, each changed window replaced whole, in one transaction.

The only step that turns JSON into rows. Money is not interpreted here, only read exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from usage_assets.integrations.profiles import COUNTS, Profile, Profiles
from usage_assets.integrations.windows import Window, day_window, elapsed_days, month_window
from usage_assets.landing.accounts import Account
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.warehouse.statements import statement

LoadedState = tuple[str, bool, int]


@dataclass(frozen=True)
class LoadReport:
    """What a load changed."""

    windows: int
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
    """
    _replace_accounts(connection, accounts)
    manifests = _to_load(connection, landing, days)
    if manifests:
        _replace_windows(connection, landing, profiles, manifests, now)
    return _report(connection, len(manifests))


def _to_load(connection: duckdb.DuckDBPyConnection, landing: Landing, days: Iterable[date]) -> list[Manifest]:
    loaded = loaded_states(connection)
    wanted = {*landing.pending(), *_keys_of(landing, days)}
    manifests = (landing.manifest(key) for key in sorted(wanted))
    return [m for m in manifests if m is not None and not is_loaded(m, loaded)]


def _keys_of(landing: Landing, days: Iterable[date]) -> Iterable[WindowKey]:
    windows = {window for day in days for window in (day_window(day), month_window(day))}
    for account_id, report in landing.reports():
        for window in windows:
            yield WindowKey(account_id, report, window.start, window.end)


def is_loaded(manifest: Manifest | None, loaded: Mapping[WindowKey, LoadedState]) -> bool:
    """Returns whether the tables already show what landed: same content, same finality, same elapsed days."""
    return manifest is None or loaded.get(manifest.key) == (
        manifest.sha256,
        manifest.is_final,
        manifest.elapsed_days,
    )


def loaded_states(connection: duckdb.DuckDBPyConnection) -> dict[WindowKey, LoadedState]:
    """Returns of every loaded window its content's hash, whether it was final, and its elapsed days."""
    loaded = connection.execute(
        "select account_id, report, window_start, window_end, sha256, is_final, fetched_at from loads"
    ).fetchall()
    return {
        WindowKey(account_id, report, start, end): (
            sha256,
            final,
            elapsed_days(Window(start, end), fetched_at),
        )
        for account_id, report, start, end, sha256, final, fetched_at in loaded
    }


def _replace_accounts(connection: duckdb.DuckDBPyConnection, accounts: Iterable[Account]) -> None:
    connection.execute("delete from accounts")
    rows = [
        [
            one.account_id, one.integration, one.tenant_id, one.status, one.is_sandbox, _naive(one.connected_at),
            _naive(one.first_seen_at), _naive(one.last_seen_at), _naive(one.deleted_at),
        ]
        for one in accounts
    ]  # fmt: skip
    if rows:
        connection.executemany("insert into accounts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _replace_windows(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profiles: Profiles,
    manifests: list[Manifest],
    now: datetime,
) -> None:
    _name_windows(connection, landing, manifests)
    connection.execute(statement("load/note_stale_days"))
    for table in ("usage", "rejected_rows"):
        connection.execute(statement(f"load/delete_{table}"))
    connection.execute(statement("load/delete_loads"))
    for integration in sorted({manifest.integration for manifest in manifests}):
        of_it = [manifest for manifest in manifests if manifest.integration == integration]
        _insert_rows(connection, landing, profiles.of(integration), of_it, now)
    connection.execute(statement("load/note_stale_days"))


def _name_windows(connection: duckdb.DuckDBPyConnection, landing: Landing, manifests: list[Manifest]) -> None:
    rows, lines_before = list[dict[str, Any]](), dict[str, int]()
    for manifest in manifests:
        before = lines_before.get(manifest.integration, 0)
        rows.append(_window_row(manifest, str(landing.data_path(manifest)), before))
        lines_before[manifest.integration] = before + manifest.rows
    connection.register("windows_given", pa.Table.from_pylist(rows))
    connection.execute("create or replace temp table windows_to_load as select * from windows_given")
    connection.unregister("windows_given")


def _window_row(manifest: Manifest, filename: str, lines_before: int) -> dict[str, Any]:
    return {
        "account_id": manifest.account_id,
        "integration": manifest.integration,
        "report": manifest.report,
        "window_start": manifest.window_start,
        "window_end": manifest.window_end,
        "filename": filename,
        "lines_before": lines_before,
        "sha256": manifest.sha256,
        "is_final": manifest.is_final,
        "fetched_at": _naive(manifest.fetched_at),
    }


def _insert_rows(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    profile: Profile,
    manifests: list[Manifest],
    now: datetime,
) -> None:
    files = [str(landing.data_path(manifest)) for manifest in manifests]
    connection.execute(statement("load/stage"), {"files": files, **_reading(profile)})
    connection.execute(statement("load/key"))
    connection.execute(statement("load/drop_duplicates"))
    connection.execute(statement("load/users"))
    connection.execute(statement("load/delete_users"))
    connection.execute(statement("load/insert_users"))
    connection.execute(statement("load/insert_usage"))
    connection.execute(statement("load/insert_rejected"), {"files": files, "now": _naive(now)})
    connection.execute(statement("load/insert_loads"), {"integration": profile.name, "now": _naive(now)})


def _reading(profile: Profile) -> dict[str, Any]:
    paths = {f"{count}_paths": [f"$.{path}" for path in profile.tokens.get(count, [])] for count in COUNTS}
    return {
        **paths,
        "vendor": profile.vendor or profile.name,
        "currency": profile.currency,
        "end_is_inclusive": profile.row_end == "inclusive",
        "input_includes_cache": profile.input_includes_cache,
    }


def _report(connection: duckdb.DuckDBPyConnection, windows: int) -> LoadReport:
    if windows == 0:
        return LoadReport(0, 0, 0, 0, 0)
    rows, dropped, duplicates = connection.execute(
        "select sum(usage_rows)::bigint, sum(dropped_rows)::bigint, sum(duplicate_rows)::bigint from loads"
        " semi join windows_to_load using (account_id, report, window_start, window_end)"
    ).fetchall()[0]
    rejected = connection.execute(
        "select count(*) from rejected_rows"
        " semi join windows_to_load using (account_id, report, window_start, window_end)"
    ).fetchall()[0][0]
    return LoadReport(windows, rows, rejected, dropped, duplicates)


def _naive(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=None) if moment else None
