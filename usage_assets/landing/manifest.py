"""The manifest beside each landing file: the request, the time of the fetch, and the content of the response.

Pure data and its JSON form, with the rules for names in keys.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import msgspec

from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.windows import Window

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class LandingError(UsageAssetsError):
    """A landing file or name cannot be used; the text names it and says what to do."""

    is_permanent = True


class BrokenManifest(LandingError):
    """The manifest of a window cannot be read, so nothing is known of what landed."""


class DamagedLandingFile(LandingError):
    """The data file of a window is not the file that its manifest describes."""


class LandingUnwritable(LandingError):
    """The disk does not accept a landing file: it is full, or a folder's permissions are wrong."""

    is_permanent = False


class WindowKey(msgspec.Struct, frozen=True, order=True):
    """The key of a landing file: account, report and request window, whose end is exclusive."""

    account_id: str
    report: str
    window_start: date
    window_end: date

    @property
    def window(self) -> Window:
        """The request window."""
        return Window(self.window_start, self.window_end)

    @property
    def file_stem(self) -> str:
        """The part of its file names that names the window."""
        return f"{self.window_start}_{self.window_end}"

    @property
    def marker_name(self) -> str:
        """The name of its marker, before the load state that a pending marker adds."""
        return f"{self.account_id}~{self.report}~{self.window_start}~{self.window_end}"


class LoadState(msgspec.Struct, frozen=True):
    """The facts that decide whether a window must be loaded again: its content, its finality, its elapsed days."""

    sha256: str
    is_final: bool
    elapsed_days: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The description of one landed window.

    Attributes:
        fetched_at: The time of the fetch (UTC); `elapsed_days` and `is_final` are as of then.
        replaced_file: The previous data file, kept until the next fetch. Its name is stored because a search among
            the files of all windows would take longer with each day of history.
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
        """The window that the manifest describes."""
        return WindowKey(self.account_id, self.report, self.window_start, self.window_end)

    @property
    def load_state(self) -> LoadState:
        """The part of the manifest that a load depends on."""
        return LoadState(self.sha256, self.is_final, self.elapsed_days)

    def following(self, previous: Manifest | None) -> Manifest:
        """Return this manifest with the data file of `previous` as the replaced file."""
        replaced = previous.data_file if previous and previous.data_file != self.data_file else None
        return msgspec.structs.replace(self, replaced_file=replaced)

    def differs_from(self, previous: Manifest | None) -> bool:
        """Return whether loading this manifest would change the tables that `previous` was loaded into."""
        return previous is None or self.load_state != previous.load_state


def validated_name(name: str, *, what: str) -> str:
    """Return `name` if it is safe as a partition key and a file name.

    Raises:
        LandingError: It holds a character with a special meaning in keys or paths (`|`, `~`, `/` …).
    """
    if SAFE_NAME.fullmatch(name) is None:
        raise LandingError(
            f"The {what} {name!r} cannot be used as a file name and is left out: "
            "up to 128 letters, digits, '.', '_' and '-' are allowed, with a letter or digit first."
        )
    return name


def read_manifest(path: Path) -> Manifest | None:
    """Return the manifest at `path`, None if there is no file.

    Raises:
        BrokenManifest: The file is not a manifest.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenManifest(
            f"The manifest {path} cannot be read ({error}): the next fetch of that window replaces it; "
            "fetch it with `usage-assets sync --from --to` over its days."
        ) from error
