"""Two projects in one process, and a project in a code location of other assets."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from truto_sandbox.server import running
from usage_assets.defs.build import build_definitions, code_location
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.instance import OtherDataFolder, claim_instance
from usage_assets.progress import NoProgress
from usage_assets.project import Project
from usage_assets.sync import Sync
from usage_assets_tests.defs.conftest import SANDBOX, TODAY, ProjectAt, make_project

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

LATER_START = TODAY - timedelta(days=5)


@pytest.fixture(scope="module")
def projects(sandbox_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Project]]:
    """Two projects with different folders, first days and APIs, synced one after the other."""
    folder = tmp_path_factory.mktemp("projects")
    with running(replace(SANDBOX, seed=8, accounts=3)) as other_url, ExitStack() as stack:
        projects = [
            make_project(sandbox_url, data_dir=folder / "one"),
            make_project(other_url, data_dir=folder / "two", start_date=LATER_START),
        ]
        for project in projects:
            instance = stack.enter_context(dg.DagsterInstance.ephemeral())
            assert not Sync(project, InProcessRuns(project, instance), NoProgress()).run().has_failed
        yield projects


def test_each_project_holds_its_own_accounts_only(projects: list[Project]) -> None:
    listed = [{account.account_id for account in project.account_list.read()} for project in projects]
    published = [_published(project, "account_id") for project in projects]

    assert listed[0].isdisjoint(listed[1])
    assert [published[index] != set() and published[index] <= listed[index] for index in (0, 1)] == [True, True]


def test_each_project_begins_at_its_own_first_day(projects: list[Project]) -> None:
    first_days = [min(_published(project, "usage_date")) for project in projects]

    assert first_days[0] < LATER_START <= first_days[1]


def test_neither_project_has_a_pending_window(projects: list[Project]) -> None:
    assert [project.landing.pending() for project in projects] == [[], []]


def _published(project: Project, column: str) -> set[Any]:
    files = project.published_dir / "current" / "cost_by_account" / "*.parquet"
    return {value for (value,) in duckdb.execute(f"select {column} from '{files}'").fetchall()}


def test_an_instance_that_records_another_folder_is_refused(
    instance: dg.DagsterInstance, project_with: ProjectAt, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    claim_instance(instance, code_location(project_with(data_dir=tmp_path / "one")))

    with pytest.raises(OtherDataFolder, match=r"records the data folder .*/one, and USAGE_DATA_DIR is now .*/two"):
        claim_instance(instance, code_location(project_with(data_dir=tmp_path / "two")))


def test_an_instance_of_a_deleted_folder_accepts_another(
    instance: dg.DagsterInstance, project_with: ProjectAt, tmp_path: Path
) -> None:
    claim_instance(instance, code_location(project_with(data_dir=tmp_path / "gone")))

    claim_instance(instance, code_location(project_with(data_dir=tmp_path / "two")))

    assert instance.get_dynamic_partitions("data_folder") == [str(tmp_path / "two")]


def test_definitions_merge_into_a_code_location_that_uses_the_same_names(project: Project) -> None:
    @dg.asset(group_name="core")
    def usage() -> None: ...

    @dg.job(name="fetch")
    def fetch() -> None: ...

    theirs = dg.Definitions(assets=[usage], jobs=[fetch], resources={"project": "theirs"})

    merged = dg.Definitions.merge(theirs, build_definitions(project, key_prefix="spend", group_prefix="spend_"))

    keys = {key.to_user_string() for key in merged.resolve_asset_graph().get_all_asset_keys()}
    assert {"usage", "spend/usage", "spend/cost", "spend/raw_usage"} <= keys
    assert {job.name for job in merged.get_repository_def().get_all_jobs()} >= {"fetch", "spend_fetch"}


def test_a_prefix_is_put_before_every_name(project: Project) -> None:
    definitions = build_definitions(project, key_prefix=["finance", "ai"], group_prefix="ai_")
    repository = definitions.get_repository_def()
    nodes = definitions.resolve_asset_graph().asset_nodes

    assert {key.path[:2] == ["finance", "ai"] for key in (node.key for node in nodes)} == {True}
    assert {node.group_name.startswith("ai_") for node in nodes} == {True}
    names = [*(sensor.name for sensor in repository.sensor_defs), *(s.name for s in repository.schedule_defs)]
    assert {name.startswith("finance_ai_") for name in names} == {True}


def test_a_prefixed_project_loads(project: Project) -> None:
    dg.Definitions.validate_loadable(build_definitions(project, key_prefix="spend"))


def test_a_day_before_the_first_partition_is_no_partition(project_with: ProjectAt) -> None:
    location = code_location(project_with(start_date=date(2026, 3, 1)))

    assert location.partitions.dates.get_first_partition_key() == "2026-03-01"
