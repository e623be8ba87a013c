"""Create temporary tables with the price context of rows: by the values that the profile reads, and row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.integrations.price_context import context_pairs, context_text, merged_texts
from usage_assets.pricing.names import canonical_model
from usage_assets.warehouse.row_reading import RowReading
from usage_assets.warehouse.staging import ValidRows
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table
from usage_assets.warehouse.unread_fields import InspectedRow

CONTEXT_COLUMNS = ("context_key", "usage_date", "model_id", "price_context", "is_covered")
ROW_COLUMNS = ("window_number", "file_row", "price_context")


@dataclass(frozen=True)
class PriceContexts(TempTable):
    """The price context of each combination of values, day and model. Key: context_key, usage_date, model_id."""

    name: ClassVar[str] = "price_contexts"


@dataclass(frozen=True)
class RowContexts(TempTable):
    """The price context of rows with a value that no rule reads. Key: window_number, file_row."""

    name: ClassVar[str] = "row_contexts"


def create_price_contexts(
    connection: duckdb.DuckDBPyConnection, valid_rows: ValidRows, reading: RowReading
) -> PriceContexts:
    """Create the temp table `price_contexts` for the rows of a batch."""
    keys: list[tuple[str, date, str | None]] = execute(connection, "load/context_keys", valid_rows).fetchall()
    rows = [(*key, price_context(reading, *key), is_covered(reading, key[0])) for key in keys]
    return create_temp_table(connection, PriceContexts(), CONTEXT_COLUMNS, rows)


def create_row_contexts(
    connection: duckdb.DuckDBPyConnection, inspected: Iterable[InspectedRow], reading: RowReading
) -> RowContexts:
    """Create the temp table `row_contexts` for the rows that name what no rule reads."""
    rows = [
        (row.window_number, row.file_row, _with_unread(reading, row)) for row in inspected if row.inspection.context
    ]
    return create_temp_table(connection, RowContexts(), ROW_COLUMNS, rows)


def price_context(reading: RowReading, key: str | None, day: date, model_id: str | None) -> str:
    """Return the price context for the values in a `context_key`, for a day and a model."""
    return reading.profile.context_rules.price_context(_texts(reading, key), canonical_model(model_id or ""), day)


def is_covered(reading: RowReading, key: str) -> bool:
    """Return whether a flat plan pays for rows with the values in a `context_key`."""
    return reading.profile.context_rules.is_covered(_texts(reading, key))


def _texts(reading: RowReading, key: str | None) -> dict[str, str]:
    return merged_texts(reading.context_paths, json.loads(key)) if key else {}


def _with_unread(reading: RowReading, row: InspectedRow) -> str:
    pairs = context_pairs(price_context(reading, row.context_key, row.usage_date, row.model_id))
    return context_text({**pairs, **row.inspection.context})
