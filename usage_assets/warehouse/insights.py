"""Derive the tables that statistics give, after the aggregates and coverage: where the month will end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from usage_assets.integrations.profiles import Profiles
from usage_assets.warehouse.spend_projection import derive_spend_projection
from usage_assets.warehouse.tables import SPEND_PROJECTION


def derive_insights(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str], days: Iterable[date], profiles: Profiles
) -> None:
    """Write the `tables`, each for `days` and for every other day whose figures changed.

    Args:
        connection: A connection inside a transaction, after the aggregates and coverage.
        tables: Names of `INSIGHTS`.
        days: The requested days.
        profiles: The integration profiles, which know the lags of the vendors.
    """
    requested = set(days)
    for table in tables:
        if table == SPEND_PROJECTION:
            derive_spend_projection(connection, requested, profiles)
