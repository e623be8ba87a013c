"""Assert invariants to the last digit inside the transaction that writes; asset checks repeat them later.

A violated invariant is an error of this program, never of the data. Findings about data are in `checks`.
"""

from __future__ import annotations

from typing import Any

import duckdb

from usage_assets.warehouse.statements import TempTable, execute

EXAMPLES = 3


class InvariantViolated(Exception):
    """Figures that must agree to the last digit differ: an error of this program, never of the data."""


def violations(
    connection: duckdb.DuckDBPyConnection, name: str, /, *inputs: TempTable, **parameters: Any
) -> list[tuple[Any, ...]]:
    """Return the rows of `sql/invariants/{name}.sql`, which are violations; none if the invariant holds."""
    return execute(connection, f"invariants/{name}", *inputs, **parameters).fetchall()


def assert_invariant(
    connection: duckdb.DuckDBPyConnection, name: str, /, *inputs: TempTable, **parameters: Any
) -> None:
    """Assert an invariant before the transaction commits.

    Raises:
        InvariantViolated: The invariant does not hold.
    """
    assert_holds(name, violations(connection, name, *inputs, **parameters))


def assert_holds(name: str, offending: list[tuple[Any, ...]]) -> None:
    """Assert that `offending` is empty: no row violates the invariant `name`.

    Raises:
        InvariantViolated: There are offending rows.
    """
    if offending:
        raise InvariantViolated(
            f"{name}: {len(offending)} figures disagree and nothing was written; please report this message with: "
            f"{offending[:EXAMPLES]}"
        )
