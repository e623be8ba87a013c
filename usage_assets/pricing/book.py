"""The price book: the price of a unit per provider, model, price context, meter and day.

A price comes from the user's own price file, else from `genai-prices`. The warehouse's SQL multiplies it by the
quantity of the meter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from usage_assets.pricing.list_prices import DECIMALS, PROMPT_TOKENS, ListedModel, ListPrices
from usage_assets.pricing.meters import is_token_meter
from usage_assets.pricing.names import canonical_model
from usage_assets.pricing.price_context import PriceContext, parse_context
from usage_assets.pricing.price_list import PriceList, bundled_price_list
from usage_assets.pricing.price_overrides import PriceOverride

PRECISION = 60


@dataclass(frozen=True)
class UnitPrice:
    """The price of one unit of a meter, and where it comes from.

    Attributes:
        matched_model: The model's id in the price book, None if the book does not have it.
        price: USD per unit, with at most 18 decimals; None if the book has no price of this meter.
        price_book: `genai-prices 0.2.3` as the package brings it, `genai-prices 2026-11-28 1a2b3c4d` for a download,
            or the user's file, `prices.csv 1a2b3c4d`.
        is_context_priced: Whether it is the price of the whole context; if not, the book has only the standard price.
    """

    matched_model: str | None
    price: Decimal | None
    price_book: str
    is_context_priced: bool = True


class PriceBook:
    """The unit prices: the user's own, else those of a price list of `genai-prices`.

    Attributes:
        name: The name of the price list.
    """

    def __init__(self, price_overrides: Sequence[PriceOverride] = (), prices: PriceList | None = None) -> None:
        listed = prices or bundled_price_list()
        self.name = listed.name
        self._overrides: dict[str, list[PriceOverride]] = {}
        for override in price_overrides:
            self._overrides.setdefault(override.model, []).append(override)
        self._list_prices = ListPrices(listed.snapshot)
        self._found: dict[tuple[str, str, str, str, date], UnitPrice] = {}

    @property
    def sources(self) -> str:
        """Where prices come from: the user's file, if it has prices, and the price list."""
        own = {override.price_book for overrides in self._overrides.values() for override in overrides}
        return " and ".join([*sorted(own), self.name])

    def unit_price(self, provider: str, model: str, price_context: str, meter: str, day: date) -> UnitPrice:
        """Return the price of one unit of `meter`.

        A model that another vendor sells (Claude in Cursor) has its maker's price, unless the seller has its own
        price. A router, which leaves the choice of the model to the vendor, has a price only in the user's file.
        """
        key = (provider.strip().lower(), canonical_model(model), price_context, meter, day)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, provider: str, name: str, price_context: str, meter: str, day: date) -> UnitPrice:
        context = parse_context(price_context)
        listed = self._list_prices.find(provider, name, context.pairs, day)
        own = self._own_price(provider, name, context, day)
        if own is not None and (price := own.unit_price(meter)) is not None:
            has_variant = self._has_variant(listed, provider, name, context, day)
            if own.price_context or not has_variant:
                covers = context.priced_pairs <= own.price_context.items()
                return UnitPrice(own.model, _multiplied(price, meter, context), own.price_book, covers)
        if listed is None:
            return UnitPrice(None, None, self.name)
        price = listed.unit_price(meter)
        return UnitPrice(listed.matched_model, _multiplied(price, meter, context), self.name, listed.is_context_priced)

    def _has_variant(
        self, listed: ListedModel | None, provider: str, name: str, context: PriceContext, day: date
    ) -> bool:
        """Return whether the book has prices of its own for this context: a variant, or the tier of long requests."""
        if listed is None:
            return False
        standard = self._list_prices.find(provider, name, {}, day)
        is_of_tier = PROMPT_TOKENS in context.pairs and standard is not None and listed.price != standard.price
        return is_of_tier or (listed.is_context_priced and bool(context.priced_pairs))

    def _own_price(self, provider: str, name: str, context: PriceContext, day: date) -> PriceOverride | None:
        """Return the user's price with the most pairs of the context, of this provider, and the latest start."""
        covering = [
            override for override in self._overrides.get(name, []) if override.covers(provider, context.pairs, day)
        ]
        return max(covering, key=_precedence, default=None)


def _precedence(override: PriceOverride) -> tuple[int, bool, date]:
    return len(override.price_context), override.provider != "", override.start_date


def _multiplied(price: Decimal | None, meter: str, context: PriceContext) -> Decimal | None:
    """Return a price times the factor of the context, None without a price or a factor that is a number.

    A factor is on tokens; a search or an execution costs the same everywhere.
    """
    if price is None or context.factor is None:
        return None
    if not is_token_meter(meter):
        return price
    with localcontext(prec=PRECISION):
        return round(price * context.factor, DECIMALS)
