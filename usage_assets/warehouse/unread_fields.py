"""Find the rows of a batch with fields that no rule of the profile reads; `row_inspection` says what such a field is.

A few rows are examples of all: rows with the same members have the same shape. The rows of a shape are parsed only if
its example needs a look; if it holds an ignored total, those are parsed of which no token was read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import duckdb

from usage_assets.integrations.profiles import Profile
from usage_assets.landing.lines import lines_in
from usage_assets.landing.store import Landing
from usage_assets.warehouse.load_windows import BadLines, BatchFiles, BatchWindows
from usage_assets.warehouse.row_inspection import Inspection, RowInspector
from usage_assets.warehouse.row_reading import groups_of, json_path
from usage_assets.warehouse.staging import ValidRows
from usage_assets.warehouse.statements import execute

LONGEST_NUMBER = 40

Place = tuple[int, int]
"""The number of a window in its batch and the line of a row in the window's landing file, both from 1."""


@dataclass(frozen=True)
class InspectedRow:
    """A row that was parsed, with what no rule reads in it."""

    window_number: int
    file_row: int
    usage_date: date
    context_key: str | None
    model_id: str | None
    inspection: Inspection


@dataclass(frozen=True)
class Shape:
    """The members of the objects in which a profile reads, which several rows of a batch have; one row is an example.

    Attributes:
        number: The hash of the members.
        members: The names of the members of each object in `groups_of`; None or nothing where the row has none.
        example: The place of the example.
    """

    number: int
    members: Sequence[Sequence[str] | None]
    example: Place


def shapes_of(
    connection: duckdb.DuckDBPyConnection, files: BatchFiles, bad_lines: BadLines, profile: Profile
) -> list[Shape]:
    """Return the shapes of the readable rows of a batch."""
    groups = [json_path(group) for group in groups_of(profile)]
    rows = execute(connection, "load/shapes", files, bad_lines, files=files.paths, groups=groups).fetchall()
    return [Shape(number, members, (window, file_row)) for number, members, window, file_row in rows]


def inspected_rows(
    connection: duckdb.DuckDBPyConnection,
    windows: BatchWindows,
    files: BatchFiles,
    valid_rows: ValidRows,
    shapes: Iterable[Shape],
    landing: Landing,
    profile: Profile,
) -> list[InspectedRow]:
    """Return the rows of a batch that were parsed because the example of their shape needs a look."""
    groups = groups_of(profile)
    inspector = RowInspector(profile, set(groups))
    numbers = {shape.example: shape.number for shape in shapes}
    parsed = list(_parsed_rows(windows, landing, numbers))
    wanted = [numbers[place] for place, example in parsed if inspector.needs_inspection(example)]
    with_totals = [numbers[place] for place, example in parsed if inspector.has_ignored_tokens(example)]
    is_any_without_tokens = bool(with_totals) and bool(
        execute(connection, "load/any_without_tokens", valid_rows).fetchall()
    )
    if not (wanted or is_any_without_tokens):
        return []
    found = execute(
        connection,
        "load/rows_of_shapes",
        files,
        valid_rows,
        files=files.paths,
        groups=[json_path(group) for group in groups],
        shapes=wanted,
        shapes_with_totals=with_totals,
    ).fetchall()
    return list(_inspected({(row[0], row[1]): row[2:] for row in found}, windows, landing, inspector))


def unknown_tokens(inspected: Iterable[InspectedRow]) -> list[tuple[int, str, int, int]]:
    """Return the number of rows and tokens of each window and unknown token field: window, path, rows, tokens."""
    rows, tokens = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for row in inspected:
        for path, count in row.inspection.tokens.items():
            rows[row.window_number, path] += 1
            tokens[row.window_number, path] += count
    return [(window, path, rows[window, path], tokens[window, path]) for window, path in sorted(rows)]


def _inspected(
    rows: Mapping[Place, tuple[Any, ...]], windows: BatchWindows, landing: Landing, inspector: RowInspector
) -> Iterator[InspectedRow]:
    for place, row in _parsed_rows(windows, landing, rows):
        usage_date, context_key, model_id, counts, has_tokens = rows[place]
        inspection = inspector.inspect(row, counts, has_tokens=has_tokens)
        if inspection.tokens or inspection.context:
            yield InspectedRow(*place, usage_date, context_key, model_id, inspection)


def _parsed_rows(
    windows: BatchWindows, landing: Landing, places: Collection[Place]
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the parsed row at each of `places`; each landing file is read once, up to the last of its places."""
    last_rows = dict(sorted(places))
    for window, last_row in last_rows.items():
        pages = landing.verified_pages(windows.manifests[window - 1])
        for number, line in enumerate(islice(lines_in(pages), last_row), start=1):
            if (window, number) in places:
                yield (window, number), json.loads(line, parse_int=_whole_number)


def _whole_number(digits: str) -> int | float:
    """Return a number of any length; Python refuses to convert more than 4,300 digits."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)
