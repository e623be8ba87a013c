"""The folder of downloaded copies: the last good copy of rates and prices, and how the last download ended.

    reference/rates.HASH.zip, reference/prices.HASH.json    the copies
    reference/rates.manifest.json, …                        which copy is in use, since when, what the last download did

A copy is written before its manifest, and both whole, so a kill leaves the earlier copy in use. A copy that was
replaced stays until the next one, because a run may still read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from usage_assets.landing.whole_files import ARRIVING, write_whole
from usage_assets.pricing.reference_content import Facts

MANIFEST = "manifest.json"
LOCK = "lock"
SHOWN_HASH = 8


class HeldCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A downloaded copy; times are UTC.

    Attributes:
        file: The name of its file.
        sha256: The hash of its content.
        arrived_at: The first download of this content.
        fetched_at: The last download, which may have brought the same content.
        newest_day: The day of its newest rate or price.
        counts: How many currencies and days, or models, it has.
        package_version: The version of the package that accepted it.
        replaced_file: The copy before it.
    """

    file: str
    sha256: str
    arrived_at: datetime
    fetched_at: datetime
    newest_day: date
    counts: dict[str, int]
    package_version: str
    replaced_file: str | None = None

    @property
    def facts(self) -> Facts:
        """What the copy holds."""
        return Facts(self.newest_day, self.counts)

    @property
    def name(self) -> str:
        """The day on which this content arrived, and the start of its hash."""
        return f"{self.arrived_at:%Y-%m-%d} {self.sha256[:SHOWN_HASH]}"


class CopyManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The copy in use, if there is one, and the last attempt to download a newer one.

    Attributes:
        copy: The last good copy.
        attempted_at: The time of the last attempt, UTC.
        failure: Why it failed, in a sentence without full stop; None if it succeeded.
    """

    copy: HeldCopy | None = None
    attempted_at: datetime | None = None
    failure: str | None = None


class CopyFolder:
    """The folder `root` of downloaded copies."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def lock(self) -> Path:
        """The lock of whoever downloads."""
        return self.root / LOCK

    def manifest(self, source: str) -> CopyManifest:
        """Return the manifest of a source, an empty one if there is none that can be read."""
        try:
            return msgspec.json.decode((self.root / f"{source}.{MANIFEST}").read_bytes(), type=CopyManifest)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return CopyManifest()

    def usable(self, copy: HeldCopy) -> bool:
        """Return whether the file of a copy is as it was written."""
        try:
            return sha256((self.root / copy.file).read_bytes()).hexdigest() == copy.sha256
        except OSError:
            return False

    def write_copy(self, name: str, content: bytes) -> None:
        """Write the file of a copy.

        Raises:
            OSError: The disk is full or does not accept the file.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        write_whole(self.root / name, content)

    def write_manifest(self, source: str, manifest: CopyManifest) -> None:
        """Replace the manifest of a source, and remove the files of it that nothing reads any more.

        Raises:
            OSError: The disk is full or does not accept the file.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / f"{source}.{MANIFEST}"
        write_whole(path, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        kept = {path.name, *((manifest.copy.file, manifest.copy.replaced_file) if manifest.copy else ())}
        for file in self._files(source):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    def _files(self, source: str) -> Iterable[Path]:
        """Return the files of a source, and what a killed download has left; the lock keeps other downloads out."""
        return [*self.root.glob(f"{source}.*"), *self.root.glob(f"{ARRIVING}*")]
