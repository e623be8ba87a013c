"""The table `coverage`: the state of each day of an account, from what is loaded, what failed, and the day of today."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from usage_assets.account_rules import AccountRule, AccountRules
from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import Profile, Profiles, Report
from usage_assets.integrations.windows import days_between
from usage_assets.landing.failures import FailureLog
from usage_assets.landing.fetch import FetchResult
from usage_assets.landing.manifest import WindowKey
from usage_assets_tests.warehouse.pipeline import ACCOUNT, Pipeline, account, row

TODAY = date(2026, 6, 20)  # confluent has a lag of 3 days and re-reads 7
LAST_READY = date(2026, 6, 17)
LAST_FINAL = date(2026, 6, 10)
FIRST = date(2026, 6, 8)
SEEN = datetime(2026, 6, 8, tzinfo=UTC)
BACKFILL = 12


def at(day: date, hour: int = 6) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def june(day: int) -> date:
    return date(2026, 6, day)


def land(pipeline: Pipeline, first: date, last: date, **given: Any) -> None:
    for day in days_between(first, last):
        pipeline.land([row(day=day)], day=day, **given)


def fail(pipeline: Pipeline, days: list[date], reason: str, name: str = ACCOUNT) -> None:
    result = FetchResult(error=UsageAssetsError(reason), failed=1)
    pipeline.failures.note_fetch(name, result, days, "token", pipeline.now)


def states(pipeline: Pipeline, name: str = ACCOUNT) -> dict[date, str]:
    rows = pipeline.query(f"select usage_date, state from coverage where account_id = '{name}' order by 1")
    return dict(rows)


def spans(pipeline: Pipeline, name: str = ACCOUNT) -> list[tuple[str, int, int]]:
    """Return the state and the first and last day of June of each span of equal states."""
    found: list[tuple[str, int, int]] = []
    for day, state in states(pipeline, name).items():
        if found and found[-1][0] == state and found[-1][2] == day.day - 1:
            found[-1] = (state, found[-1][1], day.day)
        else:
            found.append((state, day.day, day.day))
    return found


def reasons(pipeline: Pipeline, state: str) -> set[str | None]:
    return {reason for (reason,) in pipeline.query(f"select reason from coverage where state = '{state}'")}


def cover(pipeline: Pipeline, **given: Any) -> set[date]:
    """Load what landed and derive coverage of an account that was first listed on the first day."""
    pipeline.run()
    accounts = [account(ACCOUNT, first_seen_at=SEEN, last_seen_at=pipeline.now, **given)]
    return pipeline.cover(accounts=accounts, backfill_days=BACKFILL)


def test_a_day_is_final_provisional_missing_or_not_ready(pipeline: Pipeline) -> None:
    land(pipeline, FIRST, june(15))

    cover(pipeline)

    assert spans(pipeline) == [("final", 8, 10), ("provisional", 11, 15), ("missing", 16, 17), ("not_ready", 18, 19)]
    assert reasons(pipeline, "missing") == {None}
