"""Report the data checks that are not green: a line each, with severity, rows, money, newest day and account.

The findings come from the warehouse, without Dagster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from usage_assets.errors import UsageAssetsError
from usage_assets.landing.accounts import Account
from usage_assets.project import Project
from usage_assets.terminal import counted
from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets.warehouse.data_checks import DATA_CHECKS, RED, DataCheck, Severity
from usage_assets.warehouse.errors import NothingLoaded

WAIT_SECONDS = 2.0
MOST_NAMED_ACCOUNTS = 2
CENT = Decimal("0.01")


@dataclass(frozen=True)
class CheckReport:
    """The checks that are not green, red ones first, or why they could not be read."""

    findings: list[tuple[DataCheck, CheckFindings]]
    unread: str | None = None

    @property
    def has_red(self) -> bool:
        """Whether a check is red, or could not be read."""
        return self.unread is not None or any(check.severity is RED for check, _ in self.findings)


def check_report(project: Project) -> CheckReport:
    """Run every data check on the warehouse; a project without warehouse has no findings."""
    try:
        with project.warehouse.reading(wait_seconds=WAIT_SECONDS) as connection:
            backfill_days, profiles = project.settings.backfill_days, project.profiles
            results = [
                (check, run_check(connection, check.name, profiles, backfill_days=backfill_days, examples=0))
                for check in DATA_CHECKS
            ]
    except NothingLoaded:
        return CheckReport([])
    except UsageAssetsError as error:
        return CheckReport([], str(error))
    order = list(Severity)
    found = [(check, findings) for check, findings in results if findings.count]
    return CheckReport(sorted(found, key=lambda result: order.index(result[0].severity)))


def check_lines(report: CheckReport, accounts: Iterable[Account]) -> Iterator[str]:
    """Yield a line for each check that is not green.

    Args:
        report: The checks.
        accounts: Every account ever listed, for their names.
    """
    names = {account.account_id: f"{account.display_name} ({account.shown_id})" for account in accounts}
    if report.unread is not None:
        yield f"The checks could not be read: {report.unread}"
    for check, findings in report.findings:
        facts = ", ".join(_facts(findings, names))
        yield f"{check.severity} {check.name}: {facts}. {check.description}"


def _facts(findings: CheckFindings, names: dict[str, str]) -> Iterator[str]:
    yield counted(findings.rows, "row") if findings.counts_rows else counted(findings.count, "finding")
    if findings.money:
        yield " and ".join(f"{_amount(amount)} {currency}" for currency, amount in findings.money.items())
    if findings.tokens:
        yield f"{findings.tokens:,} tokens"
    if findings.newest_day is not None:
        yield f"newest day {findings.newest_day}"
    if len(findings.account_ids) > MOST_NAMED_ACCOUNTS:
        yield counted(len(findings.account_ids), "account")
    elif findings.account_ids:
        yield " and ".join(names.get(account_id, account_id) for account_id in findings.account_ids)


def _amount(amount: Decimal) -> str:
    """Return an amount in cents; an amount below a cent in all its digits."""
    return f"{amount:,.2f}" if abs(amount) >= CENT or not amount else f"{amount.normalize():f}"
