"""Ingestion: `raw_usage`, the API's answers landed untouched. They become rows in `costs`."""

from collections.abc import Mapping
from datetime import date

import dagster as dg

from usage_assets.defs.partitions import account_dates, days_by_account
from usage_assets.defs.resources import UsageSource
from usage_assets.landing.fetch import FetchResult

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
    asked = days_by_account(context)
    note_landed(
        context, asked, {account_id: usage_source.fetch(account_id, days) for account_id, days in asked.items()}
    )


def note_landed(
    context: dg.AssetExecutionContext, asked: Mapping[str, list[date]], fetched: Mapping[str, FetchResult]
) -> None:
    """Records what landed of each account and day; a failure is raised after what did land is recorded.

    Raises:
        dg.Failure: some window could not be fetched.
    """
    landed = {
        f"{account_id}|{day}": metadata
        for account_id, one in fetched.items()
        for day, metadata in _metadata_by_day(one).items()
        if day in set(asked[account_id])
    }
    errors = {account_id: one.error for account_id, one in fetched.items() if one.error is not None}
    for partition, metadata in landed.items():
        if errors:
            context.log_event(dg.AssetMaterialization(RAW_USAGE, partition=partition, metadata=metadata))
        else:
            context.add_asset_metadata(metadata, asset_key=RAW_USAGE, partition_key=partition)
    if errors:
        raise failure_of(errors, len(asked)) from next(iter(errors.values()))


def failure_of(errors: Mapping[str, Exception], asked: int) -> dg.Failure:
    """Turns the errors of some of the accounts asked for into Dagster's, retried only where trying again can help."""
    first = next(iter(errors.values()))
    others = f" ({len(errors)} of {asked} accounts failed; this is the first.)" if asked > 1 else ""
    return dg.Failure(
        description=f"{first}{others}",
        metadata={"account": ", ".join(errors), "error": type(first).__name__},
        allow_retries=not all(getattr(error, "is_permanent", False) for error in errors.values()),
    )


def _metadata_by_day(fetched: FetchResult) -> dict[date, dict[str, dg.MetadataValue]]:
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
