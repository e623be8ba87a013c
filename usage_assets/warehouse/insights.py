"""Derive the tables of statistics over the aggregates. To add one, add it to `tables.INSIGHTS` and call it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import duckdb

from usage_assets.acknowledgements import Acknowledgement
from usage_assets.integrations.profiles import Profiles
from usage_assets.warehouse.anomalies import SPEND_ANOMALIES, derive_anomalies


def derive_insights(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[str],
    days: Iterable[date],
    profiles: Profiles,
    acknowledgements: Mapping[str, Acknowledgement],
) -> None:
    """Write the `tables` of statistics, each for `days` and its stale days.

    Args:
        connection: A connection inside a transaction, after the aggregates are derived.
        tables: Tables of `tables.INSIGHTS`.
        days: The days of the run.
        profiles: The integration profiles.
        acknowledgements: The anomalies that people acknowledged, by anomaly id.
    """
    requested = set(days)
    if SPEND_ANOMALIES in set(tables):
        derive_anomalies(connection, requested, profiles, acknowledgements)
