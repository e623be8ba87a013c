"""The asset `reference_rates`, its schedule and `sync`, with files served on loopback."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from usage_assets.check_report import check_report
from usage_assets.defs.build import build_definitions, code_location
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.landing_checks import report_lasting_trouble
from usage_assets.defs.schedules import refresh_request
from usage_assets.defs.sensors import build_landed_usage
from usage_assets.lasting_trouble import FAILED_DOWNLOADS, OLD_REFERENCE
from usage_assets.progress import NoProgress
from usage_assets.project import Project
from usage_assets.settings import OFF, Settings, SettingsError
from usage_assets.sync import Sync
from usage_assets_tests.reference.file_server import FileServer, running_file_server, status
from usage_assets_tests.reference.made_files import history_until, price_file
from usage_assets_tests.stand_in import TOKEN, StandIn, account, running_stand_in

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

WEDNESDAY = date(2026, 11, 18)
MORNING = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
ROW = {
    "id": "row-1",
    "start_date": f"{WEDNESDAY}T00:00:00Z",
    "end_date": f"{WEDNESDAY}T23:59:59Z",
    "charges": [{"amount": 8, "currency": "EUR", "type": "net"}],
}
FAILURE = "The download of exchange rates from 127.0.0.1 failed: it answered with HTTP status 503"

ProjectAt = Callable[..., Project]


@pytest.fixture
def server() -> Iterator[FileServer]:
    with running_file_server() as server:
        server.serves("rates", history_until(WEDNESDAY))
        server.serves("prices", price_file())
        yield server


@pytest.fixture
def api() -> Iterator[StandIn]:
    with running_stand_in() as api:
        api.accounts = [account("a-1")]
        api.rows = {"a-1": [ROW]}
        yield api


@pytest.fixture
def project_at(api: StandIn, server: FileServer, tmp_path: Path) -> ProjectAt:
    """Return a function that gives the project at a moment, with the other settings in `given`."""

    def project(now: datetime = MORNING, **given: Any) -> Project:
        values = {
            "token": TOKEN, "base_url": api.url, "data_dir": tmp_path / "data", "start_date": date(2026, 11, 10),
            "backfill_days": 2, "rates_url": server.address("rates"), "prices_url": server.address("prices"),
        }  # fmt: skip
        return Project(Settings.model_validate({**values, **given}), lambda: now)

    return project


def sync(project: Project, instance: dg.DagsterInstance) -> None:
    result = Sync(project, InProcessRuns(project, instance), NoProgress()).run([])
    assert not result.has_failed


def refresh(project: Project, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = build_definitions(project).resolve_job_def("refresh")
    return job.execute_in_process(instance=instance)


def costs(project: Project) -> list[tuple[Any, ...]]:
    with project.warehouse.reading() as connection:
        return connection.execute("select cost, cost_usd, fx_date, fx_stale from cost order by all").fetchall()


def requested(server: FileServer) -> list[str]:
    return [path for path, _ in server.requests]


def test_a_run_downloads_both_files_and_says_what_is_in_use(
    project_at: ProjectAt, instance: dg.DagsterInstance
) -> None:
    project = project_at()

    result = refresh(project, instance)

    [event] = result.get_asset_materialization_events()
    metadata = {name: value.value for name, value in event.materialization.metadata.items()}
    copy = project.reference.rates_copy()
    assert copy is not None
    assert metadata["rates"] == f"those of {copy.name}, downloaded on 2026-11-19 06:30 UTC"
    assert metadata["newest_rates"] == "2026-11-18"
    assert {check.check_name: check.passed for check in result.get_asset_check_evaluations()} == {
        OLD_REFERENCE: True,
        FAILED_DOWNLOADS: True,
    }


def test_a_download_that_fails_is_a_yellow_check_of_a_run_that_succeeds(
    project_at: ProjectAt, server: FileServer, instance: dg.DagsterInstance
) -> None:
    server.answers["rates"] = status(503)

    result = refresh(project_at(), instance)

    [event] = result.get_asset_materialization_events()
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert result.success
    assert str(event.materialization.metadata["failure_1"].value).startswith(FAILURE)
    assert (checks[FAILED_DOWNLOADS].passed, checks[FAILED_DOWNLOADS].severity) == (False, dg.AssetCheckSeverity.WARN)
    assert FAILURE in str(checks[FAILED_DOWNLOADS].metadata["examples"].value)
    assert not checks[OLD_REFERENCE].passed


def test_the_checks_are_reported_without_a_run_when_they_change(
    project_at: ProjectAt, instance: dg.DagsterInstance
) -> None:
    project = project_at(rates_url=OFF)

    for _ in range(2):
        report_lasting_trouble(instance, code_location(project), [], MORNING)

    key = dg.AssetCheckKey(dg.AssetKey("reference_rates"), OLD_REFERENCE)
    [record] = instance.event_log_storage.get_asset_check_execution_history(key, limit=9)
    assert record.event is not None
    assert "The exchange rates in use are 20 days old" in str(record.event.asset_check_evaluation)


def asked(project: Project, at: datetime) -> bool:
    """Return whether the schedule asks for a download."""
    return isinstance(refresh_request(code_location(project), at), dg.RunRequest)


def test_the_schedule_asks_once_a_day_and_every_hour_after_a_failure(
    project_at: ProjectAt, server: FileServer, instance: dg.DagsterInstance
) -> None:
    at, hour = MORNING.replace(minute=15), timedelta(hours=1)
    assert asked(project_at(), at)
    refresh(project_at(at), instance)
    assert not asked(project_at(), at + hour)
    tomorrow = at + timedelta(days=1)
    assert asked(project_at(), tomorrow)
    server.answers["prices"] = status(404)
    refresh(project_at(tomorrow), instance)
    assert not asked(project_at(), tomorrow + timedelta(minutes=30))
    assert asked(project_at(), tomorrow + hour)

    server.requests.clear()
    refresh(project_at(tomorrow + hour), instance)

    assert requested(server) == ["prices"]


def test_the_schedule_asks_for_nothing_that_is_switched_off(project_at: ProjectAt) -> None:
    project = project_at(rates_url=OFF, prices_url=OFF)

    assert not asked(project, MORNING)


def test_a_sync_downloads_what_is_due_before_it_derives(
    project_at: ProjectAt, server: FileServer, instance: dg.DagsterInstance
) -> None:
    sync(project_at(), instance)
    sync(project_at(MORNING + timedelta(hours=2)), instance)

    assert requested(server) == ["rates", "prices"]
    assert costs(project_at()) == [(8, 8 * Decimal("1.25"), WEDNESDAY, False)]
    assert "stale_rates" not in [check.name for check, _ in check_report(project_at(), []).findings]


def test_days_derived_before_their_rate_was_published_are_derived_by_the_sync_that_brings_it(
    project_at: ProjectAt, server: FileServer, instance: dg.DagsterInstance
) -> None:
    server.serves("rates", history_until(date(2026, 11, 17)))
    sync(project_at(), instance)
    assert costs(project_at())[0][2:] == (date(2026, 11, 17), True)
    server.serves("rates", history_until(WEDNESDAY, {"USD": "1.5"}))

    sync(project_at(MORNING + timedelta(days=1)), instance)

    assert costs(project_at()) == [(8, 8 * Decimal("1.5"), WEDNESDAY, False)]


def test_newer_rates_start_a_derive_run_of_the_daemon_once(
    project_at: ProjectAt, server: FileServer, instance: dg.DagsterInstance
) -> None:
    def ask(project: Project) -> object:
        return build_landed_usage(code_location(project))(dg.build_sensor_context(instance=instance))

    server.serves("rates", history_until(date(2026, 11, 17)))
    sync(project_at(), instance)
    assert isinstance(ask(project_at()), dg.SkipReason)
    server.serves("rates", history_until(WEDNESDAY))
    later = project_at(MORNING + timedelta(days=1))
    refresh(later, instance)

    assert isinstance(ask(later), dg.RunRequest)
    InProcessRuns(later, instance).derive([])
    assert isinstance(ask(later), dg.SkipReason)
    assert costs(later)[0][2:] == (WEDNESDAY, False)


def test_a_changed_currency_is_derived_by_the_next_sync(project_at: ProjectAt, instance: dg.DagsterInstance) -> None:
    sync(project_at(), instance)

    sync(project_at(currency="GBP"), instance)

    with project_at().warehouse.reading() as connection:
        lines = connection.execute("select usage_date, currency from exchange_rates order by all").fetchall()
    assert lines == [(WEDNESDAY, "EUR"), (WEDNESDAY, "GBP")]


@pytest.mark.parametrize(
    ("currency", "reason"),
    [
        ("EUX", "USAGE_CURRENCY is EUX, which is no currency of ISO 4217"),
        ("ARS", "USAGE_CURRENCY is ARS, of which the European Central Bank has no rates: add lines of it"),
    ],
)
def test_a_currency_that_cannot_be_shown_is_refused_before_anything_is_fetched(
    project_at: ProjectAt, api: StandIn, instance: dg.DagsterInstance, currency: str, reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason):
        sync(project_at(currency=currency), instance)

    assert api.paths == []


def test_a_currency_with_own_rates_can_be_shown(project_at: ProjectAt, instance: dg.DagsterInstance) -> None:
    project = project_at(currency="ARS")
    project.settings.data_dir.mkdir()
    project.settings.rates_path.write_text("date,currency,usd_per_unit\n2026-11-01,ARS,0.001\n")

    sync(project, instance)

    with project.warehouse.reading() as connection:
        [(rate,)] = connection.execute("select units_per_usd from exchange_rates where currency = 'ARS'").fetchall()
    assert rate == 1000


def test_a_rebuilt_warehouse_has_the_same_costs_and_rates(project_at: ProjectAt, instance: dg.DagsterInstance) -> None:
    sync(project_at(currency="GBP"), instance)
    before = tables(project_at())
    project_at().warehouse.set_aside()

    sync(project_at(currency="GBP"), instance)

    assert tables(project_at()) == before


def tables(project: Project) -> list[list[tuple[Any, ...]]]:
    with project.warehouse.reading() as connection:
        names = ("cost", "exchange_rates", "prices", "cost_by_account")
        return [connection.execute(f"from {name} order by all").fetchall() for name in names]
