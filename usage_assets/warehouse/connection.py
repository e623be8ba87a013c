"""Open the warehouse: lock, connection, schema version, macros and one transaction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path

import duckdb

from usage_assets.landing.whole_files import sync_folder
from usage_assets.locks import file_lock
from usage_assets.warehouse.errors import NothingLoaded, WarehouseUnreadable
from usage_assets.warehouse.statements import create_macros
from usage_assets.warehouse.versions import WAY_OUT, explaining_missing_parts, held_version, is_current, upgrade

LOCK_WAIT_SECONDS = 900.0
READING_WAIT_SECONDS = 20.0
# Above this limit, DuckDB moves temporary tables to disk, to `usage.duckdb.tmp` beside the file. One batch of a load
# fits in it, so memory grows neither with the rows of a day nor with the history.
MEMORY_LIMIT = "600MB"

CONFLICT = "Could not set lock on file"

Connect = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
Create = Callable[[Path], None]


def create_file(path: Path) -> None:
    """Create a file with all tables at `path`."""
    with closing(duckdb.connect(str(path))) as connection:
        upgrade(connection, path)
        connection.execute("checkpoint")


class Warehouse:
    """The DuckDB file at `path`, created by `create`, opened by `connect` and guarded by a lock beside it."""

    def __init__(self, path: Path, connect: Connect | None = None, create: Create = create_file) -> None:
        self.path = path
        self._connect = connect or (lambda: duckdb.connect(str(path)))
        self._create = create

    def exists(self) -> bool:
        """Return whether there is a file with content."""
        return self.path.exists() and self.path.stat().st_size > 0

    @contextmanager
    def transaction(self, *, wait_seconds: float = LOCK_WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection in a transaction, which commits unless the block raises.

        Raises:
            LockHeld: Another process wrote for longer than `wait_seconds`.
            WarehouseUnreadable: Another program holds the file without the lock, or it is no DuckDB file.
            NewerWarehouse: A newer program wrote the file.
            IncompleteWarehouse: The file lacks a table or column that its version has.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock(wait_seconds), self._open_or_create() as connection:
            try:
                connection.execute("set TimeZone = 'UTC'")
                connection.execute("set memory_limit = ?", [MEMORY_LIMIT])
                upgrade(connection, self.path)
                connection.execute("begin")
                create_macros(connection)
                with explaining_missing_parts(connection, self.path):
                    yield connection
                connection.execute("commit")
            finally:
                # Closing rolls back an open transaction, and frees the file even if a traceback keeps the connection.
                connection.close()

    @contextmanager
    def reading(self, *, wait_seconds: float = READING_WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a read-only connection, which can create temporary tables.

        A file of an older program is upgraded first.

        Raises:
            NothingLoaded: The file does not exist, or is empty, or has no tables.
            LockHeld: Another process wrote for longer than `wait_seconds`.
            WarehouseUnreadable: Another program holds the file without the lock, or it is no DuckDB file.
            NewerWarehouse: A newer program wrote the file.
            IncompleteWarehouse: The file lacks a table or column that its version has.
        """
        if not self.exists():
            raise _nothing_loaded(self.path)
        with self._lock(wait_seconds), closing(self._open_current()) as connection:
            connection.execute("set TimeZone = 'UTC'")
            create_macros(connection)
            with explaining_missing_parts(connection, self.path):
                yield connection

    def set_aside(self, *, wait_seconds: float = LOCK_WAIT_SECONDS) -> Path:
        """Move the file away, so that the next load fills a new one from every landed window.

        Returns:
            The file's new path, `usage.duckdb.1` or the next free number.

        Raises:
            NothingLoaded: The file does not exist.
            LockHeld: Another process wrote for longer than `wait_seconds`.
        """
        with self._lock(wait_seconds):
            if not self.path.exists():
                raise _nothing_loaded(self.path)
            numbered = (self.path.with_name(f"{self.path.name}.{number}") for number in count(1))
            kept = next(path for path in numbered if not path.exists())
            log = self.path.with_name(f"{self.path.name}.wal")
            if log.exists():
                log.rename(kept.with_name(f"{kept.name}.wal"))
            return self.path.rename(kept)

    @contextmanager
    def _open_or_create(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self.exists():
            self._place_new_file()
        with self._open() as connection:
            yield connection

    def _place_new_file(self) -> None:
        """Create the file under another name and move it: a kill leaves no file, or one with all tables."""
        arriving = self.path.with_name(f".{self.path.name}.arriving")
        for leftover in (arriving, *(path.with_name(f"{path.name}.wal") for path in (arriving, self.path))):
            leftover.unlink(missing_ok=True)
        self._create(arriving)
        with arriving.open("rb") as file:
            os.fsync(file.fileno())
        arriving.replace(self.path)
        sync_folder(self.path.parent)

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with ExitStack() as stack:
            with _readable(self.path):
                connection = stack.enter_context(self._connect())
            yield connection

    def _open_current(self) -> duckdb.DuckDBPyConnection:
        """Open the file for reading; upgrade it first if an older program wrote it."""
        connection = _open_read_only(self.path)
        held = held_version(connection)
        if is_current(held):
            return connection
        connection.close()
        if held is None:
            raise _nothing_loaded(self.path)
        with self._open() as writing:
            upgrade(writing, self.path)
        return _open_read_only(self.path)

    def _lock(self, wait_seconds: float) -> AbstractContextManager[None]:
        lock = self.path.parent / "warehouse" / "lock"
        return file_lock(lock, what=f"The warehouse {self.path}", wait_seconds=wait_seconds)


def _open_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    with _readable(path):
        return duckdb.connect(str(path), read_only=True)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        remedy = "close that program" if CONFLICT in str(error) else WAY_OUT
        reason = str(error).splitlines()[0]
        raise WarehouseUnreadable(f"The warehouse {path} cannot be opened ({reason}): {remedy}.") from error


def _nothing_loaded(path: Path) -> NothingLoaded:
    return NothingLoaded(f"{path} holds no usage yet: run `usage-assets sync` first.")
