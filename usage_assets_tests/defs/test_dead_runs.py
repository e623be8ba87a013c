"""Runs whose process died: they are told from living ones, ended with a sentence, and what they did is asked again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from usage_assets.defs.dead_runs import DEAD_TAG, GRACE, LOCKED_TAG, SENTENCE, START_TIMEOUT, WHOLE_RUN, end_dead_runs
from usage_assets.defs.failed_runs import FAILURES_KEPT, note_last_derive, remove_old_failures
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.run_locks import locked_run_ids, run_lock_path
from usage_assets.defs.run_requests import DERIVE, FETCH, STEP_TAG
from usage_assets.project import Project
from usage_assets_tests.lock_holder import held_elsewhere

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

STARTED, FAILURE = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE
SECOND, HOURS = timedelta(seconds=1), timedelta(hours=5)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance on disk, because only that has pool slots."""
    home = tmp_path / "home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        yield instance


def in_time(after: timedelta) -> datetime:
    """Return the time `after` from now: an instance dates its runs by the machine's clock."""
    return datetime.now(UTC) + after


def start_run(
    instance: dg.DagsterInstance,
    step: str = DERIVE,
    status: dg.DagsterRunStatus = STARTED,
    tags: dict[str, str] | None = None,
) -> dg.DagsterRun:
    @dg.op
    def nothing() -> None: ...

    @dg.job
    def stand_in() -> None:
        nothing()

    return instance.create_run_for_job(stand_in, tags={STEP_TAG: step, **(tags or {})}, status=status)


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


def leave_lock(project: Project, run: dg.DagsterRun) -> Path:
    """Leave the lock file of a run whose process is gone."""
    path = run_lock_path(project, run.run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("4711")
    return path


def test_a_run_that_holds_its_lock_lives_however_long_it_is_silent(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    run = start_run(instance)

    with held_elsewhere(run_lock_path(project, run.run_id)):
        ended = end_dead_runs(instance, location, in_time(HOURS))

    assert (ended, status_of(instance, run)) == ([], STARTED)


@pytest.mark.parametrize("step", [FETCH, DERIVE])
def test_a_run_whose_process_was_killed_is_failed_with_a_sentence(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation, step: str
) -> None:
    run = start_run(instance, step)
    with held_elsewhere(run_lock_path(project, run.run_id)) as holder:
        holder.kill()
        holder.wait()

    ended = end_dead_runs(instance, location, in_time(GRACE + SECOND))

    assert (ended, status_of(instance, run)) == ([run.run_id], FAILURE)
    assert SENTENCE in [entry.message for entry in instance.all_logs(run.run_id)]
    assert locked_run_ids(project) == []


def test_a_run_is_not_ended_between_two_steps(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    run = start_run(instance)
    leave_lock(project, run)

    assert end_dead_runs(instance, location, in_time(GRACE - 10 * SECOND)) == []


def test_a_run_of_a_killed_sync_is_dead_at_once(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    run = start_run(instance, tags={LOCKED_TAG: WHOLE_RUN})
    leave_lock(project, run)

    assert end_dead_runs(instance, location, in_time(timedelta())) == [run.run_id]


def test_a_run_that_never_took_its_lock_is_dead_after_the_time_that_a_start_takes(
    instance: dg.DagsterInstance, location: CodeLocation
) -> None:
    run = start_run(instance)

    early = end_dead_runs(instance, location, in_time(START_TIMEOUT - 10 * SECOND))
    late = end_dead_runs(instance, location, in_time(START_TIMEOUT + SECOND))

    assert (early, late) == ([], [run.run_id])


def test_runs_of_others_are_left_alone(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    run = start_run(instance, step="theirs")

    assert end_dead_runs(instance, location, in_time(HOURS)) == []
    assert status_of(instance, run) == STARTED


def test_the_pool_slot_of_a_dead_run_is_free_again(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    storage, run, next_run = instance.event_log_storage, start_run(instance), start_run(instance)
    storage.set_concurrency_slots("warehouse", 1)
    assert storage.claim_concurrency_slot("warehouse", run.run_id, "usage").is_claimed
    leave_lock(project, run)

    end_dead_runs(instance, location, in_time(GRACE + SECOND))

    assert storage.claim_concurrency_slot("warehouse", next_run.run_id, "usage").is_claimed


def test_a_killed_derive_run_pauses_nothing(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    leave_lock(project, start_run(instance))
    end_dead_runs(instance, location, in_time(GRACE + SECOND))

    note_last_derive(instance, location)

    failure = project.failures.of_derive()
    assert failure is not None
    assert failure.next_attempt_at == failure.last_failed_at


def test_a_derive_run_that_failed_by_itself_is_noted_once_with_its_error_and_pauses_the_next(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    @dg.asset
    def cost() -> None:
        raise dg.Failure("The disk is full.")

    dg.materialize([cost], instance=instance, tags={STEP_TAG: DERIVE}, raise_on_error=False)

    note_last_derive(instance, location)
    note_last_derive(instance, location)

    failure = project.failures.of_derive()
    assert failure is not None
    assert (failure.attempts, failure.reason) == (1, "The disk is full.")
    assert failure.next_attempt_at == failure.last_failed_at + timedelta(minutes=1)


def test_old_failed_runs_are_removed_but_for_the_newest(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    runs = [start_run(instance, status=FAILURE) for _ in range(FAILURES_KEPT[DERIVE] + 3)]

    removed = remove_old_failures(instance, location)

    kept = {run.run_id for run in instance.get_runs()}
    assert (removed, kept) == (3, {run.run_id for run in runs[3:]})


def test_a_failed_run_with_the_newest_materialization_of_a_partition_is_kept(
    instance: dg.DagsterInstance, location: CodeLocation
) -> None:
    @dg.asset
    def raw_usage(context: dg.AssetExecutionContext) -> None:
        context.log_event(dg.AssetMaterialization("raw_usage", partition="a-1|2026-11-01"))
        raise dg.Failure

    first = dg.materialize([raw_usage], instance=instance, tags={STEP_TAG: FETCH}, raise_on_error=False)
    for _ in range(FAILURES_KEPT[FETCH]):
        start_run(instance, FETCH, status=FAILURE)

    assert remove_old_failures(instance, location) == 0
    assert instance.get_run_by_id(first.run_id) is not None


def test_dead_runs_are_marked(instance: dg.DagsterInstance, project: Project, location: CodeLocation) -> None:
    run = start_run(instance)
    leave_lock(project, run)

    end_dead_runs(instance, location, in_time(GRACE + SECOND))

    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    assert found.tags[DEAD_TAG] == "true"
