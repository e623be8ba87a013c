"""What is said about what was seen: how bad it is, and what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from usage_assets.doctor.findings import (
    Finding,
    HeldLock,
    Level,
    account_finding,
    disk_finding,
    fail,
    has_failed,
    line_of,
    lock_findings,
    ok,
    pending_finding,
    shown_address,
    summary_of,
    warn,
)
from usage_assets.integrations.profiles import load_profiles
from usage_assets.landing.accounts import Account

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ACTIVE = Account(
    account_id="acc-1",
    integration="claude",
    tenant_id="acme",
    status="active",
    is_sandbox=False,
    connected_at=NOW,
    first_seen_at=NOW,
    last_seen_at=NOW,
)


def of_account(*, last_error: str | None = None, include_sandbox: bool = False, **changes: Any) -> Finding:
    account = msgspec.structs.replace(ACTIVE, **changes)
    profile = load_profiles().of(account.integration)
    return account_finding(account, profile, last_error, include_sandbox=include_sandbox)


# Lines


def test_lines_are_aligned() -> None:
    assert line_of(ok("token", "TRUTO_API_TOKEN is set")).plain == "ok    token            TRUTO_API_TOKEN is set"


def test_a_finding_stays_on_one_line() -> None:
    assert line_of(warn("account", "a\nb\r\n\x1b[31mc")).plain.endswith("a b [31mc")


def test_brackets_are_shown_as_they_are() -> None:
    assert line_of(warn("profiles", "add [red] to it")).plain.endswith("add [red] to it")


def test_only_a_failure_fails() -> None:
    assert not has_failed([ok("a", ""), warn("b", "")])
    assert has_failed([fail("a", ""), ok("b", "")])


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([], "Nothing failed, 0 warnings."),
        ([ok("a", ""), warn("b", "")], "Nothing failed, 1 warning."),
        ([fail("a", ""), fail("a", ""), warn("b", ""), warn("b", "")], "2 failed, 2 warnings."),
    ],
)
def test_the_summary_counts_what_is_not_well(findings: list[Finding], sentence: str) -> None:
    assert summary_of(findings) == sentence


# Addresses


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://api.truto.one", "https://api.truto.one"),
        ("http://127.0.0.1:8400/truto", "http://127.0.0.1:8400/truto"),
        ("https://me:secret@api.truto.one", "https://[hidden]@api.truto.one"),
        ("https://api.truto.one/x?token=secret", "https://api.truto.one/x"),
        ("https://api.truto.one/x#secret", "https://api.truto.one/x"),
        ("https://[secret", "(not an address)"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(address: str, shown: str) -> None:
    assert shown_address(address) == shown


# Accounts


def test_an_active_account_is_well() -> None:
    assert of_account() == ok("account", "acc-1 (claude, tenant acme) is active")


def test_an_account_without_a_tenant_names_none() -> None:
    assert of_account(tenant_id=None) == ok("account", "acc-1 (claude) is active")


def test_an_account_with_dead_credentials_has_to_be_connected_again() -> None:
    assert of_account(status="needs_reauth") == warn(
        "account", "acc-1 (claude, tenant acme) is needs_reauth: let its owner connect it again in Truto"
    )


def test_trutos_reason_is_told() -> None:
    assert 'needs_reauth ("credentials were revoked"): let' in (
        of_account(status="needs_reauth", last_error="credentials were\nrevoked").says
    )


def test_a_long_reason_is_cut() -> None:
    assert len(of_account(status="validation_error", last_error="x" * 100_000).says) < 500


@pytest.mark.parametrize(
    ("status", "to_do"),
    [
        ("connecting", "let its owner complete it in Truto"),
        ("post_install_error", "mend it and connect it again"),
        ("validation_error", "let the owner connect it again in Truto"),
        ("paused", "it is fetched once Truto calls it active"),
        ("", "it is fetched once Truto calls it active"),
    ],
)
def test_every_status_says_what_to_do(status: str, to_do: str) -> None:
    found = of_account(status=status)
    assert (found.level, to_do in found.says) == (Level.warn, True)


def test_a_sandbox_account_is_skipped_with_the_switch_that_includes_it() -> None:
    found = of_account(is_sandbox=True)
    assert (found.level, "USAGE_INCLUDE_SANDBOX=1" in found.says) == (Level.ok, True)


def test_a_sandbox_account_that_is_included_is_as_any_other() -> None:
    assert of_account(is_sandbox=True, include_sandbox=True) == of_account()


def test_a_skipped_sandbox_account_is_no_warning_whatever_its_status() -> None:
    assert of_account(is_sandbox=True, status="needs_reauth").level is Level.ok


def test_an_integration_without_a_profile_is_a_warning_that_names_the_table_to_add() -> None:
    found = of_account(integration="snowflake")
    assert (found.level, "[snowflake]" in found.says) == (Level.warn, True)


@pytest.mark.parametrize("account_id", ["a|b", "../x", "", "x" * 200, "a b"])
def test_an_id_that_cannot_be_a_file_name_is_a_warning(account_id: str) -> None:
    found = of_account(account_id=account_id)
    assert (found.level, "is never fetched" in found.says) == (Level.warn, True)


def test_an_account_that_is_gone_from_truto_is_no_warning() -> None:
    found = of_account(deleted_at=NOW, status="needs_reauth")
    assert found == ok("account", "acc-1 (claude, tenant acme) is no longer in Truto; what landed of it stays")


# Disk, locks, pending windows


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (0, Level.fail),
        (499_999_999, Level.fail),
        (500_000_000, Level.warn),
        (4_999_999_999, Level.warn),
        (5_000_000_000, Level.ok),
    ],
)
def test_free_space_is_judged_by_two_limits(free: int, level: Level) -> None:
    assert disk_finding(free, Path("/data")).level is level


def test_no_held_lock_is_one_line() -> None:
    assert [found.level for found in lock_findings([])] == [Level.ok]


def test_each_held_lock_is_a_warning_with_its_process() -> None:
    locks = [HeldLock("the warehouse", "4711", NOW), HeldLock("the account list", "4712", NOW)]
    found = lock_findings(locks)
    assert [(one.level, pid in one.says) for one, pid in zip(found, ("4711", "4712"), strict=True)] == [
        (Level.warn, True),
        (Level.warn, True),
    ]


def test_nothing_pending_is_well() -> None:
    assert pending_finding(0, None, NOW).level is Level.ok


def test_windows_that_landed_just_now_are_no_warning() -> None:
    found = pending_finding(3, NOW - timedelta(minutes=59), NOW)
    assert found == ok("pending", "3 windows wait to be derived since 2026-11-26 11:01 UTC")


def test_windows_that_wait_for_an_hour_are_a_warning() -> None:
    found = pending_finding(1, NOW - timedelta(hours=1), NOW)
    assert (found.level, found.says.startswith("1 window waits")) == (Level.warn, True)
