"""Parse CSV files that users write: lines of text, dates and numbers, or an error with file, line, column and value.

The modules that read a file know the meaning of its columns.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import msgspec

from usage_assets.errors import WRONG_CALL, UsageAssetsError

# Stricter than `Decimal`, which also accepts "NaN", "1e3", "1_000" and the digits of other scripts.
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
LARGEST = 1_000_000_000


class UserFileError(UsageAssetsError):
    """A file that the user wrote cannot be read; the text names file, line, column and value, and what to do."""

    exit_code = WRONG_CALL
    is_permanent = True


@dataclass(frozen=True)
class Line:
    """One line of a file, its values stripped of surrounding blanks."""

    file: Path
    number: int
    values: dict[str, str]

    def reject(self, column: str, problem: str) -> NoReturn:
        """Raise an error that names file, line, column and value, followed by `problem`."""
        place = f"{self.file}, line {self.number}, column {column}"
        raise UserFileError(f"{place}: {self.values[column]!r} {problem}.")

    def text(self, column: str) -> str:
        """Return a value that must not be empty."""
        if not self.values[column]:
            self.reject(column, "is empty: fill it in or delete the line")
        return self.values[column]

    def day(self, column: str) -> date:
        """Return a date, written as 2026-01-31."""
        try:
            return msgspec.convert(self.values[column], date)
        except msgspec.ValidationError:
            self.reject(column, "is not a date: write year, month and day as 2026-01-31")

    def decimal(self, column: str, *, decimals: int) -> Decimal:
        """Return a number from zero to a billion with at most `decimals` decimals, exactly as written."""
        text = self.values[column]
        if not NUMBER.fullmatch(text):
            self.reject(column, "is not a number of zero or more: write plain digits as in 1.25, without sign or comma")
        if len(text.partition(".")[2]) > decimals:
            self.reject(column, f"has more than {decimals} decimals: round it")
        if Decimal(text) > LARGEST:
            self.reject(column, f"is more than {LARGEST}: check the unit")
        return Decimal(text)


def parse_lines(file: Path, content: bytes, columns: Sequence[str], *, optional: Sequence[str] = ()) -> Iterator[Line]:
    """Yield the lines of `file` below a header that names its columns, in any order; skip empty lines.

    Args:
        file: The file.
        content: Its content.
        columns: The columns that the header must name.
        optional: The columns that it may name besides; a line has an empty value for one that it does not name.

    Raises:
        UserFileError: The content is not UTF-8, not CSV, or has other columns.
    """
    reader = csv.reader(io.StringIO(_decode(file, content), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(file, header, columns, optional)
        absent = dict.fromkeys((name for name in optional if name not in header), "")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _line(file, header, cells, absent, reader.line_num)
    except csv.Error as error:
        raise _error(file, reader.line_num, f"not readable as CSV ({error}), check quotes and commas") from error


def _error(file: Path, line: int, problem: str) -> UserFileError:
    return UserFileError(f"{file}, line {line}: {problem}.")


def _decode(file: Path, content: bytes) -> str:
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _error(file, line, f"byte {error.start + 1} is not UTF-8, save the file as UTF-8") from error


def _check_header(file: Path, header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    besides = f", besides perhaps {','.join(optional)}" if optional else ""
    expected = f"the header must be {','.join(columns)}{besides}"
    for column in columns:
        if column not in header:
            raise _error(file, 1, f"column {column} is missing, {expected}")
    for column in header:
        if column not in {*columns, *optional} or header.count(column) > 1:
            raise _error(file, 1, f"column {column!r} is unknown or doubled, {expected}")


def _line(file: Path, header: Sequence[str], cells: Sequence[str], absent: Mapping[str, str], number: int) -> Line:
    if len(cells) != len(header):
        raise _error(
            file,
            number,
            f"{len(cells)} values for {len(header)} columns, the last is {cells[-1]!r}: write one value for each "
            "column, or nothing between two commas",
        )
    values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    return Line(file, number, {**values, **absent})
