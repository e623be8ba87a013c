"""Equal seeds give equal rows, in every process and for every day."""

import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from truto_sandbox.activity import activity_of
from truto_sandbox.companies import Account, Directory
from usage_assets_tests.truto_sandbox.api import CALM, CURSOR, NOW, Api

PRINT_ROWS = """
import sys
from usage_assets_tests.truto_sandbox.api import CURSOR, sandbox
with sandbox() as api:
    sys.stdout.write(api.get(CURSOR, start_date="2026-10-01", end_date="2026-10-02").text)
"""


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_gives_equal_rows(api: Api, hash_seed: str) -> None:
    here = api.get(CURSOR, start_date="2026-10-01", end_date="2026-10-02").text

    assert _rows_in_process_with(hash_seed) == here


def test_a_repeated_request_gives_the_same_response(api: Api) -> None:
    query: dict[str, Any] = {"start_date": "2019-02-01", "end_date": "2019-02-03"}

    assert api.get(CURSOR, **query).text == api.get(CURSOR, **query).text


def test_a_saturday_has_less_than_half_the_activity_of_a_friday() -> None:
    friday, saturday = (activity_of(_account(), date(2026, 9, day)) for day in (18, 19))

    assert saturday * 2 < friday


def test_activity_grows_over_the_years() -> None:
    assert activity_of(_account(), date(2025, 3, 3)) < activity_of(_account(), date(2026, 9, 14))


def _account() -> Account:
    assert CALM.now() == NOW
    return Directory(CALM).accounts[CURSOR]


def _rows_in_process_with(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    result = subprocess.run(
        [sys.executable, "-c", PRINT_ROWS], env=environment, capture_output=True, text=True, check=True
    )
    return result.stdout
