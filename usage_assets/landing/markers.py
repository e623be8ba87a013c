"""The markers beside the landed windows: empty files, each written before the manifest it is about.

    pending/ACCOUNT~REPORT~START~END~STATE         this window changed to this load state and is not derived yet
    provisional/ACCOUNT/ACCOUNT~REPORT~START~END   the last fetch of this window did not make it final

A kill after a marker and before its manifest leaves a marker too many, which costs a needless load. No kill leaves a
marker too few. Files with other names are strange: they are ignored here, and listed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from usage_assets.landing.manifest import SAFE_NAME, LoadState, WindowKey
from usage_assets.landing.whole_files import ARRIVING, create_empty, sync_folder

SEPARATOR = "~"


def pending_name(key: WindowKey, state: LoadState) -> str:
    """Return the name of the pending marker of a window and a load state.

    The state is in the name and not in the file, so that removing a marker never removes that of a newer state.
    """
    finality = "final" if state.is_final else "open"
    return SEPARATOR.join((key.marker_name, f"{state.sha256[:16]}.{state.elapsed_days}.{finality}"))


def key_of_marker(name: str) -> WindowKey | None:
    """Return the window that a marker names, with or without a load state; None if the name is not a marker's."""
    parts = name.split(SEPARATOR)
    if len(parts) not in (4, 5) or not all(SAFE_NAME.fullmatch(part) for part in parts):
        return None
    try:
        return WindowKey(parts[0], parts[1], date.fromisoformat(parts[2]), date.fromisoformat(parts[3]))
    except ValueError:
        return None


class PendingMarkers:
    """The markers of windows that changed and are not derived and published yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def mark(self, key: WindowKey, state: LoadState) -> None:
        """Mark that a window changes to `state`."""
        create_empty(self._folder / pending_name(key, state))

    def by_window(self) -> dict[WindowKey, list[str]]:
        """Return the names of the markers of each pending window; older versions wrote one without a load state."""
        names = dict[WindowKey, list[str]]()
        for entry in _files(self._folder):
            if (key := key_of_marker(entry.name)) is not None:
                names.setdefault(key, []).append(entry.name)
        return names

    def oldest(self) -> datetime | None:
        """Return when the oldest marker was written."""
        entries = (entry for entry in _files(self._folder) if key_of_marker(entry.name) is not None)
        times = [written for entry in entries if (written := _written_at(entry)) is not None]
        return min(times, default=None)

    def remove(self, names: Iterable[str]) -> None:
        """Remove markers by name."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def strange(self) -> Iterator[Path]:
        """Yield everything in the folder that is no marker."""
        return _strange(self._folder)


class ProvisionalMarkers:
    """The markers of landed windows that the vendor may still restate, in a folder for each account."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_kept(self, account_id: str) -> bool:
        """Return whether the markers of an account are kept; a folder of an older version has none."""
        return self._of(account_id).is_dir()

    def begin(self, account_id: str, keys: Iterable[WindowKey]) -> None:
        """Begin to keep the markers of an account, with those of `keys`, all at once."""
        self._folder.mkdir(parents=True, exist_ok=True)
        arriving = Path(tempfile.mkdtemp(prefix=ARRIVING, dir=self._folder))
        for key in keys:
            (arriving / key.marker_name).touch()
        sync_folder(arriving)
        try:
            arriving.rename(self._of(account_id))
        except OSError:
            # Another process was first, and its markers are the same or newer.
            for left in arriving.iterdir():
                left.unlink()
            arriving.rmdir()
            if not self.is_kept(account_id):
                raise
        sync_folder(self._folder)

    def mark(self, key: WindowKey) -> None:
        """Mark that a window is provisional."""
        create_empty(self._of(key.account_id) / key.marker_name)

    def remove(self, key: WindowKey) -> None:
        """Remove the marker of a window that became final."""
        (self._of(key.account_id) / key.marker_name).unlink(missing_ok=True)

    def keys(self, account_id: str) -> list[WindowKey]:
        """Return the marked windows of an account."""
        keys = (key_of_marker(entry.name) for entry in _files(self._of(account_id)))
        return sorted(key for key in keys if key is not None and key.account_id == account_id)

    def strange(self) -> Iterator[Path]:
        """Yield everything among the markers that is none."""
        for path in sorted(self._folder.iterdir()) if self._folder.is_dir() else []:
            if path.is_dir() and SAFE_NAME.fullmatch(path.name):
                yield from _strange(path)
            elif not path.name.startswith(ARRIVING):
                yield path

    def _of(self, account_id: str) -> Path:
        return self._folder / account_id


def _files(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _written_at(entry: os.DirEntry[str]) -> datetime | None:
    """Return when a file was written, None if it was removed since."""
    try:
        return datetime.fromtimestamp(entry.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _strange(folder: Path) -> Iterator[Path]:
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return (path for path in paths if not path.is_file() or key_of_marker(path.name) is None)
