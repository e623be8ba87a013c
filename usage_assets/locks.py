"""Lock files between processes and threads: one holder, whose process id is in the file, and a bounded wait.

`filelock` takes an `flock`, which the operating system releases when the holder dies: a killed run leaves no lock
behind.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from usage_assets.errors import UsageAssetsError


class LockHeld(UsageAssetsError):
    """Another holder kept the lock for longer than the wait."""


@contextmanager
def file_lock(path: Path, *, what: str, wait_seconds: float) -> Iterator[None]:
    """Hold the lock file `path` inside the block.

    Args:
        path: The lock file. It is created if absent and never removed: two holders could each lock their own file.
        what: The protected resource, as the subject of the error message.
        wait_seconds: The longest wait for another holder.

    Raises:
        LockHeld: The lock was not free within `wait_seconds`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Each call has its own lock object, so that threads of one process exclude each other as well.
    lock = FileLock(path, thread_local=False, preserve_lock_file=True, on_acquired=_write_process_id)
    try:
        held = lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise LockHeld(
            f"{what} is in use by process {_holder(path)} and was not free within {wait_seconds:.0f} s: "
            "wait for that run to end, or stop it, and try again."
        ) from error
    with held:
        yield


@contextmanager
def keeping_free(path: Path) -> Iterator[bool]:
    """Keep the lock file `path` free inside the block; never wait for a holder and create no file.

    A holder that needs the lock meanwhile waits until the block ends.

    Yields:
        Whether the lock is free. A lock without a file is.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield True
        return
    with file:
        try:
            # A shared flock excludes the exclusive flock of filelock and needs no write permission.
            # Closing the file releases it.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _write_process_id(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def _holder(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") or "(unknown)"
