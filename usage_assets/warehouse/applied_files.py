"""Keep the content of each user's file by which a table is derived, so that a later file can be compared with it."""

from __future__ import annotations

from typing import TypeVar

import duckdb

from usage_assets.user_files.in_force import NO_CONTENT, FileInForce
from usage_assets.warehouse.statements import execute

Value = TypeVar("Value")


def is_applied(connection: duckdb.DuckDBPyConnection, name: str, in_force: FileInForce[Value]) -> bool:
    """Return whether the table of file `name` is derived by the content that is in force."""
    held = execute(connection, "applied_files/sha256", name=name).fetchall()
    return in_force.sha256 == (held[0][0] if held else NO_CONTENT)


def applied_content(connection: duckdb.DuckDBPyConnection, name: str) -> bytes | None:
    """Return the content of file `name` by which its table is derived, None without one."""
    held = execute(connection, "applied_files/content", name=name).fetchall()
    return bytes(held[0][0]) if held else None


def note_applied(connection: duckdb.DuckDBPyConnection, name: str, in_force: FileInForce[Value]) -> None:
    """Note, in the transaction that derives, that the table of file `name` is derived by the content in force."""
    execute(connection, "applied_files/delete", name=name)
    if in_force.content is not None:
        execute(connection, "applied_files/insert", name=name, sha256=in_force.sha256, content=in_force.content)
