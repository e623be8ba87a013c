"""What does not heal by itself yet: the checks that need no warehouse, and what they find, in sentences.

Checks, sensors and `doctor` show the same sentences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from usage_assets.due import overdue_windows_of
from usage_assets.errors import UsageAssetsError, expected_error
from usage_assets.landing.accounts import Account
from usage_assets.landing.failures import Failure
from usage_assets.planning import skip_reason
from usage_assets.project import Project
from usage_assets.user_files.in_force import UserFile

LONG = timedelta(days=1)
OVERDUE, FAILING, USER_FILES = "windows_overdue", "what_keeps_failing", "user_files"
OLD_REFERENCE, FAILED_DOWNLOADS = "old_reference_rates", "failed_downloads"


@dataclass(frozen=True)
class Trouble:
    """A sentence without its full stop, and whether it has lasted so long, or stops so much, that somebody must act."""

    sentence: str
    is_severe: bool = False


Find = Callable[[Project, list[Account], datetime], list[Trouble]]


@dataclass(frozen=True)
class LandingCheck:
    """A check of an asset that needs no warehouse: its meaning, and the function that finds what is wrong."""

    table: str
    name: str
    description: str
    find: Find


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
    for of, failures in (("", project.failures), ("The list of users of ", project.users_failures)):
        by_id = failures.of_accounts()
        for account in accounts:
            failure = by_id.get(account.account_id)
            if failure is not None and account.deleted_at is None:
                lasts = now - failure.first_failed_at > LONG
                found.append(Trouble(failure_text(f"{of}{_name(account)}", failure), is_severe=lasts))
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


def mistakes_of(file: UserFile[Any]) -> list[Trouble]:
    """Return the mistakes of a user's file whose last good content stays in force."""
    mistakes = file.mistakes()
    sentences = mistakes.sentences if mistakes is not None else ()
    return [Trouble(sentence.rstrip("."), is_severe=True) for sentence in sentences]


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


LANDING_CHECKS = (
    LandingCheck(
        "usage",
        OVERDUE,
        "Windows that are still provisional after the date on which a fetch would have made them final.",
        overdue,
    ),
    LandingCheck(
        "usage",
        FAILING,
        "Accounts and derive runs that keep failing: since when, how often, why, and when they are tried again.",
        failing,
    ),
    LandingCheck(
        "reference_rates",
        OLD_REFERENCE,
        "Exchange rates in use that are older than 7 days, or prices older than 30 days.",
        lambda project, _accounts, now: old_reference(project, now),
    ),
    LandingCheck(
        "reference_rates",
        FAILED_DOWNLOADS,
        "Exchange rates or prices whose last download failed or was refused, and why.",
        lambda project, _accounts, _now: failed_downloads(project),
    ),
    LandingCheck(
        "usage",
        USER_FILES,
        "Mistakes in accounts.csv. Its last good content stays in force.",
        lambda project, _accounts, _now: mistakes_of(project.files.accounts),
    ),
    LandingCheck(
        "cost_by_team",
        USER_FILES,
        "Mistakes in allocation.csv. Its last good content stays in force.",
        lambda project, _accounts, _now: mistakes_of(project.files.allocation),
    ),
    LandingCheck(
        "seats",
        USER_FILES,
        "Mistakes in seats.csv. Its last good content stays in force.",
        lambda project, _accounts, _now: mistakes_of(project.files.seats),
    ),
    LandingCheck(
        "budget_status",
        USER_FILES,
        "Mistakes in budgets.csv. Its last good content stays in force.",
        lambda project, _accounts, _now: mistakes_of(project.files.budgets),
    ),
)
"""Every check that needs no warehouse."""


def troubles(project: Project, accounts: list[Account], now: datetime) -> dict[str, list[Trouble]]:
    """Return what the checks that need no warehouse find, by the name of the check, without those that find nothing."""
    found: dict[str, list[Trouble]] = defaultdict(list)
    for check in LANDING_CHECKS:
        found[check.name] += check.find(project, accounts, now)
    return {name: listed for name, listed in found.items() if listed}
