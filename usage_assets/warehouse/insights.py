"""Derive the tables that statistics give, after the aggregates and coverage: projection, anomalies and budgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import duckdb

from usage_assets.acknowledgements import Acknowledgement
from usage_assets.integrations.profiles import Profiles
from usage_assets.user_files.budgets import Budget
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.anomalies import derive_anomalies
from usage_assets.warehouse.budget_status import derive_budget_status
from usage_assets.warehouse.spend_projection import derive_spend_projection
from usage_assets.warehouse.tables import BUDGET_STATUS, SPEND_ANOMALIES, SPEND_PROJECTION


def derive_insights(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[str],
    days: Iterable[date],
    profiles: Profiles,
    acknowledgements: Mapping[str, Acknowledgement],
    budgets: FileInForce[tuple[Budget, ...]],
) -> None:
    """Write the `tables`, each for `days` and for every other day whose figures changed.

    Args:
        connection: A connection inside a transaction, after the aggregates and coverage.
        tables: Names of `INSIGHTS`.
        days: The requested days.
        profiles: The integration profiles, which know the lags of the vendors.
        acknowledgements: The anomalies that people acknowledged, by anomaly id.
        budgets: The content of `budgets.csv` that counts.
    """
    requested, wanted = set(days), set(tables)
    if SPEND_PROJECTION in wanted:
        derive_spend_projection(connection, requested, profiles)
    if SPEND_ANOMALIES in wanted:
        derive_anomalies(connection, requested, acknowledgements)
    if BUDGET_STATUS in wanted:
        derive_budget_status(connection, requested, profiles, budgets)
