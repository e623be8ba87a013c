"""Dagster only: assets, checks, partitions, resources, run requests, sensors and schedules. No SQL, HTTP or parsing.

`build.build_definitions(project)` makes all of it for one project; nothing is defined at import.
"""
