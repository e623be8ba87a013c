"""What is kept of failed runs: the reason why derive runs keep failing, and the newest runs; older ones are removed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

import dagster as dg

from usage_assets.defs.dead_runs import DEAD_TAG
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.run_locks import forget_lock
from usage_assets.defs.run_requests import DERIVE, FETCH, FETCH_USERS, STEP_TAG, StepRuns

CLASS_NAME = re.compile(r"^(?:\w+\.)*\w+: ")
# A derive run over three months writes 4 MB of events even if it fails, a fetch run a tenth of that.
FAILURES_KEPT = {FETCH: 20, FETCH_USERS: 5, DERIVE: 5}
REMOVED_AT_ONCE = 200
ENDED_IN_FAILURE = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
KILLED = "its process was killed, or its machine or container stopped"
INTERRUPTED = "DagsterExecutionInterruptedError"


def note_last_derive(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    """Note the newest derive run if it failed and is not noted yet."""
    record = StepRuns(instance, location.naming.name(DERIVE)).last()
    if record is None or record.dagster_run.status != dg.DagsterRunStatus.FAILURE:
        return
    failures, ended = location.project.failures, datetime.fromtimestamp(record.end_time or 0, UTC)
    noted = failures.of_derive()
    if noted is None or ended > noted.last_failed_at:
        events = _failures(instance, record.dagster_run.run_id)
        was_killed = _was_killed(record.dagster_run, events)
        failures.note_failed_derive(KILLED if was_killed else failure_of_run(events), ended, was_killed=was_killed)


def failure_of_run(events: Iterable[dg.DagsterEvent]) -> str:
    """Return the message of the first error that made a run fail, without the name of its class."""
    errors = [getattr(event.event_specific_data, "error", None) for event in events if event.is_failure]
    raised = [error.cause or error for error in errors if error is not None]
    messages = [str(error.message).strip().splitlines()[0] for error in raised]
    return CLASS_NAME.sub("", messages[0]) if messages else "the derive run failed; see the UI"


def remove_old_failures(instance: dg.DagsterInstance, location: CodeLocation) -> int:
    """Remove failed and cancelled runs of each step but the newest, with their events; return how many.

    A run that holds the newest materialization of a partition stays, so that no partition loses its state.
    """
    removed = 0
    for step, kept in FAILURES_KEPT.items():
        ended = dg.RunsFilter(statuses=ENDED_IN_FAILURE, tags={STEP_TAG: location.naming.name(step)})
        for run in instance.get_runs(ended, limit=kept + REMOVED_AT_ONCE)[kept:]:
            if not _holds_newest(instance, run.run_id):
                instance.delete_run(run.run_id)
                instance.compute_log_manager.delete_logs(prefix=[run.run_id])
                forget_lock(location.project, run.run_id)
                removed += 1
    return removed


def _holds_newest(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Return whether a run holds the newest materialization of a partition of an asset."""
    storage = instance.event_log_storage
    partitions = defaultdict[dg.AssetKey, set[str]](set)
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION):
        event = entry.get_dagster_event()
        if event.asset_key is not None:
            partitions[event.asset_key].add(event.partition or "")
    for key, of_run in partitions.items():
        newest = storage.get_latest_storage_id_by_partition(
            key, dg.DagsterEventType.ASSET_MATERIALIZATION, of_run
        ).values()
        events = dg.AssetRecordsFilter(asset_key=key, storage_ids=list(newest))
        if newest and any(
            record.run_id == run_id for record in instance.fetch_materializations(events, limit=len(newest)).records
        ):
            return True
    return False


def _was_killed(run: dg.DagsterRun, failures: list[dg.DagsterEvent]) -> bool:
    """Return whether a failed run did not fail by itself: its process was killed, or told to stop.

    Where the code server lives, it sees its child die, and fails the run without any error before `dead_runs` does.
    """
    errors = [getattr(event.event_specific_data, "error", None) for event in failures]
    if DEAD_TAG in run.tags or not any(errors):
        return True
    return any(error is not None and INTERRUPTED in str(error.cls_name) for error in errors)


def _failures(instance: dg.DagsterInstance, run_id: str) -> list[dg.DagsterEvent]:
    """Return the events of the failed steps of a run, and of the run itself."""
    of_steps = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    of_run = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
    return [entry.get_dagster_event() for entry in (*of_steps, *of_run)]
