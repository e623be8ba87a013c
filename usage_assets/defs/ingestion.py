"""Ingestion: `raw_usage`, the API's answers landed untouched. They become rows in `costs`."""

from datetime import date

import dagster as dg

from usage_assets.defs.partitions import account_dates, days_by_account
from usage_assets.defs.resources import UsageSource
from usage_assets.landing.fetch import Fetched

RAW_USAGE = dg.AssetKey("raw_usage")


@dg.asset(
    partitions_def=account_dates,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name="raw",
    kinds={"http", "file"},
    owners=["team:data"],
)
def raw_usage(context: dg.AssetExecutionContext, usage_source: dg.ResourceParam[UsageSource]) -> None:
    """The API's answers, untouched: one landing file per account, report and request window.

    Key: account, date. A run replaces the windows of its days, so running it again is safe, also when the answer
    is empty now. Days that share a window (a month of Datadog) share one request and one file.
    """
    for account_id, days in days_by_account(context).items():
        note_landed(context, account_id, days, usage_source.fetch(account_id, days))


def note_landed(context: dg.AssetExecutionContext, account_id: str, days: list[date], fetched: Fetched) -> None:
    """Records what landed on each day; a failure is raised after the days that did land are recorded.

    Raises:
        dg.Failure: some window could not be fetched.
    """
    landed = {day: metadata for day, metadata in _metadata_by_day(fetched).items() if day in set(days)}
    if fetched.error is None:
        for day, metadata in landed.items():
            context.add_asset_metadata(metadata, asset_key=RAW_USAGE, partition_key=f"{account_id}|{day}")
        return
    for day, metadata in landed.items():
        context.log_event(dg.AssetMaterialization(RAW_USAGE, partition=f"{account_id}|{day}", metadata=metadata))
    raise failure_of(fetched.error, account_id) from fetched.error


def failure_of(error: Exception, account_id: str) -> dg.Failure:
    """Turns an error of the fetch into Dagster's, retried only where trying again can help."""
    return dg.Failure(
        description=str(error),
        metadata={"account": account_id, "error": type(error).__name__},
        allow_retries=not getattr(error, "is_permanent", False),
    )


def _metadata_by_day(fetched: Fetched) -> dict[date, dict[str, dg.MetadataValue]]:
    by_day: dict[date, dict[str, dg.MetadataValue]] = {}
    for landed in sorted(fetched.landed, key=lambda one: one.manifest.key):
        manifest = landed.manifest
        metadata: dict[str, dg.MetadataValue] = {
            "dagster/row_count": dg.MetadataValue.int(manifest.rows),
            "window": dg.MetadataValue.text(f"{manifest.window_start} up to {manifest.window_end}"),
            "pages": dg.MetadataValue.int(manifest.pages),
            "is_final": dg.MetadataValue.bool(manifest.is_final),
            "changed": dg.MetadataValue.bool(landed.changed),
        }
        by_day |= dict.fromkeys(landed.days, metadata)
    return by_day
