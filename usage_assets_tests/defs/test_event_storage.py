"""The batching event storage keeps the same events of a run as Dagster's own SQLite storage."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.partition_status_cache import get_and_update_asset_status_cache_value

from usage_assets.defs.batching_storage import BatchingEventLog
from usage_assets_tests.checkout import CHECKOUT

# Dagster still asks pydantic for `__fields__`.
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore:The `__fields__` attribute")]

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
    """The instance that `dagster.yaml` describes, and an instance with Dagster's own storage, after the same run."""
    # The instance sets this variable for the process; monkeypatch removes it after the test.
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "7")
    shutil.copy(CHECKOUT / "dagster.yaml", _home(tmp_path / "ours"))
    (_home(tmp_path / "dagsters") / "dagster.yaml").write_text(OWN_STORAGE)
    with ExitStack() as stack:
        ours, dagsters = (_opened(stack, tmp_path / name, monkeypatch) for name in ["ours", "dagsters"])
        for instance in [ours, dagsters]:
            _run(instance)
        yield ours, dagsters


def test_dagster_yaml_names_the_storage(homes: tuple[dg.DagsterInstance, dg.DagsterInstance]) -> None:
    assert isinstance(homes[0].event_log_storage, BatchingEventLog)


def test_reads_about_assets_equal_those_of_dagsters_storage(
    homes: tuple[dg.DagsterInstance, dg.DagsterInstance],
) -> None:
    ours, dagsters = (_shown(instance) for instance in homes)

    assert ours == dagsters
    assert (ours["materialized"], ours["failed"]) == (set(DAYS), set(DAYS))
    assert ours["metadata"][DAYS[4]] == {"dagster/row_count": 7, "day": DAYS[4]}


def test_a_check_without_partitions_is_planned_once(homes: tuple[dg.DagsterInstance, dg.DagsterInstance]) -> None:
    key = dg.AssetCheckKey(first.key, "looked_at")

    executions = homes[0].event_log_storage.get_asset_check_execution_history(key, limit=99)

    assert [execution.status.value for execution in executions] == ["SUCCEEDED"]


def test_each_storage_can_continue_in_the_others_home(
    homes: tuple[dg.DagsterInstance, dg.DagsterInstance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours" / "dagster.yaml").write_text(OWN_STORAGE)
    shutil.copy(CHECKOUT / "dagster.yaml", tmp_path / "dagsters")

    with ExitStack() as stack:
        for name, before in zip(["ours", "dagsters"], homes, strict=True):
            changed = _opened(stack, tmp_path / name, monkeypatch)
            assert _shown(changed) == _shown(before)
            _run(changed)
            assert len(changed.fetch_materializations(first.key, limit=99).records) == 2 * len(DAYS)


def test_another_version_of_dagster_uses_its_own_storage() -> None:
    program = (
        "import importlib.metadata as metadata; metadata.version = lambda name: '9.9.9'\n"
        "from usage_assets.defs.event_storage import BatchingStorage\n"
        "print(BatchingStorage.__name__)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "DagsterSqliteStorage\n"
    assert done.stderr.count("so Dagster 9.9.9 uses its own event storage") == 1


def _home(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _opened(stack: ExitStack, home: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    # The paths in dagster.yaml are relative to DAGSTER_HOME, those of Dagster's own storage to the working folder.
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.chdir(home)
    instance = stack.enter_context(dg.DagsterInstance.from_config(str(home)))
    _ = instance.event_log_storage
    return instance


def _run(instance: dg.DagsterInstance) -> None:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    dg.materialize([first, second, looked_at], instance=instance, tags=RANGE, run_config=quiet, raise_on_error=False)


def _shown(instance: dg.DagsterInstance) -> dict[str, Any]:
    """Return what the UI reads: the status, metadata and tags of each partition, the last event, the run's events."""
    records = instance.fetch_materializations(first.key, limit=99, ascending=True).records
    status = get_and_update_asset_status_cache_value(instance, second.key, PARTITIONS)
    [run] = instance.get_runs(limit=1)
    last = instance.get_latest_materialization_event(first.key)
    return {
        "materialized": set(instance.get_materialized_partitions(first.key)),
        "failed": set(status.deserialize_failed_partition_subsets(PARTITIONS).get_partition_keys() if status else []),
        "metadata": {
            record.partition_key: {name: entry.value for name, entry in record.asset_materialization.metadata.items()}
            for record in records
            if record.asset_materialization
        },
        "tags": Counter(
            tag for record in records if record.asset_materialization for tag in record.asset_materialization.tags or {}
        ),
        "indexed tags": Counter(
            tag
            for record in records
            for event in instance.get_event_tags_for_asset(first.key, filter_event_id=record.storage_id)
            for tag in event
        ),
        "last": last.asset_materialization.partition if last and last.asset_materialization else None,
        "events": Counter(record.dagster_event_type for record in instance.all_logs(run.run_id)),
    }
