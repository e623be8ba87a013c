"""Maintain the table `users`: the person behind each user id, from the observations of all loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import duckdb

from usage_assets.warehouse.staging import ValidRows
from usage_assets.warehouse.stale_days import record_stale_spans
from usage_assets.warehouse.statements import TempTable, execute


@dataclass(frozen=True)
class Observations(TempTable):
    """The e-mails and names of the user ids of a batch. Key: account_id, user_id, user_email, user_name."""

    name: ClassVar[str] = "observations"


@dataclass(frozen=True)
class MergedObservations(TempTable):
    """The observations of the user ids of a batch, from this load and all earlier ones. Key as `observations`."""

    name: ClassVar[str] = "merged_observations"


@dataclass(frozen=True)
class UpdatedUsers(TempTable):
    """The new rows of `users` for the user ids of a batch. Key: account_id, user_id."""

    name: ClassVar[str] = "updated_users"


@dataclass(frozen=True)
class RenamedUsers(TempTable):
    """The updated users whose user key changes. Key: account_id, user_id."""

    name: ClassVar[str] = "renamed_users"


def update_users(connection: duckdb.DuckDBPyConnection, valid_rows: ValidRows) -> UpdatedUsers:
    """Update `users` from the valid rows of a batch.

    If a user id gets a new user key, its earlier rows without an e-mail get it too, and their days become stale.
    """
    users = _create_updated_users(connection, _merge_observations(connection, valid_rows))
    _rename_users(connection, users)
    execute(connection, "users/delete", users)
    execute(connection, "users/insert", users)
    return users


def _merge_observations(connection: duckdb.DuckDBPyConnection, valid_rows: ValidRows) -> MergedObservations:
    execute(connection, "users/observations", valid_rows)
    execute(connection, "users/merged_observations", Observations())
    merged = MergedObservations()
    execute(connection, "users/delete_observations", merged)
    execute(connection, "users/insert_observations", merged)
    return merged


def _create_updated_users(connection: duckdb.DuckDBPyConnection, merged: MergedObservations) -> UpdatedUsers:
    execute(connection, "users/updated_users", merged)
    return UpdatedUsers()


def _rename_users(connection: duckdb.DuckDBPyConnection, users: UpdatedUsers) -> None:
    [(count,)] = execute(connection, "users/renamed_users", users).fetchall()
    if count:
        renamed = RenamedUsers()
        record_stale_spans(connection, execute(connection, "users/renamed_spans", renamed).fetchall())
        execute(connection, "users/rename_users", renamed)
