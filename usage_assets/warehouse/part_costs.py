"""Price the parts of usage rows, and part the charges of a row over its parts.

A part is one of the models that a row lists; most rows have one. It is priced by its meters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.pricing.meters import count_meters
from usage_assets.warehouse.charges import ChargeSums
from usage_assets.warehouse.stale_days import StartDays
from usage_assets.warehouse.statements import TempTable, execute


@dataclass(frozen=True)
class PartEstimates(TempTable):
    """The estimate of each part of the usage rows of a step that have meters. Key: usage_row, part."""

    name: ClassVar[str] = "part_estimates"


@dataclass(frozen=True)
class PartCharges(TempTable):
    """The charges of each part of rows of several parts. Key: usage_row, part, currency."""

    name: ClassVar[str] = "part_charges"


def create_part_estimates(
    connection: duckdb.DuckDBPyConnection, start_days: StartDays, *, first_day: date
) -> PartEstimates:
    """Create the temp table `part_estimates` for the usage rows that touch a day from `first_day`.

    Args:
        connection: A connection inside a transaction.
        start_days: The days on which these usage rows start.
        first_day: The first day of the derive step.
    """
    execute(connection, "cost/part_estimates", start_days, first_day=first_day, count_meters=list(count_meters()))
    return PartEstimates()


def create_part_charges(
    connection: duckdb.DuckDBPyConnection, estimates: PartEstimates, charge_sums: ChargeSums
) -> PartCharges:
    """Create the temp table `part_charges`: the parts of a row sum to its charges to the last digit."""
    execute(connection, "charges/part_charges", estimates, charge_sums)
    return PartCharges()
