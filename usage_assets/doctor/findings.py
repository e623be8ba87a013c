"""What `doctor` says about what was seen: one finding, one line, with what to do. Pure; looking is in `examination`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from rich.text import Text

from usage_assets.integrations.profiles import Profile
from usage_assets.landing.accounts import ACTIVE, NEEDS_RECONNECTING, Account
from usage_assets.truto.display_text import truncate

GIGABYTE = 10**9
LITTLE_SPACE = 5 * GIGABYTE
TOO_LITTLE_SPACE = GIGABYTE // 2
LONG_PENDING = timedelta(hours=1)
LONGEST_NAME = 128
LONGEST_REASON = 200

TO_DO = {
    NEEDS_RECONNECTING: "let its owner connect it again in Truto",
    "connecting": "its connection is not finished, let its owner complete it in Truto",
    "post_install_error": "a step after connecting it failed, see the account in Truto, mend it and connect it again",
    "validation_error": "the vendor did not accept what its owner entered, let the owner connect it again in Truto",
}


class Level(StrEnum):
    """How bad a finding is; only `fail` makes the command fail."""

    ok = "ok"
    warn = "warn"
    fail = "fail"


COLOURS = {Level.ok: "green", Level.warn: "yellow", Level.fail: "bold red"}


@dataclass(frozen=True)
class Finding:
    """One line: how bad it is, what it is about, what it says."""

    level: Level
    subject: str
    says: str


@dataclass(frozen=True)
class HeldLock:
    """A lock that somebody holds now; `process` is what its holder wrote into it."""

    guards: str
    process: str
    since: datetime


def ok(subject: str, says: str) -> Finding:
    """Returns a finding that needs nothing done."""
    return Finding(Level.ok, subject, says)


def warn(subject: str, says: str) -> Finding:
    """Returns a finding that somebody should look at; the rest works."""
    return Finding(Level.warn, subject, says)


def fail(subject: str, says: str) -> Finding:
    """Returns a finding that keeps usage from being fetched or derived."""
    return Finding(Level.fail, subject, says)


def line_of(finding: Finding) -> Text:
    """Returns the finding as one aligned line, its level coloured where colours are shown."""
    says = truncate(finding.says, len(finding.says))
    return Text.assemble((f"{finding.level:<6}", COLOURS[finding.level]), f"{finding.subject:<17}{says}")


def summary_of(findings: Iterable[Finding]) -> str:
    """Returns the closing sentence: how many failed and how many are warnings."""
    levels = [finding.level for finding in findings]
    failed, warned = levels.count(Level.fail), levels.count(Level.warn)
    return f"{failed or 'Nothing'} failed, {warned} {'warning' if warned == 1 else 'warnings'}."


def has_failed(findings: Iterable[Finding]) -> bool:
    """Returns whether any finding is a failure."""
    return any(finding.level is Level.fail for finding in findings)


def shown_address(base_url: str) -> str:
    """Returns the address without user name, password, query or fragment: they may be secrets."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return "(not an address)"
    hidden = "[hidden]@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{hidden}{parts.netloc.rpartition('@')[2]}{parts.path}"


def account_finding(account: Account, profile: Profile, last_error: str | None, *, include_sandbox: bool) -> Finding:
    """Returns what is to be done about one account, if anything."""
    of_tenant = f", tenant {account.tenant_id}" if account.tenant_id else ""
    name = f"{truncate(account.account_id, LONGEST_NAME)} ({account.integration}{of_tenant})"
    if account.deleted_at:
        return ok("account", f"{name} is no longer in Truto; what landed of it stays")
    if not account.has_safe_id:
        return warn("account", f"{name} is never fetched, its id cannot be a file name: connect it anew in Truto")
    if account.is_sandbox and not include_sandbox:
        says = f"{name} is {account.status} and skipped, because Truto marks it as sandbox: set USAGE_INCLUDE_SANDBOX=1"
        return ok("account", f"{says} to fetch it")
    if account.status != ACTIVE:
        return warn("account", f"{name} is {_inactive(account.status, last_error)}")
    if not profile.is_known:
        says = f"{name} is active, but there is no profile of its integration, so the default one is used"
        return warn("account", f"{says}: see docs/integrations.md and add [{profile.name}] to your profiles.toml")
    return ok("account", f"{name} is active")


def disk_finding(free: int, folder: Path) -> Finding:
    """Returns whether `free` bytes are enough to go on."""
    says = f"{free / GIGABYTE:.1f} GB are free for {folder}"
    if free < TOO_LITTLE_SPACE:
        return fail("disk", f"{says}: make room before anything is fetched or derived")
    if free < LITTLE_SPACE:
        return warn("disk", f"{says}: make room soon")
    return ok("disk", says)


def lock_findings(locks: Iterable[HeldLock]) -> list[Finding]:
    """Returns one line per held lock, or one that says that none is."""
    lines = [
        warn(
            "lock",
            f"{lock.guards} is in use by process {lock.process} since {moment(lock.since)}: "
            "wait for that run to end; if it hangs, stop that process, which frees the lock",
        )
        for lock in locks
    ]
    return lines or [ok("lock", "no lock is held: no run fetches or derives now")]


def pending_finding(windows: int, since: datetime | None, now: datetime) -> Finding:
    """Returns whether what landed waits for longer than a derive run takes."""
    if not windows or since is None:
        return ok("pending", "nothing that landed waits to be derived")
    counted = "1 window waits" if windows == 1 else f"{windows} windows wait"
    says = f"{counted} to be derived since {moment(since)}"
    if now - since < LONG_PENDING:
        return ok("pending", says)
    return warn("pending", f"{says}: see in Dagster why the derive run fails, or run `usage-assets sync`")


def moment(at: datetime) -> str:
    """Returns a UTC time as people read it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _inactive(status: str, last_error: str | None) -> str:
    because = f' ("{truncate(last_error, LONGEST_REASON)}")' if last_error else ""
    return f"{status}{because}: {TO_DO.get(status, 'it is fetched once Truto calls it active, see the account there')}"
