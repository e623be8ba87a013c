"""The price context of loaded rows: what a profile reads changes the price, what it does not read turns a check red."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets_tests.warehouse.pipeline import Pipeline, row, tokens

OPUS = {"id": "claude-opus-4-8", "provider": "anthropic"}
DAY, NEXT_DAY = date(2026, 11, 20), date(2026, 11, 21)
LATER = datetime(2026, 12, 1, 6, tzinfo=UTC)
MILLION = 1_000_000
STANDARD = Decimal(5)
"""USD for a million input tokens of OPUS."""


def derived(pipeline: Pipeline, *rows: dict[str, Any], integration: str = "claude") -> Pipeline:
    """Derive every table from rows of a million input tokens each."""
    usage = tokens(uncached=MILLION)
    pipeline.land(
        [
            row(f"r{n}", day=DAY, model=OPUS, **{**given, "usage": {**usage, **given.get("usage", {})}})
            for n, given in enumerate(rows, 1)
        ],
        day=DAY,
        integration=integration,
        fetched_at=LATER,
    )
    pipeline.run()
    return pipeline


def check(pipeline: Pipeline, name: str) -> CheckFindings:
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, name, pipeline.profiles, examples=3)


def costs(pipeline: Pipeline) -> list[tuple[str, Decimal]]:
    """Return the price context and the cost of every row."""
    return pipeline.query("select price_context, cost from cost order by row_id")


@pytest.mark.parametrize(
    ("given", "context", "factor"),
    [
        ({}, "(none)", "1"),
        ({"remote_data": {"speed": "fast"}}, "speed=fast", "2"),
        ({"remote_data": {"service_tier": "batch"}}, "processing=batch", "0.5"),
        ({"usage": {"inference_geo": "us"}}, "factor=1.1", "1.1"),
        ({"remote_data": {"inference_geo": "us", "speed": "fast"}}, "factor=1.1;speed=fast", "2.2"),
        ({"remote_data": {"inference_geo": "global", "speed": "standard", "service_tier": "standard"}}, "(none)", "1"),
    ],
)
def test_a_context_that_the_profile_reads_changes_the_price(
    pipeline: Pipeline, given: dict[str, Any], context: str, factor: str
) -> None:
    derived(pipeline, given)

    assert costs(pipeline) == [(context, STANDARD * Decimal(factor))]
    assert check(pipeline, "unread_price_contexts").count == 0


def test_inference_in_the_us_costs_more_from_the_models_of_its_introduction_on(pipeline: Pipeline) -> None:
    older, in_the_us = {"id": "claude-opus-4-5-20251101", "provider": "anthropic"}, {"inference_geo": "us"}
    million = tokens(uncached=MILLION)
    pipeline.land(
        [
            row("r1", day=DAY, model=older, usage={**million, **in_the_us}),
            row("r2", day=DAY, model=OPUS, usage={**million, **in_the_us}),
        ],
        day=DAY,
        integration="claude",
        fetched_at=LATER,
    )
    pipeline.run()

    assert costs(pipeline) == [("(none)", STANDARD), ("factor=1.1", STANDARD * Decimal("1.1"))]


@pytest.mark.parametrize(
    ("given", "pair"),
    [
        ({"remote_data": {"serviceTier": "turbo"}}, "?servicetier=turbo"),
        ({"usage": {"tier": "turbo"}}, "?tier=turbo"),
        ({"service_tier": "turbo"}, "?service_tier=turbo"),
        ({"pricing_tier": "turbo"}, "?pricing_tier=turbo"),
        ({"remote_data": {"job": {"queue": {"isBatch": True}}}}, "?isbatch=true"),
        ({"remote_data": {"items": [{"region": "eu-1"}]}}, "?region=eu-1"),
        ({"remote_data": {"service_tier": "turbo"}}, "?service_tier=turbo"),
        ({"remote_data": {"inference_geo": "eu"}}, "?inference_geo=eu"),
        ({"remote_data": {"speed": {"mode": "fast"}}}, "?speed=other"),
        ({"remote_data": {"tier": '"; drop table usage; --'}}, "?tier=other"),
    ],
)
def test_a_context_that_no_rule_reads_is_red_with_tokens_and_money(
    pipeline: Pipeline, given: dict[str, Any], pair: str
) -> None:
    derived(pipeline, {}, given)

    findings = check(pipeline, "unread_price_contexts")

    assert costs(pipeline) == [("(none)", STANDARD), (pair, STANDARD)]
    assert (findings.rows, findings.tokens, findings.money) == (1, MILLION, {"USD": STANDARD})
    assert pair in str(findings.examples)


def test_an_unread_value_does_not_hide_what_is_read(pipeline: Pipeline) -> None:
    derived(pipeline, {"remote_data": {"speed": "fast", "tier": "turbo"}})

    assert costs(pipeline) == [("?tier=turbo;speed=fast", 2 * STANDARD)]


@pytest.mark.parametrize("first", [None, 5, "", {}, [], {"tier": None}, {"tier": "standard"}])
def test_a_context_is_found_whatever_the_same_member_of_other_rows_holds(pipeline: Pipeline, first: object) -> None:
    derived(pipeline, {"remote_data": {"details": first}}, {"remote_data": {"details": {"tier": "turbo"}}})

    assert costs(pipeline)[1] == ("?tier=turbo", STANDARD)


def test_a_null_in_one_row_does_not_hide_the_tier_of_another(pipeline: Pipeline) -> None:
    derived(pipeline, {"remote_data": {"serviceTier": None}}, {"remote_data": {"serviceTier": "turbo"}})

    assert costs(pipeline)[1] == ("?servicetier=turbo", STANDARD)


def test_a_tier_of_a_row_that_is_billed_is_no_finding(pipeline: Pipeline) -> None:
    billed = row("r1", {"amount": 3, "currency": "USD", "type": "net"}, day=DAY, model=OPUS, usage={"tier": "turbo"})
    pipeline.land([billed], day=DAY, integration="claude")
    pipeline.run()

    assert check(pipeline, "unread_price_contexts").count == 0


def test_a_finding_is_gone_when_its_window_is_corrected(pipeline: Pipeline) -> None:
    derived(pipeline, {"usage": {"tier": "turbo"}})
    derived(pipeline, {"usage": {"tier": "standard"}})

    assert check(pipeline, "unread_price_contexts").count == 0


def test_a_subscription_is_worth_something_and_costs_nothing(pipeline: Pipeline) -> None:
    derived(pipeline, {"remote_data": {"customer_type": "subscription"}}, {"remote_data": {"customer_type": "api"}})

    lines = pipeline.query("select cost_basis, cost, estimated_cost from cost order by row_id")
    assert lines == [("covered", None, STANDARD), ("estimated", STANDARD, STANDARD)]


def test_each_day_has_the_context_of_its_rows(pipeline: Pipeline) -> None:
    given = {"model": OPUS, "usage": {**tokens(uncached=MILLION), "speed": "fast"}}
    for day in (DAY, NEXT_DAY):
        pipeline.land([row("r1", day=day, **given)], day=day, integration="claude", fetched_at=LATER)

    pipeline.run()

    assert costs(pipeline) == [("speed=fast", 2 * STANDARD)] * 2
