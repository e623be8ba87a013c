"""Each check finds nothing in valid data, and otherwise counts its findings with their money and examples."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets.warehouse.data_checks import DATA_CHECKS
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, money, row, tokens

SONNET = {"id": "claude-sonnet-4-5", "provider": "anthropic"}
NAMES = [check.name for check in DATA_CHECKS]
DAY_BEFORE = DAY - timedelta(days=1)
TWO_DAYS = {"end_date": "2026-06-12T00:00:00Z"}


def found(pipeline: Pipeline, name: str) -> CheckFindings:
    """Return the findings of the check `name` after all tables are derived."""
    pipeline.run()
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, name, pipeline.profiles, examples=3)


@dataclass(frozen=True)
class Case:
    """The rows of one window, and the findings that a check must report."""

    name: str
    rows: list[dict[str, Any] | str]
    affected_rows: int
    money: dict[str, Decimal]
    integration: str = "confluent"
    tokens: int = 0
    example: str = ""


CASES = [
    Case(
        "rejected_rows",
        [row("r1", charge("net", "7"), start_date="soon"), row("r2", charge("net", "2", "EUR"), start_date=None)],
        affected_rows=2, money={"EUR": money("2"), "USD": money("7")}, example="start_date is not a date",
    ),
    Case(
        "rows_of_other_windows",
        [row("mine"), row("r1", charge("net", "3"), charge("total", "9"), day=DAY_BEFORE), row("r2", day=DAY_BEFORE)],
        affected_rows=2, money={"USD": money("3")},
    ),
    Case(
        "duplicates_that_differ",
        [row("r1", charge("net", "3")), row("r1", charge("net", "4")), row("r1", charge("net", "9"))],
        affected_rows=2, money={"USD": money("3") + money("4")},
    ),
    Case(
        "duplicates_that_differ",
        [row("r1", charge("net", "3"), charge("net", "1", "EUR")), row("r1", charge("net", "4"))],
        affected_rows=2, money={"EUR": money("1"), "USD": money("3")},
    ),
    Case(
        "duplicates_that_differ",
        [row("r1", usage=tokens(uncached=3, output=2)), row("r1", usage=tokens(uncached=9))],
        affected_rows=1, money={}, tokens=3 + 2,
    ),
    Case("rows_longer_than_window", [row("r1", charge("net", "3"), **TWO_DAYS)], affected_rows=1, money={}),
    Case("cached_beyond_input", [row("r1", usage=tokens(uncached=4, cached=9))], 1, {}, integration="openai_codex"),
    Case("unreadable_counts", [row("r1", usage={"tokens": {"input": "many"}})], affected_rows=1, money={}),
    Case("unreadable_counts", [row("r1", usage={"tokens": {"output": 10**15}})], affected_rows=1, money={}),
    Case("negative_counts", [row("r1", usage=tokens(uncached=-4))], affected_rows=1, money={}),
    Case("dimensions_of_other_shape", [row("r1", user="bob"), row("r2", model=["m"])], affected_rows=2, money={}),
    Case(
        "unknown_token_fields",
        [row("r1", usage={"tokens": {"audio": 7}}), row("r2", usage={"tokens": {"audio": 5, "input": 1}})],
        affected_rows=2, money={}, tokens=7 + 5, example="usage.tokens.audio",
    ),
    Case(
        "unknown_token_fields",
        [row("r1", usage={"batch": {"deep": {"tokens_read": 3}}})],
        affected_rows=1, money={}, tokens=3, example="usage.batch.deep.tokens_read",
    ),
    Case(
        "unknown_token_fields",
        [
            row("r1", usage={"tokens": {"input": 1}, "batch": {"jobs": 3}}),
            row("r2", usage={"tokens": {"input": 1}, "batch": {"tokens_read": 5}}),
        ],
        affected_rows=1, money={}, tokens=5, example="usage.batch.tokens_read",
    ),
    Case(
        "unknown_token_fields",
        [row("r1", usage={"requests": {"total": 1}}, remote_data={"thinking_tokens": 6})],
        affected_rows=1, money={}, tokens=6, example="remote_data.thinking_tokens",
    ),
    Case(
        "unpriced_models",
        [row("r1", model={"id": "unheard-of-9"}, usage=tokens(uncached=5, output=3))],
        affected_rows=1, money={}, tokens=5 + 3, example="confluent unheard-of-9",
    ),
    Case(
        "components_that_disagree",
        [row("r1", charge("total", "9"), charge("on_demand", "4")), row("r2", charge("total", "2"))],
        affected_rows=1, money={"USD": money("9") - money("4")},
    ),
    Case(
        "unknown_charge_types",
        [row("r1", charge("net", "1"), charge("surcharge", "99"), charge("surcharge", "0.5"))],
        affected_rows=2, money={"USD": money("99") + money("0.5")}, example="surcharge",
    ),
    Case(
        "bill_and_tokens_twice",
        [
            row("bill", charge("net", "5"), product={"id": "p"}),
            row("tokens", model=SONNET, usage=tokens(uncached=1000), product={"id": "p"}),
        ],
        affected_rows=1, money={"USD": 1000 * Decimal(3) / 1_000_000}, example="p",
    ),
    Case("currencies_without_rate", [row("r1", charge("net", "8", "XXX"))], affected_rows=1, money={"XXX": money("8")}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {case.example}".strip())
def test_findings_are_counted_with_their_money(pipeline: Pipeline, case: Case) -> None:
    pipeline.land(case.rows, integration=case.integration)

    findings = found(pipeline, case.name)

    assert (findings.rows, findings.money, findings.tokens) == (case.affected_rows, case.money, case.tokens)
    assert case.example in str(findings.examples)


TOKENS = [row(f"r{count}", model=SONNET, usage=tokens(uncached=count)) for count in (3_000_000, -3_000_000)]
CANCELLING = {
    "unknown_charge_types": [row("r1", charge("refund", "-9"), charge("adjustment", "4"), charge("adjustment", "-5"))],
    "rejected_rows": [row(f"r{amount}", charge("net", amount), start_date="soon") for amount in ("9", "-9")],
    "rows_of_other_windows": [row(f"r{amount}", charge("net", amount), day=DAY_BEFORE) for amount in ("9", "-9")],
    "duplicates_that_differ": [row("r1", charge("net", amount)) for amount in ("9", "-9", "1")],
    "currencies_without_rate": [row(f"r{amount}", charge("net", amount, "XXX")) for amount in ("9", "-9")],
    "unread_price_contexts": [{**given, "usage": {**given["usage"], "service_tier": "scale"}} for given in TOKENS],
    "contexts_without_price": [{**given, "usage": {**given["usage"], "service_tier": "flex"}} for given in TOKENS],
}
"""For each check, rows whose money cancels out: 9 and -9 of some currency, or three million tokens at 3 USD each."""


@pytest.mark.parametrize("name", CANCELLING)
def test_money_of_either_sign_does_not_cancel_out_in_a_finding(pipeline: Pipeline, name: str) -> None:
    pipeline.land([row("valid"), *CANCELLING[name]])

    [amount] = found(pipeline, name).money.values()

    assert amount == money("9") + money("9")


@pytest.mark.parametrize(
    "billed",
    [
        row("bill", charge("net", "5"), charge("net", "4", "EUR"), product={"id": "p"}, usage=tokens(uncached=10)),
        row("bill", charge("net", "5"), product={"id": "p"}, usage={"tokens": {"cached_input": 10}}),
    ],
    ids=["two currencies", "cached tokens alone"],
)
def test_a_billed_row_with_tokens_is_no_bill_of_other_rows(pipeline: Pipeline, billed: dict[str, Any]) -> None:
    other = row("tokens", model=SONNET, usage=tokens(uncached=1000), product={"id": "p"})
    pipeline.land([billed, other])

    assert found(pipeline, "bill_and_tokens_twice").rows == 0


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Two windows of valid rows."""
    pipeline = Pipeline(Path(tmp_path_factory.mktemp("valid")))
    usage = {**tokens(uncached=1000, output=10), "requests": {"total": 3}}
    usage["tokens"]["total"] = 1010
    pipeline.land([row("r1", charge("total", "5"), charge("on_demand", "5"), model=SONNET, usage=usage)])
    pipeline.land([row("r2", charge("net", "5", "EUR"), day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()
    return pipeline


@pytest.mark.parametrize("name", [name for name in NAMES if name != "silent_accounts"])
def test_valid_rows_have_no_findings(valid: Pipeline, name: str) -> None:
    assert found(valid, name) == CheckFindings(0, 0, {}, 0, [])


def test_a_finding_is_gone_when_its_window_is_corrected(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", '"x"'), usage={"tokens": {"audio": 7}})])
    assert found(pipeline, "rejected_rows").count == 1

    pipeline.land([row("r1", charge("net", "1"))])

    assert {name: found(pipeline, name).count for name in NAMES if name != "silent_accounts"} == {
        name: 0 for name in NAMES if name != "silent_accounts"
    }


def test_parts_that_agree_only_with_discount_credit_and_tax_agree(pipeline: Pipeline) -> None:
    parts = charge("usage_based", "10"), charge("discount", "-2"), charge("credit", "1"), charge("tax", "0.5")
    totals = ["10", "8", "9", "10.5", "7", "8.5", "9.5", "7.5"]
    pipeline.land(row(total, charge("total", total), *parts) for total in totals)

    assert found(pipeline, "components_that_disagree").count == 0


@pytest.mark.parametrize(
    "duplicates",
    [
        [row("r1", charge("net", "3")), row("r1", charge("net", "3"))],
        [row("r1", charge("net", "3"), charge("tax", "1")), row("r1", charge("tax", "1"), charge("net", "3"))],
        [row("r1", charge("net", "3")), row("r1", charge("net", "3"), user={"name": "Bob"})],
        [
            row("r1", charge("net", "3"), updated_at=f"{DAY}T01:00:00Z"),
            row("r1", charge("net", "4"), updated_at=f"{DAY}T02:00:00Z"),
        ],
        [row("r1", charge("net", "3")), row("r1", charge("net", "4"), product={"id": "p"})],
    ],
    ids=["identical", "another order", "another name", "a newer one", "no duplicates"],
)
def test_duplicates_that_are_one_row_are_no_finding(pipeline: Pipeline, duplicates: list[dict[str, Any]]) -> None:
    pipeline.land(duplicates)

    assert found(pipeline, "duplicates_that_differ").count == 0


def test_a_difference_of_a_cent_is_no_disagreement(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("total", "9.01"), charge("on_demand", "9"))])

    assert found(pipeline, "components_that_disagree").count == 0


def test_a_rate_after_the_last_one_known_is_stale(pipeline: Pipeline) -> None:
    late = date(2026, 11, 18)
    fetched_at = datetime(2026, 12, 1, tzinfo=UTC)
    rows = [row("r1", charge("net", "5", "EUR"), day=late), row("r2", charge("net", "-2", "EUR"), day=late)]
    pipeline.land(rows, day=late, fetched_at=fetched_at)

    findings = found(pipeline, "stale_rates")

    assert findings.money == {"EUR": money("5") + money("2")}


@pytest.mark.parametrize(("day", "silent"), [(date(2026, 6, 12), 0), (date(2026, 6, 11), 1)])
def test_an_account_is_silent_three_days_beyond_its_lag(pipeline: Pipeline, day: date, silent: int) -> None:
    today = datetime(2026, 6, 18, 6, tzinfo=UTC)
    lag = pipeline.profiles.of("confluent").lag
    pipeline.land([row("r1", charge("net", "5"), day=day)], day=day, fetched_at=today)
    pipeline.now = today

    assert lag == 3
    assert found(pipeline, "silent_accounts").count == silent


def test_money_of_two_currencies_is_never_added(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("surcharge", "1", "EUR")), row("r2", charge("surcharge", "2", "USD"))])

    assert found(pipeline, "unknown_charge_types").money == {"EUR": money("1"), "USD": money("2")}
