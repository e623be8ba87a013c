"""What a person reads after a sync."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from usage_assets.landing.accounts import Account
from usage_assets.sync import DeriveResult, SyncResult
from usage_assets.sync_report import problem_lines, summary_lines
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

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
    pipeline = Pipeline(tmp_path)
    pipeline.land([row("r1", charge("net", "1000.50")), row("r2", charge("net", "2", "EUR"))])
    pipeline.run()
    pipeline.publish()

    lines = list(summary_lines(SyncResult(windows=1, changed=1), pipeline.published))

    assert lines == [
        "1 window fetched, 1 changed, 0 accounts failed.",
        f"1 account, 2.00 EUR and 1,000.50 USD from {date(2026, 6, 10)} to {date(2026, 6, 10)}: "
        f"{pipeline.published / 'current'}",
    ]


def test_nothing_published_is_no_second_line(tmp_path: Path) -> None:
    assert len(list(summary_lines(SyncResult(), tmp_path))) == 1
