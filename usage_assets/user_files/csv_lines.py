"""Parse CSV files that users write: lines of text, dates and numbers, or an error that names every mistake.

The modules that read a file know the meaning of its columns.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from usage_assets.errors import WRONG_CALL, UsageAssetsError

# Stricter than `Decimal`, which also accepts "NaN", "1e3", "1_000" and the digits of other scripts.
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
LARGEST = 1_000_000_000
LONGEST_VALUE = 100
MOST_MISTAKES = 20


class UserFileError(UsageAssetsError):
    """A file that the user wrote cannot be read.

    `sentences` has one for each of the first mistakes: file, line, column and value, and what to do.
    """

    exit_code = WRONG_CALL
    is_permanent = True

    def __init__(self, *mistakes: str) -> None:
        self._sentences = mistakes
        super().__init__(" ".join(mistakes))

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence for each mistake."""
        return self._sentences


@dataclass
class Mistakes:
    """The mistakes of a file, in any order of its lines."""

    file: Path
    found: list[tuple[int, str]] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """One sentence for each mistake, in the order of the lines."""
        return [sentence for _, sentence in sorted(self.found, key=lambda mistake: mistake[0])]

    def add(self, line: int, problem: str) -> None:
        """Add a mistake of a whole line."""
        self.found.append((line, f"{self.file}, line {line}: {problem}."))

    def add_value(self, line: int, column: str, value: str, problem: str) -> None:
        """Add a mistake of one value of a line."""
        shown = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
        self.found.append((line, f"{self.file}, line {line}, column {column}: {shown!r} {problem}."))

    def raise_if_any(self) -> None:
        """Raise an error with the first mistakes and the number of the others.

        Raises:
            UserFileError: There is a mistake.
        """
        others = len(self.found) - MOST_MISTAKES
        more = [f"{self.file} has {others} more mistakes: mend the first {MOST_MISTAKES}."] if others > 0 else []
        if self.found:
            raise UserFileError(*self.sentences[:MOST_MISTAKES], *more)


@dataclass(frozen=True)
class Line:
    """One line of a file, its values stripped of surrounding blanks.

    A method that reads a value records a mistake and returns an empty value instead. `parse_lines` raises the mistakes
    after the last line, so that the user sees all of them at once and no line with a mistake is ever used.
    """

    file: Path
    number: int
    values: dict[str, str]
    mistakes: Mistakes
    wrong_columns: set[str] = field(default_factory=set)

    def reject(self, column: str, problem: str) -> None:
        """Record a mistake of a column, unless it has one already: file, line, column and value, then `problem`."""
        if column not in self.wrong_columns:
            self.wrong_columns.add(column)
            self.mistakes.add_value(self.number, column, self.values[column], problem)

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
            return date.min

    def decimal(self, column: str, *, decimals: int) -> Decimal:
        """Return a number from zero to a billion with at most `decimals` decimals, exactly as written."""
        text = self.values[column]
        if not NUMBER.fullmatch(text):
            self.reject(column, "is not a number of zero or more: write plain digits as in 1.25, without sign or comma")
            return Decimal(0)
        if len(text.partition(".")[2]) > decimals:
            self.reject(column, f"has more than {decimals} decimals: round it")
        if Decimal(text) > LARGEST:
            self.reject(column, f"is more than {LARGEST}: check the unit")
        return Decimal(text)


def parse_lines(file: Path, content: bytes, columns: Sequence[str], *, optional: Sequence[str] = ()) -> Iterator[Line]:
    """Yield the lines of `file` below a header that names its columns, in any order; skip empty lines.

    Values are separated by commas, or by semicolons if the header has no comma, as some spreadsheets write them.

    Args:
        file: The file.
        content: Its content.
        columns: The columns that the header must name.
        optional: The columns that it may name besides; a line has an empty value for one that it does not name.

    Raises:
        UserFileError: The content is not UTF-8, not CSV, or has other columns; or, after the last line, a line or one
            of its values was rejected.
    """
    mistakes = Mistakes(file)
    yield from lines_of(mistakes, content, columns, optional=optional)
    mistakes.raise_if_any()


def lines_of(
    mistakes: Mistakes, content: bytes, columns: Sequence[str], *, optional: Sequence[str] = ()
) -> Iterator[Line]:
    """Yield the lines as `parse_lines` does, but leave the mistakes of lines to the caller.

    So a caller can add the mistakes that only several lines together show, before it raises all of them.

    Raises:
        UserFileError: The content is not UTF-8 or has other columns.
    """
    text = _decode(content, mistakes)
    first_line = text.partition("\n")[0]
    delimiter = ";" if ";" in first_line and "," not in first_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(mistakes, header, columns, optional)
        absent = dict.fromkeys((name for name in optional if name not in header), "")
        for cells in reader:
            if any(cell.strip() for cell in cells) and _has_all_cells(mistakes, header, cells, reader.line_num):
                yield _line(mistakes, header, cells, absent, reader.line_num)
    except csv.Error as error:
        mistakes.add(reader.line_num, f"not readable as CSV ({error}), check quotes and commas")


def _decode(content: bytes, mistakes: Mistakes) -> str:
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mistakes.add(line, f"byte {error.start + 1} is not UTF-8, save the file as UTF-8")
        mistakes.raise_if_any()
        raise


def _check_header(mistakes: Mistakes, header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    besides = f", besides perhaps {','.join(optional)}" if optional else ""
    expected = f"the header must be {','.join(columns)}{besides}"
    for column in columns:
        if column not in header:
            mistakes.add(1, f"column {column} is missing, {expected}")
    for column in dict.fromkeys(header):
        if column not in {*columns, *optional} or header.count(column) > 1:
            mistakes.add(1, f"column {column!r} is unknown or doubled, {expected}")
    mistakes.raise_if_any()


def _has_all_cells(mistakes: Mistakes, header: Sequence[str], cells: Sequence[str], number: int) -> bool:
    if len(cells) != len(header):
        mistakes.add(
            number,
            f"{len(cells)} values for {len(header)} columns, the last is {cells[-1]!r}: write one value for each "
            "column, or nothing between two commas",
        )
    return len(cells) == len(header)


def _line(
    mistakes: Mistakes, header: Sequence[str], cells: Sequence[str], absent: Mapping[str, str], number: int
) -> Line:
    values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    return Line(mistakes.file, number, {**values, **absent}, mistakes)
