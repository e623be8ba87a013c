"""The checks that are not green, as a person reads them after a sync."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from usage_assets.check_report import CheckReport, check_lines, check_report
from usage_assets.landing.accounts import Account
from usage_assets.lasting_trouble import OLD_REFERENCE, USER_FILES, Trouble
from usage_assets.project import Project
from usage_assets.settings import Settings
from usage_assets.warehouse.checks import CheckFindings
from usage_assets.warehouse.data_checks import RED, YELLOW, DataCheck
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row, tokens

NOW = datetime(2026, 6, 13, tzinfo=UTC)
FILES = ("allocation.csv", "seats.csv")
BAD = DataCheck("usage", "bad_rows", RED, "Bad rows.")
CURSOR = Account(
    account_id="a-1", integration="cursor", tenant_id="acme", status="active", is_sandbox=False, connected_at=None,
    first_seen_at=NOW, last_seen_at=NOW,
)  # fmt: skip


def findings(*, count: int = 1, rows: int = 0, tokens: int = 0, newest_day: date | None = None,
             accounts: tuple[str, ...] = (), **money: str) -> CheckFindings:  # fmt: skip
    amounts = {currency: Decimal(amount) for currency, amount in money.items()}
    return CheckFindings(count, rows, amounts, tokens, [], newest_day, accounts, counts_rows=rows > 0)


@pytest.mark.parametrize(
    ("found", "facts"),
    [
        (findings(count=3), "3 findings"),
        (findings(count=1, rows=7, EUR="2", USD="1234.5"), "7 rows, 2.00 EUR and 1,234.50 USD"),
        (findings(USD="0.000012"), "1 finding, 0.000012 USD"),
        (findings(tokens=12_000, newest_day=date(2026, 6, 11)), "1 finding, 12,000 tokens, newest day 2026-06-11"),
        (findings(accounts=("a-1",)), "1 finding, cursor · acme (a-1)"),
        (findings(accounts=("gone",)), "1 finding, gone"),
        (findings(count=2, accounts=("a-1", "a-2")), "2 findings, cursor · acme (a-1) and a-2"),
        (findings(count=3, accounts=("a-1", "a-2", "a-3")), "3 findings, 3 accounts"),
    ],
)
def test_a_check_that_is_not_green_is_a_line(found: CheckFindings, facts: str) -> None:
    assert list(check_lines(CheckReport([(BAD, found)]), [CURSOR])) == [f"red bad_rows: {facts}. Bad rows."]


def test_only_a_red_check_counts_as_red() -> None:
    doubt = DataCheck("usage", "doubt", YELLOW, "A doubt.")

    assert not CheckReport([]).has_red
    assert not CheckReport([(doubt, findings())]).has_red
    assert CheckReport([(doubt, findings()), (BAD, findings())]).has_red


def test_checks_that_cannot_be_read_are_a_line_and_count_as_red() -> None:
    report = CheckReport([], "The warehouse is in use.")

    assert list(check_lines(report, [])) == ["The checks could not be read: The warehouse is in use."]
    assert report.has_red


def test_what_does_not_heal_by_itself_is_a_line_and_red_once_it_is_severe() -> None:
    one = CheckReport([], troubles={"windows_overdue": [Trouble("cursor (a-1): 1 window is not final")]})
    severe = CheckReport([], troubles={"what_keeps_failing": [Trouble("cursor (a-1) failed", is_severe=True)] * 2})

    assert list(check_lines(one, [])) == ["yellow windows_overdue: 1 finding. cursor (a-1): 1 window is not final."]
    assert list(check_lines(severe, [])) == ["red what_keeps_failing: 2 findings. cursor (a-1) failed."]
    assert (one.has_red, severe.has_red) == (False, True)


def without_old_prices(report: CheckReport) -> CheckReport:
    """Return a report without the age of the prices, which are those of the package and newer than these tests."""
    return replace(report, troubles={name: found for name, found in report.troubles.items() if name != OLD_REFERENCE})


@pytest.fixture
def project_of(tmp_path: Path) -> Callable[[Pipeline], Project]:
    """Return a function that gives the project whose warehouse a pipeline wrote."""

    def project(pipeline: Pipeline) -> Project:
        return Project(Settings.model_validate({"data_dir": pipeline.warehouse.path.parent}), lambda: NOW)

    return project


def test_a_project_without_warehouse_has_no_findings(tmp_path: Path) -> None:
    project = Project(Settings.model_validate({"data_dir": tmp_path}), lambda: NOW)

    assert without_old_prices(check_report(project, [])) == CheckReport([])


def test_the_mistakes_of_all_files_of_the_user_are_one_red_line(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text("colour\nblue\n")
    project = Project(Settings.model_validate({"data_dir": tmp_path}), lambda: NOW)

    report = without_old_prices(check_report(project, []))

    sentences = [mistake.sentence for mistake in report.troubles[USER_FILES]]
    assert {sentence.partition(",")[0] for sentence in sentences} == {f"{tmp_path}/{name}" for name in FILES}
    [line] = check_lines(report, [])
    assert line.startswith(f"red user_files: {len(sentences)} findings. {tmp_path}/allocation.csv")


def test_a_warehouse_without_findings_gives_no_line(tmp_path: Path, project_of: Callable[[Pipeline], Project]) -> None:
    pipeline = Pipeline(tmp_path, now=NOW)
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()

    assert without_old_prices(check_report(project_of(pipeline), [])) == CheckReport([])


def test_the_findings_of_a_warehouse_are_reported_red_ones_first(
    tmp_path: Path, project_of: Callable[[Pipeline], Project]
) -> None:
    pipeline = Pipeline(tmp_path, now=NOW)
    pipeline.land(
        [
            row("r1", charge("net", "1"), usage=tokens(uncached=-4)),
            row("r2", charge("net", "7"), charge("net", "3", "EUR"), start_date="soon"),
        ]
    )
    pipeline.run()

    lines = list(check_lines(without_old_prices(check_report(project_of(pipeline), [])), []))

    assert [line.partition(":")[0] for line in lines] == ["red rejected_rows", "yellow negative_counts"]
    assert "3.00 EUR and 7.00 USD, newest day 2026-06-10" in lines[0]


def test_a_warehouse_that_is_no_database_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "usage.duckdb").write_bytes(b"not a database" * 100)
    project = Project(Settings.model_validate({"data_dir": tmp_path}), lambda: NOW)

    [line] = check_lines(without_old_prices(check_report(project, [])), [])

    assert line.startswith("The checks could not be read: The warehouse ")


def test_reading_the_checks_leaves_the_file_alone(tmp_path: Path, project_of: Callable[[Pipeline], Project]) -> None:
    pipeline = Pipeline(tmp_path, now=NOW)
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    before = pipeline.warehouse.path.read_bytes()

    check_report(project_of(pipeline), [])

    assert pipeline.warehouse.path.read_bytes() == before
    with duckdb.connect(str(pipeline.warehouse.path)) as connection:
        assert connection.execute("select count(*) from usage").fetchall() == [(1,)]
