"""The command: refusals, child processes and interrupts."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from demo.processes import DemoError, Processes, leftover_groups, stop_leftovers
from demo.run import CHECKOUT, demo_variables, export_line, run
from usage_assets.locks import file_lock

PROGRAMS = "/checkout/.venv/bin"
MAIN = "import sys; from pathlib import Path; from demo.__main__ import main; sys.exit(main(Path('.')))"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the files of a demo that ran before."""
    for name in ("dagster.yaml", "workspace.yaml"):
        shutil.copy(CHECKOUT / name, tmp_path)
    (tmp_path / ".demo" / "data").mkdir(parents=True)
    return tmp_path


def test_a_second_demo_is_refused_and_deletes_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file_lock(checkout / ".demo.lock", what="The demo", wait_seconds=0):
        exit_code = run(["--once"], checkout)

    expected = (
        f"A demo is already running in {checkout} (process {os.getpid()}): use that one, or end it with Ctrl-C first.\n"
    )
    assert (exit_code, capsys.readouterr().err) == (1, expected)
    assert (checkout / ".demo" / "data").exists()


def test_an_error_of_the_operating_system_is_a_sentence(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "dagster.yaml").unlink()

    exit_code = run(["--once"], checkout)

    expected = f"The demo cannot use {checkout / 'dagster.yaml'}: No such file or directory."
    assert (exit_code, capsys.readouterr().err.startswith(expected)) == (1, True)


def test_an_interrupt_ends_the_demo_with_its_processes_and_without_a_traceback(checkout: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", MAIN], cwd=checkout, stderr=subprocess.PIPE, env=_environment()
    ) as run:
        groups = _wait_for(checkout / ".demo" / "groups")
        os.kill(run.pid, signal.SIGINT)
        _, errors = run.communicate(timeout=30)

    assert (run.returncode, errors) == (130, b"\nEnding the demo; this takes a few seconds.\n")
    assert not any(_is_running(int(group)) for group in groups.split())


def test_the_sandbox_ends_with_the_block(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        address = processes.start_sandbox(_environment(), accounts=1)
        group = int((tmp_path / "groups").read_text())
        assert _is_running(group)

    assert address.startswith("http://127.0.0.1:")
    assert not _is_running(group)


def test_a_process_that_ends_is_an_error_with_the_last_line_of_its_log(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes, pytest.raises(DemoError, match="accounts must be between 1 and 500, not 0"):
        processes.start_sandbox(_environment(), accounts=0)


def test_the_processes_of_a_killed_demo_are_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(command, start_new_session=True) as leftover:
        (tmp_path / "groups").write_text(f"{leftover.pid}\n")

        stop_leftovers(tmp_path)

        assert leftover.wait(timeout=10) == -signal.SIGKILL


def test_only_recorded_groups_that_run_our_programs_are_leftovers() -> None:
    listed = f" 10 {PROGRAMS}/python -m truto_sandbox\n 11 /usr/bin/vim\n 12 {PROGRAMS}/dagster dev\n 13\n"

    assert leftover_groups(["10", "11", "13"], listed, PROGRAMS) == {10}


def test_the_partitions_start_with_the_first_day_of_the_history() -> None:
    variables = demo_variables(Path("/demo"), "http://127.0.0.1:1", date(2026, 11, 23))

    assert (variables["USAGE_START_DATE"], variables["USAGE_BACKFILL_DAYS"]) == ("2026-09-24", "60")


def test_the_export_line_sets_the_variables_in_a_shell() -> None:
    variables = {"USAGE_DATA_DIR": "/a folder/it's", "TRUTO_API_TOKEN": "sandbox"}
    script = f"{export_line(variables)}\nprintenv USAGE_DATA_DIR TRUTO_API_TOKEN"

    shell = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)

    assert shell.stdout.splitlines() == list(variables.values())


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CHECKOUT)}


def _wait_for(path: Path) -> str:
    deadline = time.monotonic() + 30
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return path.read_text()


def _is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
