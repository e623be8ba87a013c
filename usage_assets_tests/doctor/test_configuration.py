"""Settings, token, Dagster's home, and the user's own files, valid and invalid."""

from pathlib import Path

import pytest

from usage_assets.doctor.findings import Level, ok
from usage_assets.project import Project
from usage_assets_tests.doctor.examining import Examine, ProjectWith, finding_about, findings_about

USER_FILES = pytest.mark.parametrize(
    ("subject", "name"), [("prices", "prices.csv"), ("exchange rates", "exchange_rates.csv")]
)


# Settings and token


def test_the_environment_file_that_is_read_is_named(offline: Project, env_file: Path, examined: Examine) -> None:
    env_file.touch()
    source = findings_about("settings", examined(offline))[0]
    assert source.message == f"read from the environment and {env_file}"


def test_an_absent_environment_file_is_named_as_absent(offline: Project, env_file: Path, examined: Examine) -> None:
    assert f"there is no {env_file}" in findings_about("settings", examined(offline))[0].message


def test_address_and_data_folder_are_named(project_with: ProjectWith, examined: Examine) -> None:
    project = project_with(token=None)
    named = findings_about("settings", examined(project))[1]
    assert named.message == f"the API is {project.settings.base_url}, the data folder {project.settings.data_dir}"


def test_a_token_that_is_set_is_not_shown(project_with: ProjectWith, examined: Examine) -> None:
    assert finding_about("token", examined(project_with())) == ok("token", "TRUTO_API_TOKEN is set")


def test_a_missing_token_is_a_failure(offline: Project, examined: Examine) -> None:
    finding = finding_about("token", examined(offline))
    assert (finding.level, finding.message.startswith("TRUTO_API_TOKEN is not set: put")) == (Level.fail, True)


# Dagster's home


def test_a_dagster_home_with_its_file_is_ok(offline: Project, examined: Examine) -> None:
    home = offline.settings.dagster_home
    home.mkdir()
    (home / "dagster.yaml").touch()
    assert finding_about("Dagster", examined(offline)) == ok("Dagster", f"{home} has a dagster.yaml")


@pytest.mark.parametrize("exists", [True, False])
def test_a_dagster_home_without_its_file_has_dagsters_defaults(
    offline: Project, examined: Examine, *, exists: bool
) -> None:
    if exists:
        offline.settings.dagster_home.mkdir()
    finding = finding_about("Dagster", examined(offline))
    assert (finding.level, "has no dagster.yaml, so Dagster's defaults apply" in finding.message) == (Level.ok, True)


def test_a_dagster_home_that_cannot_be_written_to_is_a_failure(offline: Project, examined: Examine) -> None:
    offline.settings.dagster_home.touch()
    finding = finding_about("Dagster", examined(offline))
    assert (finding.level, "set DAGSTER_HOME to another folder" in finding.message) == (Level.fail, True)


# Files of the user's own


def test_sound_profiles_are_named(offline: Project, examined: Examine) -> None:
    path = offline.settings.profiles_path
    path.write_text("[claude]\nlag = 4\n")
    assert finding_about("profiles", examined(offline)) == ok("profiles", f"{path} overrides the shipped profiles")


@pytest.mark.parametrize(
    "text", ["= broken", "[claude]\nlags = 4\n", "[claude]\nlag = 'four'\n", "claude = 1\n", "[claude]\ntokens = 1\n"]
)
def test_broken_profiles_are_a_failure(offline: Project, examined: Examine, text: str) -> None:
    offline.settings.profiles_path.write_text(text)
    finding = finding_about("profiles", examined(offline))
    assert (finding.level, "profiles.toml" in finding.message) == (Level.fail, True)


def test_a_folder_in_the_place_of_profiles_is_a_failure(offline: Project, examined: Examine) -> None:
    path = offline.settings.profiles_path
    path.mkdir()
    finding = finding_about("profiles", examined(offline))
    assert (finding.level, finding.message.startswith(f"{path} cannot be used: is a directory")) == (Level.fail, True)


@USER_FILES
def test_an_absent_csv_file_is_ok(offline: Project, examined: Examine, subject: str, name: str) -> None:
    finding = finding_about(subject, examined(offline))
    assert (finding.level, name in finding.message) == (Level.ok, True)


@USER_FILES
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"this is, no such file\n1,2\n"])
def test_an_unreadable_csv_file_is_a_failure(
    offline: Project, examined: Examine, subject: str, name: str, content: bytes
) -> None:
    (offline.settings.data_dir / name).write_bytes(content)
    finding = finding_about(subject, examined(offline))
    assert (finding.level, name in finding.message) == (Level.fail, True)


def test_a_sound_csv_file_is_named(offline: Project, examined: Examine) -> None:
    path = offline.settings.rates_path
    path.write_text("currency,date,usd_per_unit\nINR,2026-01-01,0.011\n")
    assert finding_about("exchange rates", examined(offline)) == ok(
        "exchange rates", f"{path} overrides the ECB's rates"
    )
