"""Locks between processes: one holder at a time, the holder's process id in the file, a bounded wait.

The operating system releases a lock when its holder dies, so a killed run never leaves one behind.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.05


class LockHeld(Exception):
    """Another process held the lock longer than we were willing to wait."""


@contextmanager
def file_lock(path: Path, *, what: str, wait_seconds: float) -> Iterator[None]:
    """Holds the lock file `path` inside the block.

    Args:
        path: the lock file; made if absent, never removed (removing it would let two holders in).
        what: what the lock protects, for the error's sentence.
        wait_seconds: how long to wait for another holder.

    Raises:
        LockHeld: it was not free within `wait_seconds`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        _take(file.fileno(), path, what, wait_seconds)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _take(descriptor: int, path: Path, what: str, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while not _taken(descriptor):
        if time.monotonic() >= deadline:
            raise LockHeld(
                f"{what} is in use by process {path.read_text() or '(unknown)'} since more than "
                f"{wait_seconds:.0f} s: wait for that run to end, or stop it, and try again."
            )
        time.sleep(POLL_SECONDS)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
