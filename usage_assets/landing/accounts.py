"""The list of integrated accounts as last seen, with when each was first and last there.

Merging is pure; `AccountList` is the file. What an account *is* comes from the API, see `truto.models`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime

import msgspec

from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import Profiles
from usage_assets.landing.manifest import SAFE_NAME, LandingError
from usage_assets.landing.store import Landing
from usage_assets.locks import file_lock
from usage_assets.truto import IntegratedAccount

ACTIVE = "active"
NEEDS_RECONNECTING = "needs_reauth"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One integrated account; `integration` is its profile's name, times are UTC."""

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
        """The account as people see it: integration and tenant."""
        return f"{self.integration} · {self.tenant_id}" if self.tenant_id else self.integration

    @property
    def is_usable_name(self) -> bool:
        """Whether its id can stand in partition keys and file names."""
        return SAFE_NAME.fullmatch(self.account_id) is not None

    def is_fetched(self, *, include_sandbox: bool) -> bool:
        """Whether usage is asked for: active accounts, those marked as sandbox only on request."""
        wanted = include_sandbox or not self.is_sandbox
        return self.status == ACTIVE and wanted and self.deleted_at is None and self.is_usable_name


class AccountList:
    """The accounts file of a landing folder."""

    def __init__(self, landing: Landing) -> None:
        self._path = landing.root / "accounts.json"
        self._lock = landing.root / "locks" / "accounts"

    def read(self) -> list[Account]:
        """Returns every account ever seen; none where no list has been fetched yet.

        Raises:
            LandingError: the file cannot be read.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[Account])
        except FileNotFoundError:
            return []
        except msgspec.DecodeError as error:
            raise LandingError(
                f"{self._path} cannot be read ({error}): remove it; the next list writes it anew."
            ) from error

    def update(self, listed: Iterable[IntegratedAccount], profiles: Profiles, now: datetime) -> list[Account]:
        """Takes in a complete list of the API and returns every account ever seen."""
        with file_lock(self._lock, what="The account list", wait_seconds=30):
            accounts = merged(self.read(), listed, profiles, now)
            temporary = self._path.with_name(f".accounts.{os.getpid()}.arriving")
            temporary.write_bytes(msgspec.json.format(msgspec.json.encode(accounts)))
            temporary.replace(self._path)
        return accounts


def merged(
    known: Iterable[Account], listed: Iterable[IntegratedAccount], profiles: Profiles, now: datetime
) -> list[Account]:
    """Returns the accounts after a complete list: who is gone is marked deleted, who is back is not."""
    before = {account.account_id: account for account in known}
    seen = {one.id: _seen(one, before.get(one.id), profiles, now) for one in listed}
    gone = [_gone(account, now) for name, account in before.items() if name not in seen]
    return sorted([*seen.values(), *gone], key=lambda account: account.account_id)


def _seen(listed: IntegratedAccount, before: Account | None, profiles: Profiles, now: datetime) -> Account:
    return Account(
        account_id=listed.id,
        integration=profiles.of(listed.integration).name,
        tenant_id=listed.tenant_id,
        status=listed.status,
        is_sandbox=listed.is_sandbox,
        connected_at=listed.created_at,
        first_seen_at=before.first_seen_at if before else now,
        last_seen_at=now,
    )


def _gone(account: Account, now: datetime) -> Account:
    return account if account.deleted_at else msgspec.structs.replace(account, deleted_at=now)


class AccountNotFound(UsageAssetsError):
    exit_code = 2


def find_account(accounts: Iterable[Account], text: str) -> Account:
    found = [a for a in accounts if text.lower() in f"{a.account_id} {a.integration} {a.tenant_id}".lower()]
    if len(found) != 1:
        raise AccountNotFound(f"{text} fits {len(found)} accounts")
    return found[0]
