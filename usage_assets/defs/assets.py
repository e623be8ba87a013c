"""From landing files to published cost: one asset per table, one transaction per step; the aggregates share theirs.

What each step does to its table stands in `warehouse`; here is when, over which days, and what the UI shows of it.
"""

from collections.abc import Iterator

import dagster as dg

from usage_assets.defs.ingestion import raw_usage
from usage_assets.defs.partitions import dates, days_of
from usage_assets.defs.resources import WAREHOUSE_POOL, Project, utc_now
from usage_assets.defs.table_metadata import documented, row_counts
from usage_assets.warehouse import derive
from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.load import load
from usage_assets.warehouse.prices import price
from usage_assets.warehouse.publish import publish

ONE_RUN = dg.BackfillPolicy.single_run()
OWNERS = ["team:data"]
ProjectResource = dg.ResourceParam[Project]


@dg.asset(
    partitions_def=dates,
    backfill_policy=ONE_RUN,
    deps=[raw_usage],  # each day stands on that day of every account
    pool=WAREHOUSE_POOL,
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
    metadata=documented("usage"),
)
def usage(context: dg.AssetExecutionContext, project: ProjectResource) -> dg.MaterializeResult[None]:
    """Usage as the API reports it, typed: one row per row of the API. Key: usage_key.

    Loads every window that landed changed, whatever its days, each replaced whole.
    """
    accounts = project.account_list.read()
    with project.warehouse().transaction() as warehouse:
        report = load(warehouse, project.landing, project.profiles, accounts, days_of(context), utc_now())
        counts = row_counts(warehouse, "usage")
    return dg.MaterializeResult(
        metadata={
            **counts,
            "windows_loaded": report.windows,
            "windows_waiting": report.waiting,
            "rows_loaded": report.rows,
            "rows_rejected": report.rejected,
            "rows_of_other_windows": report.dropped,
            "duplicate_rows": report.duplicates,
        }
    )


@dg.asset(
    partitions_def=dates,
    backfill_policy=ONE_RUN,
    deps=[usage],
    pool=WAREHOUSE_POOL,
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
    metadata=documented("prices"),
)
def prices(context: dg.AssetExecutionContext, project: ProjectResource) -> dg.MaterializeResult[None]:
    """What a token cost: one row per provider, model and day, in USD, from the price book. Key: all three.

    A snapshot: a price once noted stays, whatever a later version of the book says.
    """
    with project.warehouse().transaction() as warehouse:
        price(warehouse, days_of(context), project.price_book)
        return dg.MaterializeResult(metadata=row_counts(warehouse, "prices"))


@dg.asset(
    partitions_def=dates,
    backfill_policy=ONE_RUN,
    deps=[usage, prices],
    pool=WAREHOUSE_POOL,
    group_name="core",
    kinds={"duckdb"},
    owners=OWNERS,
    metadata=documented("cost"),
)
def cost(context: dg.AssetExecutionContext, project: ProjectResource) -> dg.MaterializeResult[None]:
    """What each row of usage cost: one row per row of the API, currency and day. Key: usage_key, currency, usage_date.

    Billed where the vendor charges, else estimated from the price book, else NULL; never both added up.
    """
    with project.warehouse().transaction() as warehouse:
        derive.derive_cost(warehouse, days_of(context), project.profiles, project.exchange_rates)
        return dg.MaterializeResult(metadata=row_counts(warehouse, "cost"))


COST_DEPENDENT_DESCRIPTIONS = {
    "cost_by_model": "Cost per model. One row per day, account, provider, model and currency.",
    "cost_by_provider": "Cost per provider. One row per day, account, provider and currency.",
    "cost_by_surface": "Cost per surface. One row per day, account, provider, surface and currency.",
    "cost_by_user": "Cost per user. One row per day, account, provider, user_key and currency.",
    "cost_by_account": "Cost per account. One row per day, account and currency.",
    "price_variance": "Bill against estimate, where both exist. "
    "One row per day, account, provider, model and currency.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            table,
            deps=[cost],
            group_name="aggregates",
            kinds={"duckdb"},
            owners=OWNERS,
            description=COST_DEPENDENT_DESCRIPTIONS[table],
            metadata=documented(table),
        )
        for table in COST_DEPENDENTS
    ],
    partitions_def=dates,
    backfill_policy=ONE_RUN,
    can_subset=True,
    pool=WAREHOUSE_POOL,
)
def aggregates(context: dg.AssetExecutionContext, project: ProjectResource) -> Iterator[dg.MaterializeResult[None]]:
    """The tables that stand on `cost`, in one transaction: the file is opened once, and none is ahead of another."""
    asked = [table for table in COST_DEPENDENTS if dg.AssetKey(table) in context.selected_asset_keys]
    with project.warehouse().transaction() as warehouse:
        derive.derive_aggregates(warehouse, asked, days_of(context))
        counts = {table: row_counts(warehouse, table) for table in asked}
    yield from (dg.MaterializeResult(asset_key=table, metadata=shown) for table, shown in counts.items())


@dg.asset(
    partitions_def=dates,
    backfill_policy=ONE_RUN,
    deps=[*COST_DEPENDENTS, "prices"],
    pool=WAREHOUSE_POOL,
    group_name="published",
    kinds={"parquet"},
    owners=OWNERS,
)
def published(context: dg.AssetExecutionContext, project: ProjectResource) -> dg.MaterializeResult[None]:
    """The files people read: `published/current/<table>/<YYYY-MM>.parquet`, swapped in as one generation."""
    with project.warehouse().transaction() as warehouse:
        folder = publish(warehouse, project.settings.published_dir, days_of(context))
        derived = derive.derived_windows(warehouse, project.landing, project.profiles)
    project.landing.forget_pending(derived)
    return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(folder)})


DERIVED = [usage, prices, cost, aggregates, published]
DERIVED_KEYS = [key for asset in DERIVED for key in asset.keys]
