"""Record findings about the rows of a load, per window; data checks report them until the window is loaded again.

`data_checks` declares the checks and their severity.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import duckdb

from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.token_fields import known_groups, unknown_token_fields
from usage_assets.warehouse.staging import Duplicates, Staged, ValidRows
from usage_assets.warehouse.statements import TempTable, execute


@dataclass(frozen=True)
class UnloadedChargeSums(TempTable):
    """The billed cost of staged rows that are not loaded. Key: window_number, file_row, currency."""

    name: ClassVar[str] = "unloaded_charge_sums"


@dataclass(frozen=True, order=True)
class NumericField:
    """A number in a row: the member of the row that contains it, its dotted path in the row, its path in the member."""

    token_root: str
    path: str
    json_path: str


def record_load_findings(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    duplicates: Duplicates,
    valid_rows: ValidRows,
    profile: Profile,
) -> None:
    """Record the findings about a batch of one integration."""
    signs = {"leading_charge": profile.leading_charge, "reduction_sign": profile.reduction_sign}
    execute(connection, "load/findings", valid_rows)
    if duplicates.rows:
        execute(connection, "load/differing_duplicates", staged, duplicates, **signs)
    if staged.has_unloaded_rows:
        execute(connection, "load/unloaded_charge_sums", staged, **signs)
        execute(connection, "load/unloaded_row_findings", staged, UnloadedChargeSums())
    for field in _unknown_token_fields(connection, valid_rows, profile):
        execute(
            connection,
            "load/unknown_token_field",
            valid_rows,
            path=field.path,
            json_path=field.json_path,
            token_root=field.token_root,
        )


def _unknown_token_fields(
    connection: duckdb.DuckDBPyConnection, valid_rows: ValidRows, profile: Profile
) -> list[NumericField]:
    """Return the numeric fields that look like token counts and that no path of the profile reads."""
    examples = _example_objects(connection, valid_rows, profile)
    fields = {field for root, example in examples for field in _numeric_fields(example, NumericField(root, root, "$"))}
    unknown = set(unknown_token_fields({field.path for field in fields}, profile))
    return sorted(field for field in fields if field.path in unknown)


def _example_objects(
    connection: duckdb.DuckDBPyConnection, valid_rows: ValidRows, profile: Profile
) -> list[tuple[str, Any]]:
    """Return an example of each distinct set of members that objects with token counts, and their groups, have.

    The rows are read a second time only if an example has groups that the profile does not name.
    """
    groups = known_groups(profile)
    examples = _examples_by_members(connection, valid_rows, groups)
    objects = [example for _, example in examples if isinstance(example, dict)]
    others = {member for example in objects for member in example if '"' not in member}.difference(groups)
    return _examples_by_members(connection, valid_rows, [*groups, *sorted(others)]) if others else examples


def _examples_by_members(
    connection: duckdb.DuckDBPyConnection, valid_rows: ValidRows, groups: list[str]
) -> list[tuple[str, Any]]:
    paths = ["$", *(f'$."{group}"' for group in groups)]
    examples = execute(connection, "load/example_objects", valid_rows, groups=paths).fetchall()
    return [(root, json.loads(example)) for root, example in examples]


def _numeric_fields(value: Any, at: NumericField) -> Iterator[NumericField]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if '"' not in name:  # a path cannot hold a quote
                field = NumericField(at.token_root, f"{at.path}.{name}", f'{at.json_path}."{name}"')
                yield from _numeric_fields(inner, field)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at
