"""CSV files that users write: their lines, and the dates and numbers in them, or a sentence about what is wrong.

What the columns mean is not known here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
LARGEST = 1_000_000_000


class UserFileError(ValueError):
    """A file that the user wrote cannot be read; the text names file, line, column and value, and what to do."""


@dataclass(frozen=True)
class CsvErrors:
    """Raises the error of one file, so that every sentence about it names the file."""

    file: Path
    error: type[UserFileError]

    def refuse(self, what: str) -> NoReturn:
        """Raises the sentence `what`, after the file's name."""
        raise self.error(f"{self.file}, {what}")


@dataclass(frozen=True)
class Line:
    """One line of a file, its values trimmed."""

    errors: CsvErrors
    number: int
    values: dict[str, str]

    def refuse(self, column: str, what: str) -> NoReturn:
        """Raises a sentence that names file, line, column and value."""
        self.errors.refuse(f"line {self.number}, column {column}: {self.values[column]!r} {what}.")

    def text(self, column: str) -> str:
        """Returns a value that must not be empty."""
        if not self.values[column]:
            self.refuse(column, "is empty: fill it in or delete the line")
        return self.values[column]

    def day(self, column: str) -> date:
        """Returns a date written as 2026-01-31."""
        day = _day(self.values[column])
        if day is None:
            self.refuse(column, "is not a date: write year, month and day as 2026-01-31")
        return day

    def number_of(self, column: str, decimals: int) -> Decimal:
        """Returns a number from zero to a billion with at most so many decimals, exactly as written."""
        text = self.values[column]
        if not NUMBER.fullmatch(text):
            self.refuse(
                column, "is not a number from zero up in plain digits: write it as 1.25, without sign or commas"
            )
        if len(text.partition(".")[2]) > decimals:
            self.refuse(column, f"has more than {decimals} decimals: round it")
        if Decimal(text) > LARGEST:
            self.refuse(column, f"is more than {LARGEST}: check the unit")
        return Decimal(text)


def decoded(content: bytes, errors: CsvErrors) -> str:
    """Returns the text of a file, which must be UTF-8, with or without a byte order mark."""
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        number = content.count(b"\n", 0, wrong.start) + 1
        errors.refuse(f"line {number}: byte {wrong.start + 1} is not UTF-8, save the file as UTF-8.")


def lines(text: str, columns: Sequence[str], errors: CsvErrors) -> Iterator[Line]:
    """Yields the lines below a header that names exactly `columns`, in any order; empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, columns, errors)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _line(header, cells, reader.line_num, errors)
    except csv.Error as wrong:
        errors.refuse(f"line {reader.line_num}: not readable as CSV ({wrong}), check quotes and commas.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def _check_header(header: list[str], columns: Sequence[str], errors: CsvErrors) -> None:
    expected = ",".join(columns)
    for column in columns:
        if column not in header:
            errors.refuse(f"line 1: column {column} is missing, the header must be {expected}.")
    for column in header:
        if column not in columns or header.count(column) > 1:
            errors.refuse(f"line 1: column {column!r} is unknown or doubled, the header must be {expected}.")


def _line(header: list[str], cells: list[str], number: int, errors: CsvErrors) -> Line:
    if len(cells) != len(header):
        errors.refuse(
            f"line {number}: {len(cells)} values for {len(header)} columns, the last is {cells[-1]!r}: "
            "write one value or nothing between commas for each column."
        )
    return Line(errors, number, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
