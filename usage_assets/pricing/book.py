"""The price book: unit prices per provider, model and day, from `genai-prices` and the user's own prices.

Asked with 1,000 tokens, not with a day's total: a total would wrongly reach the tiers for long single requests.
Prices are multiplied with tokens in the warehouse's SQL, not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.metadata import version

from genai_prices import Usage, calc_price
from genai_prices.types import ModelPrice, PriceCalculation

from usage_assets.pricing.names import FAST, canonical_model, is_router
from usage_assets.pricing.price_overrides import PriceOverride

PROBE_TOKENS = 1_000
DECIMALS = 18

# Fast is a speed at Anthropic and a service tier at OpenAI.
FAST_REQUEST = {"speed": "fast", "service_tier": "fast"}

# Models whose maker the book does not find by the name alone.
MAKERS = {
    "chatgpt-": "openai",
    "codex-": "openai",
    "computer-use": "openai",
    "gemma-": "google",
    "glm-": "zai",
    "sonar": "perplexity",
    "text-embedding-": "openai",
}

# A cloud's price depends on the region, which a canonical name no longer says: its maker's price comes first.
PRICED_BY_REGION = ("amazon", "aws", "bedrock")


@dataclass(frozen=True)
class UnitPrices:
    """USD per token of one model on one day, with at most 18 decimals."""

    matched_model: str
    input_price: Decimal
    cached_input_price: Decimal
    cache_write_price: Decimal
    output_price: Decimal
    price_book: str
    """Where the prices stand: `genai-prices 0.2.3`, or the user's file, `prices.csv 1a2b3c4d`."""


# What was probed once, by model and by the price itself, which is kept so that its id stays its own.
_prices_of: dict[tuple[str, int], tuple[ModelPrice, UnitPrices]] = {}


class PriceBook:
    """What a token of a model costs on a day: by the user's own prices, else by `genai-prices`."""

    def __init__(self, price_overrides: Sequence[PriceOverride] = ()) -> None:
        self._own: dict[str, list[PriceOverride]] = {}
        for own in price_overrides:
            self._own.setdefault(own.model, []).append(own)
        self._found: dict[tuple[str, str, date], UnitPrices | None] = {}

    def unit_prices(self, provider: str, model: str, day: date) -> UnitPrices | None:
        """Returns the prices of `model` on `day`, None where nobody knows them.

        A model sold by another than its maker (Claude in Cursor) is priced as its maker's, unless the book
        has a price of the seller. A name that leaves the choice of model to the vendor has only own prices.
        """
        key = (provider.strip().lower(), canonical_model(model), day)
        if key not in self._found:
            self._found[key] = self._own_prices(*key) or _book_prices(*key)
        return self._found[key]

    def _own_prices(self, provider: str, name: str, day: date) -> UnitPrices | None:
        lines = [own for own in self._own.get(name, []) if own.covers(provider, day)]
        if not lines:
            return None
        own = max(lines, key=lambda line: (line.provider != "", line.start_date))
        return UnitPrices(
            own.model,
            own.input_price,
            own.cached_input_price,
            own.cache_write_price,
            own.output_price,
            own.price_book,
        )


@cache
def book_name() -> str:
    """Returns the name and version of the book, as it stands on every row priced by it."""
    return f"genai-prices {version('genai-prices')}"


def _book_prices(provider: str, name: str, day: date) -> UnitPrices | None:
    if is_router(name):
        return None
    noon = datetime.combine(day, time(12), UTC)
    found = (_prices_at(seller, name, noon) for seller in _sellers(provider, name))
    return next((prices for prices in found if prices is not None), None)


def _sellers(provider: str, name: str) -> list[str | None]:
    """Returns whom to ask for a price, in this order; None lets the book find the maker by the name."""
    makers = [maker for prefix, maker in MAKERS.items() if name.startswith(prefix)]
    if any(cloud in provider for cloud in PRICED_BY_REGION):
        return [*makers, None, provider]
    return [provider, *makers, None]


def _prices_at(seller: str | None, name: str, at: datetime) -> UnitPrices | None:
    """Returns the seller's prices; for a fast model never those of the model at its usual speed."""
    known = _probed(seller, name, at)
    usual_name = name.removesuffix(f"-{FAST}")
    usual = _probed(seller, usual_name, at) if usual_name != name else None
    if usual is None or (known and known.matched_model != usual.matched_model):
        return known
    fast = _probed(seller, usual_name, at, FAST_REQUEST)
    return None if fast is None or fast == usual else replace(fast, matched_model=f"{fast.matched_model} ({FAST})")


def _probed(seller: str | None, name: str, at: datetime, context: Mapping[str, str] | None = None) -> UnitPrices | None:
    def ask(**tokens: int) -> PriceCalculation:
        return calc_price(Usage(**tokens), name, provider_id=seller, genai_request_timestamp=at, price_context=context)

    def per_token(**tokens: int) -> Decimal:
        return round((ask(**tokens).total_price - request.total_price) / PROBE_TOKENS, DECIMALS)

    try:
        request = ask(input_tokens=0, output_tokens=0)
    except LookupError:
        return None
    price = request.model_price
    if price.input_mtok is None:
        return None  # sold by the minute, image or request: its tokens are not free, they have no price
    # On most days the book answers with the very price of the day before.
    held, prices = _prices_of.get((request.model.id, id(price)), (None, None))
    if held is not price or prices is None:
        prices = UnitPrices(
            matched_model=request.model.id,
            input_price=per_token(input_tokens=PROBE_TOKENS),
            cached_input_price=per_token(input_tokens=PROBE_TOKENS, cache_read_tokens=PROBE_TOKENS),
            cache_write_price=per_token(input_tokens=PROBE_TOKENS, cache_write_tokens=PROBE_TOKENS),
            output_price=per_token(output_tokens=PROBE_TOKENS),
            price_book=book_name(),
        )
        _prices_of[request.model.id, id(price)] = (price, prices)
    return prices
