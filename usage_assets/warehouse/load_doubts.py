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
from usage_assets.integrations.token_fields import unknown_token_fields
from usage_assets.warehouse.statements import statement


def note_load_doubts(connection: duckdb.DuckDBPyConnection, profile: Profile) -> None:
    """Notes what is doubtful about the rows that were just loaded of one integration."""
    connection.execute(statement("load/doubts"))
    if connection.execute("select 1 from staged where is_elsewhere or reason is not null limit 1").fetchall():
        connection.execute(statement("charges/of_doubtful_lines"), {"leading_charge": profile.leading_charge})
        connection.execute(statement("charges/charge_sums"))
        connection.execute(statement("load/doubtful_lines"))
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
    members = [member for (member,) in connection.execute(statement("load/token_groups")).fetchall()]
    groups = ["$", *(f'$."{member}"' for member in members if '"' not in member)]
    examples = connection.execute(statement("load/key_sets"), {"groups": groups}).fetchall()
    leaves = {leaf for root, example in examples for leaf in _leaves(json.loads(example), NumericLeaf(root, root, "$"))}
    unknown = set(unknown_token_fields({leaf.path for leaf in leaves}, profile))
    return sorted(leaf for leaf in leaves if leaf.path in unknown)


def _leaves(value: Any, at: NumericLeaf) -> Iterator[NumericLeaf]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if '"' not in name:  # no path can name it
                yield from _leaves(inner, NumericLeaf(at.root, f"{at.path}.{name}", f'{at.json_path}."{name}"'))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at
