"""The price context: what changes a price besides model and day, such as `processing=batch` or `factor=1.1;speed=fast`.

A context is a text of `key=value` pairs, sorted by key and joined with `;`; `(none)` is the standard price. `factor`
multiplies the price of tokens. The other pairs select the variants of the price book. `integrations.price_context`
writes these texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from usage_assets.integrations.price_context import FACTOR, context_pairs

# The keys that name a price at every vendor, and the values of them that mean the standard price.
PRICED_KEYS = frozenset({"processing", "service_tier", "speed"})
STANDARD_VALUES = frozenset({"auto", "default", "none", "normal", "on_demand", "regular", "standard"})

NUMBER = re.compile(r"\d{1,6}(\.\d{1,30})?", re.ASCII)


@dataclass(frozen=True)
class PriceContext:
    """The parts of a price context: the pairs for the price book, and the factor, None if it is no number."""

    pairs: Mapping[str, str]
    factor: Decimal | None

    @property
    def priced_pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs that a price book must know: those that name another price than the standard one."""
        return priced_pairs(self.pairs)


@cache
def parse_context(text: str) -> PriceContext:
    """Return the parts of a price context."""
    pairs = context_pairs(text)
    factor = pairs.pop(FACTOR, "1")
    return PriceContext(pairs, Decimal(factor) if NUMBER.fullmatch(factor) else None)


def priced_pairs(pairs: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return the pairs that name another price than the standard one."""
    return frozenset((key, value) for key, value in pairs.items() if _names_a_price(key, value))


def _names_a_price(key: str, value: str) -> bool:
    return key in PRICED_KEYS and value not in STANDARD_VALUES
