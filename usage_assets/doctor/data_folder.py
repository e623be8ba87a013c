"""Examine the data folder: whether it can be written to, its disk, its landing folder and the pending windows."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from usage_assets.doctor.findings import Finding, disk_finding, fail, ok, pending_finding, shown_address, warn
from usage_assets.landing.store import Landing
from usage_assets.project import Project


def data_folder_finding(folder: Path) -> Finding:
    """Return whether files can be created in the folder, or the folder can be created."""
    if (blocked := obstacle(folder)) is not None:
        unwritable = f"{folder} cannot be written to, because of {blocked}"
        return fail("data folder", f"{unwritable}: correct its permissions, or set USAGE_DATA_DIR to another folder")
    if not folder.exists():
        return ok("data folder", f"{folder} does not exist yet; the first fetch creates it")
    return ok("data folder", f"{folder} can be written to")


def obstacle(folder: Path) -> Path | None:
    """Return the existing path that keeps files from being created in `folder`, or None."""
    existing = _existing(folder)
    is_writable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    return None if is_writable else existing


def free_space_finding(folder: Path) -> Finding:
    """Return whether the disk of `folder` has enough space."""
    return disk_finding(shutil.disk_usage(_existing(folder)).free, folder)


def landing_finding(project: Project) -> Finding:
    """Return the origin of the landing folder's data: the API's address.

    Raises:
        LandingError: The folder belongs to another API, or its account list cannot be read.
    """
    base_url = project.settings.base_url
    # The client rejects an address with secrets, so it is never recorded; an error message must not show it either.
    if shown_address(base_url) != base_url:
        return warn("landing", "was not compared with TRUTO_BASE_URL, which cannot be used: see the line of the API")
    project.landing.check_origin(base_url)
    project.account_list.stored()
    has_landed = (project.landing.root / "origin").exists()
    return ok("landing", f"its data comes from {base_url}" if has_landed else "nothing has landed yet")


def pending_window_finding(landing: Landing, now: datetime) -> Finding:
    """Return how many landed windows wait to be derived."""
    return pending_finding(len(landing.pending()), landing.pending_since(), now)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
