"""What answers are made of, and how their text is read: envelopes, pages, integrated accounts.

Rows stay the text they came as; nothing here looks into them. What cannot be read raises `ValueError` with
field and path. Whether a page may be used is decided in `pagination`; refusals are read in `refusal`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, Raw, UnsetType

Rows: TypeAlias = list[Raw] | dict[str, Raw]


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        rows: Each row's own text, on one line.
        keys: With `truto_key_by`, the key of each row.
        next_cursor: Where the next page starts, None on the last.
        request: Method, path and query of this page, for a log or a manifest.
        debug: What `truto_response_format=debug` adds.
    """

    rows: list[Raw]
    keys: list[str] | None
    next_cursor: str | None
    request: str
    debug: Raw | None


@dataclass(frozen=True)
class IntegratedAccount:
    """A customer's account at a provider, as connected through Truto; `created_at` is in UTC."""

    id: str
    integration: str
    tenant_id: str | None
    status: str
    is_sandbox: bool
    created_at: datetime | None
    last_error: str | None


class Envelope(msgspec.Struct):
    """A list's answer."""

    result: Rows | UnsetType = UNSET
    next_cursor: str | UnsetType | None = UNSET
    is_partial_response: bool | None = None
    debug: Raw = Raw()


class AccountsEnvelope(Envelope):
    """The answer of the integrated accounts, whose reference calls the list `results`."""

    results: Rows | UnsetType = UNSET


class _Debug(msgspec.Struct):
    next_cursor: str | None = msgspec.field(default=None, name="nextCursor")


class _Integration(msgspec.Struct):
    name: str


class _AccountRow(msgspec.Struct):
    id: str
    integration: _Integration
    status: str
    tenant_id: str | None = None
    is_sandbox: bool | None = None
    created_at: str | None = None
    last_error: Any = None


_envelope = msgspec.json.Decoder(Envelope)
_accounts_envelope = msgspec.json.Decoder(AccountsEnvelope)
_object = msgspec.json.Decoder(dict[str, Any])
_starts_object = re.compile(rb"\{").match
_account_row = msgspec.json.Decoder(_AccountRow, strict=False)


def parse_envelope(body: bytes) -> Envelope:
    """A list's answer; its rows are cut out, not decoded."""
    return _checked(_envelope.decode(body), body)


def parse_accounts_envelope(body: bytes) -> Envelope:
    """The same for the integrated accounts, which may also come under `results`."""
    envelope = _accounts_envelope.decode(body)
    if envelope.result is UNSET:
        envelope.result = envelope.results
    return _checked(envelope, body)


def _checked(envelope: Envelope, body: bytes) -> Envelope:
    # Cutting rows out does not look at their encoding, and one bad byte would break the file they go to.
    if not body.isascii():
        body.decode()
    if envelope.result is UNSET:
        raise ValueError("it has no `result`")
    return envelope


def page_of(envelope: Envelope, body: bytes, request: str) -> Page:
    """The page in an envelope."""
    found = envelope.result or []
    keys = list(found) if isinstance(found, dict) else None
    rows = _on_one_line(list(found.values()) if isinstance(found, dict) else found, body)
    if not all(map(_starts_object, rows)):
        raise ValueError("`result` holds a row that is not an object")
    return Page(rows, keys, _next_cursor(envelope), request, _debug(envelope))


def _on_one_line(rows: list[Raw], body: bytes) -> list[Raw]:
    """The rows as they are, unless the body is laid out over lines; numbers keep their text either way."""
    if b"\n" not in body and b"\r" not in body:
        return rows
    return [Raw(msgspec.json.format(bytes(row), indent=-1)) for row in rows]


def _next_cursor(envelope: Envelope) -> str | None:
    """The next page's cursor; a debug answer may carry it in `debug` alone."""
    if not isinstance(envelope.next_cursor, UnsetType):
        return envelope.next_cursor or None
    debug = _debug(envelope)
    return msgspec.json.decode(debug, type=_Debug).next_cursor or None if debug else None


def _debug(envelope: Envelope) -> Raw | None:
    """What `debug` adds; it is null where the provider was not asked."""
    return envelope.debug if bytes(envelope.debug).startswith(b"{") else None


def parse_object(body: bytes | Raw) -> dict[str, Any]:
    """A JSON object."""
    return _object.decode(body)


def parse_account(text: bytes | Raw) -> IntegratedAccount:
    """An integrated account, strictly: what must be there is there, and of its type."""
    row = _account_row.decode(text)
    if not row.id:
        raise ValueError("an integrated account has an empty `id`")
    return IntegratedAccount(
        id=row.id,
        integration=row.integration.name.strip().lower(),
        tenant_id=row.tenant_id,
        status=row.status,
        is_sandbox=bool(row.is_sandbox),
        created_at=_utc(row.created_at),
        last_error=_text(row.last_error),
    )


def _utc(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return msgspec.json.encode(value).decode()
