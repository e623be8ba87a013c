"""A changed `allocation.csv` is derived by `sync` and sensor; one with mistakes leaves the last good one in force."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import dagster as dg
import pytest

from usage_assets.check_report import check_lines, check_report
from usage_assets.defs.build import code_location
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.landing_checks import report_lasting_trouble
from usage_assets.defs.sensors import build_landed_usage
from usage_assets.doctor.configuration import file_in_force_findings
from usage_assets.lasting_trouble import USER_FILES
from usage_assets.progress import NoProgress
from usage_assets.project import Project
from usage_assets.rederiving import rebuild_warehouse
from usage_assets.settings import Settings
from usage_assets.sync import Sync
from usage_assets.sync_result import SyncResult
from usage_assets_tests.stand_in import TOKEN, StandIn, account, running_stand_in

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = date(2026, 11, 10)
ROW = {
    "id": "row-1",
    "start_date": f"{DAY}T00:00:00Z",
    "end_date": f"{DAY}T23:59:59Z",
    "charges": [{"amount": 7, "currency": "USD", "type": "net"}],
}
BAD = "team,share\nB,0.5\n"

SyncDay = Callable[[], SyncResult]


@pytest.fixture
def api() -> Iterator[StandIn]:
    with running_stand_in() as api:
        api.accounts = [account("acme")]
        api.rows = {"acme": [ROW]}
        yield api


@pytest.fixture
def project(api: StandIn, tmp_path: Path) -> Project:
    settings = {"token": TOKEN, "base_url": api.url, "data_dir": tmp_path / "data", "start_date": date(2026, 11, 1)}
    return Project(Settings.model_validate(settings), lambda: NOW)


@pytest.fixture
def sync_day(project: Project, instance: dg.DagsterInstance) -> SyncDay:
    """Return a function that runs a sync of one day."""
    return lambda: Sync(project, InProcessRuns(project, instance), NoProgress()).run([], DAY, DAY)


def teams(project: Project) -> dict[str, Decimal]:
    with project.warehouse.reading() as connection:
        return dict(connection.execute("select team, cost from cost_by_team").fetchall())


def write(project: Project, text: str) -> None:
    project.settings.data_dir.mkdir(exist_ok=True)
    project.settings.allocation_path.write_text(text, encoding="utf-8")


def is_changed(project: Project) -> bool:
    """Return whether the published tables are derived by other files than those that count."""
    return project.has_changed_files


def last_check(instance: dg.DagsterInstance) -> dg.AssetCheckEvaluation:
    key = dg.AssetCheckKey(dg.AssetKey("cost_by_team"), USER_FILES)
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=5)
    found = [record.event.asset_check_evaluation for record in records if record.event is not None]
    return next(evaluation for evaluation in found if evaluation is not None)


def test_a_changed_file_is_derived_and_published_by_the_next_sync(project: Project, sync_day: SyncDay) -> None:
    sync_day()
    assert (teams(project), is_changed(project)) == ({"(none)": Decimal(7)}, False)

    write(project, "team\nA\n")
    assert is_changed(project)
    sync_day()

    assert (teams(project), is_changed(project)) == ({"A": Decimal(7)}, False)

    project.settings.allocation_path.unlink()
    assert is_changed(project)
    sync_day()

    assert (teams(project), is_changed(project)) == ({"(none)": Decimal(7)}, False)
    assert not project.files.allocation.copy.exists()


def test_a_changed_file_starts_a_derive_run_and_a_wrong_one_starts_none(
    project: Project, sync_day: SyncDay, instance: dg.DagsterInstance
) -> None:
    sync_day()
    sensor, context = build_landed_usage(code_location(project)), dg.build_sensor_context(instance=instance)

    write(project, BAD)
    assert isinstance(sensor(context), dg.SkipReason)
    write(project, "team\nA\n")
    assert isinstance(sensor(context), dg.RunRequest)


def test_a_file_with_mistakes_leaves_the_last_good_one_in_force_and_is_red(
    project: Project, sync_day: SyncDay, api: StandIn, instance: dg.DagsterInstance
) -> None:
    write(project, "team\nA\n")
    sync_day()
    assert last_check(instance).passed

    write(project, BAD)
    api.rows = {"acme": [{**ROW, "charges": [{"amount": 9, "currency": "USD", "type": "net"}]}]}
    result = sync_day()

    assert (result.has_failed, teams(project)) == (False, {"A": Decimal(9)})
    found = last_check(instance)
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "line 2, column share: '0.5' is the only share" in str(found.metadata["examples"].value)


def test_a_wrong_file_is_reported_without_a_run_and_green_when_it_is_corrected(
    project: Project, instance: dg.DagsterInstance
) -> None:
    location = code_location(project)

    passed = []
    for text in (BAD, "team\nB\n"):
        write(project, text)
        report_lasting_trouble(instance, location, [], NOW)
        passed.append(last_check(instance).passed)

    assert passed == [False, True]


def test_sync_ends_with_the_mistakes(project: Project, sync_day: SyncDay) -> None:
    sync_day()
    write(project, BAD)

    report = check_report(project, project.account_list.read())

    [line] = [line for line in check_lines(report, []) if "user_files" in line]
    assert line.startswith(
        f"red user_files: 1 finding. {project.settings.allocation_path}, line 2, column share: '0.5'"
    )
    assert report.has_red


def test_doctor_names_each_mistake_and_what_counts_meanwhile(project: Project) -> None:
    file = project.files.allocation
    assert [finding.message for finding in file_in_force_findings(file)] == [f"there is no {file.path}"]

    write(project, "team\nA\n")
    assert [finding.level for finding in file_in_force_findings(file)] == ["ok"]
    file.put_in_force()
    write(project, "team,share\n,x\n")

    levels = [
        (str(finding.level), finding.message.removeprefix(str(file.path))[:22])
        for finding in file_in_force_findings(file)
    ]
    assert levels[:2] == [("fail", ", line 2, column team:"), ("fail", ", line 2, column share")]
    assert file_in_force_findings(file)[2].message == (
        f"its last good content, {file.copy}, counts until {file.path} is corrected"
    )


def test_a_rebuilt_warehouse_has_the_same_teams(
    project: Project, sync_day: SyncDay, instance: dg.DagsterInstance
) -> None:
    write(project, "team,share\nA,0.3\nB,0.7\n")
    sync_day()
    before = teams(project)

    write(project, BAD)
    rebuild_warehouse(project, InProcessRuns(project, instance))

    assert teams(project) == before == {"A": Decimal("2.1"), "B": Decimal("4.9")}
