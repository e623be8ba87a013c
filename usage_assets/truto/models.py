"""Parse response bodies: envelopes, pages and integrated accounts.

Rows keep the text that the API sent; no row is decoded, so a row that no parser reads is a row of the page too. A body
that cannot be parsed raises `ValueError` with field and path. `pagination` decides whether a page may be used;
`error_response` parses error responses.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType

from usage_assets.truto.display_text import truncate
from usage_assets.truto.json_text import members_of, parts_of

Rows: TypeAlias = list[Raw] | dict[str, Raw]
MAX_REASON_LENGTH = 200
USAGE_METERING = "usagemetering"


@dataclass(frozen=True)
class Page:
    """A page of a list.

    Attributes:
        rows: Each row's own text, on one line; a row may be no object, or no JSON that a parser reads.
        keys: With `truto_key_by`, the key of each row.
        next_cursor: Cursor of the next page, None on the last page.
        request: Method, path and query of this page, for a log or a manifest, without secrets.
        debug: The object that the response format `debug` adds.
    """

    rows: list[Raw]
    keys: list[str] | None
    next_cursor: str | None
    request: str
    debug: Raw | None


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


class Envelope(msgspec.Struct):
    """The response of a list."""

    result: Rows | UnsetType = UNSET
    next_cursor: str | UnsetType | None = UNSET
    is_partial_response: bool | None = None
    debug: Raw = Raw()


class AccountsEnvelope(Envelope):
    """The response of the list of integrated accounts, whose rows Truto's reference shows under `results`."""

    # A row that is no object costs its own account, not the list.

    results: Rows | UnsetType = UNSET


EnvelopeType = TypeVar("EnvelopeType", bound=Envelope)


class _Debug(msgspec.Struct):
    next_cursor: str | None = msgspec.field(default=None, name="nextCursor")


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


_envelope_decoder = msgspec.json.Decoder(Envelope)
_accounts_envelope_decoder = msgspec.json.Decoder(AccountsEnvelope)
_object_decoder = msgspec.json.Decoder(dict[str, Any])
_on_one_line = bytes.maketrans(b"\r\n", b"  ")
_account_decoder = msgspec.json.Decoder(_AccountRow, strict=False)
_capabilities_decoder = msgspec.json.Decoder(_Capabilities)
_id_decoder = msgspec.json.Decoder(_Identified)


def parse_envelope(body: bytes) -> Envelope:
    """Return the envelope of a list; its rows are sliced, not decoded.

    Raises:
        ValueError: The body is not JSON, or has no `result`.
    """
    return _require_result(_decode(_envelope_decoder, body))


def parse_accounts_envelope(body: bytes) -> Envelope:
    """Return the envelope of a list of integrated accounts, whose rows may also be under `results`.

    Bytes that are not UTF-8 become U+FFFD: they stand in the name of a single account.

    Raises:
        ValueError: The body is not JSON, or has neither `result` nor `results`.
    """
    # An unreadable byte in a name must not cost the account.
    envelope = _decode(_accounts_envelope_decoder, body.decode(errors="replace").encode())
    if envelope.result is UNSET:
        envelope.result = envelope.results
    return _require_result(envelope)


def _decode(decoder: msgspec.json.Decoder[EnvelopeType], body: bytes) -> EnvelopeType:
    """Return the envelope in a body; where the parser refuses a row, the rows are cut out of the body as text."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        try:
            return _cut(decoder.type, body)
        except ValueError:
            raise error from None


def _cut(envelope: type[EnvelopeType], body: bytes) -> EnvelopeType:
    found = {name: value for name, value in members_of(body) if name in _CUT_MEMBERS}
    cut = {name.strip(b'"').decode(): _CUT_MEMBERS[name](value) for name, value in found.items()}
    return envelope(**{name: value for name, value in cut.items() if name in envelope.__struct_fields__})


def _rows(text: bytes) -> Rows:
    if text.startswith(b"["):
        return [Raw(part) for part in parts_of(text)]
    return {_key(name): Raw(value) for name, value in members_of(text)}


def _key(quoted: bytes) -> str:
    try:
        return msgspec.json.decode(quoted, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return quoted[1:-1].decode(errors="replace")


_CUT_MEMBERS: dict[bytes, Callable[[bytes], Any]] = {
    b'"result"': _rows,
    b'"results"': _rows,
    b'"next_cursor"': msgspec.json.Decoder(str | None).decode,
    b'"is_partial_response"': msgspec.json.Decoder(bool | None).decode,
    b'"debug"': Raw,
}


def _require_result(envelope: Envelope) -> Envelope:
    if envelope.result is UNSET:
        raise ValueError("it has no `result`")
    return envelope


def build_page(envelope: Envelope, body: bytes, request: str) -> Page:
    """Return the page in an envelope.

    Raises:
        ValueError: `debug` has another shape.
    """
    result = envelope.result or []
    keys = list(result) if isinstance(result, dict) else None
    rows = _single_line_rows(list(result.values()) if isinstance(result, dict) else result, body)
    return Page(rows, keys, _next_cursor(envelope), request, _debug(envelope))


def _single_line_rows(rows: list[Raw], body: bytes) -> list[Raw]:
    """Return the rows with blanks in place of raw newlines, which end a line of a landing file."""
    if b"\n" not in body and b"\r" not in body:
        return rows
    return [Raw(bytes(row).translate(_on_one_line)) for row in rows]


def _next_cursor(envelope: Envelope) -> str | None:
    """Return the next page's cursor, which a debug response may hold only in `debug`."""
    if not isinstance(envelope.next_cursor, UnsetType):
        return envelope.next_cursor or None
    debug = _debug(envelope)
    return msgspec.json.decode(debug, type=_Debug).next_cursor or None if debug else None


def _debug(envelope: Envelope) -> Raw | None:
    """Return the object under `debug`; it is null if Truto did not call the provider."""
    return envelope.debug if bytes(envelope.debug).startswith(b"{") else None


def parse_object(body: bytes | Raw) -> dict[str, Any]:
    """Return the JSON object in a body or a row.

    Raises:
        ValueError: The text is not a JSON object.
    """
    return _object_decoder.decode(body)


def parse_accounts(rows: Iterable[Raw]) -> ListedAccounts:
    """Return the accounts of a list; a row that cannot be read costs its own account only."""
    accounts, unreadable = dict[str, IntegratedAccount](), list[UnreadableAccount]()
    for number, row in enumerate(rows, 1):
        try:
            account = parse_account(row)
        except (ValueError, RecursionError) as error:
            unreadable.append(UnreadableAccount(number, _id_of(row), truncate(str(error), MAX_REASON_LENGTH)))
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
        raise ValueError("an integrated account has an empty `id`")
    if not row.integration.name.strip():
        raise ValueError("its integration has an empty `name`")
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
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return msgspec.json.encode(value).decode()
