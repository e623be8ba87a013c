"""Derive the table `coverage`: for each day of each account, whether its figures are complete, and why they are not.

The table changes with time even if nothing lands, so it is derived as a whole. Only the rows that differ are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

import duckdb

from usage_assets.account_histories import AccountHistory, digest_of
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets.locks import LockHeld
from usage_assets.warehouse.connection import READING_WAIT_SECONDS, Warehouse
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.load_windows import KEY_COLUMNS
from usage_assets.warehouse.stale_days import published_name, record_stale_days, stale_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import INSIGHTS
from usage_assets.warehouse.temp_tables import create_temp_table

COVERAGE = "coverage"
HISTORY_COLUMNS = (
    "account_id",
    "integration",
    "reports",
    "lag",
    "last_ready_day",
    "first_asked_day",
    "first_wanted_day",
    "last_day",
    "not_fetched",
)


@dataclass(frozen=True)
class AccountHistories(TempTable):
    """The accounts with the days that their figures should hold. Key: account_id."""

    name: ClassVar[str] = "account_histories"


@dataclass(frozen=True)
class FailedDays(TempTable):
    """The days whose last fetch failed. Key: account_id, usage_date."""

    name: ClassVar[str] = "failed_days"


@dataclass(frozen=True)
class LaterFetches(TempTable):
    """The windows that were fetched again with the content that is loaded. Key: that of `loads`."""

    name: ClassVar[str] = "later_fetches"


@dataclass(frozen=True)
class NewCoverage(TempTable):
    """The rows of `coverage` as they are today. Key: usage_date, account_id."""

    name: ClassVar[str] = "new_coverage"


@dataclass(frozen=True)
class CoverageChanges(TempTable):
    """The days of accounts whose rows in `coverage` change. Key: usage_date, account_id."""

    name: ClassVar[str] = "coverage_changes"


def derive_coverage(
    connection: duckdb.DuckDBPyConnection, landing: Landing, histories: Sequence[AccountHistory]
) -> set[date]:
    """Write the rows of `coverage` that differ; return their days, which become stale in the published files.

    Args:
        connection: A connection inside a transaction, after the load.
        landing: The landing folder.
        histories: The history of each account as it is today.
    """
    accounts = _create_histories(connection, histories)
    failed = _create_failed_days(connection, histories)
    execute(connection, "coverage/states", accounts, failed, _create_later_fetches(connection, landing, accounts))
    new = NewCoverage()
    execute(connection, "coverage/changes", new)
    changes = CoverageChanges()
    days = {day for (day,) in execute(connection, "coverage/changed_days", changes).fetchall()}
    if days:
        turned = execute(connection, "coverage/days_known_or_missing", changes, new).fetchall()
        record_stale_days(connection, INSIGHTS, {day for (day,) in turned})
        execute(connection, "coverage/delete", changes)
        execute(connection, "coverage/insert", new, changes)
        record_stale_days(connection, [published_name(COVERAGE)], days)
    _record_digest(connection, digest_of(histories))
    return days


def is_coverage_behind(warehouse: Warehouse, digest: str, *, wait_seconds: float = READING_WAIT_SECONDS) -> bool:
    """Return whether coverage was last derived by other inputs than those of `digest`, or is not published since.

    A project without warehouse has no coverage yet. While another process writes the file, that process decides.

    Raises:
        WarehouseUnreadable: The file cannot be opened.
        NewerWarehouse: A newer program wrote the file.
    """
    try:
        with warehouse.reading(wait_seconds=wait_seconds) as connection:
            is_published = not stale_days(connection, published_name(COVERAGE))
            return not (is_published and _is_derived_by(connection, digest))
    except (NothingLoaded, LockHeld):
        return False


def _is_derived_by(connection: duckdb.DuckDBPyConnection, digest: str) -> bool:
    return execute(connection, "coverage/digest").fetchall() == [(digest,)]


def _record_digest(connection: duckdb.DuckDBPyConnection, digest: str) -> None:
    if not _is_derived_by(connection, digest):
        execute(connection, "coverage/delete_digest")
        execute(connection, "coverage/insert_digest", digest=digest)


def _create_histories(connection: duckdb.DuckDBPyConnection, histories: Iterable[AccountHistory]) -> AccountHistories:
    rows = [tuple(getattr(history, column) for column in HISTORY_COLUMNS) for history in histories]
    return create_temp_table(connection, AccountHistories(), HISTORY_COLUMNS, rows)


def _create_failed_days(connection: duckdb.DuckDBPyConnection, histories: Iterable[AccountHistory]) -> FailedDays:
    rows = [(history.account_id, day, history.failure) for history in histories for day in history.failed_days]
    return create_temp_table(connection, FailedDays(), ("account_id", "usage_date", "reason"), rows)


def _create_later_fetches(
    connection: duckdb.DuckDBPyConnection, landing: Landing, histories: AccountHistories
) -> LaterFetches:
    """Create the table of later fetches with equal content, which landing knows and `loads` does not."""
    early = execute(connection, "coverage/early_loads", histories).fetchall()
    rows = [
        (*key, fetched_at)
        for *key, sha256 in early
        if (fetched_at := _last_fetch(landing, WindowKey(*key), sha256)) is not None
    ]
    return create_temp_table(connection, LaterFetches(), (*KEY_COLUMNS, "fetched_at"), rows)


def _last_fetch(landing: Landing, key: WindowKey, sha256: str) -> datetime | None:
    manifest = landing.readable_manifest(key)
    # Times are UTC and have no offset in the warehouse.
    return manifest.fetched_at.replace(tzinfo=None) if manifest and manifest.sha256 == sha256 else None
