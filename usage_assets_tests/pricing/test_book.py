"""The price book: one unit price per provider, model, price context, meter and day."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from time import process_time

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ConditionalPrice, ModelInfo, ModelPrice, PriceCalculation, TieredPrices

from usage_assets.pricing.book import PriceBook, UnitPrice
from usage_assets.pricing.list_prices import PROBE_UNITS, listed_model
from usage_assets.pricing.meters import count_meters, lineage_of, token_meters, unit_of, usage_keys
from usage_assets.pricing.names import canonical_model
from usage_assets.pricing.price_overrides import read_price_overrides

DAY = date(2026, 6, 10)
LATER = date(2026, 11, 10)
FOUR_DAYS = [date(2025, 1, 5), date(2026, 3, 12), DAY, LATER]
PER_MILLION = Decimal(1_000_000)
PICO = Decimal("1e-12")
BOOK = PriceBook()
MAKERS = ["anthropic", "openai", "cursor", "google", "x-ai", "deepseek", "moonshotai", "mistral", "cohere", "azure"]
SELLERS = [listed.id for listed in get_snapshot().providers]
METERS = (*token_meters(), *count_meters())
FEE = "requests"
SONNET = ("anthropic", "claude-sonnet-4-5")
OPUS = ("anthropic", "claude-opus-4-8")


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


def price(
    provider: str, model: str, meter: str = "input", context: str = "(none)", day: date = LATER
) -> Decimal | None:
    """Return USD per million units."""
    found = BOOK.unit_price(provider, model, context, meter, day).price
    return None if found is None else found * PER_MILLION


def contexts_of(model: ModelInfo) -> list[dict[str, str]]:
    """Return the standard context, that of each variant of the model, and all of them together."""
    variants = [dict(variant.when) for variant in model.price_variants or ()]
    together = {key: value for variant in variants for key, value in variant.items()}
    return [{}, *variants, *([together] if len(variants) > 1 else [])]


def priced_meters(price: ModelPrice) -> list[str]:
    return [
        meter for meter in METERS if (unit := unit_of(meter)) and getattr(price, unit.price_key) is not None
    ]  # fmt: skip


def quantities_of(meters: list[str]) -> dict[str, int]:
    """Return a different quantity of each meter, all together below the first tier."""
    return {meter: 1 if meter == FEE else 101 + 13 * number for number, meter in enumerate(meters)}


def request_with(quantities: Mapping[str, int]) -> Usage:
    """Return a request with these disjoint quantities: each unit counts its own and those of the units in it."""
    counts = dict.fromkeys(usage_keys(), 0)
    for meter, quantity in quantities.items():
        for unit in lineage_of(meter):
            if unit.usage_key != FEE:
                counts[unit.usage_key] += quantity
    return Usage(**counts)


@pytest.mark.long
@pytest.mark.parametrize("day", FOUR_DAYS)
@pytest.mark.parametrize("seller", SELLERS)
def test_unit_prices_times_quantities_are_the_price_of_the_request_to_the_last_digit(seller: str, day: date) -> None:
    """Every model, variant and meter that the book knows."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    differing = []
    for model in models_of(seller):
        for context in contexts_of(model):
            try:
                book = calc_price(
                    Usage(), model.id, provider_id=seller, genai_request_timestamp=noon, price_context=context
                )
            except LookupError:
                continue
            quantities = quantities_of(priced_meters(book.model_price))
            priced = calc_price(
                request_with(quantities), model.id, provider_id=seller, genai_request_timestamp=noon,
                price_context=context,
            )  # fmt: skip
            listed = listed_model(get_snapshot(), seller, model.id, context, noon)
            assert listed is not None
            ours = sum(
                (quantity * (listed.unit_price(meter) or Decimal()) for meter, quantity in quantities.items()),
                Decimal(),
            )
            if ours.quantize(PICO) != priced.total_price.quantize(PICO):
                differing.append((model.id, context, ours, priced.total_price))

    assert differing == []


def test_a_meter_is_priced_as_the_nearest_unit_that_has_a_price() -> None:
    assert price(*SONNET, "cache_write_1h") == 6
    assert price(*SONNET, "input_audio") == price(*SONNET, "input") == 3
    assert price("openai", "gpt-5", "cache_write_1h") == price("openai", "gpt-5", "input")
    assert price(*SONNET, "cache_audio_read") == price(*SONNET, "cache_read") == Decimal("0.3")


def test_a_search_has_the_price_of_a_thousandth_of_a_thousand() -> None:
    assert BOOK.unit_price(*SONNET, "(none)", "web_search", DAY).price == Decimal(10) / 1000


@pytest.mark.parametrize("meter", ["code_execution", "requests", "storage_search", "no such meter"])
def test_a_meter_that_the_book_does_not_price_has_no_price(meter: str) -> None:
    assert BOOK.unit_price(*SONNET, "(none)", meter, DAY) == UnitPrice("claude-sonnet-4-5", None, BOOK.name)


def test_a_request_costs_the_fee_of_a_model_that_has_one() -> None:
    fee = BOOK.unit_price("perplexity", "sonar-pro", "(none)", "requests", DAY).price

    empty = price_of_request("perplexity", "sonar-pro", DAY)
    assert empty is not None
    assert fee == empty.total_price > 0


def test_a_context_selects_the_variant_of_the_book() -> None:
    assert price(*SONNET, context="processing=batch") == Decimal("1.5")
    assert price(*OPUS, context="speed=fast") == 10
    assert BOOK.unit_price(*OPUS, "speed=fast", "input", LATER).is_context_priced


def test_a_factor_multiplies_the_price_of_tokens_exactly() -> None:
    assert price(*SONNET, context="factor=1.1") == Decimal("3.3")
    assert price(*SONNET, context="factor=1.1;processing=batch") == Decimal("1.65")
    assert price(*SONNET, "web_search", "factor=1.1") == Decimal("10000")


def test_an_own_standard_price_leaves_long_requests_to_the_book(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(
        "provider,model,start_date,end_date,input_per_million,cached_input_per_million,cache_write_per_million,"
        "output_per_million\n,claude-sonnet-4-5,2026-01-01,,2.40,,,12\n"
    )
    book = PriceBook(read_price_overrides(file))

    prices = [
        book.unit_price("anthropic", "claude-sonnet-4-5", context, "input", date(2026, 11, 20)).price
        for context in ("(none)", "prompt_tokens=200001")
    ]

    assert prices == [Decimal("2.4") / 1_000_000, Decimal(6) / 1_000_000]


def test_a_factor_that_is_no_number_leaves_no_price() -> None:
    assert price(*SONNET, context="factor=much") is None


@pytest.mark.parametrize("context", ["service_tier=priority", "service_tier=flex", "speed=fast", "processing=other"])
def test_a_context_that_the_book_does_not_know_has_the_standard_price_and_says_so(context: str) -> None:
    found = BOOK.unit_price(*SONNET, context, "input", LATER)

    assert found == UnitPrice("claude-sonnet-4-5", Decimal(3) / PER_MILLION, BOOK.name, is_context_priced=False)


@pytest.mark.parametrize("context", ["service_tier=standard", "service_tier=default", "speed=standard", "geo=eu"])
def test_a_context_that_means_the_standard_price_is_priced(context: str) -> None:
    assert BOOK.unit_price(*SONNET, context, "input", LATER) == BOOK.unit_price(*SONNET, "(none)", "input", LATER)


def test_a_variant_is_priced_from_its_first_day_on() -> None:
    before = BOOK.unit_price(*SONNET, "processing=batch", "input", date(2026, 10, 13))

    assert before == UnitPrice("claude-sonnet-4-5", Decimal(3) / PER_MILLION, BOOK.name, is_context_priced=False)


def test_a_fast_name_and_a_fast_context_are_the_same_price() -> None:
    by_name = BOOK.unit_price("anthropic", "claude-opus-4-8-fast", "(none)", "input", LATER)

    assert by_name.matched_model == "claude-opus-4-8 (fast)"
    assert by_name.price == BOOK.unit_price(*OPUS, "speed=fast", "input", LATER).price
    assert by_name.price == BOOK.unit_price("anthropic", "claude-opus-4-8-fast", "speed=fast", "input", LATER).price


def test_the_price_of_a_token_is_a_millionth_of_that_per_million() -> None:
    assert BOOK.unit_price(*SONNET, "(none)", "cache_write", DAY) == UnitPrice(
        matched_model="claude-sonnet-4-5", price=Decimal("3.75") / PER_MILLION, price_book=BOOK.name
    )
    assert [price(*SONNET, meter) for meter in ("input", "cache_read", "output")] == [3, Decimal("0.30"), 15]


@pytest.mark.parametrize("day", FOUR_DAYS)
@pytest.mark.parametrize("maker", MAKERS)
def test_tokens_are_unpriced_exactly_when_the_book_has_no_price_of_input_tokens(maker: str, day: date) -> None:
    known = {model.id: priced for model in models_of(maker) if (priced := price_of_request(maker, model.id, day))}

    without_price = {name for name in known if price(maker, name, day=day) is None}

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
    assert min(tier_starts()) > PROBE_UNITS


def test_a_price_has_at_most_eighteen_decimals() -> None:
    listed = [
        (maker, model.id, meter) for maker in MAKERS for model in models_of(maker) for meter in ("input", "output")
    ]
    found = [BOOK.unit_price(maker, name, "factor=1.123456789", meter, LATER).price for maker, name, meter in listed]

    finest = [value.as_tuple().exponent for value in found if value is not None]

    assert all(isinstance(exponent, int) and exponent >= -18 for exponent in finest)


def test_a_token_price_excludes_the_fee_per_request() -> None:
    priced = price_of_request("perplexity", "sonar-pro", DAY, input_tokens=0, output_tokens=0)
    assert priced is not None
    assert priced.total_price > 0

    assert price("perplexity", "sonar-pro") == 3


@pytest.mark.parametrize("model", ["whisper-1", "tts-1", "gpt-transcribe"])
def test_tokens_of_a_model_sold_by_the_minute_have_no_price(model: str) -> None:
    assert price("openai", model, day=DAY) is None


def test_an_unknown_model_has_no_price() -> None:
    assert BOOK.unit_price("anthropic", "unheard-of-9", "(none)", "input", DAY) == UnitPrice(None, None, BOOK.name)


@pytest.mark.parametrize("model", ["", "(none)", " ", "/", "-fast"])
def test_an_empty_name_has_no_price(model: str) -> None:
    assert price("anthropic", model, day=DAY) is None


@pytest.mark.parametrize("seller", ["cursor", "(none)", "", "a vendor nobody knows", "amazon bedrock", "aws", "azure"])
def test_a_model_sold_by_another_is_priced_as_its_makers(seller: str) -> None:
    at_seller, at_maker = (
        BOOK.unit_price(name, "claude-opus-4-5", "(none)", "cache_write_1h", DAY) for name in (seller, "anthropic")
    )
    assert at_seller == at_maker


def test_a_seller_with_a_price_of_its_own_comes_first() -> None:
    assert price("cursor", "grok-4.5", "cache_read") == Decimal("0.50")
    assert price("xai", "grok-4.5", "cache_read") == Decimal("0.30")


def test_a_provider_is_compared_without_case_and_blanks() -> None:
    assert BOOK.unit_price(" Anthropic ", "claude-opus-4-5", "(none)", "input", DAY) == BOOK.unit_price(
        "anthropic", "claude-opus-4-5", "(none)", "input", DAY
    )


@pytest.mark.parametrize(("day", "dollars"), [(date(2025, 6, 9), 10), (date(2025, 6, 10), 2), (date(2026, 6, 10), 2)])
def test_a_model_has_the_price_of_the_day(day: date, dollars: int) -> None:
    assert price("openai", "o3", day=day) == dollars


def test_fast_tokens_have_the_fast_price() -> None:
    assert price("cursor", "claude-opus-4-8-fast") == 10
    assert price("cursor", "claude-opus-4-8") == 5


def test_a_fast_model_without_a_fast_price_has_no_price() -> None:
    assert price("cursor", "claude-4.6-opus-high-thinking-fast") is None


def test_a_fast_model_listed_by_its_own_name_has_its_own_price() -> None:
    assert price("cursor", "composer-2.5-fast") == 3


def test_a_key_is_looked_up_once() -> None:
    book = PriceBook()
    first = book.unit_price(*SONNET, "(none)", "input", DAY)

    assert book.unit_price("anthropic", "claude-sonnet-4-5-20250929", "(none)", "input", DAY) is first


def test_a_hundred_thousand_rows_of_one_key_take_less_than_a_second_of_cpu() -> None:
    started = process_time()
    for _ in range(100_000):
        BOOK.unit_price("cursor", "claude-4.5-sonnet-thinking", "(none)", "input", DAY)

    assert process_time() - started < 1


def test_the_book_is_named_with_its_version() -> None:
    assert BOOK.name == f"genai-prices {version('genai-prices')}"


@pytest.mark.parametrize(
    ("meter", "base", "tier"), [("input", 3, 6), ("cache_read", "0.3", "0.6"), ("output", 15, "22.5")]
)
def test_the_length_of_requests_selects_the_price_tier(meter: str, base: int | str, tier: int | str) -> None:
    prices = [
        PriceBook().unit_price("anthropic", "claude-sonnet-4-5", context, meter, date(2026, 11, 20)).price
        for context in ("(none)", "prompt_tokens=200000", "prompt_tokens=200001")
    ]

    assert prices == [Decimal(base) / 1_000_000, Decimal(base) / 1_000_000, Decimal(tier) / 1_000_000]
