"""The manifest beside each landing file: what was asked, when, and what came. Pure data and its text form."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import msgspec

from usage_assets.integrations.windows import Window

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class LandingError(Exception):
    """A landing file or name cannot be used; the text says which and what to do."""


class WindowKey(msgspec.Struct, frozen=True, order=True):
    """The key of everything fetched: account, report, window (its end is exclusive)."""

    account_id: str
    report: str
    window_start: date
    window_end: date

    @property
    def window(self) -> Window:
        """The days it covers."""
        return Window(self.window_start, self.window_end)

    @property
    def file_stem(self) -> str:
        """The part of its file names that names the window."""
        return f"{self.window_start}_{self.window_end}"

    @property
    def marker_name(self) -> str:
        """The name of its empty marker among the pending windows."""
        return f"{self.account_id}~{self.report}~{self.window_start}~{self.window_end}"


class LoadState(msgspec.Struct, frozen=True):
    """What decides whether a window must be loaded again: its content, its finality, its elapsed days."""

    sha256: str
    is_final: bool
    elapsed_days: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What landed for one window. `elapsed_days` and `is_final` are as of `fetched_at` (UTC).

    `replaced_file` is the data file before this one, which stays until the next fetch: looking for it among the files
    of all windows would take longer with each day of history.
    """

    account_id: str
    integration: str
    report: str
    window_start: date
    window_end: date
    request: str
    pages: int
    rows: int
    sha256: str
    data_file: str
    fetched_at: datetime
    elapsed_days: int
    is_final: bool
    replaced_file: str | None = None

    @property
    def key(self) -> WindowKey:
        """The window this is the manifest of."""
        return WindowKey(self.account_id, self.report, self.window_start, self.window_end)

    @property
    def load_state(self) -> LoadState:
        """The part of the manifest that a load depends on."""
        return LoadState(self.sha256, self.is_final, self.elapsed_days)

    def following(self, held: Manifest | None) -> Manifest:
        """Returns this manifest as the successor of `held`."""
        replaced = held.data_file if held and held.data_file != self.data_file else None
        return msgspec.structs.replace(self, replaced_file=replaced)

    def differs_from(self, previous: Manifest | None) -> bool:
        """Return whether loading this manifest would change the tables that `previous` was loaded into."""
        return previous is None or self.load_state != previous.load_state


def validated_name(name: str, *, what: str) -> str:
    """Returns `name` if it can stand in partition keys and file names.

    Raises:
        LandingError: it holds a character with a meaning there (`|`, `~`, `/` …).
    """
    if SAFE_NAME.fullmatch(name) is None:
        raise LandingError(
            f"The {what} {name!r} cannot be used as a partition key or file name: "
            "only letters, digits, '.', '_' and '-' can stand there; it is left out."
        )
    return name


def key_of_marker(name: str) -> WindowKey:
    """Reads a marker's name back into its window.

    Raises:
        LandingError: the name is none that we write.
    """
    try:
        account_id, report, start, end = name.split("~")
        return WindowKey(account_id, report, date.fromisoformat(start), date.fromisoformat(end))
    except ValueError as error:
        raise LandingError(f"The pending marker {name!r} names no window: remove that file.") from error


def read_manifest(path: Path) -> Manifest | None:
    """Returns the manifest at `path`, None where there is none.

    Raises:
        LandingError: the file is not a manifest.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise LandingError(
            f"The manifest {path} cannot be read ({error}): remove it and fetch that window again."
        ) from error
