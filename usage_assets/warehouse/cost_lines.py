"""Create the view of the cost rows that the aggregates sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import duckdb

from usage_assets.warehouse.stale_days import Days
from usage_assets.warehouse.statements import TempTable, execute


@dataclass(frozen=True)
class CostLines(TempTable):
    """The rows of `cost` on the days of a step, with flags for the counts of aggregates, as a view."""

    name: ClassVar[str] = "cost_lines"


def create_cost_lines(connection: duckdb.DuckDBPyConnection, days: Days) -> CostLines:
    """Create the temp view `cost_lines` for `days`."""
    execute(connection, "aggregates/cost_lines", days)
    return CostLines()
