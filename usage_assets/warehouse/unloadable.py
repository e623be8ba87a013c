"""Find by halving what a load fails over: the windows of a failed batch, then the rows of each of these windows.

Trials load into a database in memory, so a failure harms nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache, reduce
from operator import or_
from typing import TypeVar

import duckdb

from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import Profiles
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.truto.display_text import truncate
from usage_assets.warehouse.connection import MEMORY_LIMIT
from usage_assets.warehouse.load_batch import BatchFailed, Unloadable, load_batch
from usage_assets.warehouse.schema import create_schema
from usage_assets.warehouse.statements import create_macros

MOST_ROWS = 20
LONGEST_REASON = 300
NOW = datetime(2000, 1, 1, tzinfo=UTC)

UNUSABLE = (duckdb.InternalError, duckdb.OutOfMemoryException)
"""Errors after which a database may not be used any more."""

Part = TypeVar("Part")


def find_unloadable(
    landing: Landing,
    profiles: Profiles,
    manifests: Sequence[Manifest],
    known: Unloadable,
    error: BaseException | None,
) -> Unloadable:
    """Return what the load of a batch fails over.

    Args:
        landing: The landing folder.
        profiles: The rules for reading rows.
        manifests: The windows of the failed batch.
        known: What earlier attempts failed over.
        error: The error of the step.

    Raises:
        LoadFailed: The windows can be loaded, alone and together, so the error has another reason.
    """
    with ExitStack() as stack:
        trial = _Trial(landing, profiles, known, stack)
        windows = failing_parts(manifests, lambda some: trial.error_of(some) is not None, most=len(manifests)) or []
        found = reduce(or_, map(trial.examine, windows), Unloadable())
    if not windows:
        accounts = ", ".join(sorted({manifest.account_id for manifest in manifests}))
        raise LoadFailed(
            f"The load of {len(manifests)} windows of account {truncate(accounts, LONGEST_REASON)} failed "
            f"({reason_of(error)}), although they can be loaded into an empty database: free memory and disk, then "
            "run `usage-assets sync` again; if that does not help, run `usage-assets rebuild`."
        ) from error
    return found


def failing_parts(parts: Sequence[Part], fails: Callable[[Sequence[Part]], bool], *, most: int) -> list[Part] | None:
    """Return the single parts that fail by themselves; an empty list if none does, None if more than `most` do."""
    if not parts or not fails(parts):
        return []
    if len(parts) == 1:
        return list(parts)
    found = list[Part]()
    for half in (parts[: len(parts) // 2], parts[len(parts) // 2 :]):
        failing = failing_parts(half, fails, most=most)
        if failing is None or len(found) + len(failing) > most:
            return None
        found += failing
    return found


class LoadFailed(UsageAssetsError):
    """The load failed, and not over single rows or windows."""


class _Trial:
    """Loads windows into a database in memory to see whether that fails; `stack` closes the databases."""

    def __init__(self, landing: Landing, profiles: Profiles, known: Unloadable, stack: ExitStack) -> None:
        self._landing = landing
        self._profiles = profiles
        self._known = known
        self._stack = stack
        self._open = cache(lambda: stack.enter_context(_empty_database()))

    def examine(self, manifest: Manifest) -> Unloadable:
        """Return the rows that the load of a window fails over, else the window itself."""
        key, known = manifest.key, dict(self._known.rows.get(manifest.key, {}))
        numbers = [number for number in range(1, manifest.rows + 1) if number not in known]
        rows = failing_parts(numbers, lambda some: self._error_of_rows(manifest, some) is not None, most=MOST_ROWS)
        reasons = known | {number: self._error_of_rows(manifest, [number]) or "" for number in rows or []}
        if rows and self.error_of([manifest], {key: reasons}) is None:
            return Unloadable(rows={key: reasons})
        return Unloadable(windows={key: self.error_of([manifest]) or "its rows cannot be loaded together"})

    def _error_of_rows(self, manifest: Manifest, numbers: Sequence[int]) -> str | None:
        tried = set(numbers)
        others = {number: "" for number in range(1, manifest.rows + 1) if number not in tried}
        return self.error_of([manifest], {manifest.key: others})

    def error_of(
        self, manifests: Sequence[Manifest], rows: Mapping[WindowKey, Mapping[int, str]] | None = None
    ) -> str | None:
        """Return the error of loading these windows without these rows, None if there is none."""
        unloadable = self._known | Unloadable(rows=rows or {})
        profile = self._profiles.of(manifests[0].integration)
        connection = self._open()
        connection.execute("begin")
        try:
            load_batch(connection, self._landing, profile, manifests, unloadable, NOW)
        except BatchFailed as failure:
            if isinstance(failure.__cause__, UNUSABLE):
                self._stack.close()
                self._open.cache_clear()
            else:
                connection.execute("rollback")
            return reason_of(failure.__cause__)
        connection.execute("rollback")
        return None


@contextmanager
def _empty_database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set memory_limit = ?", [MEMORY_LIMIT])
        create_schema(connection)
        create_macros(connection)
        yield connection


def reason_of(error: BaseException | None) -> str:
    """Return the sentence of a failed step, on one line."""
    return truncate(f"it cannot be read: {error}", LONGEST_REASON)
