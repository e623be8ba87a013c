"""Find runs whose process has died, and end them, so that what they did not do is asked again.

Dagster's own default launcher cannot tell: a run whose process was killed stays `STARTED` for good. So a run of ours
holds a lock (`run_locks`), which the operating system frees:

- A run that has taken its lock and holds it no longer is dead, once its last event is older than `GRACE` (a run of
  `sync`: at once). That holds for every launcher and host, because all runs share the data folder and its locks.
- A run that never took its lock is dead `START_TIMEOUT` after its last event, but only where Dagster cannot ask the
  launcher about the health of a run's worker. Where it can (Docker, Kubernetes, Celery), `run_monitoring` ends it.
- A run in the queue is alive: the daemon starts it when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg

from usage_assets.defs.assets import derived_keys, fetched_keys
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.run_locks import forget_lock, has_taken_lock, holds_lock, locked_run_ids
from usage_assets.defs.run_requests import DERIVE, FETCH, FETCH_USERS, REFRESH, STEP_TAG, UNFINISHED

GRACE = timedelta(seconds=20)
START_TIMEOUT = timedelta(seconds=90)
DEAD_TAG = "usage/dead"
# A run of `sync` holds its lock from before it exists until after it has ended; another only during its steps.
LOCKED_TAG, WHOLE_RUN = "usage/locked", "whole run"
SENTENCE = (
    "The process of this run ended without a word: it was killed, or its machine or container stopped. "
    "What it did is kept; what it did not do is asked again by itself."
)


def end_dead_runs(instance: dg.DagsterInstance, location: CodeLocation, now: datetime) -> list[str]:
    """Mark the dead runs of a code location as failed and free what they claimed; return their ids."""
    ended = []
    for record in list(instance.get_run_records(dg.RunsFilter(statuses=UNFINISHED))):
        run = record.dagster_run
        if (
            is_ours(run, location)
            and _is_dead(instance, location, record, now)
            and _is_unfinished(instance, run.run_id)
        ):
            instance.add_run_tags(run.run_id, {DEAD_TAG: "true"})
            instance.report_run_failed(run, SENTENCE)
            ended.append(run.run_id)
    free_slots_of_ended_runs(instance)
    _forget_locks_of_ended_runs(instance, location)
    return ended


def is_ours(run: dg.DagsterRun, location: CodeLocation) -> bool:
    """Return whether every step of a run is one of this code location's own, so that it takes its lock."""
    steps = {location.naming.name(step) for step in (FETCH, FETCH_USERS, DERIVE, REFRESH)}
    jobs = {location.naming.name(job) for job in (FETCH, REFRESH)}
    if run.tags.get(STEP_TAG) in steps or run.job_name in jobs:
        return True
    selected = run.asset_selection or frozenset()
    return bool(selected) and selected <= {*fetched_keys(location), *derived_keys(location)}


def free_slots_of_ended_runs(instance: dg.DagsterInstance) -> None:
    """Free the pool slots of runs that have ended: a killed process leaves its slot claimed."""
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return
    for run_id in storage.get_concurrency_run_ids():
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            storage.free_concurrency_slots_for_run(run_id)


def _is_dead(instance: dg.DagsterInstance, location: CodeLocation, record: dg.RunRecord, now: datetime) -> bool:
    run, project = record.dagster_run, location.project
    silence = now - _last_sign_of_life(instance, record)
    if has_taken_lock(project, run.run_id):
        is_between_steps = silence <= GRACE and run.tags.get(LOCKED_TAG) != WHOLE_RUN
        return not is_between_steps and not holds_lock(project, run.run_id)
    is_queued = run.status == dg.DagsterRunStatus.QUEUED
    return silence > START_TIMEOUT and not is_queued and not instance.run_launcher.supports_check_run_worker_health


def _last_sign_of_life(instance: dg.DagsterInstance, record: dg.RunRecord) -> datetime:
    events = instance.event_log_storage.get_logs_for_run(record.dagster_run.run_id, limit=1, ascending=False)
    last = max((event.timestamp for event in events), default=0.0)
    return max(datetime.fromtimestamp(last, UTC), record.update_timestamp.astimezone(UTC))


def _is_unfinished(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Return whether a run has still not ended, read after its lock was seen free."""
    run = instance.get_run_by_id(run_id)
    return run is not None and not run.is_finished


def _forget_locks_of_ended_runs(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    for run_id in _ended(instance, locked_run_ids(location.project)):
        forget_lock(location.project, run_id)


def _ended(instance: dg.DagsterInstance, run_ids: list[str]) -> Iterator[str]:
    for run_id in run_ids:
        run = instance.get_run_by_id(run_id)
        if run is not None and run.is_finished:
            yield run_id
