"""The command `usage-assets budgets`, as a process on a data folder."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from usage_assets.integrations.windows import days_between
from usage_assets_tests.checkout import CHECKOUT
from usage_assets_tests.warehouse.pipeline import Pipeline
from usage_assets_tests.warehouse.test_budget_status import FIRST, LAST, NIGHT, land

Ended = subprocess.CompletedProcess[str]
HEADER = "name,period,amount,currency,team,owner"
LINES = (HEADER, "[red]All\x1b[31m,month,1000,USD,,Ada", "Nobody,quarter,50,USD,nobody,")


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """A published data folder without a budget."""
    pipeline = Pipeline(tmp_path, now=datetime.combine(LAST + timedelta(days=3), NIGHT, UTC))
    land(pipeline, days_between(FIRST, LAST))
    return pipeline


def publish(pipeline: Pipeline) -> None:
    pipeline.run_with_insights()
    pipeline.publish()


def run(pipeline: Pipeline, *options: str) -> Ended:
    return subprocess.run(
        [sys.executable, "-m", "usage_assets", "budgets", *options],
        cwd=pipeline.folder,
        env={**os.environ, "USAGE_DATA_DIR": str(pipeline.folder), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_budget_has_a_line_with_the_highest_share_first(pipeline: Pipeline) -> None:
    pipeline.budget(*LINES)
    publish(pipeline)

    ended = run(pipeline)

    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in ended.stdout.splitlines() if "│" in line]
    # 8 workdays of 100 USD and 2 days of 10 are known; two more workdays reach 1,000
    assert cells[0][:6] == ["[red]All[31m", "Ada", "2026-06", "820.00", "1,000.00 USD", "82.0 %"]
    assert cells[0][6] == "2,280.00"
    assert cells[0][8:] == ["80 % on 2026-06-10", "2026-06-12, expected"]
    assert cells[1] == ["Nobody", "", "2026 Q2", "0.00", "50.00 USD", "0.0 %", "", "", "", ""]
    assert "Nobody counts team=nobody, from 2026-04-20 because there are no earlier days; no projection" in ended.stdout


def test_json_has_every_digit(pipeline: Pipeline) -> None:
    pipeline.budget(*LINES)
    publish(pipeline)

    first, _ = json.loads(run(pipeline, "--json").stdout)

    assert (first["spent"], first["share"], first["spent_on"]) == ("820.000000000000", "0.820000", "2026-06-12")


def test_without_a_budget_it_says_where_to_write_one(pipeline: Pipeline) -> None:
    publish(pipeline)

    assert run(pipeline).stdout == (
        f"There is no budget: write budgets into {pipeline.folder / 'budgets.csv'}, then run a sync.\n"
    )


def test_a_file_that_changed_since_is_named(pipeline: Pipeline) -> None:
    publish(pipeline)
    (pipeline.folder / "budgets.csv").write_text("\n".join(LINES), encoding="utf-8")

    expected = "budgets.csv has changed since these figures were published: run `usage-assets sync`.\n"
    assert run(pipeline).stderr == expected


def test_mistakes_of_the_file_are_named(pipeline: Pipeline) -> None:
    publish(pipeline)
    (pipeline.folder / "budgets.csv").write_text(f"{HEADER}\nAll,week,x,USD,,", encoding="utf-8")

    named = run(pipeline).stderr

    assert "line 2, column period: 'week' is no period" in named
    assert "budgets.csv has mistakes, so its last good content counts: mend them." in named


def test_without_published_tables_it_says_what_to_do(tmp_path: Path) -> None:
    ended = run(Pipeline(tmp_path))

    assert ended.returncode == 1
    assert "Nothing" in ended.stderr
