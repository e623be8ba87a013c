"""Write the table `usage` from the valid rows of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import duckdb

from usage_assets.pricing.names import canonical_model
from usage_assets.warehouse.price_contexts import PriceContexts, RowContexts
from usage_assets.warehouse.staging import ValidRows
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.temp_tables import create_temp_table
from usage_assets.warehouse.users import UpdatedUsers


@dataclass(frozen=True)
class ModelNames(TempTable):
    """The canonical name of each model id of a batch. Key: model_id."""

    name: ClassVar[str] = "model_names"


def insert_usage(
    connection: duckdb.DuckDBPyConnection,
    valid_rows: ValidRows,
    users: UpdatedUsers,
    contexts: PriceContexts,
    row_contexts: RowContexts,
    meters: Sequence[str],
) -> None:
    """Insert the valid rows, with canonical model, user key, meters and price context; record rows of several days."""
    model_names = _create_model_names(connection, valid_rows)
    execute(connection, "load/insert_usage", valid_rows, model_names, users, contexts, row_contexts, meters=meters)
    execute(connection, "stale/record_long_spans", valid_rows)


def _create_model_names(connection: duckdb.DuckDBPyConnection, valid_rows: ValidRows) -> ModelNames:
    model_ids = execute(connection, "load/model_ids", valid_rows).fetchall()
    names = [(model_id, canonical_model(model_id)) for (model_id,) in model_ids]
    return create_temp_table(connection, ModelNames(), ["model_id", "model"], names)
