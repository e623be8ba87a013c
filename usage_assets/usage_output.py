"""Prints List Usage as it comes: JSON, NDJSON, CSV or a table; row text untouched where it can be."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any, TextIO

import msgspec
from rich.console import Console
from rich.table import Table

from usage_assets.truto import Page, TrutoClient, UsageQuery

SHOWN = ("id", "start_date", "metric_name", "product.id", "user.email", "model.id", "surface", "charges")


def print_usage(client: TrutoClient, query: UsageQuery, output: str, out: TextIO) -> None:
    """Prints every row that `query` gives, page by page."""
    if query.response_format == "raw":
        out.write(client.usage_document(query).decode() + "\n")
    elif query.response_format == "stream":
        _print_rows(client.usage_lines(query), output, out)
    elif query.key_by and output == "json":
        _print_object(client.usage_pages(query), out)
    else:
        _print_rows((bytes(row) for page in client.usage_pages(query) for row in page.rows), output, out)


def _print_object(pages: Iterator[Page], out: TextIO) -> None:
    rows = (pair for page in pages for pair in zip(page.keys or [], page.rows, strict=True))
    lines = (f"{msgspec.json.encode(key).decode()}:{bytes(row).decode()}" for key, row in rows)
    out.write("{" + ",\n".join(lines) + "}\n")


def _print_rows(rows: Iterator[bytes], output: str, out: TextIO) -> None:
    if output == "ndjson":
        out.writelines(row.decode() + "\n" for row in rows)
    elif output == "json":
        out.write("[" + ",\n".join(row.decode() for row in rows) + "]\n")
    elif output == "csv":
        _print_csv(rows, out)
    else:
        _print_table(rows, out)


def _print_csv(rows: Iterator[bytes], out: TextIO) -> None:
    flat = [dict(_leaves(_decoded(row))) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)


def _print_table(rows: Iterator[bytes], out: TextIO) -> None:
    table = Table(*SHOWN)
    for row in rows:
        leaves = dict(_leaves(_decoded(row)))
        table.add_row(*(leaves.get(name, "") for name in SHOWN))
    Console(file=out, width=None if out.isatty() else 200).print(table)


def _decoded(row: bytes) -> Any:
    # Floats as text: a number is shown as the API wrote it.
    return json.loads(row, parse_float=str)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and path != "remote_data":
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, dict | list):
        yield path, msgspec.json.encode(value).decode()
    elif value is not None:
        yield path, str(value)
