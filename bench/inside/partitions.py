"""Fills a Dagster instance with materializations of `raw_usage`, as fetches of every account and day leave them."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dagster as dg
import msgspec

# Dagster stores such an event only at the end of a run, and no run is to be waited for.
from dagster._core.events import DagsterEvent, StepMaterializationData

from bench.inside.tasks import PartitionsTask

RAW_USAGE = dg.AssetKey("raw_usage")
AT_ONCE = 5_000


def fill(task: PartitionsTask) -> None:
    """Stores an event for every account and day."""
    os.chdir(task.folder)
    with dg.DagsterInstance.from_config(task.folder) as instance:
        instance.add_dynamic_partitions("accounts", task.account_ids)
        events, run_id = _events(task), str(uuid.uuid4())
        while batch := [_stored(event, run_id) for event in islice(events, AT_ONCE)]:
            instance.event_log_storage.store_event_batch(batch)


def _events(task: PartitionsTask) -> Iterator[dg.AssetMaterialization]:
    metadata = {"dagster/row_count": dg.MetadataValue.int(100), "window": dg.MetadataValue.text("a day")}
    for account_id in task.account_ids:
        for day in task.days:
            yield dg.AssetMaterialization(RAW_USAGE, partition=f"{account_id}|{day}", metadata=metadata)


def _stored(materialization: dg.AssetMaterialization, run_id: str) -> dg.EventLogEntry:
    event = DagsterEvent(
        event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name="__ASSET_JOB",
        event_specific_data=StepMaterializationData(materialization),
    )
    return dg.EventLogEntry(  # type: ignore[no-untyped-call]
        error_info=None, level=20, user_message="", run_id=run_id, timestamp=0.0, job_name="__ASSET_JOB",
        dagster_event=event,
    )  # fmt: skip


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.argv[1], type=PartitionsTask)
    fill(asked)
    sys.stdout.write(msgspec.json.encode(sum(one.stat().st_size for one in Path(asked.folder).rglob("*.db"))).decode())
