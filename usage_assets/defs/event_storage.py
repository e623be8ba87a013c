"""How Dagster's SQLite instance stores events: those that it hands over together, in one transaction.

`dagster.yaml` names `BatchingStorage`. Files, tables and rows are Dagster's own; what an event means is not known here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

# Dagster offers storage of one's own in dagster.yaml, but exports none of the classes it is made of.
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData, serialize_value
from sqlalchemy import Connection

EVENTS_AT_ONCE = 1_000
PLANNED_CHECK = dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED
STORED_TOGETHER = {
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    PLANNED_CHECK,
}


class BatchingEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log, with one transaction for the events that Dagster hands over together.

    Dagster's own opens both files and commits for every event, and a ranged run has two of them for each partition.
    Files, tables and rows are the same, so either can go on with what the other wrote. One thing is left out: Dagster
    plans a check once for each partition of the run, also where the check has none, and never marks these as done.
    """

    def __init__(self, base_dir: str) -> None:
        super().__init__(base_dir)
        self._tables_seen: set[str] = set()

    def has_table(self, table_name: str) -> bool:
        """Returns whether a table is there; one once seen stays, and Dagster asks at each look at partitions."""
        if table_name not in self._tables_seen and super().has_table(table_name):
            self._tables_seen.add(table_name)
        return table_name in self._tables_seen

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Stores events of one run."""
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
            self._store_planned_checks(connection, [one for one in stored if _is_planned_check(one[0])])
            self._store_of_assets(connection, [one for one in stored if not _is_planned_check(one[0])])

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
    """Dagster's SQLite storage with a `BatchingEventLog`. `dagster.yaml` names it, so every process has it."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = BatchingEventLog(str(Path(base_dir, "history", "runs")))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> BatchingStorage:
        """Returns the storage that `dagster.yaml` describes, and lets Dagster hand over events in batches."""
        # Only the environment can say so, and it is read at each event.
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", str(EVENTS_AT_ONCE))
        return cls(inst_data=inst_data, **config_value)


def _is_planned_check(event: dg.EventLogEntry) -> bool:
    return event.dagster_event_type == PLANNED_CHECK
