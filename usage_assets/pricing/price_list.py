"""The price lists of `genai-prices`: the one that the package brings, and newer ones in the format of its updater."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import Any, NoReturn

import genai_prices.types
from genai_prices import Usage
from genai_prices.data import providers
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.types import ModelInfo, ModelPrice, Provider, StartDateConstraint, TieredPrices
from pydantic import ValidationError

from usage_assets.pricing.meters import price_keys
from usage_assets.pricing.reference_content import BadContent, Facts

PACKAGE = "genai-prices"
PATTERNS = ("regex", "api_pattern")
PRICES = "prices"
EXTRACTORS = "extractors"
MOST_SHOWN = 80
MOST_PRICE = 1_000_000
"""USD for a unit of the list, such as a million tokens; a thousand times its highest price in 2026."""


@dataclass(frozen=True)
class PriceList:
    """The prices of all models.

    Attributes:
        name: What each price records: package and version, or day and start of the hash of a download.
        snapshot: The prices as the package holds them.
    """

    name: str
    snapshot: DataSnapshot


@cache
def bundled_price_list() -> PriceList:
    """Return the prices that the package brings."""
    return PriceList(f"{PACKAGE} {version(PACKAGE)}", DataSnapshot(providers=providers, from_auto_update=False))


def read_price_list(content: bytes, name: str) -> PriceList:
    """Return the prices in a download, after a check that no lookup in them can fail.

    Raises:
        BadContent: It is no such list, or it holds a price or a pattern that cannot be one.
    """
    listed = _providers(content)
    for provider in listed:
        for model in provider.models:
            _check_prices(provider, model)
    return PriceList(name, DataSnapshot(providers=listed, from_auto_update=True))


def price_list_facts(prices: PriceList, today: date) -> Facts:
    """Return how many models a list has, and the day of its newest price that has begun."""
    listed = [model for provider in prices.snapshot.providers for model in provider.models]
    starts = {day for model in listed for day in _start_dates(model) if day <= today}
    return Facts(max(starts, default=date.min), {"models": len(listed)})


def _providers(content: bytes) -> list[Provider]:
    # The package's updater reads its downloads by this function, which has no public name.
    read = getattr(genai_prices.types, "_providers_from_raw", None)
    if read is None:
        raise BadContent(f"{PACKAGE} {version(PACKAGE)} cannot read it")
    try:
        raw = json.loads(content, parse_float=Decimal, parse_constant=_refuse_number)
        if not isinstance(raw, list):
            raise BadContent("it is JSON of another shape: no list of providers")
        listed: list[Provider] = read(_known(raw))
    except ValidationError as error:
        raise BadContent(f"it is JSON of another shape: {_first(error)}") from error
    except (ValueError, TypeError, AssertionError, StopIteration, RecursionError) as error:
        raise BadContent(
            f"it is no JSON of a price list ({str(error)[:MOST_SHOWN] or type(error).__name__})"
        ) from error
    return listed


def _known(value: Any) -> Any:
    """Return a value of the JSON without what this package does not use: extractors, and prices of unknown units.

    Raises:
        BadContent: A pattern is not a regular expression.
    """
    if isinstance(value, list):
        return [_known(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    for key in PATTERNS:
        _check_pattern(value.get(key))
    known = {key: _known(item) for key, item in value.items() if key != EXTRACTORS}
    if isinstance(known.get(PRICES), dict):
        known[PRICES] = {key: price for key, price in known[PRICES].items() if key in price_keys()}
    return known


def _check_pattern(pattern: object) -> None:
    try:
        re.compile(pattern if isinstance(pattern, str) else "")
    except re.error as error:
        raise BadContent(f"its pattern {str(pattern)[:MOST_SHOWN]!r} is no regular expression") from error


def _check_prices(provider: Provider, model: ModelInfo) -> None:
    """Refuse a model without prices, or with a price that is negative, no number or beyond all prices."""
    where, found = f"{provider.id[:MOST_SHOWN]}, {model.id[:MOST_SHOWN]}", list(_all_prices(model))
    if not found:
        raise BadContent(f"it has no prices of {where}")
    try:
        for price in found:
            price.calc_price(Usage())
    except ValueError as error:
        raise BadContent(f"its prices of {where} cannot be used ({str(error)[:MOST_SHOWN]})") from error
    highest = max((amount for price in found for amount in _amounts(price)), default=0)
    if highest > MOST_PRICE:
        raise BadContent(f"its prices of {where} are above {MOST_PRICE:,} USD")


def _amounts(price: ModelPrice) -> Iterator[Decimal]:
    for value in vars(price).values():
        if isinstance(value, TieredPrices):
            yield from (value.base, *(tier.price for tier in value.tiers))
        elif value is not None:
            yield value


def _all_prices(model: ModelInfo) -> Iterator[ModelPrice]:
    """Yield the prices of a model at any time, and each of them changed by each variant."""
    standard = [model.prices] if isinstance(model.prices, ModelPrice) else [dated.prices for dated in model.prices]
    for price in standard:
        yield price
        for variant in model.price_variants or ():
            yield ModelPrice(**{**vars(price), **vars(variant.prices)})


def _start_dates(model: ModelInfo) -> Iterator[date]:
    dated = [] if isinstance(model.prices, ModelPrice) else model.prices
    for conditional in (*dated, *(model.price_variants or ())):
        if isinstance(conditional.constraint, StartDateConstraint):
            yield conditional.constraint.start_date


def _refuse_number(text: str) -> NoReturn:
    raise BadContent(f"it holds {text}, which is no number")


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{first['msg']} at {'.'.join(map(str, first['loc']))}"[: 2 * MOST_SHOWN]
