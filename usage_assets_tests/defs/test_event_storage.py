"""What the instance keeps of a run: all that Dagster's own SQLite storage keeps."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.partition_status_cache import get_and_update_asset_status_cache_value

from usage_assets.defs.event_storage import BatchingEventLog
from usage_assets.settings import CHECKOUT

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

DAYS = [f"2026-01-{day:02}" for day in range(1, 10)]
PARTITIONS = dg.DailyPartitionsDefinition("2026-01-01", end_date="2026-01-10")
RANGE = {"dagster/asset_partition_range_start": DAYS[0], "dagster/asset_partition_range_end": DAYS[-1]}
OWN_STORAGE = "storage:\n  sqlite:\n    base_dir: .dagster/storage\n"


@dg.asset(partitions_def=PARTITIONS, backfill_policy=dg.BackfillPolicy.single_run())
def first(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    for day in context.partition_keys:
        context.add_asset_metadata({"day": day}, partition_key=day)
    return dg.MaterializeResult(metadata={"dagster/row_count": 7})


@dg.asset(partitions_def=PARTITIONS, backfill_policy=dg.BackfillPolicy.single_run(), deps=[first])
def second() -> None:
    raise dg.Failure("as asked", allow_retries=False)


@dg.asset_check(asset=first)
def looked_at() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[dg.DagsterInstance, dg.DagsterInstance]]:
    """The instance that `dagster.yaml` describes, and one of Dagster's own storage; each after the same run."""
    # Set by the instance for its process, so taken away with the test.
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "7")
    shutil.copy(CHECKOUT / "dagster.yaml", _home(tmp_path / "ours"))
    (_home(tmp_path / "dagsters") / "dagster.yaml").write_text(OWN_STORAGE)
    with ExitStack() as stack:
        ours, dagsters = (_opened(stack, tmp_path / name, monkeypatch) for name in ["ours", "dagsters"])
        for one in [ours, dagsters]:
            _run(one)
        yield ours, dagsters


def test_dagster_yaml_names_the_storage(homes: tuple[dg.DagsterInstance, dg.DagsterInstance]) -> None:
    assert isinstance(homes[0].event_log_storage, BatchingEventLog)


def test_what_is_told_of_assets_is_what_dagster_tells(
    homes: tuple[dg.DagsterInstance, dg.DagsterInstance],
) -> None:
    ours, dagsters = (_told(one) for one in homes)

    assert ours == dagsters
    assert (ours["materialized"], ours["failed"]) == (set(DAYS), set(DAYS))
    assert ours["metadata"][DAYS[4]] == {"dagster/row_count": 7, "day": DAYS[4]}


def test_a_check_without_partitions_is_planned_once(homes: tuple[dg.DagsterInstance, dg.DagsterInstance]) -> None:
    key = dg.AssetCheckKey(first.key, "looked_at")

    executions = homes[0].event_log_storage.get_asset_check_execution_history(key, limit=99)

    assert [one.status.value for one in executions] == ["SUCCEEDED"]


def test_either_storage_goes_on_with_the_others_home(
    homes: tuple[dg.DagsterInstance, dg.DagsterInstance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours" / "dagster.yaml").write_text(OWN_STORAGE)
    shutil.copy(CHECKOUT / "dagster.yaml", tmp_path / "dagsters")

    with ExitStack() as stack:
        for name, before in zip(["ours", "dagsters"], homes, strict=True):
            changed = _opened(stack, tmp_path / name, monkeypatch)
            assert _told(changed) == _told(before)
            _run(changed)
            assert len(changed.fetch_materializations(first.key, limit=99).records) == 2 * len(DAYS)


def test_events_come_in_batches_where_the_environment_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "7")
    monkeypatch.delenv("DAGSTER_EVENT_BATCH_SIZE")
    shutil.copy(CHECKOUT / "dagster.yaml", _home(tmp_path))

    with ExitStack() as stack:
        _opened(stack, tmp_path, monkeypatch)
        assert int(os.environ["DAGSTER_EVENT_BATCH_SIZE"]) > 1


def _home(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _opened(stack: ExitStack, home: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    # The paths in dagster.yaml are relative to it.
    monkeypatch.chdir(home)
    one = stack.enter_context(dg.DagsterInstance.from_config(str(home)))
    _ = one.event_log_storage
    return one


def _run(instance: dg.DagsterInstance) -> None:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    dg.materialize([first, second, looked_at], instance=instance, tags=RANGE, run_config=quiet, raise_on_error=False)


def _told(instance: dg.DagsterInstance) -> dict[str, Any]:
    """What the UI asks for: status by partition, each one's metadata and tags, the last event, the run's events."""
    records = instance.fetch_materializations(first.key, limit=99, ascending=True).records
    status = get_and_update_asset_status_cache_value(instance, second.key, PARTITIONS)
    [run] = instance.get_runs(limit=1)
    last = instance.get_latest_materialization_event(first.key)
    return {
        "materialized": set(instance.get_materialized_partitions(first.key)),
        "failed": set(status.deserialize_failed_partition_subsets(PARTITIONS).get_partition_keys() if status else []),
        "metadata": {
            one.partition_key: {name: entry.value for name, entry in one.asset_materialization.metadata.items()}
            for one in records
            if one.asset_materialization
        },
        "tags": Counter(
            tag for one in records if one.asset_materialization for tag in one.asset_materialization.tags or {}
        ),
        "indexed tags": Counter(
            tag
            for one in records
            for event in instance.get_event_tags_for_asset(first.key, filter_event_id=one.storage_id)
            for tag in event
        ),
        "last": last.asset_materialization.partition if last and last.asset_materialization else None,
        "events": Counter(one.dagster_event_type for one in instance.all_logs(run.run_id)),
    }
