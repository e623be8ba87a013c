"""Parse response bodies: envelopes and pages.

Rows keep the text that the API sent; no row is decoded, so a row that no parser reads is a row of the page too. A body
that cannot be parsed raises `ValueError` with field and path. `pagination` decides whether a page may be used;
`error_response` parses error responses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType

from usage_assets.truto.json_text import members_of, parts_of

Rows: TypeAlias = list[Raw] | dict[str, Raw]


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


class Envelope(msgspec.Struct):
    """The response of a list."""

    result: Rows | UnsetType = UNSET
    next_cursor: str | UnsetType | None = UNSET
    is_partial_response: bool | None = None
    debug: Raw = Raw()


class AccountsEnvelope(Envelope):
    """The response of the list of integrated accounts, whose rows Truto's reference shows under `results`."""

    results: Rows | UnsetType = UNSET


EnvelopeType = TypeVar("EnvelopeType", bound=Envelope)


class _Debug(msgspec.Struct):
    next_cursor: str | None = msgspec.field(default=None, name="nextCursor")


_envelope_decoder = msgspec.json.Decoder(Envelope)
_accounts_envelope_decoder = msgspec.json.Decoder(AccountsEnvelope)
_object_decoder = msgspec.json.Decoder(dict[str, Any])
_on_one_line = bytes.maketrans(b"\r\n", b"  ")


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
