"""Estimates, shares of a day and conversions of a cost row, and the lines about them."""

from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

import pytest

from usage_assets.integrations.profiles import load_profiles
from usage_assets.pricing.rates import EUR, ExchangeRates, RateOverride
from usage_assets_tests.explanation.conftest import Derive, Lines, contradicting_lines
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, row, tokens, use

SONNET = {"id": "claude-sonnet-4-5-20250929", "provider": "anthropic"}
UNHEARD_OF = {"id": "unheard-of-9", "provider": "anthropic"}
INPUT, CACHED, WRITTEN, OUTPUT = (Decimal(price) / 1_000_000 for price in ("3", "0.30", "3.75", "15"))
USAGE = tokens(uncached=2_000, output=500)
WORTH = 2_000 * INPUT + 500 * OUTPUT
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
AFTER_JUNE = datetime(2026, 7, 20, 6, tzinfo=UTC)
MONTH = {"start_date": "2026-06-01", "end_date": "2026-07-01"}
RATE = Decimal("1.0835")


@pytest.fixture
def euros(pipeline: Pipeline) -> Pipeline:
    """A pipeline in which a euro is worth 1.0835 dollars."""
    pipeline.rates = ExchangeRates([RateOverride(DAY, EUR, RATE)])
    return pipeline


def test_an_estimate_is_tokens_times_price(pipeline: Pipeline, explained: Lines) -> None:
    usage = tokens(uncached=2_000, cached=30_000, written=400, output=500)
    pipeline.land([row("r1", model=SONNET, usage=usage)], integration="claude")
    pipeline.run()

    worth = 2_000 * INPUT + 30_000 * CACHED + 400 * WRITTEN + 500 * OUTPUT
    lines = explained()
    assert [line for line in lines if line.startswith("meter ")] == [
        "meter input: 2000 × 0.000003 = 0.006 USD",
        "meter cache_read: 30000 × 0.0000003 = 0.009 USD",
        "meter cache_write: 400 × 0.00000375 = 0.0015 USD",
        "meter output: 500 × 0.000015 = 0.0075 USD",
    ]
    [line] = [line for line in lines if line.startswith("estimate:")]
    assert line.startswith(f"estimate: 0.006 + 0.009 + 0.0015 + 0.0075 = {worth.normalize():f} USD, ")
    assert ", prices of claude-sonnet-4-5 on 2026-06-10 by genai-prices " in line


def test_counts_of_zero_are_left_out_of_an_estimate(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", model=SONNET, usage=USAGE)], integration="claude")
    pipeline.run()

    assert "estimate: 0.006 + 0.0075 = 0.0135 USD, " in "\n".join(explained())


def test_a_price_context_is_shown_with_its_prices(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1")])
    use(pipeline, [(1, "claude-sonnet-4-5", "input", 2000)], context="factor=1.1;service_tier=priority")
    pipeline.run()

    lines = explained()
    assert "price context factor=1.1;service_tier=priority" in lines
    assert "meter input: 2000 × 0.0000033 = 0.0066 USD" in lines
    [line] = [line for line in lines if line.startswith("estimate: 0.0066 USD, ")]
    assert line.endswith(", which has only the standard price")


def test_a_meter_without_price_is_shown_and_left_out(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1")])
    use(pipeline, [(1, "claude-sonnet-4-5", "input", 2000), (1, "claude-sonnet-4-5", "code_execution", 3)])
    pipeline.run()

    [line] = [line for line in explained() if line.startswith("meter code_execution: ")]
    assert line.startswith("meter code_execution: 3, no price in genai-prices ")
    assert line.endswith(", left out")


def test_a_part_of_a_bill_is_shown_with_the_estimates_that_part_it(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "10"), charge("tax", "1"))])
    use(pipeline, [(2, "claude-sonnet-4-5", "input", 500), (5, "claude-opus-4-8", "input", 600)])
    pipeline.run()

    lines, first = explained(), (10 * Decimal("0.0015") / Decimal("0.0045")).quantize(Decimal("1e-12"), ROUND_DOWN)
    by = "by the estimates of the parts, else their tokens"
    assert (
        f"part 1 of 2, claude-sonnet-4-5, {by}: 10 × 0.0015 / 0.0045, truncated to 12 decimals = {first} USD" in lines
    )
    assert f"part 2 of 2, claude-opus-4-8, {by}: 10 - {first} = {10 - first} USD" in lines
    assert [line for line in lines if line.startswith("tax of part 2 of 2, claude-opus-4-8: 1 - 0.333333333333 = ")]


def test_parts_of_a_long_row_are_recomputed_day_by_day(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land(
        [row("m", charge("net", "7", "EUR"), charge("credit", "3"), **MONTH)],
        day=JUNE, integration="datadog", fetched_at=AFTER_JUNE,
    )  # fmt: skip
    use(pipeline, [(1, "unheard-of-9", "input", 500), (2, "claude-opus-4-8", "input", 601)])
    pipeline.run()

    lines = explained(JUNE, JUNE.replace(day=30))  # without contradictions
    assert sum(line.startswith("part 2 of 2, claude-opus-4-8, ") for line in lines) == 2 * 30


def test_usage_that_a_plan_covers_says_so(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1")])
    use(pipeline, [(1, "claude-sonnet-4-5", "input", 2000)], is_covered=True)
    pipeline.run()

    assert "covered: usage worth 0.006 USD is covered by a plan (covered_when in the profile)" in explained()


def test_an_input_that_holds_the_cached_part_is_shown_without_it(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land(
        [row("r1", model={"id": "gpt-5"}, usage=tokens(uncached=1_000, cached=400))], integration="openai_codex"
    )
    pipeline.run()

    expected = "uncached input: 1000 input - 400 cached input = 600 (input_includes in the profile)"
    assert expected in explained()


def test_an_input_smaller_than_its_cached_tokens_has_no_line(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land(
        [row("r1", model={"id": "gpt-5"}, usage=tokens(uncached=400, cached=1_000))], integration="openai_codex"
    )
    pipeline.run()

    assert [line for line in explained() if line.startswith("uncached input:")] == []


def test_tokens_beside_a_bill_are_for_comparison(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "1"), model=SONNET, usage=USAGE)], integration="claude")
    pipeline.run()

    assert [line for line in explained() if line.startswith("estimate, for comparison, not added: 0.006 + ")]


def test_covered_tokens_are_shown_with_their_estimate(pipeline: Pipeline, explained: Lines) -> None:
    own = pipeline.folder / "profiles.toml"
    own.write_text('[claude]\nbills_by = "charges"\n')
    pipeline.profiles = load_profiles(own)
    pipeline.land([row("r1", model=SONNET, usage=USAGE)], integration="claude")
    pipeline.run()

    lines = explained()

    assert (
        "1. 2026-06-10: no cost in USD, basis covered, rule none, provisional: the vendor may still restate it" in lines
    )
    assert (
        f"covered: usage worth {WORTH.normalize():f} USD is covered by the bill of the account's rows with charges "
        "(bills_by in the profile)"
    ) in lines


def test_tokens_covered_by_a_bill_in_another_currency_say_so(euros: Pipeline, explained: Lines) -> None:
    euros.land([row("r1", charge("net", "1", "EUR"), charge("tax", "1"), model=SONNET, usage=USAGE)])
    euros.run()

    assert (
        f"covered: usage worth {WORTH.normalize():f} USD is covered by the bill of the same row in another currency"
    ) in explained()


def test_an_unpriced_model_is_named_with_the_book_that_lacks_it(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", model=UNHEARD_OF, usage=USAGE)], integration="claude")
    pipeline.run()

    [line] = [line for line in explained() if line.startswith("unpriced: ")]

    assert line.startswith("unpriced: model unheard-of-9 has no price in genai")
    assert line.endswith(" on 2026-06-10")


def test_tokens_without_a_model_have_no_price(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", usage=USAGE)], integration="claude")
    pipeline.run()

    lines = explained()
    assert "meter output: 500, no price in any price book" in lines
    assert "unpriced: the row names no model, so its tokens have no price" in lines


def test_a_row_with_nothing_to_price_says_so(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1")])
    pipeline.run()

    assert "no cost: no charge is a cost, and there are no tokens to price" in explained()


def test_a_currency_without_the_tokens_names_the_currency_that_has_them(euros: Pipeline, explained: Lines) -> None:
    euros.land([row("r1", charge("tax", "1", "EUR"), charge("tax", "1"), model=SONNET, usage=USAGE)])
    euros.run()

    expected = "no cost: no charge is a cost; tokens and estimate are on the row's USD line"
    assert expected in explained()


def test_a_long_row_is_split_over_its_days(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("m", charge("total", "300"), charge("tax", "57"), **MONTH)], day=JUNE, integration="datadog",
               fetched_at=AFTER_JUNE)  # fmt: skip
    pipeline.run()

    lines = explained(date(2026, 6, 3))

    assert "day 3 of 30 of a row from 2026-06-01 to 2026-07-01: 300 / 30, truncated to 12 decimals = 10 USD" in lines
    assert "tax of that day: 57 / 30, truncated to 12 decimals = 1.9 USD" in lines


def test_the_last_day_gets_the_remainder(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("m", charge("total", "100"), **MONTH)], day=JUNE, integration="datadog", fetched_at=AFTER_JUNE)
    pipeline.run()

    lines = explained(date(2026, 6, 30))

    share = Decimal("3.333333333333")
    assert (
        "day 30 of 30, the last, which gets the remainder, of a row from 2026-06-01 to 2026-07-01: "
        f"100 - 29 × {share} = {100 - 29 * share} USD"
    ) in lines


def test_a_negative_amount_is_truncated_toward_zero(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("m", charge("total", "-100"), **MONTH)], day=JUNE, integration="datadog", fetched_at=AFTER_JUNE)
    pipeline.run()

    assert "-100 / 30, truncated to 12 decimals = -3.333333333333 USD" in "\n".join(explained())


def test_a_row_fetched_before_its_end_is_split_over_the_days_before_the_fetch(
    pipeline: Pipeline, explained: Lines
) -> None:
    pipeline.land([row("m", charge("total", "300"), **MONTH)], day=JUNE, integration="datadog")
    pipeline.run()

    assert (
        "day 10 of 20 of a row from 2026-06-01 to 2026-07-01, fetched on 2026-06-20 and split over its days up to "
        "2026-06-20: 300 / 20, truncated to 12 decimals = 15 USD"
    ) in explained()


def test_a_long_estimate_is_split_too(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land(
        [row("m", model=SONNET, usage=USAGE, **MONTH)], day=JUNE, integration="datadog", fetched_at=AFTER_JUNE
    )
    pipeline.run()

    lines = explained()

    assert [line for line in lines if line.startswith("estimate of the whole row: ")]
    assert f": 0.0135 / 30, truncated to 12 decimals = {WORTH.normalize() / 30:f} USD" in "\n".join(lines)


def test_a_long_row_fetched_on_its_first_day_is_not_split(pipeline: Pipeline, explained: Lines) -> None:
    first_day = datetime(2026, 6, 1, 6, tzinfo=UTC)
    pipeline.land([row("m", charge("total", "5"), **MONTH)], day=JUNE, integration="datadog", fetched_at=first_day)
    pipeline.run()

    [line] = [line for line in explained(JUNE) if line.startswith("day 1 of 1 of a row from ")]
    assert line.endswith(" and split over its days up to 2026-06-01: 5 USD")


def test_a_long_row_without_cost_still_names_its_day(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("m", **MONTH)], day=JUNE, integration="datadog", fetched_at=AFTER_JUNE)
    pipeline.run()

    assert "day 10 of 30 of a row from 2026-06-01 to 2026-07-01" in explained()


def test_another_currency_is_converted_at_the_rate_of_the_day(euros: Pipeline, explained: Lines) -> None:
    euros.land([row("r1", charge("net", "2", EUR))])
    euros.run()

    assert "in USD: 2 × 1.0835 = 2.167 (USD per EUR, rate of 2026-06-10)" in explained()


def test_a_product_with_more_decimals_is_shown_as_rounded(euros: Pipeline, explained: Lines) -> None:
    euros.land([row("r1", charge("net", "0.000000000003", EUR))])
    euros.run()

    expected = "in USD: 0.000000000003 × 1.0835 = 0.0000000000032505, rounded to 12 decimals = 0.000000000003"
    assert f"{expected} (USD per EUR, rate of 2026-06-10)" in explained()


def test_a_stale_rate_is_called_stale(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.rates = ExchangeRates([RateOverride(date(2026, 3, 1), EUR, RATE)])
    pipeline.land([row("r1", charge("net", "2", EUR))])
    pipeline.run()

    assert "in USD: 2 × 1.0835 = 2.167 (USD per EUR, rate of 2026-03-01, stale)" in explained()


def test_a_currency_without_rate_has_no_cost_in_usd(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "2", "XTS"))])
    pipeline.run()

    lines = explained()

    assert "in USD: no exchange rate of XTS is known, so cost_usd is none" in lines
    assert "cost_usd none, excluding 1 row without a rate" in lines


def test_an_estimate_on_a_line_in_euros_is_converted_to_them(euros: Pipeline, explained: Lines) -> None:
    euros.land([row("r1", charge("tax", "1", EUR), model=SONNET, usage=USAGE)], integration="claude")
    euros.run()

    [line] = [line for line in explained() if line.startswith("in EUR: 0.0135 × 0.92293493")]

    assert line.endswith("(EUR per USD, rate of 2026-06-10; cost_usd is the estimate itself)")


def test_an_estimate_in_a_currency_without_rate_is_no_cost(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("tax", "1", "XTS"), model=SONNET, usage=USAGE)], integration="claude")
    pipeline.run()

    assert "in XTS: no exchange rate of XTS is known, so cost and cost_usd are none" in explained()


def test_an_amount_beyond_what_the_table_holds_in_usd_says_so(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.rates = ExchangeRates([RateOverride(DAY, EUR, Decimal(5_000_000))])
    pipeline.land([row("r1", charge("net", "2", EUR))])
    pipeline.run()

    assert "in USD: at 5000000 USD per EUR the amount is too large for the table, so cost_usd is none" in explained()


def test_a_price_that_changed_after_the_day_was_derived_is_a_contradiction(pipeline: Pipeline, derive: Derive) -> None:
    pipeline.land([row("r1", model=SONNET, usage=USAGE)], integration="claude")
    pipeline.run()
    pipeline.amend("update prices set unit_price = 2 * unit_price where meter = 'input'")

    found = derive().contradictions

    doubled = WORTH + 2_000 * INPUT
    assert [(c.reason, c.figure, c.expected, c.held) for c in found] == [
        ("inputs_changed", figure, doubled, WORTH) for figure in ("cost", "cost_usd")
    ]


def test_a_contradiction_names_both_figures_and_what_may_have_changed(pipeline: Pipeline, derive: Derive) -> None:
    pipeline.land([row("r1", model=SONNET, usage=USAGE)], integration="claude")
    pipeline.run()
    pipeline.amend("update prices set unit_price = 2 * unit_price where meter = 'input'")

    assert contradicting_lines(derive())[0] == (
        f"CONTRADICTION: cost is {WORTH + 2_000 * INPUT:.4f} recomputed and {WORTH:.4f} in the table cost: "
        "profile, prices or rates changed after the day was derived, or the program has a bug, please report it"
    )


def test_a_divisor_that_changed_after_the_load_is_a_contradiction(
    pipeline: Pipeline, derive: Derive, tmp_path: Path
) -> None:
    pipeline.land([row("r1", charge("net", "1234"))])
    pipeline.run()
    own = tmp_path / "profiles.toml"
    own.write_text("[confluent]\namount_divisor = 100\n")
    pipeline.profiles = load_profiles(own)

    assert contradicting_lines(derive()) == [
        "CONTRADICTION: the amount is 1234 / 100 = 12.34 by the profile, but was loaded as 1234: "
        "the profile changed after the load"
    ]


def test_a_row_that_is_loaded_again_and_not_derived_contradicts_its_cost(pipeline: Pipeline, derive: Derive) -> None:
    for net in ("2", "3"):
        pipeline.land([row("r1", charge("net", net))])
        pipeline.run() if net == "2" else pipeline.load()

    why = "a newer response is loaded and not derived yet, run `usage-assets sync`"
    assert contradicting_lines(derive()) == [
        f"CONTRADICTION: {name} is 3 recomputed and 2 in the table cost: {why}" for name in ("cost", "cost_usd")
    ]


def test_a_row_that_was_replaced_and_not_derived_is_not_recomputed(pipeline: Pipeline, derive: Derive) -> None:
    pipeline.land([row("r1", charge("net", "2"))])
    pipeline.run()
    pipeline.land([row("r2", charge("net", "3"))])
    pipeline.load()

    derivation = derive()

    assert derivation.stale_days == (DAY,)
    assert [derived.recomputed for derived in derivation.rows] == [None]
    assert contradicting_lines(derivation) == [
        "CONTRADICTION: the API row was replaced by a newer response that is not derived yet, run `usage-assets sync`"
    ]
