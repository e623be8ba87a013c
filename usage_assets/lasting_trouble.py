"""What does not heal by itself yet, in sentences: windows that should be final, what keeps failing, and old rates.

Checks, sensors and `doctor` show the same sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from usage_assets.due import overdue_windows_of
from usage_assets.errors import UsageAssetsError, expected_error
from usage_assets.landing.accounts import Account
from usage_assets.landing.failures import Failure
from usage_assets.planning import skip_reason
from usage_assets.project import Project

LONG = timedelta(days=1)
OVERDUE, FAILING = "windows_overdue", "what_keeps_failing"
OLD_REFERENCE, FAILED_DOWNLOADS = "old_reference_rates", "failed_downloads"


@dataclass(frozen=True)
class Trouble:
    """A sentence without its full stop, and whether it has lasted so long, or stops so much, that somebody must act."""

    sentence: str
    is_severe: bool = False


def troubles(project: Project, accounts: list[Account], now: datetime) -> dict[str, list[Trouble]]:
    """Return what each check finds that needs no warehouse, by the check's name."""
    return {
        OVERDUE: overdue(project, accounts, now),
        FAILING: failing(project, accounts, now),
        OLD_REFERENCE: old_reference(project, now),
        FAILED_DOWNLOADS: failed_downloads(project),
    }


def old_reference(project: Project, now: datetime) -> list[Trouble]:
    """Return the rates and prices that are old."""
    return [Trouble(sentence) for sentence in project.reference.old(now.date())]


def failed_downloads(project: Project) -> list[Trouble]:
    """Return the rates and prices of which the last download failed or was refused."""
    return [Trouble(sentence) for sentence in project.reference.failures()]


def failure_text(subject: str, failure: Failure) -> str:
    """Return what keeps failing: how often, since when, why, and when it is tried again; without a full stop."""
    times = "once" if failure.attempts == 1 else f"{failure.attempts} times"
    return (
        f"{subject} failed {times} since {_shown(failure.first_failed_at)}, and is tried again at "
        f"{_shown(failure.next_attempt_at)}: {failure.reason.rstrip('.')}"
    )


def failing(project: Project, accounts: list[Account], now: datetime) -> list[Trouble]:
    """Return what keeps failing: derive runs, and accounts that Truto still lists."""
    derive = project.failures.of_derive()
    found = [Trouble(failure_text("The derive run", derive), is_severe=True)] if derive else []
    failures = project.failures.of_accounts()
    for account in accounts:
        failure = failures.get(account.account_id)
        if failure is not None and account.deleted_at is None:
            lasts = now - failure.first_failed_at > LONG
            found.append(Trouble(failure_text(_name(account), failure), is_severe=lasts))
    return found


def overdue(project: Project, accounts: list[Account], now: datetime) -> list[Trouble]:
    """Return the accounts with windows that are provisional beyond the date that should have made them final."""
    found = []
    for account in accounts:
        if account.deleted_at is not None or not account.has_safe_id:
            continue
        try:
            windows = overdue_windows_of(project, account, now)
        except (UsageAssetsError, OSError) as error:
            found.append(Trouble(f"{_name(account)}: {str(expected_error(error)).rstrip('.')}", is_severe=True))
            continue
        if windows:
            which = "1 window is" if len(windows) == 1 else f"{len(windows)} windows are"
            reason = _reason(project, account)
            found.append(Trouble(f"{_name(account)}: {which} not final, the oldest {windows[0]}, because {reason}"))
    return found


def _reason(project: Project, account: Account) -> str:
    failure = project.failures.of_account(account.account_id)
    if failure is not None:
        return failure.reason.rstrip(".")
    if account not in project.fetched_accounts([account]):
        return skip_reason(account)
    return "nothing fetched them since: start the daemon or run `usage-assets sync`"


def _name(account: Account) -> str:
    return f"{account.display_name} ({account.account_id})"


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
