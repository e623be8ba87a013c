"""`usage-assets explain` as a user starts it: what it prints, and the code it ends with."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TypeAlias

import pytest

from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

Ended: TypeAlias = subprocess.CompletedProcess[str]
Command: TypeAlias = Callable[..., Ended]


@pytest.fixture
def command(pipeline: Pipeline) -> Command:
    """Runs the command on the pipeline; the API is never asked."""

    def run(*arguments: str) -> Ended:
        return subprocess.run(
            [sys.executable, "-m", "usage_assets", "explain", *arguments],
            env={**os.environ, "USAGE_DATA_DIR": str(pipeline.folder), "TRUTO_API_TOKEN": ""},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_figure_that_stands_ends_with_zero(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "3.00"), charge("net", "1.25"), surface="x" * 300)])
    pipeline.run()

    ended = command("--day", "2026-06-10", "--account", "acme")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[0] == "2026-06-10, account acme"
    assert "   net: 3 + 1.25 = 4.25" in ended.stdout.splitlines()
    assert "   surface " + "x" * 300 + ", user (none)" in ended.stdout.splitlines()


def test_figures_that_disagree_end_with_one(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    pipeline.amend("update cost_by_account set cost = 2")

    ended = command("--day", "2026-06-10")

    assert ended.returncode == 1
    assert "CONTRADICTION: cost_by_account holds cost 2" in ended.stdout


def test_rows_are_as_many_as_asked_for(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row(f"r{i}", charge("net", "1")) for i in range(22)])
    pipeline.run()

    shown = [command("--day", "2026-06-10", *more).stdout.count("row id ") for more in ([], ["--rows", "0"])]

    assert shown == [20, 22]


def test_a_cell_without_rows_ends_with_one_and_a_sentence(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()

    ended = command("--day", "2026-06-10", "--model", "gpt-5")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "No cost on 2026-06-10 is of model gpt-5; there it is of: (none).\n"


def test_without_a_warehouse_it_ends_with_one_and_a_sentence(pipeline: Pipeline, command: Command) -> None:
    ended = command("--day", "2026-06-10")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"{pipeline.folder / 'usage.duckdb'} holds no usage yet: run `usage-assets sync` first.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--day", "10.06.2026"],
        ["--day", "2026-02-30"],
        ["--day", "9999-01-01"],
        ["--day", "2026-06-10", "--rows", "-1"],
    ],
)
def test_a_wrong_call_ends_with_two(command: Command, arguments: list[str]) -> None:
    assert command(*arguments).returncode == 2
