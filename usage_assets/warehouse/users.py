"""The table `users`: who is behind a user id, by every sighting in any load; and what follows when that changes."""

from __future__ import annotations

import duckdb

from usage_assets.warehouse.stale_days import record_stale_spans
from usage_assets.warehouse.statements import statement

USER_STATEMENTS = (
    "observations",
    "observations_after",
    "delete_observations",
    "insert_observations",
    "last_seen",
    "renamed_users",
)


def update_users(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes note of who was seen as whom; earlier rows that name no e-mail follow what is known now."""
    for name in USER_STATEMENTS:
        connection.execute(statement(f"users/{name}"))
    if connection.execute("select 1 from renamed_users limit 1").fetchall():
        record_stale_spans(connection, connection.execute(statement("users/renamed_spans")).fetchall())
        connection.execute(statement("users/rename_users"))
    connection.execute(statement("users/delete"))
    connection.execute(statement("users/insert"))
