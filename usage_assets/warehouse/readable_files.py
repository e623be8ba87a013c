"""Give DuckDB files that it can read: the landing files themselves, or copies without the lines that it cannot load.

A copy has `{}` in place of each such line, so that line numbers stay. A window of long rows becomes several copies,
because DuckDB reads up to 2,048 rows at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import zstandard

from usage_assets.landing.lines import lines_in
from usage_assets.warehouse.line_screening import BadLine, RepairedLine, screened, shown_text

LONG_ROW = 16_000
LONG_PAGE = 64_000_000
"""From this many bytes per row of a page on average, or of a page, a window is read in slices."""
SLICE_BYTES = 16_000_000

Pages = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class FileSlice:
    """A file that DuckDB reads for one window: its path, the rows of the window before it, and its own rows."""

    path: Path
    rows_before: int
    rows: int


@dataclass
class ReadableWindow:
    """What DuckDB reads for one window, and the lines that it does not read, by their number in the landing file."""

    slices: list[FileSlice] = field(default_factory=list)
    bad_lines: dict[int, BadLine] = field(default_factory=dict)
    repaired_rows: int = 0


def readable_window(
    landing_file: Path, pages: Pages, known_bad: Mapping[int, str], copies: Iterator[Path]
) -> ReadableWindow:
    """Return files for one window.

    Args:
        landing_file: The landing file.
        pages: Reads the pages of that file, from the beginning at each call.
        known_bad: The reason against further lines, by number: lines over which a statement of DuckDB failed.
        copies: Free paths for copies.
    """
    verdicts, rows, is_long = _verdicts(pages())
    for number, reason in known_bad.items():
        verdicts[number] = BadLine(reason, "")
    window = ReadableWindow()
    if not verdicts and not is_long:
        window.slices = [FileSlice(landing_file, 0, rows)]
    elif rows:
        window.slices = list(_written_slices(_replaced(pages(), verdicts, window), copies))
    else:
        window.slices = [FileSlice(landing_file, 0, 0)]
    return window


def _verdicts(pages: Iterable[bytes]) -> tuple[dict[int, BadLine | RepairedLine], int, bool]:
    """Return the lines that cannot be loaded as they are, the number of rows, and whether a page has long rows."""
    verdicts, rows, is_long = dict[int, BadLine | RepairedLine](), 0, False
    for page in pages:
        verdicts |= {rows + number: verdict for number, verdict in screened(page)}
        rows_of_page = page.count(b"\n")
        rows += rows_of_page
        is_long = is_long or len(page) > min(LONG_ROW * rows_of_page, LONG_PAGE)
    return verdicts, rows, is_long


def _replaced(
    pages: Iterable[bytes], verdicts: Mapping[int, BadLine | RepairedLine], window: ReadableWindow
) -> Iterator[bytes]:
    """Yield the lines to read; record in `window` what became of the others."""
    for number, line in enumerate(lines_in(pages), start=1):
        verdict = verdicts.get(number)
        if verdict is None:
            yield line
        elif isinstance(verdict, RepairedLine):
            window.repaired_rows += 1
            yield verdict.line
        else:
            window.bad_lines[number] = replace(verdict, text=verdict.text or shown_text(line))
            yield b"{}"


def _written_slices(lines: Iterable[bytes], copies: Iterator[Path]) -> Iterator[FileSlice]:
    rows_before, held, length = 0, list[bytes](), 0
    for line in lines:
        held.append(line)
        length += len(line)
        if length >= SLICE_BYTES:
            yield _write(held, next(copies), rows_before)
            rows_before, held, length = rows_before + len(held), [], 0
    if held:
        yield _write(held, next(copies), rows_before)


def _write(lines: list[bytes], path: Path, rows_before: int) -> FileSlice:
    path.write_bytes(zstandard.ZstdCompressor(level=1).compress(b"\n".join((*lines, b""))))
    return FileSlice(path, rows_before, len(lines))
