"""The price book: `genai-prices`, asked for one unit price per provider, model and day.

Asked with 1,000 tokens, not with a day's total: a total would wrongly reach the tiers for long single requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.metadata import version

from genai_prices import Usage, calc_price
from genai_prices.types import PriceCalculation

PROBE_TOKENS = 1_000


@dataclass(frozen=True)
class UnitPrices:
    """USD per token of one model on one day."""

    matched_model: str
    input_price: Decimal
    cached_input_price: Decimal
    cache_write_price: Decimal
    output_price: Decimal


@cache
def book_name() -> str:
    """Returns the name and version of the book, as it stands on every priced row."""
    return f"genai-prices {version('genai-prices')}"


def unit_prices(provider: str, model: str, day: date) -> UnitPrices | None:
    """Returns the prices of `model` on `day`, None where the book does not know it.

    A model sold by another than its maker (Claude in Cursor) is priced as its maker's.
    """
    noon = datetime.combine(day, time(12), UTC)
    for seller in (provider, None):
        try:
            return _probed(model, seller, noon)
        except LookupError:
            continue
    return None


def _probed(model: str, seller: str | None, at: datetime) -> UnitPrices:
    def price(usage: Usage) -> PriceCalculation:
        return calc_price(usage, model, provider_id=seller, genai_request_timestamp=at)

    plain = price(Usage(input_tokens=PROBE_TOKENS))
    cached = price(Usage(input_tokens=PROBE_TOKENS, cache_read_tokens=PROBE_TOKENS))
    written = price(Usage(input_tokens=PROBE_TOKENS, cache_write_tokens=PROBE_TOKENS))
    output = price(Usage(output_tokens=PROBE_TOKENS))
    return UnitPrices(
        matched_model=plain.model.id,
        input_price=plain.total_price / PROBE_TOKENS,
        cached_input_price=cached.total_price / PROBE_TOKENS,
        cache_write_price=written.total_price / PROBE_TOKENS,
        output_price=output.total_price / PROBE_TOKENS,
    )
