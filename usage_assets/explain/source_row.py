"""The API row behind a cost row: its line in the landing file, the page it came on, the request that brought it.

Files are read once for all rows that are asked for. What a row means is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import zstandard

from usage_assets.explain.facts import SourceFacts
from usage_assets.landing.lines import FileLines, lines_of
from usage_assets.landing.manifest import LandingError, Manifest, WindowKey
from usage_assets.landing.store import Landing, data_file_name

Place = tuple[WindowKey, str]


class SourceGone(Exception):
    """The API row cannot be shown; the text says why. `is_tampering` where the file is not what was loaded."""

    def __init__(self, text: str, *, is_tampering: bool = False) -> None:
        super().__init__(text)
        self.is_tampering = is_tampering


@dataclass(frozen=True)
class SourceRow:
    """A row as it came, and where it stands; `manifest` is of the window's last fetch, which may be a newer one."""

    text: str
    file: str
    line: int
    page: int
    pages: int
    manifest: Manifest
    is_newer_waiting: bool


class SourceRows:
    """The API rows of these cost rows."""

    def __init__(self, landing: Landing, wanted: Iterable[SourceFacts]) -> None:
        self._landing = landing
        self._wanted: dict[Place, set[int]] = {}
        self._read: dict[Place, FileLines] = {}
        for facts in wanted:
            self._wanted.setdefault((facts.key, facts.sha256), set()).add(facts.file_row)

    def row(self, facts: SourceFacts) -> SourceRow:
        """Returns one of the rows this was made for.

        Raises:
            SourceGone: its file is not there any more, cannot be read, or is not what was loaded.
        """
        manifest = self._manifest(facts.key)
        named = msgspec.structs.replace(manifest, data_file=data_file_name(facts.key, facts.sha256))
        path = self._landing.data_path(named)
        name = str(path.relative_to(self._landing.root.parent))
        lines = self._lines((facts.key, facts.sha256), path, name)
        if lines.sha256 != facts.sha256:
            raise SourceGone(f"{name} is not what was loaded: its sha256 is another", is_tampering=True)
        if facts.file_row not in lines.found:
            raise SourceGone(f"{name} has no line {facts.file_row}", is_tampering=True)
        page, text = lines.found[facts.file_row]
        return SourceRow(
            text.decode("utf-8", errors="replace"), name, facts.file_row, page, lines.pages, manifest,
            is_newer_waiting=manifest.sha256 != facts.sha256,
        )  # fmt: skip

    def _manifest(self, key: WindowKey) -> Manifest:
        try:
            manifest = self._landing.manifest(key)
        except (LandingError, OSError) as error:
            raise SourceGone(str(error)) from error
        if manifest is None:
            raise SourceGone(f"nothing of account {key.account_id} lies in landing/ for {key.window} any more")
        return manifest

    def _lines(self, place: Place, path: Path, name: str) -> FileLines:
        try:
            if place not in self._read:
                with path.open("rb") as file:
                    self._read[place] = lines_of(file, self._wanted[place])
        except FileNotFoundError as error:
            raise SourceGone(f"{name} is gone: removed, or replaced by the fetches since the load") from error
        except (OSError, zstandard.ZstdError) as error:
            raise SourceGone(f"{name} cannot be read ({error})") from error
        return self._read[place]
