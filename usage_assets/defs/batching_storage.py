"""The batching event storage, built on private classes of one Dagster version. Only `event_storage` imports it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

# Dagster takes a custom storage in dagster.yaml, but exports none of the classes that a storage is made of.
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData, serialize_value
from sqlalchemy import Connection

from usage_assets.locks import file_lock

OPENING_SECONDS = 120.0
PLANNED_CHECK = dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED
STORED_TOGETHER = {
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    PLANNED_CHECK,
}


class BatchingEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log, with one transaction per batch of events.

    Dagster's own log opens both database files and commits for every event, and a ranged run has two events for each
    partition. Files, tables and rows are the same, so each log can continue what the other wrote. One thing is left
    out: Dagster plans a check once for each partition of a run, even a check without partitions, and never marks these
    plans as done.
    """

    def __init__(self, base_dir: str) -> None:
        super().__init__(base_dir)
        self._tables_seen: set[str] = set()

    def has_table(self, table_name: str) -> bool:
        """Return whether a table exists; the answer is cached, because Dagster asks on every read of partitions."""
        if table_name not in self._tables_seen and super().has_table(table_name):
            self._tables_seen.add(table_name)
        return table_name in self._tables_seen

    def delete_events(self, run_id: str) -> None:
        """Delete the events of a run, and the database file that Dagster keeps for the run and never removes."""
        super().delete_events(run_id)
        self._initialized_dbs.discard(run_id)
        shard = Path(self.path_for_shard(run_id))
        for path in shard.parent.glob(f"{shard.name}*"):
            path.unlink(missing_ok=True)

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store events of one run."""
        [run_id, *others] = {event.run_id for event in events}
        if others or not {event.dagster_event_type for event in events} <= STORED_TOGETHER:
            super().store_event_batch(events)
            return
        rows = [self._event_to_row(event) for event in events]
        insert = SqlEventLogStorageTable.insert()
        with self.run_connection(run_id) as connection:
            connection.execute(insert, rows)
        with self.index_transaction() as connection:
            returning = insert.returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
            stored = list(zip(events, connection.execute(returning, rows).scalars().all(), strict=True))
            self._store_planned_checks(connection, [pair for pair in stored if _is_planned_check(pair[0])])
            self._store_of_assets(connection, [pair for pair in stored if not _is_planned_check(pair[0])])

    def _store_of_assets(self, connection: Connection, stored: list[tuple[dg.EventLogEntry, int]]) -> None:
        self._store_asset_event_tags(connection, [event for event, _ in stored], [event_id for _, event_id in stored])
        # The asset's own row keeps its last event only.
        last_of = {event.get_dagster_event().asset_key: (event, event_id) for event, event_id in stored}
        for event, event_id in last_of.values():
            self._store_asset_event(connection, event, event_id)

    def _store_planned_checks(self, connection: Connection, stored: list[tuple[dg.EventLogEntry, int]]) -> None:
        rows = [self._planned_check(event, event_id) for event, event_id in stored]
        if rows:
            connection.execute(AssetCheckExecutionsTable.insert(), rows)

    def _planned_check(self, event: dg.EventLogEntry, event_id: int) -> dict[str, Any]:
        key = event.get_dagster_event().asset_check_planned_data.asset_check_key
        return {
            "asset_key": key.asset_key.to_string(),
            "check_name": key.name,
            "run_id": event.run_id,
            "execution_status": AssetCheckExecutionRecordStatus.PLANNED.value,
            "evaluation_event": serialize_value(event),
            "evaluation_event_timestamp": datetime.fromtimestamp(event.timestamp, UTC).replace(tzinfo=None),
            "evaluation_event_storage_id": event_id,
        }


class BatchingStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage with a `BatchingEventLog`.

    A relative folder is relative to `DAGSTER_HOME`, where that is set: Dagster takes it relative to the working folder,
    so that two programs with one home and two working folders would have two instances.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Programs that make a new instance at once would each create the same tables, and all but one would fail.
        with file_lock(Path(base_dir, "opening.lock"), what="Dagster's storage", wait_seconds=OPENING_SECONDS):
            super().__init__(base_dir, inst_data)
        self._event_log_storage = BatchingEventLog(str(Path(base_dir, "history", "runs")))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> BatchingStorage:
        """Return the storage that `dagster.yaml` describes."""
        return cls(str(Path(os.environ.get("DAGSTER_HOME", ""), config_value["base_dir"]).expanduser()), inst_data)


def _is_planned_check(event: dg.EventLogEntry) -> bool:
    return event.dagster_event_type == PLANNED_CHECK
