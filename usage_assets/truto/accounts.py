"""Parse integrated accounts: the rows of the account list, each by itself, and an account's capabilities.

A row that cannot be parsed costs its own account; `models` parses the list around the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Raw

from usage_assets.truto.display_text import truncate
from usage_assets.truto.plain_errors import plain_reason

MAX_REASON_LENGTH = 200
USAGE_METERING = "usagemetering"


@dataclass(frozen=True)
class IntegratedAccount:
    """A customer's account at a provider, connected through Truto.

    Attributes:
        id: Truto's id of the account.
        integration: Name of the integration, in lower case.
        tenant_id: The customer that owns the account, if Truto knows it.
        status: Truto's status, `active` where usage can be fetched.
        is_sandbox: Whether Truto marks the account as a sandbox.
        created_at: When it was connected, UTC.
        last_error: Truto's last error of the account, as text.
        environment_id: The Truto environment that holds the account; an older API does not tell.
    """

    id: str
    integration: str
    tenant_id: str | None
    status: str
    is_sandbox: bool
    created_at: datetime | None
    last_error: str | None
    environment_id: str | None = None


@dataclass(frozen=True)
class UnreadableAccount:
    """A row of the account list that is no integrated account.

    Attributes:
        number: The place of the row in the list, from 1.
        id: The id in the row, None if it has none.
        reason: What is wrong with the row.
    """

    number: int
    id: str | None
    reason: str


@dataclass(frozen=True)
class ListedAccounts:
    """A complete account list: the accounts, each once, and the rows that cannot be read."""

    accounts: list[IntegratedAccount]
    unreadable: list[UnreadableAccount]

    @property
    def is_empty(self) -> bool:
        """Whether the list has no row at all."""
        return not self.accounts and not self.unreadable


class _Identified(msgspec.Struct):
    id: str


class _Integration(msgspec.Struct):
    name: str


class _Capability(msgspec.Struct):
    model: str


class _Capabilities(msgspec.Struct):
    unified: list[_Capability]


class _AccountRow(msgspec.Struct):
    id: str
    integration: _Integration
    status: str
    tenant_id: str | None = None
    is_sandbox: bool | None = None
    created_at: str | None = None
    last_error: Any = None
    environment_id: str | None = None


_account_decoder = msgspec.json.Decoder(_AccountRow, strict=False)
_capabilities_decoder = msgspec.json.Decoder(_Capabilities)
_id_decoder = msgspec.json.Decoder(_Identified)


def parse_accounts(rows: Iterable[Raw]) -> ListedAccounts:
    """Return the accounts of a list; a row that cannot be read costs its own account only."""
    accounts, unreadable = dict[str, IntegratedAccount](), list[UnreadableAccount]()
    for number, row in enumerate(rows, 1):
        try:
            account = parse_account(row)
        except (ValueError, RecursionError) as error:
            reason = truncate(plain_reason(error), MAX_REASON_LENGTH)
            unreadable.append(UnreadableAccount(number, _id_of(row), reason))
        else:
            # A list that grows during paging may repeat an account.
            accounts[account.id] = account
    return ListedAccounts(list(accounts.values()), [row for row in unreadable if row.id not in accounts])


def _id_of(row: Raw) -> str | None:
    try:
        return _id_decoder.decode(row).id.strip() or None
    except (ValueError, RecursionError):
        return None


def parse_account(text: bytes | Raw) -> IntegratedAccount:
    """Return an integrated account.

    Raises:
        ValueError: A required field is missing, empty, or of the wrong type.
    """
    row = _account_decoder.decode(text)
    if not row.id.strip():
        raise ValueError("its `id` is an empty text")
    if not row.integration.name.strip():
        raise ValueError("its `integration.name` is an empty text")
    return IntegratedAccount(
        id=row.id,
        integration=row.integration.name.strip().lower(),
        tenant_id=row.tenant_id,
        status=row.status,
        is_sandbox=bool(row.is_sandbox),
        created_at=_utc(row.created_at),
        last_error=_text(row.last_error),
        environment_id=(row.environment_id or "").strip() or None,
    )


def parse_has_usage_metering(body: bytes) -> bool | None:
    """Return whether a list of capabilities names usage metering; None if the body holds no such list."""
    try:
        capabilities = _capabilities_decoder.decode(body).unified
    except (ValueError, RecursionError):
        return None
    return any(_letters(capability.model) == USAGE_METERING for capability in capabilities)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _utc(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"its `created_at` is {text!r}, which is no time") from error


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return msgspec.json.encode(value).decode()
