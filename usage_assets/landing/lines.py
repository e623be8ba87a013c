"""Read a landing file back: page by page once it is known to be whole, or single lines with the page of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path

import zstandard

from usage_assets.landing.manifest import DamagedLandingFile, Manifest

CHUNK = 1 << 20


def verified_pages(path: Path, manifest: Manifest) -> Iterator[bytes]:
    """Yield the text of each page of a landing file, in order; the hash of the file is compared before the first.

    Raises:
        DamagedLandingFile: The file is missing, or its hash or rows are not those of its manifest.
    """
    try:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != manifest.sha256:
                raise _damaged(path, manifest, "has changed")
            file.seek(0)
            rows = 0
            for text in frames(file):
                rows += text.count(b"\n")
                yield text
            if rows != manifest.rows:
                raise _damaged(path, manifest, f"has {rows} rows instead of {manifest.rows}")
    except FileNotFoundError as error:
        raise _damaged(path, manifest, "is missing") from error
    except (OSError, zstandard.ZstdError) as error:
        raise _damaged(path, manifest, f"cannot be read ({error})") from error


def lines_in(pages: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of the pages of a landing file, without their ends."""
    return (line for page in pages for line in page.removesuffix(b"\n").split(b"\n"))


def _damaged(path: Path, manifest: Manifest, what: str) -> DamagedLandingFile:
    return DamagedLandingFile(
        f"Account {manifest.account_id}: the landing file {path} of {manifest.key.window} {what} since it was written; "
        "`usage-assets sync` sets it aside and fetches that window again."
    )


@dataclass
class FileLines:
    """The requested lines of one landing file.

    Attributes:
        pages: The number of pages in the file.
        sha256: The hash of the whole file.
        found: The page and the text of each requested line that the file has, by line number.
    """

    pages: int = 0
    sha256: str = ""
    found: dict[int, tuple[int, bytes]] = field(default_factory=dict)


def lines_of(file: BufferedIOBase, wanted: Iterable[int]) -> FileLines:
    """Read a whole landing file and return the lines with the numbers `wanted`; the first line is 1.

    Raises:
        zstandard.ZstdError: The file is not a complete zstd file.
    """
    lines, before, numbers = FileLines(), 0, sorted(wanted)
    for text in frames(file):
        lines.pages += 1
        after = before + text.count(b"\n")
        if here := [number for number in numbers if before < number <= after]:
            split = text.split(b"\n")
            lines.found |= {number: (lines.pages, split[number - before - 1]) for number in here}
        before = after
    file.seek(0)
    lines.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return lines


def frames(file: BufferedIOBase) -> Iterator[bytes]:
    """Yield the decompressed frames of a file, each of which holds one page of the response."""
    rest = file.read(CHUNK)
    while rest:
        frame, parts = zstandard.ZstdDecompressor().decompressobj(), list[bytes]()
        while not frame.eof:
            if not rest:
                raise zstandard.ZstdError("its last frame is truncated")
            parts.append(frame.decompress(rest))
            rest = frame.unused_data or file.read(CHUNK)
        yield b"".join(parts)
