"""The vendors' list prices in `genai-prices`: the price of a model in a context on a day, and of each meter of it.

A unit price is that of a request of 1,000 units, less the fee per request. A day's total would fall into the price
tiers that vendors apply to one long request. Where a row says that its requests were long, `prompt_tokens` in its
context selects the tier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from genai_prices import Usage
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.types import ModelPrice, PriceCalculation, TieredPrices

from usage_assets.pricing.meters import REQUESTS, is_token_meter, lineage_of, usage_keys
from usage_assets.pricing.names import FAST, is_router
from usage_assets.pricing.price_context import priced_pairs

PROBE_UNITS = 1_000
PROMPT_TOKENS = "prompt_tokens"
DECIMALS = 18

# "Fast" is a speed at Anthropic and a service tier at OpenAI.
FAST_REQUEST = {"speed": FAST, "service_tier": FAST}

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

TOKENS = re.compile(r"\d{1,12}", re.ASCII)

Context = Mapping[str, str]


@dataclass(frozen=True)
class ListedModel:
    """A model at a seller on a day, in a price context.

    Attributes:
        matched_model: The model's id in the book.
        price: The prices of its units.
        is_context_priced: Whether the book has a variant for every pair of the context that names another price.
    """

    matched_model: str
    price: ModelPrice
    is_context_priced: bool
    _found: dict[str, Decimal | None] = field(default_factory=dict, compare=False, repr=False)

    def unit_price(self, meter: str) -> Decimal | None:
        """Return USD per unit of a meter, with at most 18 decimals; None if the book has no price of it."""
        if meter not in self._found:
            self._found[meter] = self._unit_price(meter)
        return self._found[meter]

    def _unit_price(self, meter: str) -> Decimal | None:
        units = lineage_of(meter)
        if not any(getattr(self.price, unit.price_key) is not None for unit in units):
            # The book itself charges nothing for the output of a model sold by its input, such as an embedding.
            return Decimal(0) if is_token_meter(meter) and self.price.input_mtok is not None else None
        empty = _price_of(self.price, {})
        if meter == REQUESTS:
            return round(empty, DECIMALS)
        probe = _price_of(self.price, {unit.usage_key: PROBE_UNITS for unit in units})
        return round((probe - empty) / PROBE_UNITS, DECIMALS)


class ListPrices:
    """The list prices by seller, canonical model name, price context and day.

    Prices rarely change from day to day, so the latest of each seller's model is kept with its unit prices.
    """

    def __init__(self, snapshot: DataSnapshot) -> None:
        self._snapshot = snapshot
        self._latest: dict[tuple[str, bool, str, str], ListedModel] = {}
        self._found: dict[tuple[str, str, tuple[tuple[str, str], ...], date], ListedModel | None] = {}

    def find(self, provider: str, name: str, context: Context, day: date) -> ListedModel | None:
        """Return the model `name` in `context` on `day`, None if no seller has it. `provider` comes first of them."""
        key = (provider, name, tuple(sorted(context.items())), day)
        if key not in self._found:
            found = None if is_router(name) else _first(self._snapshot, provider, name, context, day)
            self._found[key] = found and self._kept(provider, context.get(PROMPT_TOKENS, ""), found)
        return self._found[key]

    def _kept(self, provider: str, prompt_tokens: str, found: ListedModel) -> ListedModel:
        key = (provider, found.is_context_priced, prompt_tokens, found.matched_model)
        latest = self._latest.get(key)
        if latest is None or latest.price != found.price:
            latest = self._latest[key] = found
        return latest


def _first(snapshot: DataSnapshot, provider: str, name: str, context: Context, day: date) -> ListedModel | None:
    """Return the model at the first seller that prices its input tokens, else at the first with any price."""
    noon = datetime.combine(day, time(12), UTC)
    other = None
    for seller in _sellers(provider, name):
        found = _of_seller(snapshot, seller, name, context, noon)
        if found is not None and found.price.input_mtok is not None:
            return found
        if other is None and found is not None and any(value is not None for value in vars(found.price).values()):
            other = found
    return other


def _of_seller(
    snapshot: DataSnapshot, seller: str | None, name: str, context: Context, at: datetime
) -> ListedModel | None:
    """Return the seller's model; a fast model never gets the prices of its standard speed."""
    listed = listed_model(snapshot, seller, name, context, at)
    usual_name = name.removesuffix(f"-{FAST}")
    if usual_name == name:
        return listed
    others = {key: value for key, value in context.items() if key not in FAST_REQUEST}
    usual = listed_model(snapshot, seller, usual_name, others, at)
    if usual is None or (listed and listed.matched_model != usual.matched_model):
        return listed
    fast = listed_model(snapshot, seller, usual_name, {**others, **FAST_REQUEST}, at)
    if fast is None or fast.price == usual.price:
        return None
    return replace(fast, matched_model=f"{fast.matched_model} ({FAST})", is_context_priced=usual.is_context_priced)


def listed_model(
    snapshot: DataSnapshot, seller: str | None, name: str, context: Context, at: datetime
) -> ListedModel | None:
    """Return the model `name` at a seller; with None, `genai-prices` finds the maker. None for an unknown model."""
    prompt = context.get(PROMPT_TOKENS, "")
    variant = {key: value for key, value in context.items() if key != PROMPT_TOKENS}
    try:
        found = snapshot.calc(Usage(), name, seller, None, at, variant or None)
    except LookupError:
        return None
    price = _of_tier(found.model_price, int(prompt)) if TOKENS.fullmatch(prompt) else found.model_price
    return ListedModel(found.model.id, price, priced_pairs(variant) <= _variants(found, variant, at))


def _of_tier(price: ModelPrice, prompt_tokens: int) -> ModelPrice:
    """Return the prices of requests with this number of input tokens, without tiers."""
    return ModelPrice(**{key: _tier_price(value, prompt_tokens) for key, value in vars(price).items()})


def _tier_price(value: Decimal | TieredPrices | None, prompt_tokens: int) -> Decimal | None:
    if not isinstance(value, TieredPrices):
        return value
    return next((tier.price for tier in reversed(value.tiers) if prompt_tokens > tier.start), value.base)


def _variants(found: PriceCalculation, context: Context, at: datetime) -> frozenset[tuple[str, str]]:
    """Return the pairs of `context` for which the model has a price of its own at this moment."""
    if not any(model is found.model for model in found.provider.models):
        return frozenset()  # `genai-prices` gives another provider's model its standard price
    return frozenset(
        pair
        for variant in found.model.price_variants or ()
        if variant.constraint is None or variant.constraint.active(at)
        if variant.when.items() <= context.items()
        for pair in variant.when.items()
    )


def _price_of(price: ModelPrice, counts: Mapping[str, int]) -> Decimal:
    """Return the price of a request with these units and none of the others."""
    return price.calc_price(Usage(**{key: counts.get(key, 0) for key in usage_keys()}))["total_price"]


def _sellers(provider: str, name: str) -> list[str | None]:
    """Return the sellers in lookup order; with None, `genai-prices` finds the maker by the model's name."""
    makers = [maker for prefix, maker in MAKERS.items() if name.startswith(prefix)]
    if any(cloud in provider for cloud in PRICED_BY_REGION):
        return [*makers, None, provider]
    return [provider, *makers, None]
