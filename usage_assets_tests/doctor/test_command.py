"""`usage-assets doctor` as a user starts it in a working folder: what it prints, and its exit code."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TypeAlias

import pytest

Ended: TypeAlias = subprocess.CompletedProcess[str]
PREFIXES = ("TRUTO_", "USAGE_", "DAGSTER_")


def run_doctor(folder: Path, url: str, token: str = "sandbox", **variables: str) -> Ended:
    """Run the command in the working folder with only these variables of the project."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    return subprocess.run(
        [sys.executable, "-m", "usage_assets", "doctor"],
        cwd=folder,
        env={**inherited, "TRUTO_BASE_URL": url, "TRUTO_API_TOKEN": token, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def ended(empty_folder: Path, sandbox_url: str) -> Ended:
    """The result of the command in an empty folder: warnings and no failure."""
    return run_doctor(empty_folder, sandbox_url)


def test_warnings_alone_have_exit_code_zero(ended: Ended) -> None:
    assert (ended.returncode, "\nwarn  account " in ended.stdout) == (0, True)


def test_every_line_is_level_subject_and_message(ended: Ended) -> None:
    lines = ended.stdout.splitlines()[:-1]
    assert {(line[:6].strip(), line[22], line[23] != " ") for line in lines} == {("ok", " ", True), ("warn", " ", True)}


def test_the_last_line_counts_failures_and_warnings(ended: Ended) -> None:
    assert ended.stdout.splitlines()[-1].startswith("Nothing failed, ")


def test_a_pipe_gets_no_colours(ended: Ended) -> None:
    assert "\x1b" not in ended.stdout


def test_the_working_folder_stays_empty(ended: Ended, empty_folder: Path) -> None:
    assert list(empty_folder.iterdir()) == []


def test_a_failure_has_exit_code_one_and_does_not_print_the_token(sandbox_url: str, tmp_path: Path) -> None:
    ended = run_doctor(tmp_path, sandbox_url, token="tok_live_5f2c9a7b1e")
    assert (ended.returncode, "tok_live_5f2c9a7b1e" in ended.stdout + ended.stderr) == (1, False)


def test_settings_that_cannot_be_read_have_exit_code_two(sandbox_url: str, tmp_path: Path) -> None:
    assert run_doctor(tmp_path, sandbox_url, USAGE_BACKFILL_DAYS="many").returncode == 2


def test_the_environment_file_of_the_working_folder_is_read(sandbox_url: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("USAGE_DATA_DIR=elsewhere\n")
    lines = run_doctor(tmp_path, sandbox_url).stdout.splitlines()
    assert lines[0].endswith(f"read from the environment and {tmp_path / '.env'}")
    assert lines[1].endswith(f"the data folder {tmp_path / 'elsewhere'}")
