"""Puts the definitions together; `sync` and tests swap the source of usage."""

from __future__ import annotations

import dagster as dg

from usage_assets.defs.assets import DERIVED
from usage_assets.defs.checks import CHECKS
from usage_assets.defs.ingestion import raw_usage
from usage_assets.defs.resources import Environment, TrutoApi, UsageSource
from usage_assets.defs.schedules import daily_usage, fetch_job
from usage_assets.defs.sensors import landed_usage, new_accounts


def build_definitions(usage_source: UsageSource | None = None) -> dg.Definitions:
    """Returns all definitions; without `usage_source`, usage is fetched from the API."""
    return dg.Definitions(
        assets=[raw_usage, *DERIVED],
        asset_checks=CHECKS,
        jobs=[fetch_job],
        sensors=[new_accounts, landed_usage],
        schedules=[daily_usage],
        resources={"project": Environment(), "usage_source": usage_source or TrutoApi()},
        executor=dg.in_process_executor,
    )
