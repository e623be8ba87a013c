"""Read single lines of a landing file, with the page of each line and the hash of the whole file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase

import zstandard

CHUNK = 1 << 20


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
    for text in _frames(file):
        lines.pages += 1
        after = before + text.count(b"\n")
        if here := [number for number in numbers if before < number <= after]:
            split = text.split(b"\n")
            lines.found |= {number: (lines.pages, split[number - before - 1]) for number in here}
        before = after
    file.seek(0)
    lines.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return lines


def _frames(file: BufferedIOBase) -> Iterator[bytes]:
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
