"""Look at the files in a landing folder, for tests."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import zstandard

from usage_assets.landing.manifest import Manifest, WindowKey, read_manifest
from usage_assets.landing.store import Landing


def names(folder: Path) -> set[str]:
    """Return the path of every file below `folder`, relative to it, without locks."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(file) for file in files if file.parts[0] != "locks"}


def lines_of(path: Path) -> list[bytes]:
    """Return the rows in a data file, read by zstandard alone."""
    with path.open("rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read().splitlines()


def lines(landing: Landing, key: WindowKey) -> list[bytes]:
    """Return the rows of the data file that the manifest of `key` names."""
    return lines_of(landing.data_path(manifest_of(landing, key)))


def ids(landing: Landing, key: WindowKey) -> list[int]:
    """Return the ids of the rows of `key`."""
    return [msgspec.json.decode(line)["id"] for line in lines(landing, key)]


def manifest_of(landing: Landing, key: WindowKey) -> Manifest:
    """Return the manifest of `key`, which must have landed."""
    manifest = landing.manifest(key)
    assert manifest is not None
    return manifest


def manifests(landing: Landing, account_id: str) -> Iterator[Manifest]:
    """Yield the manifests of an account, by report and window."""
    for path in sorted(landing.root.glob(f"windows/{account_id}/*/*.json")):
        manifest = read_manifest(path)
        assert manifest is not None
        yield manifest
