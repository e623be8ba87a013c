"""What lies in a landing folder, for a test to look at."""

from pathlib import Path

import zstandard

from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing


def names(folder: Path) -> set[str]:
    """Every file below `folder`, by its path in it, locks left out."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(file) for file in files if file.parts[0] != "locks"}


def lines_of(path: Path) -> list[bytes]:
    """The rows in a data file, as any reader of zstd sees them."""
    with path.open("rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read().splitlines()


def lines(landing: Landing, key: WindowKey) -> list[bytes]:
    """The rows that the manifest of `key` points at."""
    manifest = landing.manifest(key)
    assert manifest is not None
    return lines_of(landing.data_path(manifest))
