"""The `usage-assets` command as a user starts it: messages, exit codes, and unchanged folders."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets_tests.checkout import CHECKOUT

NOBODY = "http://127.0.0.1:9"  # the port of the discard service; no program listens on it
CALM = SandboxSettings(late_after_seconds=0, rate_limited=False, users=3, accounts=4)
WAIT_SECONDS = 60.0

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    with running(CALM) as url:
        yield url


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Return a function that runs the command in an empty folder with the variables of a test."""

    def run(*arguments: str, **variables: str) -> Ended:
        return subprocess.run(
            [sys.executable, "-m", "usage_assets", *arguments],
            cwd=tmp_path,
            env=_environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("arguments", [["--help"], ["usage", "list", "--help"], ["accounts"]], ids=" ".join)
def test_a_light_command_loads_neither_dagster_nor_pandas(
    arguments: list[str], tmp_path: Path, sandbox_url: str
) -> None:
    program = (
        "import sys; sys.argv = ['usage-assets', *sys.argv[1:]]\n"
        "from usage_assets.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print(sorted({'dagster', 'pandas', 'pyarrow'} & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        env=_environment({"TRUTO_BASE_URL": sandbox_url, "TRUTO_API_TOKEN": "sandbox"}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_accounts_without_api_and_list_is_one_sentence_and_makes_no_folder(command: Command, tmp_path: Path) -> None:
    ended = command("accounts", TRUTO_BASE_URL=NOBODY, TRUTO_API_TOKEN="t", USAGE_DATA_DIR="mistyped")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "check USAGE_DATA_DIR" in ended.stderr
    assert not (tmp_path / "mistyped").exists()


def test_accounts_without_api_are_shown_as_last_listed(command: Command, tmp_path: Path, sandbox_url: str) -> None:
    command("sync", "--account", "nobody", TRUTO_BASE_URL=sandbox_url, TRUTO_API_TOKEN="sandbox")
    (tmp_path / "data" / "landing" / "origin").write_text(NOBODY)

    ended = command("accounts", TRUTO_BASE_URL=NOBODY, TRUTO_API_TOKEN="t")

    assert ended.returncode == 0
    assert f"as listed on {datetime.now(UTC):%Y-%m-%d}" in ended.stderr
    assert "claude · acme" in ended.stdout


def test_an_unknown_account_is_a_wrong_call_that_names_some(command: Command, sandbox_url: str) -> None:
    ended = command("sync", "--account", "nobody", TRUTO_BASE_URL=sandbox_url, TRUTO_API_TOKEN="sandbox")

    assert ended.returncode == 2
    assert 'No account matches "nobody", but there are' in ended.stderr


def test_a_range_before_the_first_day_is_a_wrong_call(command: Command, sandbox_url: str) -> None:
    ended = command("sync", "--from", "2025-01-01", TRUTO_BASE_URL=sandbox_url, TRUTO_API_TOKEN="sandbox")

    assert ended.returncode == 2
    assert "2025-01-01 is before USAGE_START_DATE, which is 2026-01-01" in ended.stderr


def test_a_setting_that_cannot_be_read_is_a_wrong_call(command: Command) -> None:
    ended = command("accounts", USAGE_START_DATE="soon")

    assert (ended.returncode, ended.stderr) == (
        2,
        "USAGE_START_DATE is 'soon': it must be a date such as 2026-01-01.\n",
    )


def test_a_folder_that_cannot_be_made_is_one_sentence(command: Command, tmp_path: Path, sandbox_url: str) -> None:
    (tmp_path / "file").touch()

    ended = command("sync", TRUTO_BASE_URL=sandbox_url, TRUTO_API_TOKEN="sandbox", USAGE_DATA_DIR="file/data")

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "cannot be used: not a directory" in ended.stderr


def test_an_interrupted_sync_says_how_to_continue(tmp_path: Path, sandbox_url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "usage_assets", "sync"],
        cwd=tmp_path,
        env=_environment({"TRUTO_BASE_URL": sandbox_url, "TRUTO_API_TOKEN": "sandbox"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_for(lambda: any((tmp_path / "data" / "landing").glob("pending/*")))

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=WAIT_SECONDS)

    assert process.returncode == 130
    assert "run `usage-assets sync` again to continue" in errors.splitlines()[-1]
    assert "Traceback" not in errors


def _environment(variables: dict[str, str]) -> dict[str, str]:
    """Return the environment with only the given variables of this project."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRUTO_", "USAGE_", "DAGSTER_"))}
    return {**kept, "PYTHONPATH": str(CHECKOUT), **variables}


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
