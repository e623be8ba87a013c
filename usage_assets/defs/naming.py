"""Names of Dagster objects, with prefixes that make them unique in a shared code location."""

from __future__ import annotations

from dataclasses import dataclass

import dagster as dg


@dataclass(frozen=True)
class Naming:
    """The prefixes of one project's assets, groups, jobs, sensors and run tags; none by default."""

    key_prefix: tuple[str, ...] = ()
    group_prefix: str = ""

    def key(self, table: str) -> dg.AssetKey:
        """Return the asset key of a table."""
        return dg.AssetKey([*self.key_prefix, table])

    def table(self, key: dg.AssetKey) -> str:
        """Return the table of an asset key."""
        return key.path[-1]

    def group(self, name: str) -> str:
        """Return the name of an asset group."""
        return f"{self.group_prefix}{name}"

    def name(self, name: str) -> str:
        """Return the name of a job, sensor, schedule, step or set of partitions."""
        return "_".join([*self.key_prefix, name])
