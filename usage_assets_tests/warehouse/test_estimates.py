"""The estimated cost of rows without charges."""

from decimal import Decimal

from usage_assets_tests.warehouse.pipeline import Pipeline, charge, money, row, tokens

SONNET = {"id": "claude-sonnet-4-5", "provider": "anthropic"}
UNHEARD_OF = {"id": "unheard-of-9", "provider": "anthropic"}
INPUT, CACHED, WRITTEN, OUTPUT = (Decimal(price) / 1_000_000 for price in ("3", "0.30", "3.75", "15"))


def test_tokens_without_a_bill_are_priced(pipeline: Pipeline) -> None:
    usage = tokens(uncached=2_000, cached=30_000, written=400, output=500)
    pipeline.land([row("r1", model=SONNET, usage=usage)], integration="claude")

    pipeline.derive_cost()

    worth = 2_000 * INPUT + 30_000 * CACHED + 400 * WRITTEN + 500 * OUTPUT
    lines = pipeline.query(
        "select cost, billed_cost, estimated_cost, estimated_cost_usd, currency, cost_basis from cost"
    )
    assert lines == [(worth, None, worth, worth, "USD", "estimated")]


def test_a_day_of_many_tokens_is_not_priced_as_one_long_request(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", model=SONNET, usage=tokens(uncached=900_000_000))], integration="claude")

    pipeline.derive_cost()

    assert pipeline.one("select cost from cost") == 900_000_000 * INPUT


def test_cached_tokens_that_the_input_includes_are_priced_once(pipeline: Pipeline) -> None:
    usage = tokens(uncached=1_000, cached=400)
    pipeline.land([row("r1", usage=usage)], integration="openai_codex")

    pipeline.derive_cost()

    assert pipeline.query("select input_tokens, cached_input_tokens from cost") == [(1_000 - 400, 400)]


def test_an_input_smaller_than_its_cached_tokens_excludes_them(pipeline: Pipeline) -> None:
    usage = tokens(uncached=400, cached=1_000)
    pipeline.land([row("r1", usage=usage)], integration="openai_codex")

    pipeline.derive_cost()

    assert pipeline.query("select input_tokens, cached_input_tokens from cost") == [(400, 1_000)]


def test_reasoning_is_not_priced_on_top_of_output(pipeline: Pipeline) -> None:
    usage = {"tokens": {"output": 1_000, "reasoning": 900}}
    pipeline.land([row("r1", model=SONNET, usage=usage)], integration="claude")

    pipeline.derive_cost()

    assert pipeline.one("select cost from cost") == 1_000 * OUTPUT


def test_an_unknown_model_is_unpriced_and_never_free(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", model=UNHEARD_OF, usage=tokens(uncached=1_000))], integration="claude")

    pipeline.run()

    assert pipeline.query("select cost, cost_usd, cost_basis from cost") == [(None, None, "unpriced")]
    assert pipeline.query("select cost, unpriced_rows from cost_by_model") == [(None, 1)]


def test_tokens_without_a_model_are_unpriced(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", usage=tokens(uncached=1_000))], integration="claude")

    pipeline.derive_cost()

    assert pipeline.query("select model, cost, cost_basis from cost") == [("(none)", None, "unpriced")]


def test_no_tokens_at_all_are_nothing_to_price(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", model=SONNET, usage=tokens())], integration="claude")

    pipeline.derive_cost()

    assert pipeline.query("select cost, cost_basis, input_tokens from cost") == [(None, "none", 0)]


def test_an_estimate_is_never_added_to_a_bill(pipeline: Pipeline) -> None:
    usage = tokens(uncached=1_000)
    pipeline.land([row("r1", charge("net", "5"), model=SONNET, usage=usage)], integration="claude")

    pipeline.derive_cost()

    lines = pipeline.query("select cost, billed_cost, estimated_cost, cost_basis from cost")
    assert lines == [(money("5"), money("5"), 1_000 * INPUT, "billed")]


def test_an_estimate_is_no_cost_where_another_currency_holds_the_bill(pipeline: Pipeline) -> None:
    charges = charge("net", "5", "EUR"), charge("tax", "1", "USD")
    pipeline.land([row("r1", *charges, model=SONNET, usage=tokens(uncached=1_000))], integration="claude")

    pipeline.derive_cost()

    lines = pipeline.query("select currency, cost, tax, estimated_cost, cost_basis from cost order by currency")
    assert lines == [("EUR", money("5"), None, None, "billed"), ("USD", None, money("1"), 1_000 * INPUT, "covered")]


def test_usage_that_the_plan_includes_costs_nothing(pipeline: Pipeline) -> None:
    pipeline.land(
        [row("r1", charge("included", "5"), model=SONNET, usage=tokens(uncached=1_000))], integration="claude"
    )

    pipeline.derive_cost()

    assert pipeline.query("select cost, cost_basis from cost") == [(Decimal(0), "included")]


def test_tax_alone_leaves_the_estimate_as_cost(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("tax", "1"), model=SONNET, usage=tokens(uncached=1_000))], integration="claude")

    pipeline.derive_cost()

    assert pipeline.query("select cost, tax, cost_basis from cost") == [(1_000 * INPUT, money("1"), "estimated")]


def test_a_recorded_price_stays(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", model=SONNET, usage=tokens(uncached=1_000))], integration="claude")
    pipeline.derive_cost()
    pipeline.amend("update prices set unit_price = 1, price_book = 'another book' where meter = 'input'")

    pipeline.land([row("r1", model=SONNET, usage=tokens(uncached=7))], integration="claude")
    pipeline.derive_cost()

    assert pipeline.query("select cost, price_book from cost") == [(Decimal(7), "another book")]
