"""The data folder: whether it can be written to, the API that its landing folder belongs to, and pending windows."""

import os
from datetime import date, timedelta

import pytest

from usage_assets.doctor.findings import Level, ok
from usage_assets.landing.manifest import WindowKey
from usage_assets.project import Project
from usage_assets_tests.doctor.examining import Examine, ProjectWith, finding_about, write_marker

WINDOW = WindowKey("acc-1", "default", date(2026, 11, 1), date(2026, 11, 2))


def test_a_data_folder_that_does_not_exist_yet_is_ok(project_with: ProjectWith, examined: Examine) -> None:
    finding = finding_about("data folder", examined(project_with(token=None)))
    assert (finding.level, "does not exist yet" in finding.message) == (Level.ok, True)


def test_a_file_in_the_place_of_the_data_folder_is_a_failure(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with(token=None)
    project.settings.data_dir.touch()
    assert finding_about("data folder", examined(project)).level is Level.fail


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_without_write_permission_is_a_failure(offline: Project, examined: Examine) -> None:
    offline.settings.data_dir.chmod(0o500)
    assert finding_about("data folder", examined(offline)).level is Level.fail


def test_the_disk_is_that_of_the_folder_to_be_created(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with(token=None)
    assert f"are free for {project.settings.data_dir}" in finding_about("disk", examined(project)).message


def test_an_empty_landing_folder_is_ok(offline: Project, examined: Examine) -> None:
    assert finding_about("landing", examined(offline)) == ok("landing", "nothing has landed yet")


def test_a_landing_folder_of_the_same_api_is_ok(offline: Project, examined: Examine) -> None:
    base_url = offline.settings.base_url
    offline.landing.set_origin(base_url)
    assert finding_about("landing", examined(offline)) == ok("landing", f"its data comes from {base_url}")


def test_a_landing_folder_of_another_api_is_a_failure(offline: Project, examined: Examine) -> None:
    offline.landing.set_origin("https://elsewhere.example")
    finding = finding_about("landing", examined(offline))
    assert (finding.level, "set USAGE_DATA_DIR to another folder" in finding.message) == (Level.fail, True)


def test_an_account_list_that_cannot_be_read_is_a_failure(offline: Project, examined: Examine) -> None:
    offline.settings.landing_dir.mkdir()
    path = offline.settings.landing_dir / "accounts.json"
    path.write_text("{")
    finding = finding_about("landing", examined(offline))
    assert (finding.level, str(path) in finding.message) == (Level.fail, True)


def test_an_origin_that_is_no_text_is_a_failure(offline: Project, examined: Examine) -> None:
    offline.settings.landing_dir.mkdir()
    (offline.settings.landing_dir / "origin").write_bytes(b"\xff\xfe")
    assert finding_about("landing", examined(offline)).level is Level.fail


def test_no_pending_window_is_ok(offline: Project, examined: Examine) -> None:
    assert finding_about("pending", examined(offline)).level is Level.ok


def test_windows_that_are_pending_for_long_are_a_warning_with_their_age(offline: Project, examined: Examine) -> None:
    write_marker(offline.settings.landing_dir, WINDOW.marker_name, timedelta(days=2))
    finding = finding_about("pending", examined(offline))
    assert (finding.level, "since 2026-11-24 12:00 UTC" in finding.message) == (Level.warn, True)


def test_the_age_of_pending_windows_is_measured_by_the_clock_of_the_project(
    offline: Project, examined: Examine
) -> None:
    write_marker(offline.settings.landing_dir, WINDOW.marker_name, timedelta(minutes=1))
    assert finding_about("pending", examined(offline)).level is Level.ok
