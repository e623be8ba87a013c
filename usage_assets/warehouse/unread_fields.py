"""Find the rows of a batch with fields that no rule of the profile reads; `row_inspection` says what such a field is.

A few rows are examples of all: rows with the same members have the same shape. The rows of a shape are parsed only if
its example needs a look.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from usage_assets.integrations.profiles import Profile
from usage_assets.landing.store import Landing
from usage_assets.warehouse.load_windows import BatchWindows
from usage_assets.warehouse.row_inspection import Inspection, inspect, needs_inspection
from usage_assets.warehouse.row_reading import groups_of
from usage_assets.warehouse.staging import ValidRows
from usage_assets.warehouse.statements import execute

Place = tuple[int, int]
"""The number of a window in its batch and the line of a row in the window's landing file, both from 1."""


@dataclass(frozen=True)
class InspectedRow:
    """A row that was parsed, with what no rule reads in it."""

    window_number: int
    file_row: int
    usage_date: date
    context_key: str | None
    inspection: Inspection


def inspected_rows(
    connection: duckdb.DuckDBPyConnection,
    windows: BatchWindows,
    valid_rows: ValidRows,
    landing: Landing,
    profile: Profile,
) -> list[InspectedRow]:
    """Return the rows of a batch that were parsed because the example of their shape needs a look."""
    examples = execute(connection, "load/shapes", valid_rows).fetchall()
    parsed = _parsed_rows(windows, landing, [(window, row) for _, window, row in examples])
    groups = set(groups_of(profile))
    shapes = [
        shape
        for shape, window, row in examples
        if needs_inspection(parsed[window, row], profile, groups)
    ]
    if not shapes:
        return []
    rows = execute(connection, "load/rows_of_shapes", valid_rows, shapes=shapes).fetchall()
    return list(_inspected(rows, _parsed_rows(windows, landing, [(row[0], row[1]) for row in rows]), profile))


def unknown_tokens(inspected: Iterable[InspectedRow]) -> list[tuple[int, str, int, int]]:
    """Return the number of rows and tokens of each window and unknown token field: window, path, rows, tokens."""
    rows, tokens = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for row in inspected:
        for path, count in row.inspection.tokens.items():
            rows[row.window_number, path] += 1
            tokens[row.window_number, path] += count
    return [(window, path, rows[window, path], tokens[window, path]) for window, path in sorted(rows)]


def _inspected(
    rows: Iterable[tuple[Any, ...]], parsed: Mapping[Place, dict[str, Any]], profile: Profile
) -> Iterator[InspectedRow]:
    for window, file_row, usage_date, context_key, counts in rows:
        inspection = inspect(parsed[window, file_row], profile, counts)
        if inspection.tokens or inspection.context:
            yield InspectedRow(window, file_row, usage_date, context_key, inspection)


def _parsed_rows(windows: BatchWindows, landing: Landing, places: Iterable[Place]) -> dict[Place, dict[str, Any]]:
    """Return the parsed rows at `places`; each landing file is read once."""
    wanted = defaultdict[int, set[int]](set)
    for window, file_row in places:
        wanted[window].add(file_row)
    parsed = dict[Place, dict[str, Any]]()
    for window, numbers in wanted.items():
        pages = landing.verified_pages(windows.manifests[window - 1])
        lines = (line for page in pages for line in page.removesuffix(b"\n").split(b"\n"))
        for number, line in enumerate(lines, start=1):
            if number in numbers:
                parsed[window, number] = json.loads(line, parse_int=_whole_number)
    return parsed


def _whole_number(digits: str) -> int | float:
    """Return a number of any length; Python refuses to convert more than 4,300 digits."""
    return int(digits) if len(digits) < 40 else float(digits)
