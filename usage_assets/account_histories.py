"""Decide which days of each account its figures should hold, and why days of it may be missing. Pure.

The table `coverage` compares these days with the loaded windows: `warehouse.coverage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import msgspec

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.integrations.windows import ONE_DAY, history_days, last_ready_day
from usage_assets.landing.accounts import ACTIVE, NEEDS_RECONNECTING, Account
from usage_assets.landing.failures import Failure
from usage_assets.planning import skip_reason


@dataclass(frozen=True)
class HistoryRules:
    """The settings that decide how far back an account is asked for, and whether sandbox accounts are fetched."""

    backfill_days: int
    first_day: date
    include_sandbox: bool


@dataclass(frozen=True)
class AccountHistory:
    """The days of one account that its figures should hold. Days are UTC and included.

    Attributes:
        account_id: The account.
        integration: The name of its profile.
        reports: The reports of which each day needs a window.
        lag: The days that the vendor needs until a day is ready.
        last_ready_day: The last day that is ready today.
        first_asked_day: The first day that was asked for when the account was first listed.
        first_wanted_day: The first day that is asked for today, or would be if the account were connected again; None
            for an account that is not fetched for another reason.
        last_day: The last day on which the account has usage that should be held; None for the last day that is held.
        failed_days: The days whose last fetch failed.
        failure: The sentence of that failure.
        not_fetched: Why the account is not fetched; None for one that is.
    """

    account_id: str
    integration: str
    reports: tuple[str, ...]
    lag: int
    last_ready_day: date
    first_asked_day: date
    first_wanted_day: date | None
    last_day: date | None
    failed_days: tuple[date, ...] = ()
    failure: str | None = None
    not_fetched: str | None = None


def account_histories(
    accounts: Iterable[Account],
    profiles: Profiles,
    failures: Mapping[str, Failure],
    rules: HistoryRules,
    today: date,
) -> list[AccountHistory]:
    """Return the history of each account, in the order of `accounts`.

    Args:
        accounts: Every account ever listed.
        profiles: The integration profiles.
        failures: What keeps failing, by account id.
        rules: The settings.
        today: The current day, UTC.
    """
    return [
        _history(account, profiles.of(account.integration), failures.get(account.account_id), rules, today)
        for account in accounts
    ]


def digest_of(histories: Iterable[AccountHistory]) -> str:
    """Return a hash that changes when another day begins, or an account, a failure or a setting changes coverage."""
    return sha256(msgspec.json.encode(list(histories))).hexdigest()


def _history(
    account: Account, profile: Profile, failure: Failure | None, rules: HistoryRules, today: date
) -> AccountHistory:
    is_fetched = account.is_fetched(include_sandbox=rules.include_sandbox)
    is_wanted = is_fetched or _waits_for_its_owner(account, rules)
    return AccountHistory(
        account_id=account.account_id,
        integration=profile.name,
        reports=tuple(report.name for report in profile.reports),
        lag=profile.lag,
        last_ready_day=last_ready_day(profile, today),
        first_asked_day=_first_asked_day(profile, rules, account.first_seen_at.date()),
        first_wanted_day=_first_asked_day(profile, rules, today) if is_wanted else None,
        last_day=_last_day(account, rules, today),
        failed_days=tuple(sorted(failure.days)) if failure else (),
        failure=failure.reason if failure else None,
        not_fetched=None if is_fetched else skip_reason(account),
    )


def _waits_for_its_owner(account: Account, rules: HistoryRules) -> bool:
    connected = msgspec.structs.replace(account, status=ACTIVE)
    return account.status == NEEDS_RECONNECTING and connected.is_fetched(include_sandbox=rules.include_sandbox)


def _first_asked_day(profile: Profile, rules: HistoryRules, today: date) -> date:
    days = history_days(profile, today, backfill_days=rules.backfill_days, start=rules.first_day)
    return days[0] if days else today


def _last_day(account: Account, rules: HistoryRules, today: date) -> date | None:
    """Return the last day on which usage of an account should be held.

    An account that has to be reconnected or cannot be read goes on until yesterday, because its figures are incomplete.
    A deleted one ends on the day it was last listed. A sandbox account that is not fetched, and an account without
    usage metering, end on the last day that is held.
    """
    yesterday = today - ONE_DAY
    if account.deleted_at is not None:
        return min(account.last_seen_at.date(), yesterday)
    is_wanted = account.has_metering is not False and (rules.include_sandbox or not account.is_sandbox)
    return yesterday if is_wanted else None
