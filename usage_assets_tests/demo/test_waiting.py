"""The accounts that the demo still waits for, and the estimated time left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from demo.progress_display import Phases
from demo.run import demo_settings, demo_variables
from demo.waiting import (
    AccountProgress,
    Progress,
    account_progress,
    derive_seconds_left,
    expected_windows,
    fetch_seconds_left,
)
from usage_assets.integrations.profiles import load_profiles
from usage_assets.integrations.windows import Window
from usage_assets.landing.accounts import Account
from usage_assets.landing.manifest import WindowKey

TODAY = date(2026, 11, 23)
SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME = Account(
    account_id="a1",
    integration="claude",
    tenant_id="acme",
    status="active",
    is_sandbox=False,
    connected_at=None,
    first_seen_at=SEEN,
    last_seen_at=SEEN,
)
DAYS = [Window(date(2026, 11, day), date(2026, 11, day + 1)) for day in (18, 19, 20)]
PENDING = WindowKey("a1", "default", DAYS[0].start, DAYS[0].end)
DERIVED = AccountProgress("claude · acme", expected=3, landed=3, pending=0, is_published=True)


def test_an_account_is_derived_when_every_window_has_landed_and_none_is_pending() -> None:
    progress = account_progress(ACME, DAYS, {"default": DAYS}, [], {"a1"})

    assert progress == DERIVED
    assert progress.is_derived


def test_windows_are_counted_for_each_report() -> None:
    progress = account_progress(ACME, DAYS, {"usage": DAYS, "cost": DAYS[:1]}, [], {"a1"})

    assert (progress.expected, progress.landed) == (6, 4)


def test_a_landed_window_before_the_history_is_not_counted() -> None:
    older = Window(date(2026, 1, 1), date(2026, 1, 2))

    assert account_progress(ACME, DAYS, {"default": [older]}, [], set()).landed == 0


@pytest.mark.parametrize(
    ("landed", "pending", "published"),
    [(DAYS[1:], [], {"a1"}), (DAYS, [PENDING], {"a1"}), (DAYS, [], set())],
    ids=["a window has not landed", "a window is pending", "nothing is published"],
)
def test_an_account_is_not_derived_while(landed: list[Window], pending: list[WindowKey], published: set[str]) -> None:
    assert not account_progress(ACME, DAYS, {"default": landed}, pending, published).is_derived


def test_a_pending_window_of_another_account_does_not_matter() -> None:
    other = WindowKey("a2", "default", DAYS[0].start, DAYS[0].end)

    assert account_progress(ACME, DAYS, {"default": DAYS}, [other], {"a1"}).is_derived


def test_the_demo_waits_for_the_late_account_although_all_listed_accounts_are_derived() -> None:
    assert Progress((DERIVED,), is_complete_list=False).missing == ["the account that appears late"]


def test_a_missing_account_is_named_by_integration_and_tenant() -> None:
    assert Progress((DERIVED, replace(DERIVED, label="cursor · globex", pending=1)), True).missing == [
        "cursor · globex"
    ]


def test_the_history_of_the_demo_starts_with_its_first_partition() -> None:
    settings = demo_settings(demo_variables(Path("demo"), "http://127.0.0.1:1", TODAY))

    windows = expected_windows(load_profiles().of("cursor"), settings, TODAY)

    assert min(window.start for window in windows) == settings.start_date == TODAY - timedelta(days=60)


def test_the_time_left_of_fetch_follows_from_the_rate() -> None:
    progress = Progress((replace(DERIVED, expected=100, landed=40),), is_complete_list=True)

    assert fetch_seconds_left(progress, landed_before=10, elapsed=15) == 30


def test_the_time_left_of_fetch_is_unknown_before_the_first_window() -> None:
    progress = Progress((replace(DERIVED, landed=0),), is_complete_list=True)

    assert fetch_seconds_left(progress, landed_before=0, elapsed=15) is None


def test_the_time_left_of_derive_is_unknown_while_windows_are_fetched() -> None:
    assert derive_seconds_left(Progress((replace(DERIVED, landed=2),), is_complete_list=True), 1) is None


def test_the_time_left_of_derive_shrinks_after_the_last_window() -> None:
    progress = Progress((replace(DERIVED, pending=3),), is_complete_list=True)

    assert (derive_seconds_left(progress, 0), derive_seconds_left(progress, 20)) == (25, 5)


def test_each_phase_is_described_with_its_time_left() -> None:
    phases = Phases()
    account = replace(DERIVED, expected=100, landed=10, pending=10, is_published=False)
    phases.texts(Progress((account,), is_complete_list=True), now=100)

    texts = phases.texts(Progress((replace(account, landed=40),), is_complete_list=True), now=160)

    assert texts == ("40 of 100 windows, about 2 min 0 s left", "0 of 1 accounts")


def test_a_complete_phase_has_no_time_left() -> None:
    assert Phases().texts(Progress((DERIVED,), is_complete_list=True), now=7) == ("3 of 3 windows", "1 of 1 accounts")
