"""The assets, one per table: each runs a step of the pipeline over its days and reports metadata to the UI.

Each factory makes one asset of a code location; the steps themselves are in `landing.fetch` and `warehouse`.
"""

from collections.abc import Iterator

import dagster as dg

from usage_assets.conversion import conversion_of, note_conversion, note_published_conversion, recorded_currencies
from usage_assets.defs.derived_asset import derived_asset
from usage_assets.defs.insight_assets import insight_assets
from usage_assets.defs.instance import claim_instance
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.metadata import OWNERS, documented, record_landed, row_counts
from usage_assets.defs.partitions import days_by_account, days_of
from usage_assets.defs.people_assets import RAW_USERS, activity_asset, raw_users_asset, seats_asset
from usage_assets.defs.reference_rates import ASSET as REFERENCE_RATES
from usage_assets.defs.reference_rates import reference_rates_asset
from usage_assets.defs.resources import WAREHOUSE_POOL
from usage_assets.defs.run_locks import run_lock_key
from usage_assets.warehouse.aggregates import COST_BY_TEAM, COST_DEPENDENTS
from usage_assets.warehouse.coverage import COVERAGE, derive_coverage
from usage_assets.warehouse.derive import derive_aggregates, derive_cost
from usage_assets.warehouse.load import load_landed
from usage_assets.warehouse.prices import price
from usage_assets.warehouse.publish import publish_derived
from usage_assets.warehouse.tables import ACTIVITY_BY_USER, INSIGHTS, SEATS

COST_DEPENDENT_DESCRIPTIONS = {
    "cost_by_model": "Cost per model. One row per day, account, provider, model and currency.",
    "cost_by_provider": "Cost per provider. One row per day, account, provider and currency.",
    "cost_by_surface": "Cost per surface. One row per day, account, provider, surface and currency.",
    "cost_by_user": "Cost per user. One row per day, account, provider, user_key and currency.",
    "cost_by_account": "Cost per account. One row per day, account and currency.",
    "cost_by_resource": "Cost per resource, such as a cluster or project. "
    "One row per day, account, provider, product, workspace, resource and currency.",
    "cost_by_team": "Cost per team and cost centre, by the rules of allocation.csv. "
    "One row per day, account, provider, team, cost centre and currency.",
    "cost_by_meter": "Cost per meter: input, cache, output, searches. "
    "One row per day, account, provider, model, meter and currency.",
    "price_variance": "Billed against estimated cost, where both exist. "
    "One row per day, account, provider, model and currency.",
}
DERIVED = ("usage", "prices", "cost", *COST_DEPENDENTS, COVERAGE, ACTIVITY_BY_USER, SEATS, *INSIGHTS, "published")


def build_assets(location: CodeLocation) -> list[dg.AssetsDefinition]:
    """Return every asset of a code location, in the order of the data."""
    return [
        raw_usage_asset(location),
        raw_users_asset(location),
        reference_rates_asset(location),
        usage_asset(location),
        prices_asset(location),
        cost_asset(location),
        aggregate_assets(location),
        coverage_asset(location),
        activity_asset(location),
        seats_asset(location),
        insight_assets(location),
        published_asset(location),
    ]


def derived_keys(location: CodeLocation) -> list[dg.AssetKey]:
    """Return the keys of the assets that are derived from what was fetched."""
    return [location.naming.key(table) for table in DERIVED]


def fetched_keys(location: CodeLocation) -> list[dg.AssetKey]:
    """Return the keys of the assets that are fetched."""
    return [location.naming.key(name) for name in ("raw_usage", RAW_USERS, REFERENCE_RATES)]


def raw_usage_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `raw_usage`, whose runs fetch."""

    @dg.asset(
        key=location.naming.key("raw_usage"),
        partitions_def=location.partitions.account_dates,
        backfill_policy=dg.BackfillPolicy.single_run(),
        required_resource_keys={run_lock_key(location.naming)},
        group_name=location.naming.group("raw"),
        kinds={"http", "file"},
        owners=OWNERS,
    )
    def raw_usage(context: dg.AssetExecutionContext) -> None:
        """Unchanged responses of the API: one landing file per account, report and request window.

        Key: account, date. A run replaces all windows of its days, even with an empty response, so it can be repeated.
        Days that share a window (a month of Datadog) share one request and one file.
        """
        claim_instance(context.instance, location)
        days = days_by_account(context, location.today())
        record_landed(context, location, days, {name: location.source.fetch(name, days[name]) for name in days})

    return raw_usage


def usage_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `usage`, whose runs load."""
    project = location.project

    @derived_asset(location, "usage", deps=["raw_usage"])
    def usage(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Usage as the API reports it, typed. One row per row of the API. Key: usage_key.

        A run loads every window whose landed content changed, also outside its own days, and replaces all rows of it.
        """
        claim_instance(context.instance, location)
        days, rules = days_of(context, location.today()), project.files.accounts.put_in_force().value
        accounts = project.account_list.read()
        report = load_landed(project.warehouse, project.landing, project.profiles, accounts, days, project.now(), rules)
        with project.warehouse.reading() as connection:
            counts = row_counts(connection, "usage")
        project.applied_files.note_derived(project.settings.accounts_path.name, rules.sha256)
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

    return usage


def prices_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `prices`, whose runs look up prices."""
    project = location.project

    @derived_asset(location, "prices", deps=["usage", REFERENCE_RATES])
    def prices(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Price of a token in USD, from the price book. One row per provider, model and day. Key: all three.

        A recorded price stays, even if a newer book has another price; only `reprice` changes it.
        """
        with project.warehouse.transaction() as connection:
            price(connection, days_of(context, location.today()), project.price_book)
            return dg.MaterializeResult(metadata=row_counts(connection, "prices"))

    return prices


def cost_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `cost`, whose runs derive cost."""
    project = location.project

    @derived_asset(location, "cost", deps=["usage", "prices", REFERENCE_RATES])
    def cost(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Cost of each usage row. One row per row of the API, currency and day. Key: usage_key, currency, usage_date.

        Billed where the vendor charges, else estimated from the price book, else NULL; never the sum of both. A day
        keeps its exchange rates, which are in the table exchange_rates; only `reprice` changes them.
        """
        # The rates are read after what is noted of them: newer ones that arrive in between ask for one more run.
        conversion, rates = conversion_of(project), project.exchange_rates
        shown = recorded_currencies(project)
        with project.warehouse.transaction() as connection:
            derive_cost(connection, days_of(context, location.today()), project.profiles, rates, shown)
            counts = row_counts(connection, "cost")
        note_conversion(project, conversion)
        return dg.MaterializeResult(metadata=counts)

    return cost


def aggregate_assets(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the assets whose runs aggregate cost: one step, one transaction, so that no table is ahead of another."""
    project = location.project

    @dg.multi_asset(
        name=location.naming.name("aggregates"),
        specs=[_aggregate_spec(location, table) for table in COST_DEPENDENTS],
        partitions_def=location.partitions.dates,
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
        pool=WAREHOUSE_POOL,
        required_resource_keys={run_lock_key(location.naming)},
    )
    def aggregates(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        """Aggregates of cost by model, provider, surface, user, account, resource, team and meter; price variance."""
        selected = {location.naming.table(key) for key in context.selected_asset_keys}
        tables = [table for table in COST_DEPENDENTS if table in selected]
        allocation = project.files.allocation.put_in_force()
        with project.warehouse.transaction() as connection:
            derive_aggregates(connection, tables, days_of(context, location.today()), allocation)
            counts = {table: row_counts(connection, table) for table in tables}
        if COST_BY_TEAM in tables:
            project.applied_files.note_derived(project.files.allocation.name, allocation.sha256)
        for table, metadata in counts.items():
            yield dg.MaterializeResult(asset_key=location.naming.key(table), metadata=metadata)

    return aggregates


def coverage_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `coverage`, whose runs compare the days of each account with what is loaded."""
    project = location.project

    @derived_asset(location, COVERAGE, deps=["usage"])
    def coverage(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Whether the figures of a day are complete. One row per day and account. Key: usage_date, account_id.

        Each run derives every day, because a day that is not ready becomes a missing one by time alone.
        """
        days_of(context, location.today())  # refuses a range that is not over
        with project.warehouse.transaction() as connection:
            changed = derive_coverage(connection, project.landing, project.account_histories())
            return dg.MaterializeResult(metadata={**row_counts(connection, COVERAGE), "days_changed": len(changed)})

    return coverage


def published_asset(location: CodeLocation) -> dg.AssetsDefinition:
    """Return the asset `published`, whose runs publish."""
    project = location.project

    @derived_asset(
        location,
        "published",
        deps=[*COST_DEPENDENTS, COVERAGE, ACTIVITY_BY_USER, SEATS, *INSIGHTS, "prices"],
        group="published",
        kind="parquet",
    )
    def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        """Parquet files for people and reports: `published/current/<table>/<YYYY-MM>.parquet`.

        Each run writes a complete generation and makes it current at once.
        """
        folder = publish_derived(
            project.warehouse,
            project.landing,
            project.profiles,
            project.published_dir,
            days_of(context, location.today()),
            project.user_lists.landing,
        )
        project.failures.note_derived()
        project.applied_files.note_published()
        note_published_conversion(project)
        return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(folder)})

    return published


def _aggregate_spec(location: CodeLocation, table: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        location.naming.key(table),
        deps=[location.naming.key("cost")],
        group_name=location.naming.group("aggregates"),
        kinds={"duckdb"},
        owners=OWNERS,
        description=COST_DEPENDENT_DESCRIPTIONS[table],
        metadata=documented(table, location.naming),
    )
