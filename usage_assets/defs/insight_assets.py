"""The assets that statistics give: one step, one transaction, after the aggregates and coverage."""

from collections.abc import Iterator

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.defs.metadata import OWNERS, documented, row_counts
from usage_assets.defs.partitions import days_of
from usage_assets.defs.resources import WAREHOUSE_POOL
from usage_assets.defs.run_locks import run_lock_key
from usage_assets.warehouse.coverage import COVERAGE
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.tables import BUDGET_STATUS, INSIGHTS, SPEND_ANOMALIES, SPEND_PROJECTION

DESCRIPTIONS = {
    SPEND_PROJECTION: "Where the month will end, as it was known the morning after a day, with an 80 % range. "
    "One row per day, scope and key of the scope, such as one account.",
    SPEND_ANOMALIES: "Incidents of spend: spikes and drops, with what caused them. One row per incident.",
    BUDGET_STATUS: "What is spent of each budget of budgets.csv, where its period will end, and which thresholds are "
    "crossed, as it was known the morning after a day. One row per budget and day.",
}
DEPS = {
    SPEND_PROJECTION: ("cost", "cost_by_account", "cost_by_user", "cost_by_team", COVERAGE),
    SPEND_ANOMALIES: (
        *("cost", *(f"cost_by_{name}" for name in ("account", "team", "surface", "model", "user", "resource"))),
        COVERAGE,
    ),
    BUDGET_STATUS: ("cost", "cost_by_account", "cost_by_team", COVERAGE),
}


def insight_assets(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the assets whose runs derive insights."""
    project = location.project

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
        """Where the month will end, what of the spend is not normal, and what is left of each budget."""
        days, acknowledged = days_of(context, location.today()), project.acknowledgements
        budgets = project.files.budgets.put_in_force()
        selected = {location.naming.table(key) for key in context.selected_asset_keys}
        tables = [table for table in INSIGHTS if table in selected]
        with project.warehouse.transaction() as connection:
            derive_insights(connection, tables, days, project.profiles, acknowledged, budgets)
            counts = {table: row_counts(connection, table) for table in tables}
        if BUDGET_STATUS in selected:
            project.applied_files.note_derived(project.files.budgets.name, budgets.sha256)
        for table, metadata in counts.items():
            yield dg.MaterializeResult(asset_key=location.naming.key(table), metadata=metadata)

    return insights


def _insight_spec(location: CodeLocation, table: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        location.naming.key(table),
        deps=[location.naming.key(name) for name in DEPS[table]],
        group_name=location.naming.group("insights"),
        kinds={"duckdb"},
        owners=OWNERS,
        description=DESCRIPTIONS[table],
        metadata=documented(table, location.naming),
    )
