"""Read the user's own prices: a CSV file of negotiated prices and of models that the price book lacks.

This module only reads the file; `book` picks the price of a model on a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from usage_assets.pricing.csv_lines import Line, parse_lines
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


@dataclass(frozen=True)
class PriceOverride:
    """One line of the file: USD per token of a model from `start_date` to `end_date`, both included."""

    provider: str
    """Stripped and in lower case; empty for every provider."""
    model: str
    """The canonical name."""
    start_date: date
    end_date: date | None
    input_price: Decimal
    cached_input_price: Decimal
    cache_write_price: Decimal
    output_price: Decimal
    price_book: str
    """The file's name and the first eight digits of its sha256."""

    def covers(self, provider: str, day: date) -> bool:
        """Return whether the price applies to `provider` on `day`."""
        is_of_provider = self.provider in {"", provider}
        return is_of_provider and self.start_date <= day and (self.end_date is None or day <= self.end_date)


def read_price_overrides(path: Path) -> tuple[PriceOverride, ...]:
    """Return the prices in the file, none if there is no file.

    An empty `provider` means every provider, an empty `end_date` means no end, an empty cache price means the input
    price.

    Raises:
        UserFileError: A line is invalid, or two lines have the same provider, model and start date.
    """
    if not path.exists():
        return ()
    content = path.read_bytes()
    price_book = f"{path.name} {sha256(content).hexdigest()[:8]}"
    overrides: dict[tuple[str, str, date], PriceOverride] = {}
    for line in parse_lines(path, content, COLUMNS):
        override = _override(line, price_book)
        key = (override.provider, override.model, override.start_date)
        if key in overrides:
            line.reject("start_date", "is also in an earlier line of this provider and model: delete one of them")
        overrides[key] = override
    return tuple(overrides.values())


def _override(line: Line, price_book: str) -> PriceOverride:
    input_price = _per_token(line, "input_per_million")
    return PriceOverride(
        provider=line.values["provider"].lower(),
        model=canonical_model(line.text("model")),
        start_date=line.day("start_date"),
        end_date=_end_date(line),
        input_price=input_price,
        cached_input_price=_per_token(line, "cached_input_per_million", default=input_price),
        cache_write_price=_per_token(line, "cache_write_per_million", default=input_price),
        output_price=_per_token(line, "output_per_million"),
        price_book=price_book,
    )


def _end_date(line: Line) -> date | None:
    if not line.values["end_date"]:
        return None
    end = line.day("end_date")
    if end < line.day("start_date"):
        line.reject("end_date", "is before start_date: write the last day of the price")
    return end


def _per_token(line: Line, column: str, *, default: Decimal | None = None) -> Decimal:
    if default is not None and not line.values[column]:
        return default
    return line.decimal(column, decimals=DECIMALS).scaleb(-6)
