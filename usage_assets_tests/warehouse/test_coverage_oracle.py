"""The table `coverage` equals an independent calculation from the landing files, for random accounts."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import TypeAlias

import pytest

from usage_assets.account_rules import AccountRule, AccountRules
from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.windows import window_of
from usage_assets.landing.accounts import Account
from usage_assets.landing.fetch import FetchResult
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets_tests.warehouse.pipeline import FETCHED_AT, FIRST_DAY, Pipeline, account

TODAY = FETCHED_AT.date()
BACKFILL_DAYS = 25
INTEGRATIONS = ("cursor", "confluent", "claude", "datadog", "openai_codex")
REFUSED = "The vendor refused the day."

Row: TypeAlias = tuple[str, date, str, str | None]
"""Account, day, state and reason."""


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def random_account(random: Random, number: int) -> Account:
    seen = FETCHED_AT - timedelta(days=random.choice([0, 3, 20, 60]))
    deleted_at = random.choice([None, None, None, FETCHED_AT - timedelta(days=2)])
    return account(
        f"a-{number}",
        integration=INTEGRATIONS[number % len(INTEGRATIONS)],
        status=random.choice(["active", "active", "needs_reauth", "connecting"]),
        is_sandbox=random.random() < 0.1,
        first_seen_at=min(seen, deleted_at or seen),
        last_seen_at=deleted_at or FETCHED_AT,
        deleted_at=deleted_at,
    )


def land_random_days(pipeline: Pipeline, random: Random, of_account: Account) -> None:
    chance = random.choice([0, 0.5, 0.9, 1])
    for ago in range(random.choice([3, 30, 45]), 0, -1):
        if random.random() < chance:
            later = [at for at in (FETCHED_AT - timedelta(days=days) for days in range(8)) if at.date() > days_ago(ago)]
            for fetched_at in sorted(random.sample(later, min(len(later), random.choice([1, 2])))):
                pipeline.land(
                    [],
                    day=days_ago(ago),
                    account=of_account.account_id,
                    integration=of_account.integration,
                    fetched_at=fetched_at,
                )
    failed = [days_ago(ago) for ago in range(1, 40) if random.random() < 0.1]
    if failed:
        result = FetchResult(error=UsageAssetsError(REFUSED), failed=1)
        pipeline.failures.note_fetch(of_account.account_id, result, failed, "token", FETCHED_AT)


class Expected:
    """The coverage of one account, day by day, from its landing files."""

    def __init__(self, pipeline: Pipeline, of_account: Account) -> None:
        self.pipeline, self.account = pipeline, of_account
        self.profile = pipeline.profiles.of(of_account.integration)
        self.failed = getattr(pipeline.failures.of_account(of_account.account_id), "days", [])
        self.held = {day: at for ago in range(1, 100) if (at := self._held_at(day := days_ago(ago))) is not None}

    def rows(self) -> Iterator[Row]:
        for ago in range(100, 0, -1):
            day = days_ago(ago)
            if self._counts(day):
                yield self.account.account_id, day, *self._state(day)

    def _held_at(self, day: date) -> Manifest | None:
        window = window_of(day, self.profile)
        key = WindowKey(self.account.account_id, "default", window.start, window.end)
        manifest = self.pipeline.landing.manifest(key)
        if manifest is None or not (manifest.is_final or (manifest.fetched_at.date() - day).days >= self.profile.lag):
            return None
        return manifest

    def _counts(self, day: date) -> bool:
        ignored = any(
            line.account_id == self.account.account_id and line.ignored and line.ignored[0] <= day <= line.ignored[1]
            for line in self.pipeline.rules.lines
        )
        is_known = day in self.held or day in self.failed
        return not ignored and day <= self._last_day() and (is_known or self._is_asked(day))

    def _is_asked(self, day: date) -> bool:
        at_first = max(self.account.first_seen_at.date() - timedelta(days=BACKFILL_DAYS), FIRST_DAY)
        now = TODAY - timedelta(days=BACKFILL_DAYS)
        is_wanted = (
            self.account.status in ("active", "needs_reauth")
            and not self.account.is_sandbox
            and not self.account.deleted_at
        )
        if not self.held:
            return is_wanted and day >= at_first
        return day >= max(min(self.held), at_first) or (is_wanted and day >= now)

    def _last_day(self) -> date:
        if self.account.deleted_at:
            return self.account.last_seen_at.date()
        if self.account.is_sandbox:
            return max(self.held, default=date.min)
        return days_ago(1)

    def _state(self, day: date) -> tuple[str, str | None]:
        if (TODAY - day).days < self.profile.lag:
            return "not_ready", None
        if day in self.held:
            return ("final" if self.held[day].is_final else "provisional"), None
        if day in self.failed:
            return "failed", REFUSED
        return "missing", self._why_missing()

    def _why_missing(self) -> str | None:
        if self.account.deleted_at:
            return "it is deleted in Truto"
        if self.account.status != "active":
            return f"its status is {self.account.status}"
        return "Truto marks it as sandbox" if self.account.is_sandbox else None


@pytest.mark.parametrize("seed", range(4))
def test_coverage_equals_an_independent_calculation(pipeline: Pipeline, seed: int) -> None:
    random = Random(seed)
    accounts = [random_account(random, number) for number in range(12)]
    pipeline.rules = AccountRules((AccountRule("a-1", ignored=(days_ago(12), days_ago(4))),), "sha")
    for of_account in accounts:
        land_random_days(pipeline, random, of_account)
    pipeline.run()

    pipeline.cover(accounts=accounts, backfill_days=BACKFILL_DAYS)

    expected = [row for of_account in accounts for row in Expected(pipeline, of_account).rows()]
    assert in_order(pipeline.query("select account_id, usage_date, state, reason from coverage")) == in_order(expected)
    assert {state for _, _, state, _ in expected} == {"final", "provisional", "not_ready", "missing", "failed"}


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row[:2])
