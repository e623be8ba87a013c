"""`usage-assets explain` as a user starts it: output and exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import TypeAlias

import pytest

from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row

Ended: TypeAlias = subprocess.CompletedProcess[str]
Command: TypeAlias = Callable[..., Ended]


@pytest.fixture
def command(pipeline: Pipeline) -> Command:
    """Return a function that runs the command on the pipeline, without the API."""

    def run(*arguments: str) -> Ended:
        return subprocess.run(
            [sys.executable, "-m", "usage_assets", "explain", *arguments],
            env={**os.environ, "USAGE_DATA_DIR": str(pipeline.folder), "TRUTO_API_TOKEN": ""},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


PERSON = {"id": "u1", "email": "ann@acme.example", "name": "Ann Lee"}


def test_figures_that_agree_end_with_zero(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "3.00"), charge("net", "1.25"), surface="x" * 300)])
    pipeline.run()

    ended = command("--day", "2026-06-10", "--account", "acme", "--rows", "1")

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
    assert "CONTRADICTION: cost on 2026-06-10 is 1 USD in cost and 2 in cost_by_account" in ended.stdout


def test_a_contradiction_in_a_row_that_is_not_shown_ends_with_one(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "9")), row("r2", charge("net", "1"))])
    pipeline.run()
    pipeline.amend("update cost set tax = 1 where row_id = 'r2'; update cost_by_account set tax = 1")

    ended = command("--day", "2026-06-10")

    assert ended.returncode == 1
    assert "row 2, 2026-06-10, account acme: CONTRADICTION: tax is none recomputed and 1 in the table" in ended.stdout


def test_people_are_named_only_with_rows(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "1"), user=PERSON)])
    pipeline.run()

    printed = {
        arguments: command("--day", "2026-06-10", *arguments).stdout
        for arguments in [(), ("--json",), ("--rows", "1"), ("--json", "--rows", "1")]
    }

    assert {arguments: "Ann Lee" in text and "ann@acme.example" in text for arguments, text in printed.items()} == {
        (): False, ("--json",): False, ("--rows", "1"): True, ("--json", "--rows", "1"): True,
    }  # fmt: skip
    assert [text for arguments, text in printed.items() if "--rows" not in arguments and "acme.example" in text] == []


def test_a_user_without_cost_does_not_reveal_the_others(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "1"), user=PERSON)])
    pipeline.run()

    ended = command("--day", "2026-06-10", "--user", "eve@acme.example")

    assert (
        ended.stderr == "User eve@acme.example has no cost on 2026-06-10; see `cost_by_user` for the users who have.\n"
    )


@pytest.mark.parametrize(("arguments", "count"), [([], 0), (["--rows", "20"], 20), (["--rows", "0"], 22)])
def test_the_call_limits_the_shown_rows(pipeline: Pipeline, command: Command, arguments: list[str], count: int) -> None:
    pipeline.land([row(f"r{i}", charge("net", "1")) for i in range(22)])
    pipeline.run()

    assert command("--day", "2026-06-10", *arguments).stdout.count("row id ") == count


def test_a_range_sums_its_days_and_shows_rows_of_all_of_them(pipeline: Pipeline, command: Command) -> None:
    for day in (DAY, NEXT_DAY):
        pipeline.land([row(f"of {day}", charge("net", "1.5"), day=day)], day=day)
    pipeline.run()

    ended = command("--from", "2026-06-10", "--to", "2026-06-11", "--rows", "0")

    lines = ended.stdout.splitlines()
    assert (ended.returncode, lines[0], lines[2]) == (0, "2026-06-10 to 2026-06-11", "USD: cost 3 in 2 rows")
    assert [line[:13] for line in lines if line[:2] in {"1.", "2."}] == ["1. 2026-06-10", "2. 2026-06-11"]


def test_json_is_one_document_with_decimals_as_strings(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "3.00"), charge("net", "1.25"))])
    pipeline.run()

    ended = command("--day", "2026-06-10", "--json", "--rows", "1")

    document = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert [(sums["currency"], sums["cost"]) for sums in document["sums"]] == [("USD", "4.25")]
    assert document["rows"][0]["recomputed"]["bill"] == {"text": "3 + 1.25", "value": "4.25"}
    assert document["rows"][0]["api_row"]["line"] == 1


def test_a_cell_without_rows_ends_with_one_and_a_sentence(pipeline: Pipeline, command: Command) -> None:
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()

    ended = command("--day", "2026-06-10", "--model", "gpt-5")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "Model gpt-5 has no cost on 2026-06-10; there is cost of (none).\n"


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
        ["--day", "2026-06-10", "--from", "2026-06-10"],
        ["--from", "2026-06-10"],
        ["--from", "2026-06-11", "--to", "2026-06-10"],
    ],
)
def test_a_wrong_call_ends_with_two(command: Command, arguments: list[str]) -> None:
    assert command(*arguments).returncode == 2
