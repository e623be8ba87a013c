"""Build the Dagster definitions of one project."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import dagster as dg

from usage_assets.defs.assets import build_assets
from usage_assets.defs.checks import build_checks
from usage_assets.defs.landing_checks import build_landing_checks
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.naming import Naming
from usage_assets.defs.partitions import partitions_from
from usage_assets.defs.resources import TrutoSource, UsageSource, connect_by_dagster
from usage_assets.defs.run_locks import run_lock_key, run_lock_resource
from usage_assets.defs.schedules import build_daily_usage, build_fetch_job, build_hourly_refresh, build_refresh_job
from usage_assets.defs.sensors import build_landed_usage, build_new_accounts
from usage_assets.project import Project


def build_definitions(
    project: Project,
    *,
    source: UsageSource | None = None,
    key_prefix: str | Sequence[str] = (),
    group_prefix: str = "",
) -> dg.Definitions:
    """Return all definitions of `project`.

    Args:
        project: The project whose data the assets work on.
        source: The source of usage; the API by default.
        key_prefix: Prefix of every asset key, and of the names of jobs, sensors, schedules and partitions.
        group_prefix: Prefix of the name of every asset group.
    """
    location = code_location(project, source=source, key_prefix=key_prefix, group_prefix=group_prefix)
    with warnings.catch_warnings():
        # Ranged runs need `backfill_policy`, for which Dagster logs a beta warning per asset.
        warnings.simplefilter("ignore", dg.BetaWarning)
        fetch_job, refresh_job = build_fetch_job(location), build_refresh_job(location)
        return dg.Definitions(
            assets=build_assets(location),
            asset_checks=[*build_checks(location), build_landing_checks(location)],
            jobs=[fetch_job, refresh_job],
            sensors=[build_new_accounts(location), build_landed_usage(location)],
            schedules=[build_daily_usage(location, fetch_job), build_hourly_refresh(location, refresh_job)],
            resources={run_lock_key(location.naming): run_lock_resource(location.project)},
            executor=dg.in_process_executor,
        )


def code_location(
    project: Project,
    *,
    source: UsageSource | None = None,
    key_prefix: str | Sequence[str] = (),
    group_prefix: str = "",
) -> CodeLocation:
    """Return the code location of `project`; Dagster's DuckDB resource opens its warehouse."""
    connected = replace(project, connect=project.connect or connect_by_dagster)
    prefix = (key_prefix,) if isinstance(key_prefix, str) else tuple(key_prefix)
    naming = Naming(tuple(part for part in prefix if part), group_prefix)
    return CodeLocation(connected, source or TrutoSource(connected), naming, partitions_from(project.first_day, naming))
