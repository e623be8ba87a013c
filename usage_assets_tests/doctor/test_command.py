"""`usage-assets doctor` as a user starts it in a working folder: what it prints, and its exit code."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Ended: TypeAlias = subprocess.CompletedProcess[str]
Doctor: TypeAlias = Callable[..., Ended]
PREFIXES = ("TRUTO_", "USAGE_", "DAGSTER_")


@pytest.fixture
def doctor(sandbox_url: str, tmp_path: Path) -> Doctor:
    """Runs the command in an empty working folder with a sound environment and the variables that a test changes."""

    def run(**changes: str) -> Ended:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
        sound = {"TRUTO_BASE_URL": sandbox_url, "TRUTO_API_TOKEN": "sandbox"}
        return subprocess.run(
            [sys.executable, "-m", "usage_assets", "doctor"],
            cwd=tmp_path,
            env={**inherited, **sound, **changes},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_warnings_alone_have_exit_code_zero(doctor: Doctor) -> None:
    ended = doctor()
    assert (ended.returncode, "\nwarn  account " in ended.stdout) == (0, True)


def test_a_failure_has_exit_code_one(doctor: Doctor) -> None:
    assert doctor(TRUTO_API_TOKEN="").returncode == 1


def test_settings_that_cannot_be_read_have_exit_code_two(doctor: Doctor) -> None:
    assert doctor(USAGE_BACKFILL_DAYS="many").returncode == 2


def test_the_environment_file_of_the_working_folder_is_read(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("USAGE_DATA_DIR=elsewhere\n")
    lines = doctor().stdout.splitlines()
    assert lines[0].endswith(f"read from the environment and {tmp_path / '.env'}")
    assert lines[1].endswith(f"the data folder {tmp_path / 'elsewhere'}")


def test_the_working_folder_stays_empty(doctor: Doctor, tmp_path: Path) -> None:
    doctor()
    assert list(tmp_path.iterdir()) == []


def test_every_line_is_level_subject_and_message(doctor: Doctor) -> None:
    lines = doctor().stdout.splitlines()[:-1]
    assert {(line[:6].strip(), line[22], line[23] != " ") for line in lines} == {("ok", " ", True), ("warn", " ", True)}


def test_a_pipe_gets_no_colours(doctor: Doctor) -> None:
    assert "\x1b" not in doctor().stdout


def test_the_token_is_not_printed(doctor: Doctor) -> None:
    ended = doctor(TRUTO_API_TOKEN="tok_live_5f2c9a7b1e")
    assert "tok_live_5f2c9a7b1e" not in ended.stdout + ended.stderr
