"""The account list: every integrated account ever listed, with the times of its first and last listing.

`merge_accounts` and `find_account` are pure; `AccountList` is the file. The API defines an account, see `truto.models`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from usage_assets.errors import WRONG_CALL, UsageAssetsError
from usage_assets.integrations.profiles import Profiles
from usage_assets.landing.manifest import SAFE_NAME, LandingError
from usage_assets.landing.store import Landing
from usage_assets.locks import file_lock
from usage_assets.truto import IntegratedAccount
from usage_assets.truto.display_text import truncate

ACTIVE = "active"
NEEDS_RECONNECTING = "needs_reauth"
SHOWN_LENGTH = 80
SHOWN_ACCOUNTS = 10
SUGGESTED_ACCOUNTS = 3


class AccountNotFound(UsageAssetsError):
    """A text names no account."""

    exit_code = WRONG_CALL
    is_permanent = True


class AmbiguousAccount(AccountNotFound):
    """A text names more than one account."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An integrated account; `integration` is the name of its profile; times are UTC."""

    account_id: str
    integration: str
    tenant_id: str | None
    status: str
    is_sandbox: bool
    connected_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    deleted_at: datetime | None = None

    @property
    def display_name(self) -> str:
        """The integration and the tenant for people, such as "claude · acme": one short line of plain text.

        It may hold any printable character, so markup or HTML around it must escape it.
        """
        parts = [self.integration, self.tenant_id or ""]
        return truncate(" · ".join(part for part in parts if part.strip()), SHOWN_LENGTH)

    @property
    def has_safe_id(self) -> bool:
        """Whether its id is safe as a partition key and a file name."""
        return SAFE_NAME.fullmatch(self.account_id) is not None

    def is_fetched(self, *, include_sandbox: bool) -> bool:
        """Return whether its usage is fetched: it is active, and not a sandbox unless sandboxes are included."""
        is_included = include_sandbox or not self.is_sandbox
        return self.status == ACTIVE and is_included and self.deleted_at is None and self.has_safe_id


class AccountList:
    """The account list of a landing folder."""

    def __init__(self, landing: Landing) -> None:
        self._path = landing.root / "accounts.json"
        self._lock = landing.root / "locks" / "accounts"

    def read(self) -> list[Account]:
        """Return every account ever listed; none if no list has been fetched yet.

        Raises:
            LandingError: The file cannot be read.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[Account])
        except FileNotFoundError:
            return []
        except msgspec.DecodeError as error:
            raise LandingError(
                f"The account list {self._path} cannot be read ({error}): remove it; the next sync writes a new one."
            ) from error

    def update(self, listed: Iterable[IntegratedAccount], profiles: Profiles, now: datetime) -> list[Account]:
        """Merge a complete list of the API into the file and return every account ever listed.

        Raises:
            LandingError: The file cannot be read.
            LockHeld: Another process held the lock of the list for too long.
        """
        with file_lock(self._lock, what="The account list", wait_seconds=30):
            accounts = merge_accounts(self.read(), listed, profiles, now)
            temporary = self._path.with_name(f".accounts.{os.getpid()}.arriving")
            temporary.write_bytes(msgspec.json.format(msgspec.json.encode(accounts)))
            temporary.replace(self._path)
        return accounts


def merge_accounts(
    known: Iterable[Account], listed: Iterable[IntegratedAccount], profiles: Profiles, now: datetime
) -> list[Account]:
    """Return the accounts merged with a complete list; accounts that are not in it are marked as deleted."""
    previous = {account.account_id: account for account in known}
    seen = {account.id: _seen(account, previous.get(account.id), profiles, now) for account in listed}
    deleted = [_deleted(account, now) for account_id, account in previous.items() if account_id not in seen]
    return sorted([*seen.values(), *deleted], key=lambda account: account.account_id)


def find_account(accounts: Iterable[Account], text: str) -> Account:
    """Return the only account that matches `text`, an unambiguous part of its id, integration or tenant.

    The first of these rules that any account satisfies decides: the id equals the text; the id equals it, ignoring
    case; the integration or the tenant equals it; id, integration and tenant, joined by blanks, contain it.

    Raises:
        AccountNotFound: No account matches.
        AmbiguousAccount: Several accounts match.
    """
    candidates = list(accounts)
    matching = next((found for found in _matches(candidates, text) if found), [])
    if len(matching) != 1:
        raise (AmbiguousAccount if matching else AccountNotFound)(
            _mismatch(candidates, matching, f'"{truncate(text, SHOWN_LENGTH)}"')
        )
    return matching[0]


def _mismatch(candidates: Sequence[Account], matching: Sequence[Account], text: str) -> str:
    """Return the error message for a text that no account or several accounts match."""
    if matching:
        listing = _listing(matching, SHOWN_ACCOUNTS)
        return f"{text} matches {len(matching)} accounts: {listing}; name one of them by its id."
    if not candidates:
        return f"No account matches {text}, because no account is known yet: run `usage-assets sync` first."
    listing = _listing(candidates, SUGGESTED_ACCOUNTS)
    return f"No account matches {text}, but there are {listing}: `usage-assets accounts` lists all."


def _matches(accounts: Sequence[Account], text: str) -> Iterator[list[Account]]:
    """Yield the matching accounts of each rule, from the strictest to the loosest."""
    name = _normalized(text)
    if not name:
        return
    yield [account for account in accounts if account.account_id == text]
    yield [account for account in accounts if _normalized(account.account_id) == name]
    yield [account for account in accounts if name in map(_normalized, (account.integration, account.tenant_id or ""))]
    yield [account for account in accounts if name in _search_text(account)]


def _search_text(account: Account) -> str:
    return _normalized(f"{account.account_id} {account.integration} {account.tenant_id or ''}")


def _normalized(text: str) -> str:
    """Return `text` in a form that ignores case; the dot of a display name becomes a blank."""
    return " ".join(text.replace("·", " ").casefold().split())


def _listing(accounts: Sequence[Account], most: int) -> str:
    names = [
        f"{account.display_name} ({truncate(account.account_id, SHOWN_LENGTH)})"
        for account in sorted(accounts, key=lambda account: (account.display_name, account.account_id))
    ]
    others = len(names) - most
    return ", ".join(names[:most]) + (f" and {others} more" if others > 0 else "")


def _seen(listed: IntegratedAccount, previous: Account | None, profiles: Profiles, now: datetime) -> Account:
    return Account(
        account_id=listed.id,
        integration=profiles.of(listed.integration).name,
        tenant_id=listed.tenant_id,
        status=listed.status,
        is_sandbox=listed.is_sandbox,
        connected_at=listed.created_at,
        first_seen_at=previous.first_seen_at if previous else now,
        last_seen_at=now,
    )


def _deleted(account: Account, now: datetime) -> Account:
    return account if account.deleted_at else msgspec.structs.replace(account, deleted_at=now)
