"""Equal seeds, equal rows: in another process, on any day."""

import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from truto_sandbox.companies import Account, Directory
from truto_sandbox.rhythm import busyness, is_spike
from usage_assets_tests.truto_sandbox.api import CALM, CURSOR, NOW, Api

ELSEWHERE = """
import sys
from usage_assets_tests.truto_sandbox.api import CURSOR, sandbox
with sandbox() as api:
    sys.stdout.write(api.get(CURSOR, start_date="2026-10-01", end_date="2026-10-02").text)
"""


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_gives_equal_rows(api: Api, hash_seed: str) -> None:
    here = api.get(CURSOR, start_date="2026-10-01", end_date="2026-10-02").text

    assert _in_a_process_with(hash_seed) == here


def test_a_question_asked_twice_has_one_answer(api: Api) -> None:
    query: dict[str, Any] = {"start_date": "2019-02-01", "end_date": "2019-02-03"}

    assert api.get(CURSOR, **query).text == api.get(CURSOR, **query).text


def test_weekends_are_quiet() -> None:
    friday, saturday = (busyness(_account(), date(2026, 9, day)) for day in (18, 19))

    assert saturday * 2 < friday


def test_business_grows() -> None:
    assert busyness(_account(), date(2025, 3, 3)) < busyness(_account(), date(2026, 9, 14))


def test_a_year_has_some_spikes() -> None:
    days = (date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(365))

    assert 1 <= sum(is_spike(_account(), day) for day in days) <= 12


def _account() -> Account:
    assert CALM.now() == NOW
    return Directory(CALM).accounts[CURSOR]


def _in_a_process_with(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout
