"""A code location: one project with the names, partitions and source of usage of its Dagster objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import dagster as dg

from usage_assets.defs.naming import Naming
from usage_assets.defs.partitions import Partitions
from usage_assets.defs.resources import UsageSource
from usage_assets.project import Project


@dataclass(frozen=True)
class CodeLocation:
    """The inputs of every asset, check, sensor and schedule of one project."""

    project: Project
    source: UsageSource
    naming: Naming
    partitions: Partitions

    def today(self) -> date:
        """Return the current day in UTC."""
        return self.project.now().date()

    def account_order(self, instance: dg.DagsterInstance) -> list[str]:
        """Return the account partitions of `instance` in their order."""
        return list(instance.get_dynamic_partitions(self.partitions.accounts_name))
