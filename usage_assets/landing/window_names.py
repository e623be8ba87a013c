"""The names in `windows/`: which windows have landed, by file names alone, and what does not belong there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from usage_assets.integrations.windows import Window
from usage_assets.landing.manifest import SAFE_NAME
from usage_assets.landing.whole_files import ARRIVING

DATA_SUFFIX = ".ndjson.zst"
MANIFEST = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)\.json")
DATA_FILE = re.compile(rf"\d{{4}}-\d\d-\d\d_\d{{4}}-\d\d-\d\d\.[0-9a-f]{{16}}{re.escape(DATA_SUFFIX)}")


def report_folders(windows: Path) -> list[tuple[str, str]]:
    """Return every account and report that has a folder, sorted."""
    folders = (path for path in windows.glob("*/*") if path.is_dir())
    names = ((path.parent.name, path.name) for path in folders)
    return sorted(pair for pair in names if all(map(SAFE_NAME.fullmatch, pair)))


def landed_windows(folder: Path) -> Iterator[Window]:
    """Yield the windows in the folder of a report. A window whose manifest is empty has not landed."""
    return (window for window, size in _manifests(folder) if size)


def named_windows(folder: Path) -> Iterator[Window]:
    """Yield the windows in the folder of a report, also those whose manifest is empty."""
    return (window for window, _ in _manifests(folder))


def strange_files(windows: Path) -> Iterator[Path]:
    """Yield everything below `windows/` that is no folder of a report, no manifest and no data file."""
    for account in _sorted(windows):
        if not _is_named_folder(account):
            yield account
            continue
        for report in _sorted(account):
            if _is_named_folder(report):
                yield from (path for path in _sorted(report) if not _is_ours(path))
            else:
                yield report


def _manifests(folder: Path) -> Iterator[tuple[Window, int]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                window = _window_of(entry.name)
                if window is not None and entry.is_file():
                    yield window, entry.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return


def _window_of(name: str) -> Window | None:
    """Return the window that the name of a manifest gives, None if it is no manifest's name."""
    matched = MANIFEST.fullmatch(name)
    try:
        return Window(*map(date.fromisoformat, matched.groups())) if matched else None
    except ValueError:
        return None


def _sorted(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_named_folder(path: Path) -> bool:
    return path.is_dir() and SAFE_NAME.fullmatch(path.name) is not None


def _is_ours(path: Path) -> bool:
    is_named = _window_of(path.name) is not None or DATA_FILE.fullmatch(path.name) is not None
    return path.is_file() and (is_named or path.name.startswith(ARRIVING))
