"""The price book: one unit price per provider, model and day."""

from datetime import date
from decimal import Decimal
from importlib.metadata import version

import pytest

from usage_assets.pricing.book import UnitPrices, book_name, unit_prices

DAY = date(2026, 6, 10)
PER_MILLION = Decimal(1_000_000)


def test_a_token_costs_what_a_million_cost_by_the_million() -> None:
    prices = unit_prices("anthropic", "claude-sonnet-4-5", DAY)

    assert prices == UnitPrices(
        matched_model="claude-sonnet-4-5",
        input_price=Decimal("3") / PER_MILLION,
        cached_input_price=Decimal("0.30") / PER_MILLION,
        cache_write_price=Decimal("3.75") / PER_MILLION,
        output_price=Decimal("15") / PER_MILLION,
    )


def test_an_unknown_model_has_no_price() -> None:
    assert unit_prices("anthropic", "unheard-of-9", DAY) is None


@pytest.mark.parametrize("seller", ["cursor", "(none)", "a vendor nobody knows"])
def test_a_model_sold_by_another_is_priced_as_its_makers(seller: str) -> None:
    assert unit_prices(seller, "claude-sonnet-4-5", DAY) == unit_prices("anthropic", "claude-sonnet-4-5", DAY)


def test_a_dated_model_is_priced_as_the_model() -> None:
    dated = unit_prices("anthropic", "claude-sonnet-4-5-20250929", DAY)

    assert dated == unit_prices("anthropic", "claude-sonnet-4-5", DAY)


def test_the_book_is_named_with_its_version() -> None:
    assert book_name() == f"genai-prices {version('genai-prices')}"
