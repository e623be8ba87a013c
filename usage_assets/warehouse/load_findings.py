"""What is doubtful about the rows of a load, noted per window: checks show it until the window is loaded again.

Which findings are shown, and how bad they are, is declared in `defs.checks`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.token_fields import known_groups, unknown_token_fields
from usage_assets.warehouse.statements import statement


def record_load_findings(connection: duckdb.DuckDBPyConnection, profile: Profile) -> None:
    """Notes what is doubtful about the rows that were just loaded of one integration."""
    connection.execute(statement("load/findings"))
    if connection.execute("select 1 from staged where outside_window or reason is not null limit 1").fetchall():
        connection.execute(statement("charges/of_unloaded_lines"), {"leading_charge": profile.leading_charge})
        connection.execute(statement("charges/charge_sums"))
        connection.execute(statement("load/unloaded_line_findings"))
    for field in _unknown_token_fields(connection, profile):
        connection.execute(
            statement("load/unknown_token_field"),
            {"path": field.path, "json_path": field.json_path, "token_root": field.root},
        )


@dataclass(frozen=True, order=True)
class NumericLeaf:
    """A number in a row: the object it was looked for in, its dotted path from the row, and its path in that object."""

    root: str
    path: str
    json_path: str


def _unknown_token_fields(connection: duckdb.DuckDBPyConnection, profile: Profile) -> list[NumericLeaf]:
    """Returns every numeric field that looks like a token count and is in no path of the profile."""
    examples = _examples(connection, profile)
    leaves = {leaf for root, example in examples for leaf in _leaves(example, NumericLeaf(root, root, "$"))}
    unknown = set(unknown_token_fields({leaf.path for leaf in leaves}, profile))
    return sorted(leaf for leaf in leaves if leaf.path in unknown)


def _examples(connection: duckdb.DuckDBPyConnection, profile: Profile) -> list[tuple[str, Any]]:
    """Returns a row's object for every set of members that occurs in it and in its groups.

    Which groups there are is known from the profile, and only where a row has others it is looked at again.
    """
    groups = known_groups(profile)
    examples = _with_members(connection, groups)
    objects = [example for _, example in examples if isinstance(example, dict)]
    others = {member for example in objects for member in example if '"' not in member}.difference(groups)
    return _with_members(connection, [*groups, *sorted(others)]) if others else examples


def _with_members(connection: duckdb.DuckDBPyConnection, groups: list[str]) -> list[tuple[str, Any]]:
    paths = ["$", *(f'$."{group}"' for group in groups)]
    found = connection.execute(statement("load/key_sets"), {"groups": paths}).fetchall()
    return [(root, json.loads(example)) for root, example in found]


def _leaves(value: Any, at: NumericLeaf) -> Iterator[NumericLeaf]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if '"' not in name:  # no path can name it
                yield from _leaves(inner, NumericLeaf(at.root, f"{at.path}.{name}", f'{at.json_path}."{name}"'))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at
