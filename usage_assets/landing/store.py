"""The landing folder: writes each window whole or not at all, and marks the windows that changed as pending.

    windows/ACCOUNT/REPORT/START_END.json              the manifest, written last
    windows/ACCOUNT/REPORT/START_END.SHA.ndjson.zst    the rows, one per line, unchanged
    pending/ACCOUNT~REPORT~START~END                   empty: this window changed and is not derived yet
    locks/ACCOUNT.lock                                 excludes a second fetch of the account
    accounts.json, origin                              the account list; the address of the API

Opens no database and parses no row.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard

from usage_assets.integrations.windows import Window
from usage_assets.landing.manifest import (
    LandingError,
    Manifest,
    WindowKey,
    key_of_marker,
    read_manifest,
    validated_name,
)
from usage_assets.locks import file_lock

ACCOUNT_WAIT_SECONDS = 600.0
COMPRESSION_LEVEL = 1  # level 3 takes 1.5 times the CPU and makes no smaller files: 130 bytes per row against 124


@dataclass(frozen=True)
class RowFile:
    """Rows under a temporary name, to be committed with their manifest."""

    path: Path
    rows: int
    sha256: str


class Landing:
    """One landing folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def set_origin(self, base_url: str) -> None:
        """Record the API that the data comes from, and refuse any other.

        Raises:
            LandingError: The folder holds the data of another API.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        origin = self.root / "origin"
        if not origin.exists():
            _write_once(origin, base_url)
        self.check_origin(base_url)

    def check_origin(self, base_url: str) -> None:
        """Refuse an API other than the recorded API; accept any API if none is recorded.

        Raises:
            LandingError: The folder holds the data of another API.
        """
        origin = self.root / "origin"
        recorded = origin.read_text() if origin.exists() else base_url
        if recorded != base_url:
            raise LandingError(
                f"{self.root.parent} holds the data of {recorded}, and TRUTO_BASE_URL is now {base_url}: "
                "set USAGE_DATA_DIR to another folder, or set TRUTO_BASE_URL back."
            )

    def account_lock(self, account_id: str) -> AbstractContextManager[None]:
        """Exclude other fetches of `account_id`, in this process and in others."""
        path = self.root / "locks" / f"{validated_name(account_id, what='account id')}.lock"
        return file_lock(path, what=f"The landing of account {account_id}", wait_seconds=ACCOUNT_WAIT_SECONDS)

    def write_rows(self, key: WindowKey, batches: Iterable[list[msgspec.Raw]]) -> RowFile:
        """Write rows as they arrive, under a temporary name; remove the file if a batch fails."""
        folder = self._folder(key)
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".arriving-", dir=folder)
        path = Path(name)
        with ExitStack() as undo:
            undo.callback(path.unlink)
            with os.fdopen(descriptor, "wb") as file:
                rows, digest = _write_frames(file, batches)
            undo.pop_all()
        return RowFile(path, rows, digest)

    def commit(self, file: RowFile, manifest: Manifest) -> bool:
        """Commit a landed file and return whether a load is needed.

        The manifest is replaced last, so the window keeps its previous content until then. The replaced data file
        stays until the window's next fetch, because a load may still read it.
        """
        previous = self.manifest(manifest.key)
        folder = self._folder(manifest.key)
        file.path.replace(folder / manifest.data_file)
        _write_whole(self._manifest_path(manifest.key), msgspec.json.encode(manifest.following(previous)))
        changed = manifest.differs_from(previous)
        if changed:
            self._mark(manifest.key)
        if previous and previous.replaced_file and previous.replaced_file != manifest.data_file:
            (folder / previous.replaced_file).unlink(missing_ok=True)
        return changed

    def manifest(self, key: WindowKey) -> Manifest | None:
        """Return the manifest of a window, None if the window has not landed.

        Raises:
            LandingError: The manifest cannot be read.
        """
        return read_manifest(self._manifest_path(key))

    def windows(self) -> list[WindowKey]:
        """Return every window that has landed; read file names only, no manifest."""
        keys = [
            WindowKey(account_id, report, window.start, window.end)
            for account_id, report in self.reports()
            for window in map(_window_of, (self.root / "windows" / account_id / report).glob("*.json"))
        ]
        return sorted(keys)

    def held_windows(self, account_id: str, reports: Iterable[str]) -> set[Window]:
        """Return the windows of an account for which all of `reports` have landed; read file names only."""
        folder = self.root / "windows" / validated_name(account_id, what="account id")
        held_by_report = [{_window_of(path) for path in folder.glob(f"{report}/*.json")} for report in reports]
        return set.intersection(*held_by_report)

    def provisional_fetches(self, account_id: str, reports: Iterable[str]) -> dict[Window, datetime]:
        """Return the held windows of which a report is not final, each with the time of its oldest fetch, UTC.

        Raises:
            LandingError: A manifest cannot be read.
        """
        fetches = {}
        for window in self.held_windows(account_id, reports := list(reports)):
            keys = [WindowKey(account_id, report, window.start, window.end) for report in reports]
            manifests = [manifest for key in keys if (manifest := self.manifest(key)) is not None]
            if any(not manifest.is_final for manifest in manifests):
                fetches[window] = min(manifest.fetched_at for manifest in manifests)
        return fetches

    def reports(self) -> list[tuple[str, str]]:
        """Return every account and report with landed windows."""
        folder = self.root / "windows"
        return sorted((path.parent.name, path.name) for path in folder.glob("*/*") if path.is_dir())

    def data_path(self, manifest: Manifest) -> Path:
        """Return the path of the data file that `manifest` describes."""
        return self._folder(manifest.key) / manifest.data_file

    def pending(self) -> list[WindowKey]:
        """Return the windows that changed and are not derived and published yet.

        Raises:
            LandingError: The folder of markers holds another file.
        """
        folder = self.root / "pending"
        return sorted(key_of_marker(path.name) for path in folder.iterdir()) if folder.exists() else []

    def pending_since(self) -> datetime | None:
        """Return when the oldest pending window landed, None if no window is pending."""
        times = [path.stat().st_mtime for path in (self.root / "pending").glob("*")]
        return datetime.fromtimestamp(min(times), UTC) if times else None

    def forget_pending(self, keys: Iterable[WindowKey]) -> None:
        """Remove the markers of windows whose days are derived and published."""
        for key in keys:
            (self.root / "pending" / key.marker_name).unlink(missing_ok=True)

    def _mark(self, key: WindowKey) -> None:
        folder = self.root / "pending"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / key.marker_name).touch()

    def _folder(self, key: WindowKey) -> Path:
        account = validated_name(key.account_id, what="account id")
        return self.root / "windows" / account / validated_name(key.report, what="report name")

    def _manifest_path(self, key: WindowKey) -> Path:
        return self._folder(key) / f"{key.file_stem}.json"


def _window_of(manifest_path: Path) -> Window:
    start, _, end = manifest_path.stem.partition("_")
    return Window(date.fromisoformat(start), date.fromisoformat(end))


def data_file_name(key: WindowKey, sha256: str) -> str:
    """Return the name of a data file; part of the content's hash in it keeps contents in separate files."""
    return f"{key.file_stem}.{sha256[:16]}.ndjson.zst"


def _write_frames(file: BinaryIO, batches: Iterable[list[msgspec.Raw]]) -> tuple[int, str]:
    rows, digest = 0, hashlib.sha256()
    for batch in batches:
        # Each frame has its own compressor: a compressor shared between threads has written corrupt files.
        frame = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress(b"\n".join((*batch, b"")))
        digest.update(frame)
        file.write(frame)
        rows += len(batch)
    return rows, digest.hexdigest()


def _write_whole(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.arriving")
    temporary.write_bytes(content)
    temporary.replace(path)


def _write_once(path: Path, content: str) -> None:
    """Write `path` unless another process was first; readers never see a partial file."""
    descriptor, name = tempfile.mkstemp(prefix=".arriving-", dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    with suppress(FileExistsError):
        path.hardlink_to(name)
    Path(name).unlink()
