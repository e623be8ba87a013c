"""`usage-assets spend`: a month against the same complete days of the month before."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.integrations.windows import days_between
from usage_assets.published import NothingPublished
from usage_assets.spend import MonthsSpend, Spent, spend_of_month
from usage_assets_tests.checkout import CHECKOUT
from usage_assets_tests.warehouse.pipeline import Pipeline, account, charge, row

# Confluent has a lag of 3 days, Cursor of 1.
TODAY = datetime(2026, 6, 11, tzinfo=UTC)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
CONFLUENT_THROUGH, CURSOR_THROUGH = date(2026, 6, 8), date(2026, 6, 10)


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """Two accounts: of acme (Confluent) 10 USD a day in May and 12 in June, of globex (Cursor) 1 USD a day."""
    pipeline = Pipeline(tmp_path, now=TODAY)
    land(pipeline, days_between(MAY, date(2026, 5, 31)), "10")
    land(pipeline, days_between(JUNE, CONFLUENT_THROUGH), "12")
    land(pipeline, days_between(MAY, CURSOR_THROUGH), "1", account="globex", integration="cursor")
    return pipeline


def land(pipeline: Pipeline, days: Iterable[date], amount: str, **given: Any) -> None:
    where = {name: given.pop(name) for name in ("account", "integration") if name in given}
    currency = given.pop("currency", "USD")
    for day in days:
        rows = [row("r1", charge("net", amount, currency), day=day, **given)]
        pipeline.land(rows, day=day, fetched_at=datetime.combine(day, TODAY.time(), UTC) + timedelta(days=9), **where)


def spend(pipeline: Pipeline, by: str = "account", only: str | None = None, month: date | None = None) -> MonthsSpend:
    pipeline.run()
    pipeline.cover(accounts=[account("acme"), account("globex", integration="cursor")])
    pipeline.publish()
    return spend_of_month(pipeline.published, month, by, only, "USD", pipeline.allocation.value)


def test_each_account_is_compared_over_its_own_complete_days(pipeline: Pipeline) -> None:
    found = spend(pipeline)

    # acme through 8 June, globex through 10 June
    assert found.keys == [Spent("acme", Decimal(8 * 12), Decimal(8 * 10)), Spent("globex", Decimal(10), Decimal(10))]
    assert (found.last_day, found.earlier_day) == (CURSOR_THROUGH, date(2026, 5, 10))


def test_a_day_that_the_month_before_lacks_is_left_out_of_both(pipeline: Pipeline) -> None:
    found = spend(pipeline, month=MAY)

    assert (found.last_day, found.earlier_day) == (date(2026, 5, 31), date(2026, 4, 30))
    assert found.keys == []  # of April, no day is complete


def test_a_missing_day_is_left_out_of_both_months(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path, now=TODAY)
    land(pipeline, (day for day in days_between(MAY, CONFLUENT_THROUGH) if day != date(2026, 5, 3)), "10")

    found = spend(pipeline)

    # 3 May is missing, so 3 June is not compared either
    assert found.keys == [Spent("acme", Decimal(7 * 10), Decimal(7 * 10))]
    [acme] = [account for account in found.comparison.incomplete if account.account_id == "acme"]
    assert (acme.since, acme.state) == (date(2026, 5, 3), "missing")


def test_the_teams_of_the_rules_are_compared(pipeline: Pipeline) -> None:
    pipeline.allocate("account_id,team,share", "acme,a,0.25", "acme,b,0.75")

    found = spend(pipeline, by="team")

    assert found.keys[0] == Spent("b", Decimal(8 * 9), Decimal(8 * 10) * 3 / 4)
    assert [(change.values["account_id"], change.cost - change.earlier) for change in found.changes] == [
        ("acme", Decimal(8 * 2)),
        ("globex", Decimal(0)),
    ]


def test_the_changes_of_a_team_are_its_parts_of_people_and_models(pipeline: Pipeline) -> None:
    ann = {"email": "ann@acme.example"}
    land(pipeline, [CURSOR_THROUGH], "9", account="globex", integration="cursor", user=ann)
    pipeline.allocate("user_key,team,share", "ann*,a,0.25", "ann*,b,0.75")

    found = spend(pipeline, by="team", only="a")

    assert found.keys == [Spent("a", Decimal(9) / 4, Decimal(0))]
    [change] = found.changes
    assert (change.values["user_key"], change.cost, change.earlier) == ("ann@acme.example", Decimal(9) / 4, Decimal(0))


def test_only_one_value_is_shown_with_its_changes(pipeline: Pipeline) -> None:
    model = {"id": "gpt-5", "provider": "openai"}
    land(pipeline, [CURSOR_THROUGH], "9", account="globex", integration="cursor", model=model)

    found = spend(pipeline, by="model", only="gpt-5")

    assert found.keys == [Spent("gpt-5", Decimal(9), Decimal(0))]
    assert [change.values["model"] for change in found.changes] == ["gpt-5"]


def test_the_largest_changes_come_first(pipeline: Pipeline) -> None:
    found = spend(pipeline, by="provider")

    first, second = found.changes
    assert (first.values["account_id"], first.cost - first.earlier) == ("acme", Decimal(8 * 2))
    assert second.values["account_id"] == "globex"


def test_cost_without_a_rate_is_left_out_and_counted(pipeline: Pipeline) -> None:
    land(pipeline, [CURSOR_THROUGH], "9", account="globex", integration="cursor", currency="XTS")

    found = spend(pipeline)

    assert found.keys[1] == Spent("globex", Decimal(9), Decimal(10))
    assert found.lacking_rows == 1


def test_without_a_complete_day_there_is_nothing_to_show(pipeline: Pipeline) -> None:
    with pytest.raises(NothingPublished, match=r"No day of 2026-07 is complete\."):
        spend(pipeline, month=date(2026, 7, 1))


def run(pipeline: Pipeline, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "usage_assets", "spend", *options],
        cwd=pipeline.folder,
        env={**os.environ, "USAGE_DATA_DIR": str(pipeline.folder), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_shows_keys_changes_and_what_is_not_compared(pipeline: Pipeline) -> None:
    land(pipeline, [CONFLUENT_THROUGH], "112", surface="[red]cli\x1b[31m")
    spend(pipeline)

    shown = run(pipeline, "--by", "account").stdout

    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines() if "│" in line]
    assert "Days 1 to 10 of June 2026 and of May 2026, in USD" in shown
    assert cells[0] == ["acme", "196.00", "80.00", "+116.00", "+145.0 %"]
    assert cells[-1] == ["total", "206.00", "90.00", "+116.00", "+128.9 %"]
    assert "+112.00 USD: acme · confluent · [red]cli[31m" in shown
    assert "From 2026-06-09 on, days of acme are not ready and are not compared." in shown


def test_json_has_every_digit(pipeline: Pipeline) -> None:
    spend(pipeline)

    document = json.loads(run(pipeline, "--by", "account", "--json").stdout)

    assert document["keys"][0]["change"] == "16.000000000000"
    assert document["compared"]["acme"] == {"days": 8, "last_day": "2026-06-08"}


@pytest.mark.parametrize(("option", "value"), [("--month", "June"), ("--by", "colour")])
def test_a_wrong_option_is_refused(pipeline: Pipeline, option: str, value: str) -> None:
    assert run(pipeline, option, value).returncode == 2
