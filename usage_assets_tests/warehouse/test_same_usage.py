"""The same usage under two accounts is a red check; accounts that only look alike are none."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, money, row, tokens

SONNET = {"id": "claude-sonnet-4-5", "provider": "anthropic"}


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(tmp_path)


def same_usage(pipeline: Pipeline, **rows_of: Iterable[dict[str, Any]]) -> CheckFindings:
    """Return the findings after each account landed its rows on the same day."""
    for account, rows in rows_of.items():
        pipeline.land(rows, account=account)
    return findings_of(pipeline)


def findings_of(pipeline: Pipeline) -> CheckFindings:
    pipeline.run()
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, "same_usage_in_two_accounts", pipeline.profiles, examples=3)


def billed(amounts: Iterable[str], **given: Any) -> list[dict[str, Any]]:
    return [row(f"row-{number}", charge("net", amount), **given) for number, amount in enumerate(amounts)]


def test_equal_rows_of_two_accounts_are_found_with_days_rows_and_money(pipeline: Pipeline) -> None:
    for day in (DAY, NEXT_DAY):
        for account in ("older", "newer"):
            pipeline.land(billed(["7", "3.5"], day=day), account=account, day=day)

    findings = findings_of(pipeline)

    assert (findings.count, findings.rows) == (1, 4)
    assert findings.money == {"USD": 2 * (money("7") + money("3.5"))}
    assert findings.account_ids == ("newer", "older")
    [example] = findings.examples
    assert (example["first_day"], example["last_day"], example["days"]) == (str(DAY), str(NEXT_DAY), "2")


def test_equal_tokens_without_charges_are_found_with_their_estimate(pipeline: Pipeline) -> None:
    rows = [row("r1", model=SONNET, usage=tokens(uncached=1000))]

    findings = same_usage(pipeline, a=rows, b=rows)

    assert findings.money == {"USD": 1000 * Decimal(3) / 1_000_000}
    assert findings.tokens == 1000


def test_each_currency_stands_by_itself(pipeline: Pipeline) -> None:
    rows = [row("r1", charge("net", "1", "EUR")), row("r2", charge("net", "2"))]

    assert same_usage(pipeline, a=rows, b=rows).money == {"EUR": money("1"), "USD": money("2")}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(row("total", charge("net", "8")), id="other money"),
        pytest.param(row("total", charge("net", "7", "EUR")), id="other currency"),
        pytest.param(row("other", charge("net", "7")), id="other id"),
        pytest.param(row("total", charge("net", "7"), product={"id": "p"}), id="other product"),
        pytest.param(row("total", charge("net", "7"), end_date=f"{DAY}T12:00:00Z"), id="other end"),
        pytest.param(row("total", charge("net", "7"), start_date=f"{DAY}T12:00:00Z"), id="other start"),
        pytest.param(row("total", charge("net", "7"), usage=tokens(output=1)), id="other tokens"),
    ],
)
def test_rows_that_differ_are_not_the_same_usage(pipeline: Pipeline, other: dict[str, Any]) -> None:
    assert same_usage(pipeline, a=[row("total", charge("net", "7"))], b=[other]).count == 0


def test_rows_without_money_and_tokens_are_no_evidence(pipeline: Pipeline) -> None:
    rows = [row(f"{DAY}", charge("net", "0")), row("2", usage={"requests": {"total": 5}})]

    assert same_usage(pipeline, a=rows, b=rows).count == 0


def test_a_row_alike_among_many_is_no_evidence(pipeline: Pipeline) -> None:
    fee = row("fee", charge("net", "20"))
    ours, theirs = billed(["1", "2", "3"]), billed(["4", "5", "6"])

    assert same_usage(pipeline, a=[fee, *ours], b=[fee, *theirs]).count == 0


@pytest.mark.parametrize(("alike", "found"), [(2, 0), (3, 3)])
def test_three_rows_alike_are_evidence_among_however_many(pipeline: Pipeline, alike: int, found: int) -> None:
    shared = billed(str(amount) for amount in range(1, alike + 1))
    ours = [row(f"a-{number}", charge("net", "1")) for number in range(9)]
    theirs = [row(f"b-{number}", charge("net", "1")) for number in range(9)]

    assert same_usage(pipeline, a=[*shared, *ours], b=[*shared, *theirs]).rows == found


def test_half_of_the_smaller_account_is_evidence(pipeline: Pipeline) -> None:
    shared = billed(["7"])
    ours = [row(f"a-{number}", charge("net", "1")) for number in range(9)]

    assert same_usage(pipeline, a=[*shared, *ours], b=[*shared, row("b", charge("net", "1"))]).rows == 1


def test_accounts_of_two_integrations_are_not_compared(pipeline: Pipeline) -> None:
    pipeline.land(billed(["7"]), account="a", integration="confluent")
    pipeline.land(billed(["7"]), account="b", integration="cursor")

    assert findings_of(pipeline).count == 0


def test_the_finding_is_gone_when_one_account_holds_other_rows(pipeline: Pipeline) -> None:
    assert same_usage(pipeline, a=billed(["7"]), b=billed(["7"])).count == 1

    assert same_usage(pipeline, b=billed(["8"])).count == 0


def test_a_row_of_several_days_counts_on_each_of_them(pipeline: Pipeline) -> None:
    month = [row("r1", charge("net", "30"), start_date="2026-06-01", end_date="2026-07-01")]
    for account in ("a", "b"):
        pipeline.land(month, account=account, integration="datadog", day=date(2026, 6, 1))

    findings = findings_of(pipeline)

    assert findings.money["USD"] == pipeline.one("select sum(cost) from cost where account_id = 'a'")
