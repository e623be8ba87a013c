"""Reads a landing file back: some of its lines, the page each came on, and the hash of the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase

import zstandard

CHUNK = 1 << 20


@dataclass
class FileLines:
    """The lines asked for of one landing file, each with its page, and what the whole file is."""

    pages: int = 0
    sha256: str = ""
    found: dict[int, tuple[int, bytes]] = field(default_factory=dict)


def lines_of(file: BufferedIOBase, wanted: Iterable[int]) -> FileLines:
    """Reads a whole landing file and returns the lines with these numbers; the first line is 1."""
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
    """The frames of a file one by one: each holds one page of the answer."""
    rest = file.read(CHUNK)
    while rest:
        frame, parts = zstandard.ZstdDecompressor().decompressobj(), list[bytes]()
        while not frame.eof:
            if not rest:
                raise zstandard.ZstdError("its last frame is cut short")
            parts.append(frame.decompress(rest))
            rest = frame.unused_data or file.read(CHUNK)
        yield b"".join(parts)
