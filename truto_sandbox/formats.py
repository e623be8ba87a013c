"""The response formats of a page of rows.

Truto documents unified, `truto_key_by`, `truto_exclude_fields`, `truto_ignore_remote_data` and the members of debug.
The rest is an assumption: raw keeps the envelope around the vendor's records, normalized shows every unified field,
and stream sends one row per line to the end of the listing, without a cursor.
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
_LINES_PER_CHUNK = 200

_encode = msgspec.json.Encoder(decimal_format="number").encode


def format_of(query: Query) -> str:
    """Return the requested format, unified by default.

    Raises:
        ApiError: 400 for a format that does not exist.
    """
    name = query.text("truto_response_format") or "unified"
    if name not in FORMATS:
        raise bad_request(f"truto_response_format must be one of {', '.join(FORMATS)}, not {name!r}")
    return name


def json_response(body: Any, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON response that writes each decimal with its exact digits."""
    return Response(_encode(body), media_type="application/json", headers=headers)


def lines_response(rows: Iterable[Row], query: Query, headers: dict[str, str]) -> Response:
    """Return a response of one JSON row per line, sent while the rows are generated."""
    lines = (_encode(_selected_fields(row, query)) + b"\n" for row in rows)
    return StreamingResponse(_in_chunks(lines), media_type="application/x-ndjson", headers=headers)


def single(row: Row, query: Query) -> Row:
    """Return one row without an envelope."""
    return _formatted(row, query, format_of(query))


def _in_chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    while chunk := b"".join(islice(lines, _LINES_PER_CHUNK)):
        yield chunk


def envelope(rows: list[Row], next_cursor: str | None, query: Query, url: str) -> Row:
    """Return the body of one page."""
    format_name = format_of(query)
    body = {
        "result": _result(rows, query, format_name),
        "next_cursor": next_cursor,
        "prev_cursor": None,
        "result_count": len(rows),
    }
    if format_name == "debug":
        body["debug"] = None if query.flag("truto_skip_api_call") else _debug(rows, next_cursor, url)
    return body


def _result(rows: list[Row], query: Query, format_name: str) -> list[Row] | dict[str, Row]:
    key_field = query.text("truto_key_by")
    formatted = [_formatted(row, query, format_name) for row in rows]
    if key_field is None:
        return formatted
    keys = (_text(row.get(key_field)) for row in rows)
    return dict(zip(keys, formatted, strict=True))


def _formatted(row: Row, query: Query, format_name: str) -> Row:
    if format_name == "raw":
        record: Row = row.get("remote_data", row)
        return record
    if format_name == "normalized":
        return _selected_fields({name: row.get(name) for name in UNIFIED_FIELDS}, query)
    return _selected_fields(row, query)


def _selected_fields(row: Row, query: Query) -> Row:
    dropped = set(query.values("truto_exclude_fields"))
    if query.flag("truto_ignore_remote_data"):
        dropped.add("remote_data")
    return {name: value for name, value in row.items() if name not in dropped} if dropped else row


def _debug(rows: list[Row], next_cursor: str | None, url: str) -> Row:
    return {
        "requestUrl": url,
        "requestOptions": {"method": "GET", "headers": {"accept": "application/json"}},
        "data": list(_vendor_records(rows)),
        "responseHeaders": {"content-type": "application/json"},
        "nextCursor": next_cursor,
        "isLooping": False,
        "isEmptyResult": not rows,
        "resultCount": len(rows),
    }


def _vendor_records(rows: list[Row]) -> Iterator[Row]:
    return (row["remote_data"] for row in rows if "remote_data" in row)


def _text(key: object) -> str:
    """Return a key of a JSON object; `undefined`, as in JavaScript, for a row without the field."""
    if key is None:
        return "undefined"
    return key if isinstance(key, str) else _encode(key).decode()
