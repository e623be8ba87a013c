"""Dagster only: partitions, resources, assets, checks, sensors, schedules. No SQL, no HTTP, no parsing."""

import warnings

# Ranged runs stand on backfill_policy, which Dagster calls beta once per asset, before anything a user asked for.
warnings.filterwarnings("ignore", message="Parameter `backfill_policy`")
