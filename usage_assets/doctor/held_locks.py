"""Observe the holders of a project's locks without creating or writing a lock file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from usage_assets.doctor.findings import LockHolder
from usage_assets.locks import keeping_free
from usage_assets.settings import Settings

MAX_PROCESS_LENGTH = 20


def warehouse_lock(settings: Settings) -> Path:
    """Return the lock file of the warehouse."""
    return settings.data_dir / "warehouse" / "lock"


def held_locks(settings: Settings) -> dict[str, LockHolder]:
    """Return the holder of each held lock, by what the lock protects."""
    folder = settings.landing_dir / "locks"
    protected = {warehouse_lock(settings): "the warehouse", folder / "accounts": "the account list"}
    protected |= {settings.reference_dir / "lock": "the downloaded rates and prices"}
    protected |= {path: f"the landing of account {path.stem}" for path in sorted(folder.glob("*.lock"))}
    lists = settings.users_dir / "locks"
    protected |= {path: f"the list of users of account {path.stem}" for path in sorted(lists.glob("*.lock"))}
    holders = {what: _holder(path) for path, what in protected.items()}
    return {what: holder for what, holder in holders.items() if holder is not None}


def _holder(path: Path) -> LockHolder | None:
    with kept_free(path) as holder:
        return holder


@contextmanager
def kept_free(path: Path) -> Iterator[LockHolder | None]:
    """Keep the lock file `path` free inside the block; never wait for a holder.

    A writer that needs the lock meanwhile waits until the block ends. A missing lock file is not created.

    Yields:
        The holder if the lock is held already, else None.
    """
    with keeping_free(path) as is_free:
        yield None if is_free else _holder_of(path)


def _holder_of(path: Path) -> LockHolder:
    since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open(encoding="utf-8", errors="replace") as file:
        return LockHolder(file.read(MAX_PROCESS_LENGTH).strip() or "(unknown)", since)
