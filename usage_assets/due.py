"""Read what an account has landed, and let `planning` decide which of its days are due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from usage_assets.errors import UsageAssetsError, expected_error
from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.windows import Window
from usage_assets.landing.accounts import Account
from usage_assets.landing.fetch import FetchResult
from usage_assets.landing.users import NoUserList
from usage_assets.planning import (
    SCHEDULE_GRACE,
    LandedWindows,
    abandoned_days,
    due_days,
    is_list_due,
    missed_days,
    overdue_windows,
)
from usage_assets.project import Project


@dataclass(frozen=True)
class DaysByAccount:
    """Days by account id, and the reason by id of each account whose landing cannot be read."""

    days: dict[str, list[date]]
    unreadable: dict[str, str]


def read_by_account(accounts: Mapping[str, Account], decide: Callable[[Account], list[date]]) -> DaysByAccount:
    """Return the days that `decide` gives for each account; one that cannot be read stops no other."""
    found = DaysByAccount({}, {})
    for account_id, account in accounts.items():
        try:
            found.days[account_id] = decide(account)
        except (UsageAssetsError, OSError) as error:
            found.unreadable[account_id] = str(expected_error(error))
    return found


def landed_windows(project: Project, account: Account, profile: Profile) -> LandedWindows:
    """Return the windows of an account that landed, and what of them is still open.

    Raises:
        LandingError: A manifest cannot be read.
    """
    reports = [report.name for report in profile.reports]
    failure = project.failures.of_account(account.account_id)
    return LandedWindows(
        held=project.landing.held_windows(account.account_id, reports),
        provisional=project.landing.provisional_fetches(account.account_id, reports),
        failed=frozenset(failure.days if failure else []),
    )


def due_days_of(project: Project, account: Account, now: datetime) -> list[date]:
    """Return the days of an account that are due, as the schedule and `sync` fetch them.

    Raises:
        LandingError: A manifest cannot be read.
    """
    return _decided(due_days, project, account, now)


def missed_days_of(project: Project, account: Account, now: datetime) -> list[date]:
    """Return the due days of an account that are not left to the next schedule, as the sensor fetches them.

    Raises:
        LandingError: A manifest cannot be read.
    """
    return _decided(missed_days, project, account, now)


def abandoned_days_of(project: Project, account: Account, now: datetime) -> list[date]:
    """Return the days of an account that were never fetched and that nothing asks for.

    Raises:
        LandingError: A manifest cannot be read.
    """
    return _decided(abandoned_days, project, account, now)


def overdue_windows_of(project: Project, account: Account, now: datetime) -> list[Window]:
    """Return the windows of an account that should be final and are not.

    Raises:
        LandingError: A manifest cannot be read.
    """
    profile = project.profiles.of(account.integration)
    return overdue_windows(profile, landed_windows(project, account, profile), now, project.first_day)


def is_list_due_of(project: Project, account: Account, now: datetime) -> bool:
    """Return whether the list of an account's users is due, as the schedule and `sync` fetch it.

    Raises:
        LandingError: The account's id is no name of a file.
    """
    if project.profiles.of(account.integration).seats == "none":
        return False
    return is_list_due(project.user_lists.listed_at(account.account_id), now)


def missed_lists(project: Project, accounts: Iterable[Account], now: datetime) -> list[str]:
    """Return the accounts whose list of users is due, not left to the next schedule, and not in a pause."""
    at_schedule, failures = now - SCHEDULE_GRACE, project.users_failures.of_accounts()
    return [
        account.account_id
        for account in accounts
        if is_list_due_of(project, account, at_schedule)
        and not ((failure := failures.get(account.account_id)) and now < failure.next_attempt_at)
    ]


def note_list(project: Project, account: Account, result: FetchResult) -> None:
    """Note the outcome of a fetch of an account's list of users; a vendor that has none does not fail."""
    now, failures = project.now(), project.users_failures
    if result.error is None or isinstance(result.error, NoUserList):
        failures.note_landed(account.account_id)
    else:
        failures.note_fetch(account.account_id, result, [now.date()], project.asked_with(account), now)


def _decided(decide: Callable[..., list[date]], project: Project, account: Account, now: datetime) -> list[date]:
    profile, backfill_days = project.profiles.of(account.integration), project.settings.backfill_days
    landed = landed_windows(project, account, profile)
    return decide(profile, landed, now, backfill_days=backfill_days, start=project.first_day)
