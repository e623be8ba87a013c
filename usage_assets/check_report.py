"""Report the data checks that are not green: a line each, with severity, rows, money, newest day and account.

The findings come from the warehouse and the landing folder, without Dagster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from usage_assets.errors import UsageAssetsError
from usage_assets.landing.accounts import Account
from usage_assets.lasting_trouble import Trouble, troubles
from usage_assets.project import Project
from usage_assets.terminal import counted
from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets.warehouse.data_checks import DATA_CHECKS, RED, YELLOW, DataCheck, Severity
from usage_assets.warehouse.errors import NothingLoaded

WAIT_SECONDS = 2.0
MOST_NAMED_ACCOUNTS = 2
CENT = Decimal("0.01")


@dataclass(frozen=True)
class CheckReport:
    """The checks that are not green, red ones first, or why they could not be read.

    Attributes:
        findings: The checks of the warehouse with what they found.
        unread: Why the checks of the warehouse could not be read.
        troubles: What the checks of the landing folder and of the user's files found, by the check's name.
    """

    findings: list[tuple[DataCheck, CheckFindings]]
    unread: str | None = None
    troubles: Mapping[str, list[Trouble]] = field(default_factory=dict)

    @property
    def has_red(self) -> bool:
        """Whether a check is red, or could not be read."""
        is_severe = any(trouble.is_severe for found in self.troubles.values() for trouble in found)
        return self.unread is not None or is_severe or any(check.severity is RED for check, _ in self.findings)


def check_report(project: Project, accounts: list[Account]) -> CheckReport:
    """Run every check; a project without warehouse has no findings about it.

    Args:
        project: The project.
        accounts: Every account ever listed.
    """
    return replace(_warehouse_report(project), troubles=troubles(project, accounts, project.now()))


def _warehouse_report(project: Project) -> CheckReport:
    try:
        with project.warehouse.reading(wait_seconds=WAIT_SECONDS) as connection:
            profiles = project.profiles
            results = [(check, run_check(connection, check.name, profiles, examples=0)) for check in DATA_CHECKS]
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
    names = {account.account_id: account.name_and_id for account in accounts}
    if report.unread is not None:
        yield f"The checks could not be read: {report.unread}"
    for name, found in report.troubles.items():
        severity = RED if any(trouble.is_severe for trouble in found) else YELLOW
        yield f"{severity} {name}: {counted(len(found), 'finding')}. {found[0].sentence}."
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
