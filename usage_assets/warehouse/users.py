"""The table `users`: who is behind a user id, by every sighting in any load; and what follows when that changes."""

from __future__ import annotations

import duckdb

from usage_assets.warehouse.stale_days import note_stale_spans
from usage_assets.warehouse.statements import statement

SIGHTINGS = ("sightings", "sightings_after", "delete_sightings", "insert_sightings", "last_seen", "renamed_users")


def follow_users(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes note of who was seen as whom; earlier rows that name no e-mail follow what is known now."""
    for name in SIGHTINGS:
        connection.execute(statement(f"users/{name}"))
    if connection.execute("select 1 from renamed_users limit 1").fetchall():
        note_stale_spans(connection, "users/renamed_spans")
        connection.execute(statement("users/rename_users"))
    connection.execute(statement("users/delete"))
    connection.execute(statement("users/insert"))
