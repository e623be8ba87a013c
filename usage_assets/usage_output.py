"""Print the rows of List Usage as JSON, newline-delimited JSON, CSV or a table.

JSON output keeps the bytes that the API sent; on a terminal, control characters become escapes, and the value is the
same. A CSV cell holds a value's own text without control characters. A table is for people: its cells are single lines
without control characters, and markup in them is not interpreted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import TextIO

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from usage_assets.truto import InvalidResponse, Page, TrutoClient, UsageQuery
from usage_assets.truto.display_text import single_line

TABLE_COLUMNS = ("id", "start_date", "metric_name", "product.id", "user.email", "model.id", "surface", "charges")
CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Characters that control a terminal, or the direction of its text, as a regular expression's set."""
UNFLATTENED = "remote_data"
WIDTH_OF_FILES = 200

_controls = re.compile(f"[{CONTROL}]")
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def print_usage(client: TrutoClient, query: UsageQuery, output: str, out: TextIO) -> None:
    """Print every row of `query`. Rows appear as they arrive in `ndjson`, after the last page in any other output.

    Args:
        client: Client of the API.
        query: The parameters of List Usage.
        output: `json`, `ndjson`, `csv` or `table`; ignored for the response format `raw`, which is printed unchanged.
        out: Text stream with a binary buffer, such as `sys.stdout`.

    Raises:
        TrutoError: The API gave no usable response.
    """
    if query.response_format == "raw":
        _write_bytes([client.usage_document(query), b"\n"], out)
    elif query.response_format == "stream":
        _print_rows(client.usage_lines(query), query, output, out)
    elif query.key_by and output == "json":
        _write_bytes(_json_object(client.usage_pages(query)), out)
    else:
        rows = (bytes(row) for page in client.usage_pages(query) for row in page.rows)
        _print_rows(rows, query, output, out)


def flatten(row: bytes | msgspec.Raw, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and text of each value in a JSON object; lists and `remote_data` stay JSON; nulls are left out.

    Raises:
        ValueError: The row is not a JSON object.
    """
    for name, member in _members.decode(row).items():
        member_path = f"{path}.{name}" if path else name
        text = bytes(member)
        if text.startswith(b"{") and member_path != UNFLATTENED:
            yield from flatten(member, member_path)
        elif text != b"null":
            yield member_path, _cell(text)


def _print_rows(rows: Iterable[bytes], query: UsageQuery, output: str, out: TextIO) -> None:
    if output == "ndjson":
        _write_bytes((row + b"\n" for row in rows), out)
    elif output == "json":
        _write_bytes([b"[", b",\n".join(rows), b"]\n"], out)
    elif output == "csv":
        _print_csv(_flat_rows(rows, query), out)
    else:
        _print_table(_flat_rows(rows, query), out)


def _write_bytes(chunks: Iterable[bytes], out: TextIO) -> None:
    out.flush()
    out.buffer.writelines(map(escaped, chunks) if out.isatty() else chunks)
    out.buffer.flush()


def escaped(json_text: bytes) -> bytes:
    """Return JSON text with its control characters as escapes; its value is the same."""
    text = json_text.decode(errors="backslashreplace")
    return _controls.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _json_object(pages: Iterable[Page]) -> list[bytes]:
    pairs = (pair for page in pages for pair in zip(page.keys or [], page.rows, strict=True))
    members = b",\n".join(msgspec.json.encode(key) + b":" + bytes(row) for key, row in pairs)
    return [b"{", members, b"}\n"]


def _print_csv(rows: Iterable[dict[str, str]], out: TextIO) -> None:
    flat = list(rows)
    columns = list(dict.fromkeys(name for row in flat for name in row))
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)


def _print_table(rows: Iterable[dict[str, str]], out: TextIO) -> None:
    table = Table(*TABLE_COLUMNS)
    for row in rows:
        table.add_row(*(Text(single_line(row.get(column, ""))) for column in TABLE_COLUMNS))
    Console(file=out, width=None if out.isatty() else WIDTH_OF_FILES).print(table)


def _flat_rows(rows: Iterable[bytes], query: UsageQuery) -> Iterator[dict[str, str]]:
    for row in rows:
        try:
            yield dict(flatten(row))
        except (ValueError, RecursionError) as error:
            detail = f"it holds a line that is not a JSON object, {error}"
            raise InvalidResponse(detail, account_id=query.account_id) from error


def _cell(text: bytes) -> str:
    """Return a string's content, any other value's own JSON text; a number keeps every digit."""
    return _controls.sub("", msgspec.json.decode(text, type=str)) if text.startswith(b'"') else text.decode()
