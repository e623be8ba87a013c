"""What must hold to the last digit: asserted in the transaction that writes, and shown as checks afterwards.

A violated invariant is a bug of ours, never of the data; doubtful data is in `checks`.
"""

from __future__ import annotations

from typing import Any

import duckdb

from usage_assets.warehouse.statements import statement

EXAMPLES = 3


class InvariantViolated(Exception):
    """Figures that must agree to the last digit do not: a bug of ours, never of the data."""


def violations(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Returns what violates `sql/invariants/{name}.sql`, nothing if it holds."""
    return connection.execute(statement(f"invariants/{name}"), parameters).fetchall()


def assert_invariant(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> None:
    """Makes sure that an invariant holds before anything is committed.

    Raises:
        InvariantViolated: it does not.
    """
    offending = violations(connection, name, **parameters)
    if offending:
        raise InvariantViolated(
            f"{name}: {len(offending)} figures do not agree and nothing was written; please report this with: "
            f"{offending[:EXAMPLES]}"
        )
