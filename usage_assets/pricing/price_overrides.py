"""The user's own prices: a CSV of negotiated prices and of models the price book does not know.

Only reads the file; which line stands for a model on a day is decided in `book`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from usage_assets.pricing.csv_lines import CsvErrors, Line, UserFileError, decoded, lines
from usage_assets.pricing.names import canonical_model

COLUMNS = (
    "provider",
    "model",
    "start_date",
    "end_date",
    "input_per_million",
    "cached_input_per_million",
    "cache_write_per_million",
    "output_per_million",
)
DECIMALS = 12


class PriceOverridesError(UserFileError):
    """The file of own prices cannot be read; the text names file, line, column and value, and what to do."""


@dataclass(frozen=True)
class PriceOverride:
    """One line of the file: what a token costs, in USD, from `start_date` to `end_date`, both included."""

    provider: str
    """Trimmed and lower-case; empty means any."""
    model: str
    """The canonical name."""
    start_date: date
    end_date: date | None
    input_price: Decimal
    cached_input_price: Decimal
    cache_write_price: Decimal
    output_price: Decimal
    price_book: str
    """File name and the first eight digits of the file's sha256."""

    def covers(self, provider: str, day: date) -> bool:
        """Says whether the line holds for `provider` on `day`."""
        return (
            self.provider in {"", provider}
            and self.start_date <= day
            and (self.end_date is None or day <= self.end_date)
        )


def read_price_overrides(path: Path) -> tuple[PriceOverride, ...]:
    """Returns the lines of the file, none if there is no such file.

    An empty `provider` means any, an empty `end_date` means open, an empty cache price means the input price.

    Raises:
        PriceOverridesError: a line cannot be understood, or two lines say different things of the same.
    """
    if not path.exists():
        return ()
    content = path.read_bytes()
    price_book = f"{path.name} {sha256(content).hexdigest()[:8]}"
    errors = CsvErrors(path, PriceOverridesError)
    prices: dict[tuple[str, str, date], PriceOverride] = {}
    for line in lines(decoded(content, errors), COLUMNS, errors):
        price = _own_price(line, price_book)
        key = (price.provider, price.model, price.start_date)
        if key in prices:
            line.refuse("start_date", "is that of an earlier line of the same provider and model: delete one of them")
        prices[key] = price
    return tuple(prices.values())


def _own_price(line: Line, price_book: str) -> PriceOverride:
    input_price = _per_token(line, "input_per_million")
    return PriceOverride(
        provider=line.values["provider"].lower(),
        model=canonical_model(line.text("model")),
        start_date=line.day("start_date"),
        end_date=_end_date(line),
        input_price=input_price,
        cached_input_price=_per_token_or(line, "cached_input_per_million", input_price),
        cache_write_price=_per_token_or(line, "cache_write_per_million", input_price),
        output_price=_per_token(line, "output_per_million"),
        price_book=price_book,
    )


def _end_date(line: Line) -> date | None:
    if not line.values["end_date"]:
        return None
    end = line.day("end_date")
    if end < line.day("start_date"):
        line.refuse("end_date", "is before start_date: it is the last day the price holds")
    return end


def _per_token(line: Line, column: str) -> Decimal:
    return line.number_of(column, DECIMALS).scaleb(-6)


def _per_token_or(line: Line, column: str, otherwise: Decimal) -> Decimal:
    return _per_token(line, column) if line.values[column] else otherwise
