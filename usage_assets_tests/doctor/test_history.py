"""The examination of the history: what lacks, what keeps failing, what cannot be read, what shrank."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from usage_assets.doctor.findings import Level
from usage_assets.doctor.history import coverage_finding, history_findings, published_finding
from usage_assets.integrations.profiles import load_profiles
from usage_assets.integrations.windows import ONE_DAY, is_final
from usage_assets.landing.fetch import FetchResult
from usage_assets.landing.manifest import WindowKey
from usage_assets.project import Project
from usage_assets.truto import IntegratedAccount, ListedAccounts, RequestRejected
from usage_assets.warehouse.coverage import derive_coverage
from usage_assets_tests.doctor.examining import NOW, ProjectWith
from usage_assets_tests.landing.land import land
from usage_assets_tests.warehouse.pipeline import Pipeline

CURSOR = load_profiles().of("cursor")
Said = Callable[[], dict[str, Level]]


@pytest.fixture
def project(project_with: ProjectWith) -> Project:
    """A project whose one account of Cursor holds every day of its history, final where it can be."""
    project = project_with()
    accounts = [account for account in project.refresh_accounts() if account.integration == "cursor"]
    [account, *_] = project.fetched_accounts(accounts)
    (project.landing.root / "accounts.json").unlink()
    with_one = [listed for listed in _listed(project) if listed.id == account.account_id]
    project.account_list.update(ListedAccounts(with_one, []), project.profiles, NOW)
    for days_ago in range(1, 10):
        hold(project, NOW.date() - timedelta(days=days_ago), at=NOW)
    return project


@pytest.fixture
def said(project: Project) -> Said:
    return lambda: {finding.message: finding.level for finding in history_findings(project, NOW)}


def _listed(project: Project) -> list[IntegratedAccount]:
    with project.client() as client:
        return client.integrated_accounts().accounts


def account_id(project: Project) -> str:
    return project.account_list.read()[0].account_id


def hold(project: Project, day: date, at: datetime) -> WindowKey:
    key = WindowKey(account_id(project), "default", day, day + ONE_DAY)
    land(project.landing, b"{}", key=key, at=at, final=is_final(key.window, CURSOR, at))
    return key


def test_a_complete_history_has_no_finding(said: Said) -> None:
    assert said() == {"nothing keeps failing, no window is overdue, no day was given up": Level.ok}


def test_an_account_that_keeps_failing_is_named_with_its_reason_and_its_next_attempt(
    project: Project, said: Said
) -> None:
    error = RequestRejected("the vendor has no such day", account_id=account_id(project))
    for minutes in (3, 2):
        failed = FetchResult(error=error, failed=1)
        project.failures.note_fetch(account_id(project), failed, [], "", NOW - timedelta(minutes=minutes))

    [(message, level)] = said().items()

    assert level is Level.warn
    assert "failed 2 times since 2026-11-26 11:57 UTC, and is tried again at 2026-11-26 12:00 UTC" in message
    assert "the vendor has no such day" in message


def publish(project: Project) -> None:
    """Derive the coverage of the landed days and publish it."""
    pipeline = Pipeline(project.settings.data_dir, now=NOW)
    pipeline.load()
    with pipeline.warehouse.transaction() as connection:
        derive_coverage(connection, project.landing, project.account_histories())
    pipeline.publish()


def test_complete_figures_are_said_with_their_last_day(project: Project) -> None:
    publish(project)

    finding = coverage_finding(project)

    assert (finding.level, finding.message) == (Level.ok, f"Complete through {NOW.date() - ONE_DAY}")


def test_an_account_that_lacks_days_since_the_last_derive_run_is_a_warning(project: Project) -> None:
    publish(project)
    later = replace(project, now=lambda: NOW + 3 * ONE_DAY)

    finding = coverage_finding(later)

    assert finding.level is Level.warn
    assert (
        f"only through {NOW.date() - ONE_DAY} ({NOW.date()} to {NOW.date() + 2 * ONE_DAY} is missing)"
        in finding.message
    )


def test_without_published_figures_none_is_incomplete(project: Project) -> None:
    assert coverage_finding(project).level is Level.ok


def test_derive_runs_that_keep_failing_are_a_failure(project: Project, said: Said) -> None:
    project.failures.note_failed_derive("The disk is full.", NOW)

    [(message, level)] = said().items()

    assert level is Level.fail
    assert message.startswith("The derive run failed once since 2026-11-26 12:00 UTC")


def test_a_window_beyond_its_final_date_is_named_with_the_reason(project: Project, said: Said) -> None:
    day = date(2026, 10, 1)
    hold(project, day, at=datetime(2026, 10, 3, tzinfo=UTC))

    overdue = [message for message in said() if "not final" in message]

    assert len(overdue) == 1
    assert "1 window is not final, the oldest 2026-10-01, because nothing fetched them since" in overdue[0]


def test_days_that_nothing_asks_for_are_named_with_the_command_that_fetches_them(project: Project, said: Said) -> None:
    hold(project, date(2026, 11, 10), at=NOW)
    hold(project, date(2026, 11, 13), at=NOW)

    [(message, level)] = said().items()

    assert level is Level.warn
    assert "was never fetched for 2026-11-11 to 2026-11-12, 2026-11-14 to 2026-11-16" in message
    assert f"sync --account {account_id(project)} --from 2026-11-11 --to 2026-11-16" in message


def test_a_month_with_fewer_rows_than_in_the_generation_before_is_named(tmp_path: Path) -> None:
    for generation, rows in (("generation-00000001", 7), ("generation-00000002", 5)):
        folder = tmp_path / generation / "cost"
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"usage_key": range(rows)}), folder / "2026-10.parquet")

    finding = published_finding(tmp_path)

    assert finding.level is Level.warn
    assert "2026-10 has 5 rows of cost and had 7" in finding.message
