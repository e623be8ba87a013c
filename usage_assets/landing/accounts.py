"""The account list: every integrated account ever listed, with the times of its first and last listing.

`merge_accounts` is pure; `AccountList` is the file. The API defines an account, see `truto.models`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.landing.manifest import SAFE_NAME, LandingError
from usage_assets.landing.store import Landing
from usage_assets.landing.whole_files import write_whole
from usage_assets.locks import file_lock
from usage_assets.truto import IntegratedAccount, ListedAccounts, UnreadableAccount
from usage_assets.truto.display_text import single_line, truncate

ACTIVE = "active"
NEEDS_RECONNECTING = "needs_reauth"
SHOWN_LENGTH = 80
INTEGRATION_WITH_METERING = {"anthropic": "claude"}
"""The profile of a slug that names another integration unless usage metering is among its capabilities."""


Row = TypeVar("Row")


class EmptyAccountList(UsageAssetsError):
    """The API lists no account although accounts are known."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An integrated account; `integration` is the name of its profile; times are UTC.

    `left_out` is why the newest list does not give this account, NULL for an account that it gives. `has_metering` is
    whether usage metering is among its capabilities, NULL where the API does not tell; it was asked at `asked_at`.
    `name` is the user's own name for it, from `accounts.csv`.
    """

    account_id: str
    integration: str
    tenant_id: str | None
    status: str
    is_sandbox: bool
    connected_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    deleted_at: datetime | None = None
    environment_id: str | None = None
    left_out: str | None = None
    has_metering: bool | None = None
    asked_at: datetime | None = None
    name: str | None = None

    @property
    def display_name(self) -> str:
        """The user's name for it, else integration and tenant, such as "claude · acme": one short line of plain text.

        It may hold any printable character, so markup or HTML around it must escape it.
        """
        parts = [self.name] if self.name else [self.integration, self.tenant_id or ""]
        return truncate(" · ".join(part for part in parts if part.strip()), SHOWN_LENGTH)

    @property
    def shown_id(self) -> str:
        """Its id for people: one line of plain text."""
        return truncate(self.account_id, SHOWN_LENGTH)

    @property
    def name_and_id(self) -> str:
        """Its display name with its id, where a person may have to name the account to a command."""
        return f"{self.display_name} ({self.shown_id})"

    @property
    def has_safe_id(self) -> bool:
        """Whether its id is safe as a partition key and a file name."""
        return SAFE_NAME.fullmatch(self.account_id) is not None

    def is_fetched(self, *, include_sandbox: bool) -> bool:
        """Return whether its usage is fetched: it is active, and not a sandbox unless sandboxes are included."""
        is_included = include_sandbox or not self.is_sandbox
        is_listed = self.deleted_at is None and self.left_out is None
        return (
            self.status == ACTIVE and is_included and is_listed and self.has_safe_id and self.has_metering is not False
        )


class AccountList:
    """The account list of a landing folder.

    Args:
        landing: The landing folder.
        names: Returns the user's own names of accounts by account id.
    """

    def __init__(self, landing: Landing, names: Callable[[], Mapping[str, str]] = dict) -> None:
        self.path = landing.root / "accounts.json"
        self._unreadable_path = landing.root / "unreadable_accounts.json"
        self._lock = landing.root / "locks" / "accounts"
        self._names = names

    def read(self) -> list[Account]:
        """Return every account ever listed; none if no list has been fetched yet.

        Raises:
            LandingError: The file cannot be read.
        """
        return self.named(self.stored())

    def stored(self) -> list[Account]:
        """Return every account ever listed, without the user's own names.

        Raises:
            LandingError: The file cannot be read.
        """
        return _decoded(self.path, list[Account])

    def unreadable(self) -> list[UnreadableAccount]:
        """Return the rows of the newest list that could not be read.

        Raises:
            LandingError: The file cannot be read.
        """
        return _decoded(self._unreadable_path, list[UnreadableAccount])

    def named(self, accounts: Iterable[Account]) -> list[Account]:
        """Return the accounts with the user's own names."""
        names = self._names()
        if not names:
            return list(accounts)
        return [msgspec.structs.replace(account, name=names.get(account.account_id)) for account in accounts]

    def update(
        self,
        listed: ListedAccounts,
        profiles: Profiles,
        now: datetime,
        metering: Mapping[str, bool | None] | None = None,
    ) -> list[Account]:
        """Merge a complete list of the API into the file and return every account ever listed.

        Args:
            listed: The list.
            profiles: The integration profiles.
            now: The current time, UTC.
            metering: Whether the accounts just asked have usage metering, by account id.

        Raises:
            LandingError: The file cannot be read.
            EmptyAccountList: The list is empty although accounts are known.
            LockHeld: Another process held the lock of the list for too long.
        """
        with file_lock(self._lock, what="The account list", wait_seconds=30):
            known = self.stored()
            check_not_empty(listed, known, self.path)
            accounts = merge_accounts(known, listed, profiles, now, metering or {})
            _write(self.path, accounts)
            if listed.unreadable or self._unreadable_path.exists():
                _write(self._unreadable_path, listed.unreadable)
        return self.named(accounts)


def check_not_empty(listed: ListedAccounts, known: Iterable[Account], path: Path) -> None:
    """Refuse an empty list where accounts are known.

    Raises:
        EmptyAccountList: An account is known and not deleted, and the list has no row.
    """
    present = [account for account in known if account.deleted_at is None]
    if listed.is_empty and present:
        last, first = max(account.last_seen_at for account in present), min(account.name_and_id for account in present)
        others = f" and {len(present) - 1} more" if len(present) > 1 else ""
        raise EmptyAccountList(
            f"Truto lists no account, and until {last:%Y-%m-%d %H:%M} UTC it listed {first}{others}, so nothing is "
            "marked as deleted: check that TRUTO_API_TOKEN is of the environment that holds your accounts; if all of "
            f"them are deleted in Truto, remove {path}, and their landed usage is kept."
        )


def merge_accounts(
    known: Iterable[Account],
    listed: ListedAccounts,
    profiles: Profiles,
    now: datetime,
    metering: Mapping[str, bool | None] | None = None,
) -> list[Account]:
    """Return the accounts merged with a complete list.

    An account that is not in the list is marked as deleted, unless a row that cannot be read may be its own, or the
    list has no account of its environment.

    Args:
        known: Every account ever listed.
        listed: The complete list.
        profiles: The integration profiles.
        now: The current time, UTC.
        metering: Whether the accounts just asked have usage metering, by account id.
    """
    previous = {account.account_id: account for account in known}
    answers = metering or {}
    seen = {account.id: _seen(account, previous.get(account.id), profiles, now, answers) for account in listed.accounts}
    missing = [_missing(account, listed, now) for account_id, account in previous.items() if account_id not in seen]
    return sorted([*seen.values(), *missing], key=lambda account: account.account_id)


def unreadable_name(row: UnreadableAccount) -> str:
    """Return what a person can find an unreadable row of the account list by."""
    return f"Account {truncate(row.id, SHOWN_LENGTH)}" if row.id else f"Row {row.number} of Truto's account list"


def unreadable_sentence(row: UnreadableAccount) -> str:
    """Return what is wrong with an unreadable row of the account list and what to do, without a full stop."""
    return (
        f"{unreadable_name(row)} is left out, because it cannot be read ({row.reason}): "
        "see it in Truto's own list, and report it to Truto"
    )


def _seen(
    listed: IntegratedAccount,
    previous: Account | None,
    profiles: Profiles,
    now: datetime,
    metering: Mapping[str, bool | None],
) -> Account:
    answer, known = metering.get(listed.id), previous.has_metering if previous else None
    has_metering = known if answer is None else answer
    return Account(
        account_id=listed.id,
        integration=profile_of(listed.integration, profiles, has_metering=has_metering).name,
        tenant_id=listed.tenant_id,
        status=listed.status,
        is_sandbox=listed.is_sandbox,
        connected_at=listed.created_at,
        first_seen_at=previous.first_seen_at if previous else now,
        last_seen_at=now,
        environment_id=listed.environment_id,
        has_metering=has_metering,
        asked_at=now if listed.id in metering else previous.asked_at if previous else None,
    )


def profile_of(slug: str, profiles: Profiles, *, has_metering: bool | None) -> Profile:
    """Return the profile of an account by its slug and by whether usage metering is among its capabilities."""
    profile = profiles.of(slug)
    if profile.is_known or has_metering is False:
        return profile
    return profiles.of(INTEGRATION_WITH_METERING.get(profile.name, slug))


def _missing(account: Account, listed: ListedAccounts, now: datetime) -> Account:
    """Return a known account that is not among the readable ones of a list."""
    if account.deleted_at is not None:
        return account
    reason = _why_not_deleted(account, listed)
    if reason is not None:
        return msgspec.structs.replace(account, left_out=reason)
    return msgspec.structs.replace(account, deleted_at=now, left_out=None)


def _why_not_deleted(account: Account, listed: ListedAccounts) -> str | None:
    for row in listed.unreadable:
        if row.id == account.account_id:
            return f"its row in Truto's account list cannot be read ({row.reason})"
    if any(row.id is None for row in listed.unreadable):
        return "Truto's account list does not name it, but has a row whose id cannot be read"
    environments = {other.environment_id for other in listed.accounts if other.environment_id}
    if account.environment_id and environments and account.environment_id not in environments:
        return f"Truto's account list has no account of its environment, {single_line(account.environment_id)}"
    return None


def _decoded(path: Path, kind: type[list[Row]]) -> list[Row]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return []
    except msgspec.DecodeError as error:
        raise LandingError(
            f"The account list {path} cannot be read ({error}): remove it; the next sync writes a new one."
        ) from error


def _write(path: Path, rows: Collection[object]) -> None:
    write_whole(path, msgspec.json.format(msgspec.json.encode(rows)))
