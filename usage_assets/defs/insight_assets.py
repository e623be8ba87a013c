"""The assets of statistics over the aggregates, one per table, written in one step."""

from collections.abc import Iterator

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.defs.metadata import documented, row_counts
from usage_assets.defs.partitions import days_of
from usage_assets.defs.resources import WAREHOUSE_POOL
from usage_assets.defs.run_locks import run_lock_key
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.tables import INSIGHTS

INSIGHT_OWNERS = ["team:data"]
INSIGHT_DESCRIPTIONS = {
    "spend_anomalies": "Incidents of spend: spikes and drops, with what caused them. One row per incident.",
}
INSIGHT_DEPS = {
    "spend_anomalies": (
        "cost",
        "cost_by_account",
        "cost_by_surface",
        "cost_by_model",
        "cost_by_user",
        "cost_by_resource",
    ),
}


def insight_assets(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the assets whose runs write statistics: one step, one transaction."""

    @dg.multi_asset(
        name=location.naming.name("insights"),
        specs=[_insight_spec(location, table) for table in INSIGHTS],
        partitions_def=location.partitions.dates,
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
        pool=WAREHOUSE_POOL,
        required_resource_keys={run_lock_key(location.naming)},
    )
    def insights(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        """Statistics over the aggregates: incidents of spend."""
        project = location.project
        selected = {location.naming.table(key) for key in context.selected_asset_keys}
        tables = [table for table in INSIGHTS if table in selected]
        days = days_of(context, location.today())
        with project.warehouse.transaction() as connection:
            derive_insights(connection, tables, days, project.profiles, project.acknowledgements)
            counts = {table: row_counts(connection, table) for table in tables}
        for table, metadata in counts.items():
            yield dg.MaterializeResult(asset_key=location.naming.key(table), metadata=metadata)

    return insights


def _insight_spec(location: CodeLocation, table: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        location.naming.key(table),
        deps=[location.naming.key(name) for name in INSIGHT_DEPS[table]],
        group_name=location.naming.group("insights"),
        kinds={"duckdb"},
        owners=INSIGHT_OWNERS,
        description=INSIGHT_DESCRIPTIONS[table],
        metadata=documented(table, location.naming),
    )
