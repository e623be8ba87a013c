"""Metadata for the UI: columns with their meaning and origin, row counts, and the window that landed for each day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import dagster as dg
import duckdb

from usage_assets.defs.location import CodeLocation
from usage_assets.defs.naming import Naming
from usage_assets.errors import UsageAssetsError
from usage_assets.landing.accounts import Account
from usage_assets.landing.fetch import FetchResult
from usage_assets.landing.users import NoUserList
from usage_assets.warehouse.lineage import LINEAGE
from usage_assets.warehouse.schema import columns_of

OWNERS = ["team:data"]


def documented(table: str, naming: Naming) -> dict[str, Any]:
    """Return the metadata of a table's asset: its columns, their origins and its table name.

    The open-source UI shows no column lineage, so the description of each column names its origins too.
    """
    origins = LINEAGE.get(table, {})
    columns = [
        dg.TableColumn(
            column.name,
            column.type,
            description=_with_origins(column.meaning, origins.get(column.name, [])),
            constraints=dg.TableColumnConstraints(nullable=column.is_nullable),
        )
        for column in columns_of(table)
    ]
    return {
        "dagster/column_schema": dg.TableSchema(columns),
        "dagster/column_lineage": dg.TableColumnLineage(
            {name: _deps(given, naming) for name, given in origins.items()}
        ),
        "dagster/table_name": f"usage.main.{table}",
    }


def row_counts(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """Return the number of rows of `table` under the metadata key that the UI shows."""
    count = connection.table(table).count("*").fetchall()[0][0]
    return {"dagster/row_count": dg.MetadataValue.int(count)}


def _deps(origins: list[str], naming: Naming) -> list[dg.TableColumnDep]:
    pairs = (origin.split(".", maxsplit=1) for origin in origins)
    return [dg.TableColumnDep(asset_key=naming.key(table), column_name=column) for table, column in pairs]


def _with_origins(meaning: str, origins: list[str]) -> str:
    return f"{meaning} (from {', '.join(origins)})" if origins else meaning


def record_landed(
    context: dg.AssetExecutionContext,
    location: CodeLocation,
    days: Mapping[str, list[date]],
    fetched: Mapping[str, FetchResult],
) -> None:
    """Record the landed window of each account and day, then raise the failure, if there is one.

    Args:
        context: The run of `raw_usage`.
        location: The code location of the asset.
        days: The days of the run, by account id.
        fetched: The results of the fetches, by account id.

    Raises:
        dg.Failure: A window could not be fetched.
    """
    accounts = {account.account_id: account for account in location.project.account_list.read()}
    key = location.naming.key("raw_usage")
    errors = {name: result.error for name, result in fetched.items() if result.error is not None}
    for account_id, result in fetched.items():
        for day, metadata in _metadata_by_day(result, accounts.get(account_id)).items():
            partition = f"{account_id}|{day}"
            if day not in days[account_id]:
                continue
            if errors:  # Dagster records no materialization for a failed run
                context.log_event(dg.AssetMaterialization(key, partition=partition, metadata=metadata))
            else:
                context.add_asset_metadata(metadata, asset_key=key, partition_key=partition)
    if errors:
        raise failure_of(errors, accounts, len(days)) from next(iter(errors.values()))


def record_lists(context: dg.AssetExecutionContext, location: CodeLocation, fetched: Mapping[str, FetchResult]) -> None:
    """Record which lists of users landed and which vendors have none, then raise the failure, if there is one.

    Raises:
        dg.Failure: A list could not be fetched.
    """
    accounts = {account.account_id: account for account in location.project.account_list.read()}
    errors = {name: result.error for name, result in fetched.items() if result.error is not None}
    failed = {name: error for name, error in errors.items() if not isinstance(error, NoUserList)}
    landed = [landed.manifest for result in fetched.values() for landed in result.landed]
    metadata = {
        "dagster/row_count": dg.MetadataValue.int(sum(manifest.rows for manifest in landed)),
        "lists": dg.MetadataValue.int(len(landed)),
        "without_list": dg.MetadataValue.json(
            [str(error) for error in errors.values() if isinstance(error, NoUserList)]
        ),
    }
    key = location.naming.key("raw_users")
    if failed:  # Dagster records no materialization for a failed run
        context.log_event(dg.AssetMaterialization(key, metadata=metadata))
        raise failure_of(failed, accounts, len(fetched)) from next(iter(failed.values()))
    context.add_output_metadata(metadata)


def failure_of(errors: Mapping[str, UsageAssetsError], accounts: Mapping[str, Account], fetched: int) -> dg.Failure:
    """Return the failure of a run in which some accounts failed; Dagster retries it only if a retry can succeed."""
    first = next(iter(errors.values()))
    others = f" ({len(errors)} of {fetched} accounts failed; this is the first.)" if fetched > 1 else ""
    names = [accounts[name].display_name if name in accounts else name for name in errors]
    return dg.Failure(
        description=f"{first}{others}",
        metadata={"account": ", ".join(names), "account_id": ", ".join(errors), "error": type(first).__name__},
        allow_retries=not all(error.is_permanent for error in errors.values()),
    )


def _metadata_by_day(fetched: FetchResult, account: Account | None) -> dict[date, dict[str, dg.MetadataValue]]:
    by_day: dict[date, dict[str, dg.MetadataValue]] = {}
    for landed in sorted(fetched.landed, key=lambda window: window.manifest.key):
        manifest = landed.manifest
        metadata: dict[str, dg.MetadataValue] = {
            "account": dg.MetadataValue.text(account.display_name if account else manifest.account_id),
            "dagster/row_count": dg.MetadataValue.int(manifest.rows),
            "window": dg.MetadataValue.text(str(manifest.key.window)),
            "pages": dg.MetadataValue.int(manifest.pages),
            "is_final": dg.MetadataValue.bool(manifest.is_final),
            "changed": dg.MetadataValue.bool(landed.changed),
        }
        by_day |= dict.fromkeys(landed.days, metadata)
    return by_day
