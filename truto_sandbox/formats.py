"""The shapes in which a page of rows can be asked for. Which rows, is decided elsewhere.

Documented: unified, `truto_key_by`, `truto_exclude_fields`, `truto_ignore_remote_data`, the members of debug.
Assumed, for want of a document: that raw keeps the envelope around the vendor's lines, that normalized
shows every unified field, that stream is a row per line to the end of the listing, without a cursor.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from starlette.responses import Response, StreamingResponse

from truto_sandbox.errors import bad_request
from truto_sandbox.items import Row
from truto_sandbox.query import Query
from truto_sandbox.schema import UNIFIED_FIELDS

FORMATS = ("unified", "raw", "normalized", "stream", "debug")
_LINES_AT_ONCE = 200

_encode = msgspec.json.Encoder(decimal_format="number").encode


def format_of(query: Query) -> str:
    """The format asked for, unified by default.

    Raises:
        ApiError: 400 for a format that does not exist.
    """
    name = query.text("truto_response_format") or "unified"
    if name not in FORMATS:
        raise bad_request(f"truto_response_format must be one of {', '.join(FORMATS)}, not {name!r}")
    return name


def json_response(body: Any, headers: dict[str, str] | None = None) -> Response:
    """JSON in which a decimal stands with exactly its digits."""
    return Response(_encode(body), media_type="application/json", headers=headers)


def lines_response(rows: Iterable[Row], query: Query, headers: dict[str, str]) -> Response:
    """Rows as lines of JSON, sent while they are made."""
    lines = (_encode(_shaped(row, query)) + b"\n" for row in rows)
    return StreamingResponse(_in_chunks(lines), media_type="application/x-ndjson", headers=headers)


def single(row: Row, query: Query) -> Row:
    """One row without an envelope."""
    return _in_format(row, query, format_of(query))


def _in_chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    while chunk := b"".join(islice(lines, _LINES_AT_ONCE)):
        yield chunk


def envelope(rows: list[Row], following: str | None, query: Query, url: str) -> Row:
    """The body around one page."""
    shape = format_of(query)
    body = {
        "result": _result(rows, query, shape),
        "next_cursor": following,
        "prev_cursor": None,
        "result_count": len(rows),
    }
    if shape == "debug":
        body["debug"] = None if query.flag("truto_skip_api_call") else _debug(rows, following, url)
    return body


def _result(rows: list[Row], query: Query, shape: str) -> list[Row] | dict[str, Row]:
    keyed_by = query.text("truto_key_by")
    shaped = [_in_format(row, query, shape) for row in rows]
    if keyed_by is None:
        return shaped
    keys = (_text(row.get(keyed_by)) for row in rows)
    return dict(zip(keys, shaped, strict=True))


def _in_format(row: Row, query: Query, shape: str) -> Row:
    if shape == "raw":
        original: Row = row.get("remote_data", row)
        return original
    if shape == "normalized":
        return _shaped({name: row.get(name) for name in UNIFIED_FIELDS}, query)
    return _shaped(row, query)


def _shaped(row: Row, query: Query) -> Row:
    dropped = set(query.values("truto_exclude_fields"))
    if query.flag("truto_ignore_remote_data"):
        dropped.add("remote_data")
    return {name: value for name, value in row.items() if name not in dropped} if dropped else row


def _debug(rows: list[Row], following: str | None, url: str) -> Row:
    return {
        "requestUrl": url,
        "requestOptions": {"method": "GET", "headers": {"accept": "application/json"}},
        "data": list(_originals(rows)),
        "responseHeaders": {"content-type": "application/json"},
        "nextCursor": following,
        "isLooping": False,
        "isEmptyResult": not rows,
        "resultCount": len(rows),
    }


def _originals(rows: list[Row]) -> Iterator[Row]:
    return (row["remote_data"] for row in rows if "remote_data" in row)


def _text(key: object) -> str:
    """A key of a JSON object; a row without the field stands under `undefined`, as in JavaScript."""
    if key is None:
        return "undefined"
    return key if isinstance(key, str) else _encode(key).decode()
