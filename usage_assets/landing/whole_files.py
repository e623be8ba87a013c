"""Write files so that a kill or a power cut leaves each of them whole, or as it was before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from usage_assets.landing.manifest import LandingUnwritable

ARRIVING = ".arriving-"
"""The beginning of the name of a file that is still being written."""


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by a file with `content`, on disk when this returns; a failure leaves no partial file.

    Raises:
        OSError: The disk is full or does not accept the file.
    """
    temporary = write_beside(path, content)
    with ExitStack() as undo:
        undo.callback(temporary.unlink, missing_ok=True)
        temporary.replace(path)
        undo.pop_all()
    sync_folder(path.parent)


def write_once(path: Path, content: bytes) -> None:
    """Write `path` unless another process was first; readers never see a partial file."""
    temporary = write_beside(path, content)
    try:
        with suppress(FileExistsError):
            path.hardlink_to(temporary)
    finally:
        temporary.unlink()
    sync_folder(path.parent)


def write_beside(path: Path, content: bytes) -> Path:
    """Write `content` to a file with a temporary name in the folder of `path`; return the temporary file."""
    descriptor, name = tempfile.mkstemp(prefix=ARRIVING, dir=path.parent)
    with ExitStack() as undo:
        undo.callback(os.unlink, name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        undo.pop_all()
    return Path(name)


def create_empty(path: Path) -> None:
    """Create an empty file, with its folder; on disk when this returns. Nothing happens if it exists."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Write the names in `folder` to disk, so that a power cut does not undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(root: Path, account_id: str, what: str) -> Iterator[None]:
    """Translate a failure of the disk in the block.

    Raises:
        LandingUnwritable: The disk is full, or does not accept a file for another reason.
    """
    try:
        yield
    except OSError as error:
        raise LandingUnwritable(
            f"Account {account_id}: {what} could not be written to {root} ({error.strerror or error}): make "
            "room on that disk, or correct the folder's permissions; the next sync fetches what is missing."
        ) from error
