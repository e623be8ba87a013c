"""Nothing out of the API is markup or control text in the output of a command: accounts with hostile names."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from usage_assets_tests.stand_in import TOKEN, StandIn, account, running_stand_in

ESCAPE, CSI, OVERRIDE = "\x1b", "\x9b", "\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE = f"[/x][red] {ESCAPE}[2J|a\nb <script> {OVERRIDE}{CSI}31m"
SHOWN = "[/x][red] [2J|a b <script> 31m"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
DAY = "2026-11-20"
ROW = {
    "id": HOSTILE,
    "start_date": f"{DAY}T00:00:00Z",
    "end_date": f"{DAY}T23:59:59Z",
    "charges": [{"amount": 1, "currency": "USD", "type": "net"}, {"amount": 1, "currency": "USD", "type": HOSTILE}],
    "surface": HOSTILE,
    "user": {"name": HOSTILE},
}

Output = Callable[..., str]


@pytest.fixture(scope="module")
def api() -> Iterator[StandIn]:
    with running_stand_in() as api:
        api.accounts = [
            account("a-1", tenant_id=HOSTILE),
            account("a-2", HOSTILE),
            account(f"a-3{HOSTILE}"),
            account("a-4", status=HOSTILE),
            account(f"a-5{HOSTILE}", integration=None),
            account("a-6", status="needs_reauth", last_error=HOSTILE),
        ]
        api.rows = {"a-1": [ROW]}
        yield api


@pytest.fixture(scope="module")
def output(api: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Output:
    """Return a function that gives the whole output of a command, in a folder that one sync has filled."""
    folder = tmp_path_factory.mktemp("hostile")

    def run(*arguments: str) -> str:
        variables = {"TRUTO_BASE_URL": api.url, "TRUTO_API_TOKEN": TOKEN, "USAGE_START_DATE": "2026-11-01"}
        checkout = str(Path(__file__).parents[1])
        ended = subprocess.run(
            [sys.executable, "-m", "usage_assets", *arguments],
            cwd=folder,
            env={**os.environ, **variables, "DAGSTER_HOME": str(folder), "PYTHONPATH": checkout, "COLUMNS": "400"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.stdout + ended.stderr

    synced = run("sync", "--from", DAY, "--to", DAY)
    return lambda *arguments: synced if arguments == ("sync",) else run(*arguments)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["sync"], f"cursor · {SHOWN}"),
        (["accounts"], "[/x][red]"),
        (["doctor"], f"cursor · {SHOWN} (a-1) is active"),
        (["explain", "--day", DAY, "--rows", "0"], "[/x][red] [2J|ab <script> 31m"),
        (["explain", "--day", DAY, "--json"], "[/x][red]"),
        (["usage", "list", "-a", "a-1", "--start-date", DAY], "[/x][red]"),
        (["usage", "list", "-a", "a-1", "--start-date", DAY, "-o", "csv"], "[/x][red]"),
        (["usage", "list", "-a", "a-1", "--start-date", DAY, "-o", "json"], "[/x][red]"),
        (["sync", "--account", "nobody"], "[/x][red]"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_output_shows_a_hostile_name_as_text(output: Output, arguments: list[str], shown: str) -> None:
    text = output(*arguments)

    assert shown in text
    assert CONTROL.findall(text) == []


def test_an_account_with_a_hostile_name_that_cannot_be_read_is_named(output: Output) -> None:
    assert f"Account a-5{SHOWN} is left out, because it cannot be read" in output("sync")
