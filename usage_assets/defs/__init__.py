"""Dagster only: partitions, resources, assets, checks, sensors, schedules. No SQL, no HTTP, no parsing."""
