"""Decide which windows are loaded: compare landed windows with the table `loads`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from usage_assets.integrations.profiles import Profiles
from usage_assets.integrations.windows import Window, day_window, elapsed_days, month_window
from usage_assets.landing.manifest import BrokenManifest, LoadState, Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.warehouse.overlaps import overlapping_windows, resolve_overlaps
from usage_assets.warehouse.statements import execute


@dataclass(frozen=True)
class LoadPlan:
    """The windows to load, the loaded windows to remove, and the number of windows that wait for others."""

    to_load: list[Manifest]
    replaced: frozenset[WindowKey]
    waiting: int


def plan_load(
    connection: duckdb.DuckDBPyConnection, landing: Landing, profiles: Profiles, requested: Iterable[WindowKey]
) -> LoadPlan:
    """Return the plan to load those `requested` windows that have landed. Each manifest is read once."""
    wanted = _read_manifests(landing, requested)
    loaded = load_states(connection, wanted.keys())
    overlapping = overlapping_windows(wanted.keys(), loaded.keys()) - wanted.keys()
    landed = {**wanted, **_read_manifests(landing, overlapping)}
    resolution = resolve_overlaps(wanted.keys(), loaded.keys(), landed, profiles)
    active = [landed[key] for key in sorted(resolution.active)]
    left = windows_set_aside(connection)
    return LoadPlan(
        to_load=[
            manifest
            for manifest in active
            if manifest.load_state != loaded.get(manifest.key) and (manifest.key, manifest.sha256) not in left
        ],
        replaced=resolution.replaced,
        waiting=len(wanted.keys() - resolution.active),
    )


def up_to_date_windows(
    connection: duckdb.DuckDBPyConnection, landing: Landing, profiles: Profiles
) -> dict[WindowKey, LoadState | None]:
    """Return the pending windows that need no load now: already loaded, or waiting for other windows.

    Each has the load state that this is true of; None if nothing has landed that can be read.
    """
    states = {key: landing.load_state(key) for key in landing.pending()}
    to_load = {manifest.key for manifest in plan_load(connection, landing, profiles, states).to_load}
    return {key: state for key, state in states.items() if key not in to_load}


def windows_of_days(landing: Landing, days: Iterable[date]) -> set[WindowKey]:
    """Return the windows, by day and by month, that may have landed for `days`."""
    windows = {window for day in days for window in (day_window(day), month_window(day))}
    return {
        WindowKey(account_id, report, window.start, window.end)
        for account_id, report in landing.reports()
        for window in windows
    }


def load_states(connection: duckdb.DuckDBPyConnection, keys: Collection[WindowKey]) -> dict[WindowKey, LoadState]:
    """Return the load state of every window that is loaded in the months of `keys`."""
    if not keys:
        return {}
    months = [month_window(key.window_start) for key in keys]
    loads = execute(connection, "load/load_states", first_day=min(months).start, end_day=max(months).end).fetchall()
    return {
        WindowKey(account_id, report, start, end): LoadState(
            sha256, is_final, elapsed_days(Window(start, end), fetched_at)
        )
        for account_id, report, start, end, sha256, is_final, fetched_at in loads
    }


def set_aside(
    connection: duckdb.DuckDBPyConnection, landing: Landing, windows: Mapping[WindowKey, str], now: datetime
) -> None:
    """Record windows of which nothing can be loaded, each with the reason; they keep their earlier rows.

    Args:
        connection: A connection inside a transaction.
        landing: The landing folder.
        windows: The reason against each window.
        now: The time, UTC.
    """
    for key, reason in windows.items():
        manifest = landing.readable_manifest(key)
        execute(
            connection,
            "load/insert_set_aside",
            account_id=key.account_id,
            report=key.report,
            window_start=key.window_start,
            window_end=key.window_end,
            sha256=manifest.sha256 if manifest else None,
            reason=reason,
            now=now.replace(tzinfo=None),
        )


def windows_set_aside(connection: duckdb.DuckDBPyConnection) -> set[tuple[WindowKey, str | None]]:
    """Return the windows of which nothing can be loaded, with the hash of the content that this is true of."""
    rows = execute(connection, "load/set_aside").fetchall()
    return {(WindowKey(account_id, report, start, end), sha256) for account_id, report, start, end, sha256 in rows}


def _read_manifests(landing: Landing, keys: Iterable[WindowKey]) -> dict[WindowKey, Manifest]:
    return {key: manifest for key in keys if (manifest := _manifest_or_quarantine(landing, key)) is not None}


def _manifest_or_quarantine(landing: Landing, key: WindowKey) -> Manifest | None:
    """Return a manifest; a broken one costs its own window, which is missing from now on and is fetched again."""
    try:
        return landing.manifest(key)
    except BrokenManifest:
        landing.quarantine(key)
        return None
