"""Decide how severe an observed fact is and what to do about it: one finding, one line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from rich.filesize import decimal
from rich.text import Text

from usage_assets.integrations.profiles import Profile
from usage_assets.landing.accounts import ACTIVE, NEEDS_RECONNECTING, Account
from usage_assets.truto.display_text import truncate

LOW_SPACE = 5 * 10**9
TOO_LITTLE_SPACE = 5 * 10**8
LONG_PENDING = timedelta(hours=1)
MAX_ID_LENGTH = 128
MAX_REASON_LENGTH = 200
MAX_MESSAGE_LENGTH = 2000

REMEDIES = {
    NEEDS_RECONNECTING: "let its owner connect it again in Truto",
    "connecting": "its connection is not finished, let its owner complete it in Truto",
    "post_install_error": "a step after connecting it failed, see its reason in Truto, then connect it again",
    "validation_error": "the vendor did not accept what its owner entered, let the owner connect it again in Truto",
}
OTHER_REMEDY = "its usage is fetched once Truto calls it active, see the account in Truto"


class Level(StrEnum):
    """The severity of a finding; only `fail` makes the command fail."""

    ok = "ok"
    warn = "warn"
    fail = "fail"


COLOURS = {Level.ok: "green", Level.warn: "yellow", Level.fail: "bold red"}


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        level: The severity.
        subject: The examined part of the project.
        message: The fact, and what to do.
    """

    level: Level
    subject: str
    message: str


@dataclass(frozen=True)
class LockHolder:
    """The present holder of a lock.

    Attributes:
        process: The process id that the holder wrote into the lock file.
        since: When the holder took the lock, UTC.
    """

    process: str
    since: datetime


def ok(subject: str, message: str) -> Finding:
    """Return a finding that requires no action."""
    return Finding(Level.ok, subject, message)


def warn(subject: str, message: str) -> Finding:
    """Return a finding that somebody should look at; fetch and derive still work."""
    return Finding(Level.warn, subject, message)


def fail(subject: str, message: str) -> Finding:
    """Return a finding that prevents usage from being fetched or derived."""
    return Finding(Level.fail, subject, message)


def line_of(finding: Finding) -> Text:
    """Return the finding as one aligned line of plain text, with the level in colour."""
    message = truncate(finding.message, MAX_MESSAGE_LENGTH)
    return Text.assemble((f"{finding.level:<6}", COLOURS[finding.level]), f"{finding.subject:<17}{message}")


def summary_of(findings: Iterable[Finding]) -> str:
    """Return the closing sentence: how many failures and how many warnings there are."""
    levels = [finding.level for finding in findings]
    failed, warned = levels.count(Level.fail), levels.count(Level.warn)
    return f"{failed or 'Nothing'} failed, {warned} {'warning' if warned == 1 else 'warnings'}."


def has_failed(findings: Iterable[Finding]) -> bool:
    """Return whether any finding is a failure."""
    return any(finding.level is Level.fail for finding in findings)


def shown_address(base_url: str) -> str:
    """Return the address without user name, password, query and fragment, which may be secrets."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return "(not an address)"
    hidden = "[hidden]@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{hidden}{parts.netloc.rpartition('@')[2]}{parts.path}"


def account_finding(account: Account, profile: Profile, last_error: str | None, *, include_sandbox: bool) -> Finding:
    """Return the state of one account and what to do about it.

    Args:
        account: The account.
        profile: The profile of its integration.
        last_error: The reason that Truto gives for its status.
        include_sandbox: Whether accounts that Truto marks as sandbox are fetched.
    """
    name, status = account_name(account), truncate(account.status, MAX_ID_LENGTH)
    if account.deleted_at:
        return ok("account", f"{name} is no longer in Truto; its landed usage is kept")
    if (unusable := _unusable(account, name)) is not None:
        return unusable
    if account.is_sandbox and not include_sandbox:
        skipped = f"{name} is {status} and skipped, because Truto marks it as sandbox"
        return ok("account", f"{skipped}: set USAGE_INCLUDE_SANDBOX=1 to fetch it")
    if account.status != ACTIVE:
        return warn("account", f"{name} is {_inactive(status, last_error)}")
    if not profile.is_known:
        unknown = f"{name} is active, but its integration has no profile, so the default profile is used"
        return warn("account", f"{unknown}: see docs/integrations.md and add [{profile.name}] to your profiles.toml")
    return ok("account", f"{name} is active")


def _unusable(account: Account, name: str) -> Finding | None:
    """Return why an account is not fetched whatever its status, if so."""
    if account.left_out:
        return fail("account", f"{name} is not fetched, because {account.left_out}: see it in Truto")
    if account.has_metering is False:
        return warn("account", f"{name} is not fetched, because usage metering is not among its capabilities in Truto")
    if not account.has_safe_id:
        return warn("account", f"{name} is never fetched, its id cannot be a file name: connect it again in Truto")
    return None


def account_name(account: Account) -> str:
    """Return an account's display name with its id in brackets: `claude · acme (id)`."""
    return f"{account.display_name} ({truncate(account.account_id, MAX_ID_LENGTH)})"


def disk_finding(free: int, folder: Path) -> Finding:
    """Return whether `free` bytes are enough."""
    space = f"{decimal(free)} are free for {folder}"
    if free < TOO_LITTLE_SPACE:
        return fail("disk", f"{space}: make room before anything is fetched or derived")
    if free < LOW_SPACE:
        return warn("disk", f"{space}: make room soon")
    return ok("disk", space)


def lock_findings(holders: Mapping[str, LockHolder]) -> list[Finding]:
    """Return one line per held lock, or a single line if no lock is held.

    Args:
        holders: The holder of each held lock, by what the lock protects.
    """
    lines = [
        warn(
            "lock",
            f"{protected} is in use by process {holder.process} since {shown_time(holder.since)}: "
            "wait for that run to end; if it hangs, stop that process, which frees the lock",
        )
        for protected, holder in holders.items()
    ]
    return lines or [ok("lock", "no lock is held: nothing is being fetched or derived now")]


def pending_finding(windows: int, since: datetime | None, now: datetime) -> Finding:
    """Return whether landed windows have been pending for longer than a derive run takes.

    Args:
        windows: The number of pending windows.
        since: When the oldest of them landed, UTC.
        now: The present, UTC.
    """
    if not windows or since is None:
        return ok("pending", "no landed window waits to be derived")
    counted = "1 window waits" if windows == 1 else f"{windows} windows wait"
    waiting = f"{counted} to be derived since {shown_time(since)}"
    if now - since < LONG_PENDING:
        return ok("pending", waiting)
    return warn("pending", f"{waiting}: see in Dagster why the derive run fails, or run `usage-assets sync`")


def shown_time(moment: datetime) -> str:
    """Return a UTC time as text for people."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _inactive(status: str, last_error: str | None) -> str:
    reason = f' ("{truncate(last_error, MAX_REASON_LENGTH)}")' if last_error else ""
    return f"{status}{reason}: {REMEDIES.get(status, OTHER_REMEDY)}"
