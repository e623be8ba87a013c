"""Read the user's own prices: a CSV file of negotiated prices and of models that the price book lacks.

This module only reads the file; `book` picks the price of a model on a day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from usage_assets.integrations.price_context import NO_CONTEXT, context_text
from usage_assets.pricing.meters import TOKENS, count_meters, lineage_of, token_meters
from usage_assets.pricing.names import canonical_model
from usage_assets.pricing.price_context import parse_context
from usage_assets.user_files.csv_lines import Line, parse_lines

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
PRICE_CONTEXT = "price_context"
METERS = {
    "input": "input_per_million",
    "cache_read": "cached_input_per_million",
    "cache_write": "cache_write_per_million",
    "output": "output_per_million",
}
MORE_METERS = {
    **{meter: f"{meter}_per_million" for meter in token_meters() if meter not in METERS},
    **{meter: f"{meter}_per_thousand" for meter in count_meters()},
}
"""The meters that a file may have a column for, besides those that it must have."""

OPTIONAL_COLUMNS = (PRICE_CONTEXT, *MORE_METERS.values())
DECIMALS = 12
PAIRS = re.compile(r"[^\s=;]+=[^\s=;]+(;[^\s=;]+=[^\s=;]+)*")


@dataclass(frozen=True)
class PriceOverride:
    """One line of the file: the prices of a model in a price context, from `start_date` to `end_date`, both included.

    Attributes:
        provider: Stripped and in lower case; empty for every provider.
        model: The canonical name.
        price_context: The pairs of the context; empty for the standard price.
        start_date: The first day.
        end_date: The last day, None for no end.
        prices: USD per unit, by meter.
        price_book: The file's name and the first eight digits of its sha256.
    """

    provider: str
    model: str
    price_context: Mapping[str, str]
    start_date: date
    end_date: date | None
    prices: Mapping[str, Decimal]
    price_book: str

    def covers(self, provider: str, context: Mapping[str, str], day: date) -> bool:
        """Return whether the price applies to `provider` in `context` on `day`."""
        applies = self.provider in {"", provider} and self.price_context.items() <= context.items()
        return applies and self.start_date <= day and (self.end_date is None or day <= self.end_date)

    def unit_price(self, meter: str) -> Decimal | None:
        """Return USD per unit of a meter; without a price of its own, that of the nearest unit that contains it."""
        names = (unit.usage_key.removesuffix(TOKENS) for unit in lineage_of(meter)[1:])
        return next((self.prices[name] for name in (meter, *names) if name in self.prices), None)


def read_price_overrides(path: Path) -> tuple[PriceOverride, ...]:
    """Return the prices in the file, none if there is no file.

    An empty `provider` means every provider, an empty `end_date` means no end, an empty cache price means the input
    price, an empty `price_context` the standard price. A meter without a price costs what contains it costs.

    Raises:
        UserFileError: A line is invalid, or two lines have the same provider, model, price context and start date.
    """
    if not path.exists():
        return ()
    content = path.read_bytes()
    price_book = f"{path.name} {sha256(content).hexdigest()[:8]}"
    overrides: dict[tuple[str, str, str, date], PriceOverride] = {}
    for line in parse_lines(path, content, COLUMNS, optional=OPTIONAL_COLUMNS):
        override = _override(line, price_book)
        key = (override.provider, override.model, context_text(override.price_context), override.start_date)
        if key in overrides:
            line.reject("start_date", "is also in an earlier line of this provider and model: delete one of them")
        overrides[key] = override
    return tuple(overrides.values())


def _override(line: Line, price_book: str) -> PriceOverride:
    return PriceOverride(
        provider=line.values["provider"].lower(),
        model=canonical_model(line.text("model")),
        price_context=_price_context(line),
        start_date=line.day("start_date"),
        end_date=_end_date(line),
        prices=_prices(line),
        price_book=price_book,
    )


def _price_context(line: Line) -> Mapping[str, str]:
    text = line.values.get(PRICE_CONTEXT, "")
    if text in {"", NO_CONTEXT}:
        return {}
    if not PAIRS.fullmatch(text):
        line.reject(PRICE_CONTEXT, "is no price context: write key=value, several joined with a semicolon")
    pairs = dict(parse_context(text).pairs)
    if len(pairs) < len(text.split(";")):
        line.reject(PRICE_CONTEXT, "names a key twice or a factor: a factor multiplies the price of the other pairs")
    return pairs


def _prices(line: Line) -> Mapping[str, Decimal]:
    input_price = _per_unit(line, METERS["input"])
    return {
        "input": input_price,
        "cache_read": _per_unit(line, METERS["cache_read"], default=input_price),
        "cache_write": _per_unit(line, METERS["cache_write"], default=input_price),
        "output": _per_unit(line, METERS["output"]),
        **{meter: _per_unit(line, column) for meter, column in MORE_METERS.items() if line.values.get(column)},
    }


def _end_date(line: Line) -> date | None:
    if not line.values["end_date"]:
        return None
    end = line.day("end_date")
    if end < line.day("start_date"):
        line.reject("end_date", "is before start_date: write the last day of the price")
    return end


def _per_unit(line: Line, column: str, *, default: Decimal | None = None) -> Decimal:
    if default is not None and not line.values[column]:
        return default
    return line.decimal(column, decimals=DECIMALS).scaleb(-6 if column.endswith("_per_million") else -3)
