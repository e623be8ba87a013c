"""The price book: unit prices per provider, model and day, from `genai-prices` and from the user's own price file.

Each unit price is computed for a request of 1,000 tokens. A day's total would fall into the price tiers that vendors
apply to one long request. The warehouse's SQL multiplies the prices by the tokens.
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

# "Fast" is a speed at Anthropic and a service tier at OpenAI.
FAST_REQUEST = {"speed": "fast", "service_tier": "fast"}

# Models whose maker `genai-prices` cannot find by the model's name alone.
MAKERS = {
    "chatgpt-": "openai",
    "codex-": "openai",
    "computer-use": "openai",
    "gemma-": "google",
    "glm-": "zai",
    "sonar": "perplexity",
    "text-embedding-": "openai",
}

# A cloud's price depends on the region, which a canonical name does not hold: the maker's price comes first.
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
    """The source of the prices: `genai-prices 0.2.3`, or the user's file, `prices.csv 1a2b3c4d`."""


class PriceBook:
    """The price of a token per provider, model and day: the user's own price, else the price in `genai-prices`."""

    def __init__(self, price_overrides: Sequence[PriceOverride] = ()) -> None:
        self._overrides: dict[str, list[PriceOverride]] = {}
        for override in price_overrides:
            self._overrides.setdefault(override.model, []).append(override)
        self._list_prices = ListPrices()
        self._found: dict[tuple[str, str, date], UnitPrices | None] = {}

    def unit_prices(self, provider: str, model: str, day: date) -> UnitPrices | None:
        """Return the prices of `model` on `day`, None if it has none.

        A model that another vendor sells (Claude in Cursor) has its maker's price, unless the seller has its own
        price. A router, which leaves the choice of the model to the vendor, has a price only in the user's file.
        """
        key = (provider.strip().lower(), canonical_model(model), day)
        if key not in self._found:
            self._found[key] = self._override_prices(*key) or self._list_prices.find(*key)
        return self._found[key]

    def _override_prices(self, provider: str, name: str, day: date) -> UnitPrices | None:
        covering = [override for override in self._overrides.get(name, []) if override.covers(provider, day)]
        if not covering:
            return None
        override = max(covering, key=lambda candidate: (candidate.provider != "", candidate.start_date))
        return UnitPrices(
            override.model,
            override.input_price,
            override.cached_input_price,
            override.cache_write_price,
            override.output_price,
            override.price_book,
        )


class ListPrices:
    """The vendors' list prices in `genai-prices`, by canonical model name.

    Finding the unit prices takes several price calculations. Prices rarely change from day to day, so the latest price
    of each seller's model is cached with its unit prices.
    """

    def __init__(self) -> None:
        self._latest: dict[tuple[str, str, bool], tuple[ModelPrice, UnitPrices]] = {}

    def find(self, provider: str, name: str, day: date) -> UnitPrices | None:
        """Return the prices of the model `name` on `day`, from the first seller that has a price."""
        if is_router(name):
            return None
        noon = datetime.combine(day, time(12), UTC)
        found = (self._of_seller(seller, name, noon) for seller in _sellers(provider, name))
        return next((prices for prices in found if prices is not None), None)

    def _of_seller(self, seller: str | None, name: str, at: datetime) -> UnitPrices | None:
        """Return the seller's prices; a fast model never gets the prices of its standard speed."""
        listed = self._unit_prices(seller, name, at)
        usual_name = name.removesuffix(f"-{FAST}")
        usual = self._unit_prices(seller, usual_name, at) if usual_name != name else None
        if usual is None or (listed and listed.matched_model != usual.matched_model):
            return listed
        fast = self._unit_prices(seller, usual_name, at, FAST_REQUEST)
        return None if fast is None or fast == usual else replace(fast, matched_model=f"{fast.matched_model} ({FAST})")

    def _unit_prices(
        self, seller: str | None, name: str, at: datetime, context: Mapping[str, str] | None = None
    ) -> UnitPrices | None:
        probe = Probe(seller, name, at, context)
        try:
            empty = probe.request(input_tokens=0, output_tokens=0)
        except LookupError:
            return None
        price = empty.model_price
        if price.input_mtok is None:
            return None  # sold by the minute, image or request: its token price is unknown, not zero
        key = (empty.provider.id, empty.model.id, context is not None)
        latest = self._latest.get(key)
        if latest is None or latest[0] != price:
            latest = self._latest[key] = (price, probe.unit_prices(empty))
        return latest[1]


@dataclass(frozen=True)
class Probe:
    """Requests of one model at one moment, priced by `genai-prices`."""

    seller: str | None
    name: str
    at: datetime
    context: Mapping[str, str] | None

    def request(self, **tokens: int) -> PriceCalculation:
        """Return the price of one request.

        Raises:
            LookupError: `genai-prices` does not know the model at this seller.
        """
        return calc_price(
            Usage(**tokens),
            self.name,
            provider_id=self.seller,
            genai_request_timestamp=self.at,
            price_context=self.context,
        )

    def unit_prices(self, empty: PriceCalculation) -> UnitPrices:
        """Return the prices per token, less the fee per request, which is the price of the `empty` request."""

        def per_token(**tokens: int) -> Decimal:
            return round((self.request(**tokens).total_price - empty.total_price) / PROBE_TOKENS, DECIMALS)

        return UnitPrices(
            matched_model=empty.model.id,
            input_price=per_token(input_tokens=PROBE_TOKENS),
            cached_input_price=per_token(input_tokens=PROBE_TOKENS, cache_read_tokens=PROBE_TOKENS),
            cache_write_price=per_token(input_tokens=PROBE_TOKENS, cache_write_tokens=PROBE_TOKENS),
            output_price=per_token(output_tokens=PROBE_TOKENS),
            price_book=book_name(),
        )


@cache
def book_name() -> str:
    """Return the name and version of the price book, which each price records."""
    return f"genai-prices {version('genai-prices')}"


def _sellers(provider: str, name: str) -> list[str | None]:
    """Return the sellers in lookup order; with None, `genai-prices` finds the maker by the model's name."""
    makers = [maker for prefix, maker in MAKERS.items() if name.startswith(prefix)]
    if any(cloud in provider for cloud in PRICED_BY_REGION):
        return [*makers, None, provider]
    return [provider, *makers, None]
