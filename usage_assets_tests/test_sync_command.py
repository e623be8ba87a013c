"""How `usage-assets sync` ends: the checks that are not green, and exit codes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from usage_assets_tests.checkout import CHECKOUT
from usage_assets_tests.stand_in import TOKEN, StandIn, account, running_stand_in

DAY = "2026-11-10"
BILL = {
    "id": "bill",
    "start_date": f"{DAY}T00:00:00Z",
    "end_date": f"{DAY}T23:59:59Z",
    "charges": [{"amount": 7, "currency": "USD", "type": "net"}],
}

Ended = subprocess.CompletedProcess[str]


@pytest.fixture
def api() -> Iterator[StandIn]:
    with running_stand_in() as api:
        api.accounts = [account("a-1")]
        yield api


@pytest.fixture
def sync(api: StandIn, tmp_path: Path) -> Callable[..., Ended]:
    """Return a function that runs a sync of one day in a folder of its own."""

    def run(*options: str) -> Ended:
        variables = {"TRUTO_BASE_URL": api.url, "TRUTO_API_TOKEN": TOKEN, "DAGSTER_HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-m", "usage_assets", "sync", "--from", DAY, "--to", DAY, *options],
            cwd=tmp_path,
            env={**os.environ, **variables, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_red_check_is_a_line_with_its_money_and_fails_a_strict_sync(api: StandIn, sync: Callable[..., Ended]) -> None:
    api.accounts = [account("a-1"), account("a-2")]
    api.rows = {"a-1": [BILL], "a-2": [BILL]}

    ended, strict = sync(), sync("--strict")

    assert (ended.returncode, strict.returncode) == (0, 1)
    line = "red same_usage_in_two_accounts: 1 row, 7.00 USD, newest day 2026-11-10, cursor · acme (a-1) and cursor"
    assert line in ended.stdout
    assert line in strict.stdout


def test_an_account_that_cannot_be_read_fails_the_sync_of_no_other(api: StandIn, sync: Callable[..., Ended]) -> None:
    api.accounts = [{"id": "broken"}, account("a-1")]
    api.rows = {"a-1": [BILL]}

    ended = sync()

    assert ended.returncode == 1
    assert "Account broken is left out, because it cannot be read (it has no `integration`): see it" in ended.stderr
    assert "1 account, 7.00 USD from 2026-11-10 to 2026-11-10" in ended.stdout


def test_the_summary_says_which_days_the_figures_lack(api: StandIn, sync: Callable[..., Ended]) -> None:
    api.rows = {"a-1": [BILL]}

    ended = sync()

    first = datetime.now(UTC).date() - timedelta(days=90)
    span = f"{first} to 2026-11-09"
    assert f"\nNo account is complete; cursor · acme without {span} ({span} is missing).\n" in ended.stdout
