"""The landing folder: writes each window whole or not at all, and marks the windows that changed as pending.

    windows/ACCOUNT/REPORT/START_END.json              the manifest, written last
    windows/ACCOUNT/REPORT/START_END.SHA.ndjson.zst    the rows, one per line, unchanged
    pending/, provisional/                             markers, see `markers`
    quarantine/                                        files that were found damaged
    locks/ACCOUNT.lock                                 excludes a second fetch of the account
    accounts.json, origin                              the account list; the address of the API

Opens no database and parses no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from usage_assets.integrations.windows import Window
from usage_assets.landing.lines import verified_pages
from usage_assets.landing.manifest import (
    BrokenManifest,
    DamagedLandingFile,
    LandingError,
    LoadState,
    Manifest,
    WindowKey,
    read_manifest,
    validated_name,
)
from usage_assets.landing.markers import PendingMarkers, ProvisionalMarkers, pending_name
from usage_assets.landing.row_files import RowFile, write_row_file
from usage_assets.landing.whole_files import ARRIVING, sync_folder, write_once, write_whole
from usage_assets.landing.window_names import DATA_SUFFIX, landed_windows, named_windows, report_folders, strange_files
from usage_assets.locks import LockHeld, file_lock

ACCOUNT_WAIT_SECONDS = 600.0
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a fetch of which nothing is known any more."""


class Landing:
    """One landing folder; a fetch waits `account_wait_seconds` for another fetch of its account."""

    def __init__(self, root: Path, *, account_wait_seconds: float = ACCOUNT_WAIT_SECONDS) -> None:
        self.root = root
        self._account_wait_seconds = account_wait_seconds
        self._windows = root / "windows"
        self._pending = PendingMarkers(root / "pending")
        self._provisional = ProvisionalMarkers(root / "provisional")

    def set_origin(self, base_url: str) -> None:
        """Record the API that the data comes from, and refuse any other.

        Raises:
            LandingError: The folder holds the data of another API.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        origin = self.root / "origin"
        if not origin.exists():
            write_once(origin, base_url.encode())
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

    def account_lock(self, account_id: str, *, wait_seconds: float | None = None) -> AbstractContextManager[None]:
        """Exclude other fetches of `account_id`, in this process and in others."""
        wait = self._account_wait_seconds if wait_seconds is None else wait_seconds
        path = self.root / "locks" / f"{validated_name(account_id, what='account id')}.lock"
        return file_lock(path, what=f"The landing of account {account_id}", wait_seconds=wait)

    def write_rows(self, key: WindowKey, batches: Iterable[list[msgspec.Raw]]) -> RowFile:
        """Write rows as they arrive, under a temporary name; remove the file if a batch fails."""
        return write_row_file(self._folder(key), batches)

    def remove_unfinished(self, account_id: str) -> None:
        """Remove the files that a killed fetch of the account left; only under the account's lock."""
        for path in (self._windows / validated_name(account_id, what="account id")).glob(f"*/{ARRIVING}*"):
            path.unlink(missing_ok=True)

    def commit(self, file: RowFile, manifest: Manifest) -> bool:
        """Commit a landed file and return whether a load is needed.

        The markers are written before the manifest, and the manifest is replaced last, so the window keeps its
        previous content until then. A data file that is replaced stays until the window's next fetch, because a load
        may still read it.
        """
        key, folder = manifest.key, self._folder(manifest.key)
        previous = self.readable_manifest(key)
        with ExitStack() as undo:
            undo.callback(file.path.unlink, missing_ok=True)
            self._keep_provisional(key.account_id)
            file.path.replace(folder / manifest.data_file)
            undo.pop_all()
        sync_folder(folder)
        changed = manifest.differs_from(previous)
        if changed:
            self._pending.mark(key, manifest.load_state)
        if not manifest.is_final:
            self._provisional.mark(key)
        write_whole(self._manifest_path(key), msgspec.json.encode(manifest.following(previous)))
        if manifest.is_final:
            self._provisional.remove(key)
        if previous and previous.replaced_file and previous.replaced_file != manifest.data_file:
            (folder / previous.replaced_file).unlink(missing_ok=True)
        return changed

    def manifest(self, key: WindowKey) -> Manifest | None:
        """Return the manifest of a window, None if the window has not landed.

        Raises:
            BrokenManifest: The manifest cannot be read.
        """
        return read_manifest(self._manifest_path(key))

    def readable_manifest(self, key: WindowKey) -> Manifest | None:
        """Return the manifest of a window, None if the window has not landed or its manifest cannot be read."""
        try:
            return self.manifest(key)
        except BrokenManifest:
            return None

    def load_state(self, key: WindowKey) -> LoadState | None:
        """Return the load state of a window, None if nothing has landed that can be read."""
        manifest = self.readable_manifest(key)
        return manifest.load_state if manifest else None

    def windows(self) -> list[WindowKey]:
        """Return every window that has landed; read file names only, no manifest."""
        return sorted(
            WindowKey(account_id, report, window.start, window.end)
            for account_id, report in self.reports()
            for window in landed_windows(self._windows / account_id / report)
        )

    def held_windows(self, account_id: str, reports: Iterable[str]) -> set[Window]:
        """Return the windows of an account for which all of `reports` have landed; read file names only."""
        folder = self._windows / validated_name(account_id, what="account id")
        return set.intersection(*(set(landed_windows(folder / report)) for report in reports))

    def provisional_fetches(self, account_id: str, reports: Iterable[str]) -> dict[Window, datetime]:
        """Return the held windows of an account of which a report is not final, with the oldest fetch of their reports.

        Reads the manifests of the marked windows only. Where a manifest cannot be read, the fetch counts as never.
        """
        validated_name(account_id, what="account id")
        self._keep_provisional(account_id)
        names = list(reports)
        windows = {key.window for key in self._provisional.keys(account_id) if key.report in names}
        fetches = {
            window: [self._fetch(WindowKey(account_id, name, window.start, window.end)) for name in names]
            for window in windows & self.held_windows(account_id, names)
        }
        return {
            window: min(fetched_at for fetched_at, _ in of_reports)
            for window, of_reports in fetches.items()
            if not all(is_final for _, is_final in of_reports)
        }

    def reports(self) -> list[tuple[str, str]]:
        """Return every account and report with landed windows."""
        return report_folders(self._windows)

    def data_path(self, manifest: Manifest) -> Path:
        """Return the path of the data file that `manifest` describes."""
        return self._folder(manifest.key) / manifest.data_file

    def verified_pages(self, manifest: Manifest) -> Iterator[bytes]:
        """Yield the text of each page of a landed window, once the file is known to be the one that was written.

        Raises:
            DamagedLandingFile: The file is missing, or its hash or rows are not those of the manifest.
        """
        return verified_pages(self.data_path(manifest), manifest)

    def quarantine(self, key: WindowKey) -> bool:
        """Move the files of a damaged window to `quarantine/`, so that the window is missing and is fetched again.

        Returns:
            Whether they were moved: not if a fetch has replaced them by whole ones, or nothing has landed.
        """
        path = self._manifest_path(key)
        if not path.exists() or self._is_whole(key):
            return False
        manifest = self.readable_manifest(key)
        folder = self.root / "quarantine" / key.account_id / key.report
        folder.mkdir(parents=True, exist_ok=True)
        # The manifest first: from then on the window is missing.
        for source in [path, *([self.data_path(manifest)] if manifest else [])]:
            with suppress(FileNotFoundError):
                source.replace(folder / source.name)
        sync_folder(path.parent)
        return True

    def quarantined(self) -> list[Path]:
        """Return the files in `quarantine/`."""
        return sorted(path for path in (self.root / "quarantine").rglob("*") if path.is_file())

    def broken(self) -> dict[WindowKey, str]:
        """Return the windows whose manifest cannot be read, each with the reason. Reads every manifest."""
        keys = (
            WindowKey(account_id, report, window.start, window.end)
            for account_id, report in self.reports()
            for window in named_windows(self._windows / account_id / report)
        )
        return {key: reason for key in sorted(keys) if (reason := self._reason_of_break(key)) is not None}

    def strange_files(self) -> list[Path]:
        """Return what the pipeline did not write into the folders of markers and windows, and does not read."""
        return [*self._pending.strange(), *self._provisional.strange(), *strange_files(self._windows)]

    def pending(self) -> list[WindowKey]:
        """Return the windows that changed and are not derived and published yet."""
        return sorted(self._pending.by_window())

    def pending_since(self) -> datetime | None:
        """Return when the oldest pending window landed, None if no window is pending."""
        return self._pending.oldest()

    def forget_pending(self, derived: Mapping[WindowKey, LoadState | None]) -> None:
        """Remove the markers of windows whose days are derived and published.

        The marker of another state stays while a fetch of the account runs, because its manifest may still arrive.

        Args:
            derived: The load state that was derived of each window, None if nothing had landed.
        """
        others = dict[str, dict[WindowKey, list[str]]]()
        markers = self._pending.by_window()
        for key, state in derived.items():
            own = pending_name(key, state) if state else ""
            self._pending.remove(name for name in markers.get(key, []) if name == own)
            if left := [name for name in markers.get(key, []) if name != own]:
                others.setdefault(key.account_id, {})[key] = left
        for account_id, names in others.items():
            with suppress(LockHeld), self.account_lock(account_id, wait_seconds=0):
                for key, left in names.items():
                    if self.load_state(key) == derived[key]:
                        self._pending.remove(left)

    def _reason_of_break(self, key: WindowKey) -> str | None:
        try:
            self.manifest(key)
        except BrokenManifest as error:
            return str(error)
        return None

    def _fetch(self, key: WindowKey) -> tuple[datetime, bool]:
        """Return when a landed window was fetched, and whether it is final."""
        manifest = self.readable_manifest(key)
        return (manifest.fetched_at, manifest.is_final) if manifest else (NEVER, False)

    def _is_whole(self, key: WindowKey) -> bool:
        manifest = self.readable_manifest(key)
        try:
            return manifest is not None and all(True for _ in self.verified_pages(manifest))
        except DamagedLandingFile:
            return False

    def _keep_provisional(self, account_id: str) -> None:
        """Begin to keep the provisional markers of an account, from the manifests that an older version wrote."""
        if self._provisional.is_kept(account_id):
            return
        keys = (
            WindowKey(account_id, path.name, window.start, window.end)
            for path in (self._windows / account_id).glob("*")
            for window in landed_windows(path)
        )
        self._provisional.begin(account_id, [key for key in keys if not self._fetch(key)[1]])

    def _folder(self, key: WindowKey) -> Path:
        account = validated_name(key.account_id, what="account id")
        return self._windows / account / validated_name(key.report, what="report name")

    def _manifest_path(self, key: WindowKey) -> Path:
        return self._folder(key) / f"{key.file_stem}.json"


def data_file_name(key: WindowKey, sha256: str) -> str:
    """Return the name of a data file; part of the content's hash in it keeps contents in separate files."""
    return f"{key.file_stem}.{sha256[:16]}{DATA_SUFFIX}"
