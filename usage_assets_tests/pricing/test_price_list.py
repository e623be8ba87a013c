"""A downloaded price list is read as the package's updater reads it; one that cannot be trusted is refused."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.price_list import bundled_price_list, price_list_facts, read_price_list
from usage_assets.pricing.reference_content import BadContent
from usage_assets_tests.reference.made_files import price_file

TODAY = date(2026, 11, 28)
SONNET = ("anthropic", "claude-sonnet-4-5", "(none)", "input", date(2026, 6, 10))
MODEL = {"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 1}}


def listed(**changed: Any) -> bytes:
    """Return a list of one model with changed members."""
    return providers({**MODEL, **changed})


def providers(*models: dict[str, Any], **changed: Any) -> bytes:
    provider = {"id": "p", "name": "P", "api_pattern": "p", "models": [*models], **changed}
    return json.dumps([provider]).encode()


def test_the_bundled_prices_are_the_same_after_a_download() -> None:
    downloaded, bundled = read_price_list(price_file(), "download"), bundled_price_list()

    assert price_list_facts(downloaded, TODAY) == price_list_facts(bundled, TODAY)
    assert [
        (model.id, model.prices, model.price_variants)
        for provider in downloaded.snapshot.providers
        for model in provider.models
    ] == [
        (model.id, model.prices, model.price_variants)
        for provider in bundled.snapshot.providers
        for model in provider.models
    ]


def test_a_newer_price_is_used_exactly_and_named() -> None:
    changed = {"claude-sonnet-4-5": {"input_mtok": 3.3, "output_mtok": 16}}
    book = PriceBook(prices=read_price_list(price_file(changed), "genai-prices 2026-11-28 1a2b3c4d"))

    found = book.unit_price(*SONNET)

    assert (found.price, found.price_book) == (Decimal("3.3") / 1_000_000, "genai-prices 2026-11-28 1a2b3c4d")


def test_the_facts_are_the_models_and_the_newest_price_that_has_begun() -> None:
    dated = [
        {"prices": {"input_mtok": 1}},
        {"prices": {"input_mtok": 2}, "constraint": {"start_date": "2026-11-01"}},
        {"prices": {"input_mtok": 3}, "constraint": {"start_date": "2027-01-01"}},
    ]

    facts = price_list_facts(read_price_list(listed(prices=dated), ""), TODAY)

    assert (facts.newest_day, facts.counts) == (date(2026, 11, 1), {"models": 1})


def test_prices_of_units_that_the_installed_package_does_not_know_are_left_out() -> None:
    newer = read_price_list(listed(prices={"input_mtok": 1, "dreams_mtok": 9}), "")

    [model] = newer.snapshot.providers[0].models
    assert vars(model.prices) == {"input_mtok": Decimal(1)}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no JSON of a price list"),
        (price_file()[:-1000], "no JSON of a price list"),
        (b"[" * 100_000, "no JSON of a price list"),
        (b"\xff\xfe", "no JSON of a price list"),
        (b"{}", "another shape: no list of providers"),
        (b"[1]", "another shape"),
        (b'[{"id": "p"}]', "another shape: Field required at 0.name"),
        (providers(MODEL, api_pattern="("), "its pattern '(' is no regular expression"),
        (listed(match={"regex": "["}), "its pattern '[' is no regular expression"),
        (listed(match={}), "no JSON of a price list"),
        (listed(match=["m"]), "no JSON of a price list"),
        (listed(match={"like": "m"}), "another shape"),
        (listed(prices={"input_mtok": "cheap"}), "another shape: Input should be a valid decimal"),
        (listed(prices=7), "another shape"),
        (listed(prices=[]), "it has no prices of p, m"),
        (listed(prices={"input_mtok": -1}), "its prices of p, m cannot be used"),
        (listed(prices={"input_mtok": float("nan")}), "it holds NaN, which is no number"),
        (listed(prices={"input_mtok": float("inf")}), "it holds Infinity, which is no number"),
        (listed(prices={"input_mtok": 1e30}), "its prices of p, m are above 1,000,000 USD"),
        (listed(prices={"cache_read_mtok": 1}), "its prices of p, m cannot be used (Missing ancestor price"),
        (
            listed(prices={"input_mtok": {"base": 1, "tiers": [{"start": 9, "price": -1}]}}),
            "its prices of p, m cannot be used",
        ),
        (
            listed(price_variants=[{"when": {"speed": "fast"}, "prices": {"input_mtok": -1}}]),
            "its prices of p, m cannot be used",
        ),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadContent) as refused:
        read_price_list(content, "")

    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
