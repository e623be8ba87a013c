"""Load the landed lists of users into bookkeeping tables, from which `seats` are derived.

Each list replaces the earlier one of its account and day as a whole. A row that is no user costs that row: lists have
few rows of any shape, so they are read one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.integrations.profiles import Profile, Profiles
from usage_assets.landing.lines import lines_in
from usage_assets.landing.manifest import DamagedLandingFile, LoadState, Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.warehouse.stale_days import record_stale_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import SEATS
from usage_assets.warehouse.temp_tables import create_temp_table
from usage_assets.warehouse.user_rows import ListedUser, read_user

USER_COLUMNS = tuple(field.name for field in fields(ListedUser))


@dataclass(frozen=True)
class NewUsers(TempTable):
    """The users of one list. Key: user_id."""

    name: ClassVar[str] = "new_users"


def load_user_lists(
    connection: duckdb.DuckDBPyConnection, landing: Landing, profiles: Profiles, *, compares_all: bool
) -> int:
    """Load every landed list that is not loaded with its content; return how many.

    Args:
        connection: A connection inside a transaction.
        landing: The landing folder of the lists.
        profiles: The profiles of all integrations.
        compares_all: Whether lists may be missing that are not pending, as in a file from a backup.
    """
    loaded = dict(execute(connection, "user_lists/loaded").fetchall())
    keys = {*landing.pending(), *(landing.windows() if compares_all or not loaded else [])}
    count = 0
    for key in sorted(keys):
        manifest = landing.readable_manifest(key)
        if manifest is None:
            landing.quarantine(key)
        elif loaded.get(_named(key)) != manifest.sha256:
            count += _load(connection, landing, manifest, profiles.of(manifest.integration))
    return count


def loaded_lists(connection: duckdb.DuckDBPyConnection, landing: Landing) -> dict[WindowKey, LoadState | None]:
    """Return the pending lists that need no load, with the load state that is loaded."""
    loaded = dict(execute(connection, "user_lists/loaded").fetchall())
    states = {key: landing.load_state(key) for key in landing.pending()}
    return {key: state for key, state in states.items() if not state or state.sha256 == loaded.get(_named(key))}


def _named(key: WindowKey) -> str:
    return f"{key.account_id} {key.window_start}"


def _load(connection: duckdb.DuckDBPyConnection, landing: Landing, manifest: Manifest, profile: Profile) -> bool:
    """Load one list and return whether it could be read; a damaged one is set aside."""
    try:
        lines = list(lines_in(landing.verified_pages(manifest))) if manifest.rows else []
    except DamagedLandingFile:
        landing.quarantine(manifest.key)
        return False
    read = [read_user(line, profile, manifest.window_start) for line in lines]
    users = {user.user_id: user for user in read if user is not None}
    _replace(connection, manifest, profile, users.values(), unreadable=read.count(None))
    return True


def _replace(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    profile: Profile,
    users: Iterable[ListedUser],
    *,
    unreadable: int,
) -> None:
    account_id, listed_on = manifest.account_id, manifest.window_start
    new_users = create_temp_table(connection, NewUsers(), USER_COLUMNS, map(astuple, users))
    for table in ("user_lists", "listed_users"):
        execute(connection, f"user_lists/delete_{table}", account_id=account_id, listed_on=listed_on)
    execute(
        connection,
        "user_lists/insert_user_lists",
        account_id=account_id,
        listed_on=listed_on,
        integration=manifest.integration,
        sha256=manifest.sha256,
        is_complete=profile.seats != "active_users",
        unreadable_rows=unreadable,
        fetched_at=manifest.fetched_at.replace(tzinfo=None),
    )
    execute(connection, "user_lists/insert_listed_users", new_users, account_id=account_id, listed_on=listed_on)
    _record_stale_months(connection, account_id, listed_on)


def _record_stale_months(connection: duckdb.DuckDBPyConnection, account_id: str, listed_on: date) -> None:
    """Record that the month of a list is stale, and that of the list before, whose users it shows as gone or not."""
    before = execute(connection, "user_lists/list_before", account_id=account_id, listed_on=listed_on).fetchall()
    record_stale_days(connection, [SEATS], {day.replace(day=1) for day in (listed_on, *(day for (day,) in before))})
