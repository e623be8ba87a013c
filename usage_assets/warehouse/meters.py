"""Write `cost_by_meter`: part the cost of each cost row over its meters by their list price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import duckdb

from usage_assets.warehouse.stale_days import Days, create_start_days
from usage_assets.warehouse.statements import TempTable, execute


@dataclass(frozen=True)
class MeterPrices(TempTable):
    """The unit prices of the start days of a step, numbered by price list. Key: price_list, meter."""

    name: ClassVar[str] = "meter_prices"


@dataclass(frozen=True)
class PartMeters(TempTable):
    """The meters of the usage rows that touch the days of a step, with their list price. Key: usage_row, place."""

    name: ClassVar[str] = "part_meters"


@dataclass(frozen=True)
class PartWeights(TempTable):
    """The list price of all meters of a part, and the last of them. Key: usage_row, part."""

    name: ClassVar[str] = "part_weights"


@dataclass(frozen=True)
class MeteredLines(TempTable):
    """The cost rows of the days of a step, with the weight of their part.

    Key: usage_row, part, currency, usage_date.
    """

    name: ClassVar[str] = "metered_lines"


@dataclass(frozen=True)
class ShareSums(TempTable):
    """The shares of all meters but the last of each cost row, summed."""

    name: ClassVar[str] = "share_sums"


def insert_cost_by_meter(connection: duckdb.DuckDBPyConnection, days: Days) -> None:
    """Insert the rows of `cost_by_meter` for `days`. Its sums equal those of `cost` to the last digit.

    A meter's share is truncated, and the last priced meter of a row gets the rest. That rest is never computed by row:
    the last meters together get the sum of the costs less the sum of the other shares.
    """
    start_days = create_start_days(connection, days)
    execute(connection, "meters/meter_prices", start_days)
    execute(connection, "meters/part_meters", start_days, MeterPrices())
    execute(connection, "meters/part_weights", PartMeters())
    execute(connection, "meters/metered_lines", days, start_days, PartWeights())
    execute(connection, "meters/share_sums", MeteredLines(), PartMeters())
    execute(connection, "meters/insert_cost_by_meter", MeteredLines(), ShareSums(), MeterPrices())
