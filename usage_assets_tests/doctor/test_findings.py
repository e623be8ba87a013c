"""The severity of a fact, its remedy, and the printed form of a finding."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from usage_assets.doctor.findings import (
    Finding,
    Level,
    LockHolder,
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


def finding_for(*, last_error: str | None = None, include_sandbox: bool = False, **changes: Any) -> Finding:
    account = msgspec.structs.replace(ACTIVE, **changes)
    profile = load_profiles().of(account.integration)
    return account_finding(account, profile, last_error, include_sandbox=include_sandbox)


# Lines


def test_lines_are_aligned() -> None:
    assert line_of(ok("token", "TRUTO_API_TOKEN is set")).plain == "ok    token            TRUTO_API_TOKEN is set"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("a\nb\r\nc\u2028d", "a b c d"),
        ("\x1b[31mred\x1b]0;title\x07", "[31mred]0;title"),
        ("right \u202eto left", "right to left"),
        ("[red]markup[/red] [link=https://x]y[/link]", "[red]markup[/red] [link=https://x]y[/link]"),
        (":warning: [/]", ":warning: [/]"),
    ],
)
def test_text_from_outside_is_printed_as_plain_text_on_one_line(message: str, shown: str) -> None:
    printed = io.StringIO()
    Console(file=printed, force_terminal=True, no_color=True, soft_wrap=True, highlight=False).print(
        line_of(warn("account", message))
    )
    assert printed.getvalue() == f"warn  account          {shown}\n"


def test_a_message_of_any_length_is_printed_in_bounds() -> None:
    assert len(line_of(warn("account", "x" * 1_000_000)).plain) < 3000


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
def test_the_summary_counts_failures_and_warnings(findings: list[Finding], sentence: str) -> None:
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
def test_an_address_is_shown_without_possible_secrets(address: str, shown: str) -> None:
    assert shown_address(address) == shown


# Accounts


def test_an_active_account_is_ok() -> None:
    assert finding_for() == ok("account", "claude · acme (acc-1) is active")


def test_an_account_without_a_tenant_names_none() -> None:
    assert finding_for(tenant_id=None) == ok("account", "claude (acc-1) is active")


def test_an_account_with_dead_credentials_has_to_be_connected_again() -> None:
    assert finding_for(status="needs_reauth") == warn(
        "account", "claude · acme (acc-1) is needs_reauth: let its owner connect it again in Truto"
    )


def test_the_reason_of_truto_is_shown() -> None:
    assert 'needs_reauth ("credentials were revoked"): let' in (
        finding_for(status="needs_reauth", last_error="credentials were\nrevoked").message
    )


@pytest.mark.parametrize("field", ["status", "tenant_id", "account_id"])
def test_a_long_field_of_an_account_is_truncated(field: str) -> None:
    changes: dict[str, Any] = {"status": "validation_error", field: "x" * 100_000}
    assert len(finding_for(**changes).message) < 500


def test_a_long_reason_is_truncated() -> None:
    assert len(finding_for(status="validation_error", last_error="x" * 100_000).message) < 500


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("connecting", "let its owner complete it in Truto"),
        ("post_install_error", "see its reason in Truto, then connect it again"),
        ("validation_error", "let the owner connect it again in Truto"),
        ("paused", "its usage is fetched once Truto calls it active"),
        ("", "its usage is fetched once Truto calls it active"),
    ],
)
def test_every_status_has_a_remedy(status: str, remedy: str) -> None:
    finding = finding_for(status=status)
    assert (finding.level, remedy in finding.message) == (Level.warn, True)


def test_a_sandbox_account_is_skipped_with_the_switch_that_includes_it() -> None:
    finding = finding_for(is_sandbox=True)
    assert (finding.level, "USAGE_INCLUDE_SANDBOX=1" in finding.message) == (Level.ok, True)


def test_a_sandbox_account_that_is_included_is_treated_as_any_other() -> None:
    assert finding_for(is_sandbox=True, include_sandbox=True) == finding_for()


def test_a_skipped_sandbox_account_is_no_warning_in_any_status() -> None:
    assert finding_for(is_sandbox=True, status="needs_reauth").level is Level.ok


def test_an_integration_without_a_profile_is_a_warning_that_names_the_table_to_add() -> None:
    finding = finding_for(integration="snowflake")
    assert (finding.level, "[snowflake]" in finding.message) == (Level.warn, True)


@pytest.mark.parametrize("account_id", ["a|b", "../x", "", "x" * 200, "a b"])
def test_an_id_that_cannot_be_a_file_name_is_a_warning(account_id: str) -> None:
    finding = finding_for(account_id=account_id)
    assert (finding.level, "is never fetched" in finding.message) == (Level.warn, True)


def test_an_account_that_was_deleted_in_truto_is_no_warning() -> None:
    finding = finding_for(deleted_at=NOW, status="needs_reauth")
    assert finding == ok("account", "claude · acme (acc-1) is no longer in Truto; its landed usage is kept")


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
def test_free_space_has_two_limits(free: int, level: Level) -> None:
    assert disk_finding(free, Path("/data")).level is level


def test_no_held_lock_is_one_line() -> None:
    assert [finding.level for finding in lock_findings({})] == [Level.ok]


def test_each_held_lock_is_a_warning_with_its_process() -> None:
    holders = {"the warehouse": LockHolder("4711", NOW), "the account list": LockHolder("4712", NOW)}
    assert [(finding.level, finding.message.partition(" since")[0]) for finding in lock_findings(holders)] == [
        (Level.warn, "the warehouse is in use by process 4711"),
        (Level.warn, "the account list is in use by process 4712"),
    ]


def test_no_pending_window_is_ok() -> None:
    assert pending_finding(0, None, NOW).level is Level.ok


def test_windows_that_landed_just_now_are_no_warning() -> None:
    finding = pending_finding(3, NOW - timedelta(minutes=59), NOW)
    assert finding == ok("pending", "3 windows wait to be derived since 2026-11-26 11:01 UTC")


def test_windows_that_wait_for_an_hour_are_a_warning() -> None:
    finding = pending_finding(1, NOW - timedelta(hours=1), NOW)
    assert (finding.level, finding.message.startswith("1 window waits")) == (Level.warn, True)
