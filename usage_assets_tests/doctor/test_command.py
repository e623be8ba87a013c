"""`usage-assets doctor` as a user starts it: what it prints, and the code it ends with."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Ended: TypeAlias = subprocess.CompletedProcess[str]
Doctor: TypeAlias = Callable[..., Ended]


@pytest.fixture
def doctor(sandbox_url: str, tmp_path: Path) -> Doctor:
    """Runs the command in a sound environment, apart from what a test changes."""

    def run(**changes: str) -> Ended:
        sound = {"TRUTO_BASE_URL": sandbox_url, "TRUTO_API_TOKEN": "sandbox", "USAGE_DATA_DIR": str(tmp_path)}
        inherited = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
        return subprocess.run(
            [sys.executable, "-m", "usage_assets", "doctor"],
            env={**inherited, **sound, **changes},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_with_warnings_alone_it_ends_with_zero(doctor: Doctor) -> None:
    ended = doctor()
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "Nothing failed, 1 warning.")


def test_with_a_failure_it_ends_with_one(doctor: Doctor) -> None:
    assert doctor(TRUTO_API_TOKEN="").returncode == 1


def test_with_settings_that_cannot_be_read_it_ends_with_two(doctor: Doctor) -> None:
    assert doctor(USAGE_BACKFILL_DAYS="many").returncode == 2


def test_every_line_is_level_subject_and_sentence(doctor: Doctor) -> None:
    lines = doctor().stdout.splitlines()[:-1]
    assert {(line[:6].strip(), line[22], line[23] != " ") for line in lines} == {("ok", " ", True), ("warn", " ", True)}


def test_a_pipe_gets_no_colours(doctor: Doctor) -> None:
    assert "\x1b" not in doctor().stdout


def test_the_token_is_not_printed(doctor: Doctor) -> None:
    ended = doctor(TRUTO_API_TOKEN="tok_live_5f2c9a7b1e")
    assert "tok_live_5f2c9a7b1e" not in ended.stdout + ended.stderr
