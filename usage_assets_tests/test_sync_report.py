"""What a person reads after a sync."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.landing.accounts import Account
from usage_assets.pricing.rates import ExchangeRates, RateOverride
from usage_assets.sync_report import problem_lines, summary_lines
from usage_assets.sync_result import DeriveResult, SyncResult
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, row

SEEN = datetime(2026, 6, 20, tzinfo=UTC)
CLAUDE = Account(
    account_id="a-1",
    integration="claude",
    tenant_id="acme",
    status="needs_reauth",
    is_sandbox=False,
    connected_at=None,
    first_seen_at=SEEN,
    last_seen_at=SEEN,
)


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (SyncResult(skipped={"a-1": "Truto marks it as sandbox"}), "is not fetched: Truto marks it as sandbox."),
        (SyncResult(to_reconnect=[CLAUDE]), "is skipped: its owner has to reconnect it in Truto."),
        (SyncResult(failures={"a-1": "no answer"}), "failed: no answer"),
    ],
)
def test_an_account_is_named_with_its_problem(result: SyncResult, line: str) -> None:
    assert list(problem_lines(result, [CLAUDE])) == [f"claude · acme (a-1) {line}"]


@pytest.mark.parametrize(
    ("derived", "line"),
    [
        (DeriveResult(failure="disk full"), "The derive run failed: disk full"),
        (DeriveResult(rejected=1), "1 row could not be read: see the reasons in the table rejected_rows."),
        (DeriveResult(waiting=1), "1 window waits until every day of the old granularity is refetched."),
        (DeriveResult(waiting=2), "2 windows wait until every day of the old granularity is refetched."),
    ],
)
def test_a_problem_of_the_derive_run_is_a_sentence(derived: DeriveResult, line: str) -> None:
    assert list(problem_lines(SyncResult(derived=derived), [])) == [line]


def test_the_summary_names_money_days_and_folder(tmp_path: Path) -> None:
    pipeline = published(tmp_path, row("r1", charge("net", "1000.50")), row("r2", charge("net", "2", "EUR")))

    lines = list(summary_lines(SyncResult(windows=1, changed=1), pipeline.published, "USD"))

    assert lines == [
        "1 window fetched, 1 changed, 0 accounts failed.",
        f"1 account, 2.00 EUR and 1,000.50 USD, together 1,003.00 USD from {DAY} to {DAY}: "
        f"{pipeline.published / 'current'}",
    ]


def test_one_currency_has_no_total_beside_it(tmp_path: Path) -> None:
    pipeline = published(tmp_path, row("r1", charge("net", "3")))

    [_, line] = summary_lines(SyncResult(), pipeline.published, "USD")

    assert line.startswith(f"1 account, 3.00 USD from {DAY}")


def test_the_total_is_in_the_shown_currency(tmp_path: Path) -> None:
    pipeline = published(tmp_path, row("r1", charge("net", "10")), row("r2", charge("net", "2", "EUR")))

    [_, line] = summary_lines(SyncResult(), pipeline.published, "EUR")

    assert line.startswith(f"1 account, 2.00 EUR and 10.00 USD, together 10.00 EUR from {DAY}")


def test_the_total_names_what_has_no_rate(tmp_path: Path) -> None:
    pipeline = published(tmp_path, row("r1", charge("net", "10")), row("r2", charge("net", "7", "XTS")))

    [_, line] = summary_lines(SyncResult(), pipeline.published, "USD")

    assert line.startswith(f"1 account, 10.00 USD and 7.00 XTS, together 10.00 USD without 7.00 XTS from {DAY}")


def published(folder: Path, *rows: dict[str, Any]) -> Pipeline:
    """Return a pipeline that has published rows, with euros at 1.25 USD."""
    rates = ExchangeRates([RateOverride(date(2026, 6, 1), "EUR", Decimal("1.25"))])
    pipeline = Pipeline(folder, rates=rates, shown=["EUR"])
    pipeline.land(rows)
    pipeline.run()
    pipeline.publish()
    return pipeline


def test_nothing_published_is_no_second_line(tmp_path: Path) -> None:
    assert len(list(summary_lines(SyncResult(), tmp_path, "USD"))) == 1
