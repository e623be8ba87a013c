"""The price book: one unit price per provider, model and day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from time import process_time

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ConditionalPrice, ModelInfo, ModelPrice, PriceCalculation, TieredPrices

from usage_assets.pricing.book import PROBE_TOKENS, PriceBook, UnitPrices, book_name
from usage_assets.pricing.names import canonical_model

DAY = date(2026, 6, 10)
LATER = date(2026, 11, 10)
PER_MILLION = Decimal(1_000_000)
BOOK = PriceBook()
MAKERS = ["anthropic", "openai", "cursor", "google", "x-ai", "deepseek", "moonshotai", "mistral", "cohere", "azure"]
EXACT = [(maker, day) for maker in MAKERS for day in (date(2025, 1, 5), date(2026, 3, 12), DAY, LATER)]


def models_of(provider: str) -> list[ModelInfo]:
    return next(listed.models for listed in get_snapshot().providers if listed.id == provider)


def price_of_request(provider: str, model: str, day: date, **tokens: int) -> PriceCalculation | None:
    """Return the price of a request, None for a model that `genai-prices` does not find."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    try:
        return calc_price(Usage(**tokens), model, provider_id=provider, genai_request_timestamp=noon)
    except LookupError:
        return None


def tier_starts() -> Iterator[int]:
    for provider in get_snapshot().providers:
        for model in provider.models:
            for price in model.prices if isinstance(model.prices, list) else [model.prices]:
                yield from tier_starts_of(price.prices if isinstance(price, ConditionalPrice) else price)


def tier_starts_of(price: ModelPrice) -> Iterator[int]:
    for value in vars(price).values():
        if isinstance(value, TieredPrices):
            yield from (tier.start for tier in value.tiers)


def input_price(provider: str, model: str, day: date = LATER) -> Decimal | None:
    prices = BOOK.unit_prices(provider, model, day)
    return prices.input_price * PER_MILLION if prices else None


def test_the_price_of_a_token_is_a_millionth_of_that_per_million() -> None:
    assert BOOK.unit_prices("anthropic", "claude-sonnet-4-5", DAY) == UnitPrices(
        matched_model="claude-sonnet-4-5",
        input_price=Decimal(3) / PER_MILLION,
        cached_input_price=Decimal("0.30") / PER_MILLION,
        cache_write_price=Decimal("3.75") / PER_MILLION,
        output_price=Decimal(15) / PER_MILLION,
        price_book=book_name(),
    )


@pytest.mark.parametrize(("maker", "day"), EXACT)
def test_unit_prices_add_up_to_the_price_of_a_request_exactly(maker: str, day: date) -> None:
    differing = []
    for model in models_of(maker):
        prices = BOOK.unit_prices(maker, model.id, day)
        priced = price_of_request(
            maker, model.id, day, input_tokens=900, cache_read_tokens=300, cache_write_tokens=200, output_tokens=70
        )
        if prices and priced:
            computed = (
                (900 - 300 - 200) * prices.input_price
                + 300 * prices.cached_input_price
                + 200 * prices.cache_write_price
                + 70 * prices.output_price
            )
            differing += [(model.id, computed, priced.total_price)] if computed != priced.total_price else []

    assert differing == []


@pytest.mark.parametrize(("maker", "day"), EXACT)
def test_a_model_is_unpriced_exactly_when_the_book_has_no_price_of_its_input_tokens(maker: str, day: date) -> None:
    known = {model.id: priced for model in models_of(maker) if (priced := price_of_request(maker, model.id, day))}

    without_price = {name for name in known if BOOK.unit_prices(maker, name, day) is None}

    assert without_price == {name for name, priced in known.items() if priced.model_price.input_mtok is None}


@pytest.mark.parametrize("maker", MAKERS)
def test_a_canonical_name_matches_the_same_model_as_the_listed_name(maker: str) -> None:
    changed = []
    for model in models_of(maker):
        by_id, by_name = price_of_request(maker, model.id, DAY), price_of_request(maker, canonical_model(model.id), DAY)
        if by_id and (by_name is None or by_name.model.id != by_id.model.id):
            changed.append(model.id)

    assert changed == []


def test_no_tier_of_the_book_starts_below_the_probe() -> None:
    assert min(tier_starts()) > PROBE_TOKENS


def test_a_price_has_at_most_eighteen_decimals() -> None:
    prices = [BOOK.unit_prices(maker, model.id, LATER) for maker in MAKERS for model in models_of(maker)]

    finest = [Decimal(listed.cache_write_price).as_tuple().exponent for listed in prices if listed]

    assert all(isinstance(exponent, int) and exponent >= -18 for exponent in finest)


def test_a_token_price_excludes_the_fee_per_request() -> None:
    priced = price_of_request("perplexity", "sonar-pro", DAY, input_tokens=0, output_tokens=0)
    assert priced is not None
    assert priced.total_price > 0

    assert input_price("perplexity", "sonar-pro") == 3


@pytest.mark.parametrize("model", ["whisper-1", "tts-1", "gpt-transcribe"])
def test_tokens_of_a_model_sold_by_the_minute_have_no_price(model: str) -> None:
    assert BOOK.unit_prices("openai", model, DAY) is None


def test_an_unknown_model_has_no_price() -> None:
    assert BOOK.unit_prices("anthropic", "unheard-of-9", DAY) is None


@pytest.mark.parametrize("model", ["", "(none)", " ", "/", "-fast"])
def test_an_empty_name_has_no_price(model: str) -> None:
    assert BOOK.unit_prices("anthropic", model, DAY) is None


@pytest.mark.parametrize("seller", ["cursor", "(none)", "", "a vendor nobody knows", "amazon bedrock", "aws", "azure"])
def test_a_model_sold_by_another_is_priced_as_its_makers(seller: str) -> None:
    assert BOOK.unit_prices(seller, "claude-opus-4-5", DAY) == BOOK.unit_prices("anthropic", "claude-opus-4-5", DAY)


def test_a_seller_with_a_price_of_its_own_comes_first() -> None:
    at_cursor, at_its_maker = (BOOK.unit_prices(seller, "grok-4.5", LATER) for seller in ("cursor", "xai"))

    assert at_cursor is not None
    assert at_its_maker is not None
    assert at_cursor.cached_input_price == Decimal("0.50") / PER_MILLION
    assert at_its_maker.cached_input_price == Decimal("0.30") / PER_MILLION


def test_a_provider_is_compared_without_case_and_blanks() -> None:
    assert BOOK.unit_prices(" Anthropic ", "claude-opus-4-5", DAY) == BOOK.unit_prices(
        "anthropic", "claude-opus-4-5", DAY
    )


@pytest.mark.parametrize(("day", "price"), [(date(2025, 6, 9), 10), (date(2025, 6, 10), 2), (date(2026, 6, 10), 2)])
def test_a_model_has_the_price_of_the_day(day: date, price: int) -> None:
    assert input_price("openai", "o3", day) == price


def test_fast_tokens_have_the_fast_price() -> None:
    assert input_price("cursor", "claude-opus-4-8-fast") == 10
    assert input_price("cursor", "claude-opus-4-8") == 5


def test_a_fast_model_without_a_fast_price_has_no_price() -> None:
    assert input_price("cursor", "claude-4.6-opus-high-thinking-fast") is None


def test_a_fast_model_listed_by_its_own_name_has_its_own_price() -> None:
    assert input_price("cursor", "composer-2.5-fast") == 3


def test_a_key_is_looked_up_once() -> None:
    book = PriceBook()
    first = book.unit_prices("anthropic", "claude-sonnet-4-5", DAY)

    assert book.unit_prices("anthropic", "claude-sonnet-4-5-20250929", DAY) is first


def test_a_hundred_thousand_rows_of_one_key_take_less_than_a_second_of_cpu() -> None:
    started = process_time()
    for _ in range(100_000):
        BOOK.unit_prices("cursor", "claude-4.5-sonnet-thinking", DAY)

    assert process_time() - started < 1


def test_the_book_is_named_with_its_version() -> None:
    assert book_name() == f"genai-prices {version('genai-prices')}"
