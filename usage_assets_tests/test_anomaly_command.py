"""The command `usage-assets anomalies`, as a process on a data folder."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from usage_assets.pricing.rates import ExchangeRates, RateOverride
from usage_assets.reading import read
from usage_assets_tests.checkout import CHECKOUT
from usage_assets_tests.warehouse.pipeline import Pipeline
from usage_assets_tests.warehouse.test_anomalies import FIRST, READY, SPIKE_DAY, days_between, land_days

Ended = subprocess.CompletedProcess[str]
RATES = ExchangeRates([RateOverride(FIRST, "EUR", Decimal("1.25")), RateOverride(SPIKE_DAY, "EUR", Decimal(2))])
"""A euro is worth 1.25 USD, and 2 USD from the day of the newer anomaly on."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with two published anomalies: one of May 5 that is over, and one of May 12 that is open."""
    pipeline = Pipeline(tmp_path, now=READY, rates=RATES, shown=["EUR"])
    pipeline.landing.root.mkdir()
    land_days(pipeline, days_between(FIRST, SPIKE_DAY))
    land_days(pipeline, [SPIKE_DAY - timedelta(days=7), SPIKE_DAY], "1060", surface="[red]cli\x1b[31m")
    pipeline.run_with_insights()
    pipeline.publish()
    return tmp_path


def run(folder: Path, *options: str, currency: str = "USD") -> Ended:
    return subprocess.run(
        [sys.executable, "-m", "usage_assets", "anomalies", *options],
        cwd=folder,
        env={**os.environ, "USAGE_DATA_DIR": str(folder), "PYTHONPATH": str(CHECKOUT), "USAGE_CURRENCY": currency},
        capture_output=True,
        text=True,
        check=False,
    )


def ids(folder: Path) -> list[str]:
    return [anomaly["anomaly_id"] for anomaly in json.loads(run(folder, "--all", "--json").stdout)]


def test_the_open_anomalies_are_listed_with_what_caused_them(folder: Path) -> None:
    ended = run(folder)

    first, cause, last = ended.stdout.splitlines()
    # the account is expected to cost 11 USD, of which Ada has 10
    assert "open spike, 2026-05-12: user ada@acme.example in acme cost 1,060.00 USD, 10.00 expected" in first
    assert cause == "    +1,060.00 USD confluent · [red]cli[31m · ada@acme.example"
    assert last == "Anomalies: 1 open, 2 in all; --all lists the resolved and acknowledged ones too."


def test_json_has_every_column(folder: Path) -> None:
    [newest, oldest] = json.loads(run(folder, "--all", "--json").stdout)

    assert (newest["first_day"], newest["status"], newest["actual"]) == ("2026-05-12", "open", "1060.00")
    assert (oldest["first_day"], oldest["status"]) == ("2026-05-05", "resolved")


def test_amounts_are_in_the_shown_currency_at_the_rate_of_the_first_day(folder: Path) -> None:
    ended = run(folder, "--all", currency="EUR")

    newest, cause, oldest, *_ = ended.stdout.splitlines()
    # on both days 1,060 USD
    assert "2026-05-12: user ada@acme.example in acme cost 530.00 EUR, 5.00 expected" in newest
    assert cause.startswith("    +530.00 EUR confluent")
    assert "2026-05-05: user ada@acme.example in acme cost 848.00 EUR, 8.00 expected" in oldest
    assert ended.stderr == ""


def test_without_a_published_rate_amounts_are_in_dollars_and_a_line_says_so(folder: Path) -> None:
    ended = run(folder, currency="GBP")

    assert "cost 1,060.00 USD" in ended.stdout
    assert ended.stderr == (
        "Amounts are in USD where no rate of GBP is published yet: run `usage-assets sync` first.\n"
    )


def test_an_acknowledged_anomaly_is_so_in_the_list_and_in_the_published_table_at_once(folder: Path) -> None:
    newest, _ = ids(folder)

    ended = run(folder, "--acknowledge", newest, "--note", "load test\n\x1b[31m")

    assert (ended.returncode, ended.stdout) == (0, f"Anomaly {newest} is acknowledged.\n")
    assert run(folder).stdout == "Anomalies: 0 open, 2 in all; --all lists the resolved and acknowledged ones too.\n"
    frame = read("spend_anomalies", published=folder / "published")
    noted = frame[frame["anomaly_id"] == newest][["status", "note"]]
    assert noted.to_numpy().tolist() == [["acknowledged", "load test\n\x1b[31m"]]
    assert "UTC: load test [31m" in run(folder, "--all").stdout


def test_an_unknown_id_is_a_sentence_and_nothing_is_written(folder: Path) -> None:
    ended = run(folder, "--acknowledge", "'; drop table cost", "--note", "x")

    assert ended.returncode == 2
    assert ended.stderr.startswith('There is no anomaly "\'; drop table cost": `usage-assets anomalies --all` lists')
    assert not (folder / "anomalies.jsonl").exists()


def test_an_id_without_a_note_is_a_wrong_call(folder: Path) -> None:
    assert run(folder, "--acknowledge", ids(folder)[0]).returncode == 2


def test_without_published_data_it_says_what_to_do(tmp_path: Path) -> None:
    ended = run(tmp_path)

    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "run `usage-assets sync` first" in ended.stderr
