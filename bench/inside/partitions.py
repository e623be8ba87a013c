"""Fill a Dagster instance with materializations of `raw_usage`, as after a fetch of every account and day."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dagster as dg

# Dagster's public interface stores such an event only at the end of a run, which would take hours here.
from dagster._core.events import DagsterEvent, StepMaterializationData

from bench.inside.tasks import PartitionsTask, answer_task

RAW_USAGE = dg.AssetKey("raw_usage")
BATCH_EVENTS = 5_000


def fill_instance(task: PartitionsTask) -> int:
    """Store an event for every account and day; return the bytes of the databases."""
    os.chdir(task.folder)
    with dg.DagsterInstance.from_config(task.folder) as instance:
        instance.add_dynamic_partitions("accounts", task.account_ids)
        materializations, run_id = _materializations(task), str(uuid.uuid4())
        while batch := [_log_entry(event, run_id) for event in islice(materializations, BATCH_EVENTS)]:
            instance.event_log_storage.store_event_batch(batch)
    return sum(file.stat().st_size for file in Path(task.folder).rglob("*.db"))


def _materializations(task: PartitionsTask) -> Iterator[dg.AssetMaterialization]:
    metadata = {"dagster/row_count": dg.MetadataValue.int(100), "window": dg.MetadataValue.text("a day")}
    for account_id in task.account_ids:
        for day in task.days:
            yield dg.AssetMaterialization(RAW_USAGE, partition=f"{account_id}|{day}", metadata=metadata)


def _log_entry(materialization: dg.AssetMaterialization, run_id: str) -> dg.EventLogEntry:
    event = DagsterEvent(
        event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name="__ASSET_JOB",
        event_specific_data=StepMaterializationData(materialization),
    )
    return dg.EventLogEntry(  # type: ignore[no-untyped-call] # Dagster declares no types for it
        error_info=None, level=20, user_message="", run_id=run_id, timestamp=0.0, job_name="__ASSET_JOB",
        dagster_event=event,
    )  # fmt: skip


if __name__ == "__main__":
    answer_task(PartitionsTask, fill_instance)
