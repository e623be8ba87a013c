"""The estimate of a row by its meters, price context and parts, and its cost by meter.

The load writes `meters`, `price_context` and `is_covered`; here they are written over loaded rows.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usage_assets.integrations.profiles import load_profiles
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Meters, Pipeline, charge, given_meters, money, row, use

MILLION = Decimal(1_000_000)
SONNET, OPUS, HOUSE = "claude-sonnet-4-5", "claude-opus-4-8", "house-9"
SONNET_PRICES = {
    "input": Decimal(3) / MILLION,
    "cache_read": Decimal("0.3") / MILLION,
    "cache_write": Decimal("3.75") / MILLION,
    "cache_write_1h": Decimal(6) / MILLION,
    "output": Decimal(15) / MILLION,
    "web_search": Decimal(10) / 1000,
}
OPUS_PRICES = {"input": Decimal(5) / MILLION, "output": Decimal(25) / MILLION}
PICO = Decimal("1e-12")


def of_sonnet(**quantities: int) -> Meters:
    return [(1, SONNET, meter, quantity) for meter, quantity in quantities.items()]


def cost_by_meter(pipeline: Pipeline, *columns: str) -> list[tuple[Any, ...]]:
    return pipeline.query(f"select meter, {', '.join(columns)} from cost_by_meter order by all")


def test_every_meter_has_its_own_price(pipeline: Pipeline) -> None:
    quantities = {
        "input": 900,
        "cache_read": 300,
        "cache_write": 20,
        "cache_write_1h": 10,
        "output": 70,
        "web_search": 3,
    }
    pipeline.land([row("r1")])
    use(pipeline, of_sonnet(**quantities))
    pipeline.run()

    worth = {meter: quantity * SONNET_PRICES[meter] for meter, quantity in quantities.items()}
    assert pipeline.query("select cost, cost_basis from cost") == [(sum(worth.values()), "estimated")]
    assert cost_by_meter(pipeline, "quantity", "cost", "cost_usd", "list_price_cost_usd") == sorted(
        (meter, quantities[meter], worth[meter], worth[meter], worth[meter]) for meter in quantities
    )


def test_a_cache_saves_what_its_tokens_would_cost_more_as_input(pipeline: Pipeline) -> None:
    pipeline.land([row("r1")])
    use(pipeline, of_sonnet(cache_read=1000, cache_write_1h=100))
    pipeline.run()

    saved = 1000 * (SONNET_PRICES["input"] - SONNET_PRICES["cache_read"])
    spent = 100 * (SONNET_PRICES["input"] - SONNET_PRICES["cache_write_1h"])
    assert cost_by_meter(pipeline, "cache_savings_usd") == [("cache_read", saved), ("cache_write_1h", spent)]


def test_a_context_and_a_factor_change_the_price(pipeline: Pipeline) -> None:
    pipeline.land([row("r1")])
    use(pipeline, [(1, OPUS, "input", 1000)], context="factor=1.1;speed=fast")
    pipeline.run()

    fast = Decimal(10) / MILLION
    columns = "model, price_context, cost, price_book is not null"
    assert pipeline.query(f"select {columns} from cost") == [
        (OPUS, "factor=1.1;speed=fast", 1000 * fast * money("1.1"), True)
    ]
    assert pipeline.one("select count(*) from bookkeeping.cost_findings") == 0


def test_a_context_without_a_price_is_found_with_tokens_and_money(pipeline: Pipeline) -> None:
    pipeline.land([row("r1")])
    use(pipeline, of_sonnet(input=1000), context="service_tier=priority")
    pipeline.amend("update usage set input_tokens = 1000")
    pipeline.run()

    found = "select subject, affected_rows, amount, tokens from bookkeeping.cost_findings where check_name = '{}'"
    assert pipeline.query(found.format("contexts_without_price")) == [
        (f"anthropic {SONNET} service_tier=priority", 1, 1000 * SONNET_PRICES["input"], 1000)
    ]


def test_a_search_without_a_price_is_left_out_and_found(pipeline: Pipeline) -> None:
    pipeline.land([row("r1")])
    use(pipeline, of_sonnet(input=1000, code_execution=4, requests=9))
    pipeline.run()

    assert pipeline.query("select cost, cost_basis from cost") == [(1000 * SONNET_PRICES["input"], "estimated")]
    assert pipeline.query("select check_name, subject, affected_rows, tokens from bookkeeping.cost_findings") == [
        ("unpriced_meters", f"anthropic {SONNET} code_execution", 1, 4)
    ]
    assert cost_by_meter(pipeline, "quantity", "cost") == [
        ("code_execution", 4, None), ("input", 1000, 1000 * SONNET_PRICES["input"]), ("requests", 9, None),
    ]  # fmt: skip


def test_a_token_without_a_price_leaves_the_part_unpriced(pipeline: Pipeline) -> None:
    pipeline.land([row("r1")])
    use(pipeline, [(1, HOUSE, "input", 1000), (1, HOUSE, "web_search", 1)])
    pipeline.run()

    assert pipeline.query("select model, cost, cost_basis from cost") == [(HOUSE, None, "unpriced")]
    assert cost_by_meter(pipeline, "quantity", "cost") == [("input", 1000, None), ("web_search", 1, None)]


def test_requests_alone_are_nothing_to_price(pipeline: Pipeline) -> None:
    pipeline.land([row("r1")])
    use(pipeline, of_sonnet(requests=9))
    pipeline.run()

    assert pipeline.query("select cost, cost_basis from cost") == [(None, "none")]


def test_a_row_that_lists_several_models_has_a_line_of_each(pipeline: Pipeline) -> None:
    pipeline.land([row("r1")])
    # The second model of the record counted nothing.
    use(pipeline, [(1, SONNET, "input", 100), (3, OPUS, "input", 10), (3, OPUS, "output", 2), (1, SONNET, "output", 4)])
    pipeline.amend("update usage set requests = 5, sessions = 2")
    pipeline.run()

    of_opus = 10 * OPUS_PRICES["input"] + 2 * OPUS_PRICES["output"]
    of_sonnet_ = 100 * SONNET_PRICES["input"] + 4 * SONNET_PRICES["output"]
    columns = "part, model, cost, input_tokens, output_tokens, cached_input_tokens, requests, sessions"
    assert pipeline.query(f"select {columns} from cost order by part") == [
        (1, SONNET, of_sonnet_, 100, 4, None, 5, 2),
        (2, OPUS, of_opus, 10, 2, None, None, None),
    ]
    assert pipeline.query("select model, cost, usage_rows from cost_by_model order by model") == [
        (OPUS, of_opus, 0), (SONNET, of_sonnet_, 1),
    ]  # fmt: skip
    assert pipeline.query("select usage_rows from cost_by_account") == [(1,)]


def test_a_bill_is_parted_over_the_models_by_their_estimates(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "10"), charge("tax", "1"), charge("net", "0.9", "EUR"))])
    use(pipeline, [(1, SONNET, "input", 500), (2, OPUS, "input", 600)])
    pipeline.run()

    third = Decimal(500 * 3) / (500 * 3 + 600 * 5)
    columns = "currency, part, billed_cost, tax, list_cost"
    share = (10 * third).quantize(PICO, "ROUND_DOWN")
    tax = third.quantize(PICO, "ROUND_DOWN")
    euros = (money("0.9") * third).quantize(PICO, "ROUND_DOWN")
    assert pipeline.query(f"select {columns} from cost order by all") == [
        ("EUR", 1, euros, None, euros),
        ("EUR", 2, money("0.9") - euros, None, money("0.9") - euros),
        ("USD", 1, share, tax, share),
        ("USD", 2, 10 - share, 1 - tax, 10 - share),
    ]


def test_a_bill_of_models_without_price_is_parted_by_their_tokens(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "10"))])
    use(pipeline, [(1, SONNET, "input", 100), (2, HOUSE, "input", 300)])
    pipeline.run()

    assert pipeline.query("select part, cost, cost_basis from cost order by part") == [
        (1, money("2.5"), "billed"), (2, money("7.5"), "billed"),
    ]  # fmt: skip


def test_a_row_of_several_models_and_days_is_split_after_it_is_parted(pipeline: Pipeline) -> None:
    june = DAY.replace(day=1)
    month = {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-07-01T00:00:00Z"}
    pipeline.land(
        [row("r1", charge("net", "7"), **month)],
        day=june, integration="datadog", fetched_at=datetime(2026, 7, 9, tzinfo=UTC),
    )  # fmt: skip
    use(pipeline, [(1, SONNET, "input", 100), (2, OPUS, "input", 50)])
    pipeline.run()

    first = (7 * Decimal(300) / 550).quantize(PICO, "ROUND_DOWN")
    sums = "select part, count(*), sum(cost), sum(input_tokens) from cost group by part order by part"
    assert pipeline.query(sums) == [(1, 30, first, 100), (2, 30, 7 - first, 50)]
    by_meter = "select model, sum(quantity), sum(cost) from cost_by_meter group by model order by model desc"
    assert pipeline.query(by_meter) == [(SONNET, 100, first), (OPUS, 50, 7 - first)]


def test_tokens_that_a_plan_covers_cost_nothing_and_are_worth_their_estimate(pipeline: Pipeline) -> None:
    pipeline.land([row("plan"), row("extra", charge("net", "4"))])
    use(pipeline, of_sonnet(input=1000), is_covered=True)
    pipeline.run()

    worth = 1000 * SONNET_PRICES["input"]
    assert pipeline.query("select row_id, cost, estimated_cost, cost_basis from cost order by row_id") == [
        ("extra", 4, worth, "billed"), ("plan", None, worth, "covered"),
    ]  # fmt: skip
    assert cost_by_meter(pipeline, "quantity", "cost", "list_price_cost_usd") == [("input", 2000, 4, 2 * worth)]


def test_the_bill_of_one_report_covers_the_tokens_of_the_others_on_its_days(pipeline: Pipeline) -> None:
    own = pipeline.folder / "profiles.toml"
    own.write_text('[confluent]\nbills_by = "reports"\n')
    pipeline.profiles = load_profiles(own)
    pipeline.land([row("bill", charge("net", "7.5")), row("same report")])
    pipeline.land([row("tokens"), row("own bill", charge("net", "1"))], report="usage")
    pipeline.land([row("other day", day=NEXT_DAY)], day=NEXT_DAY, report="usage")
    pipeline.land([row("other account")], account="other", report="usage")
    use(pipeline, of_sonnet(input=1000))
    pipeline.amend("update usage set meters = [] where row_id = 'bill'")
    pipeline.run()

    assert dict(pipeline.query("select row_id, cost_basis from cost")) == {
        "bill": "billed",
        "same report": "estimated",
        "tokens": "covered",
        "own bill": "billed",
        "other day": "estimated",
        "other account": "estimated",
    }


def test_a_bill_without_priced_meters_stands_under_no_meter(pipeline: Pipeline) -> None:
    pipeline.land(
        [row("priced", charge("net", "10")), row("unpriced", charge("net", "20")), row("bare", charge("net", "40"))]
    )
    use(pipeline, of_sonnet(input=1000, output=200), only="priced")
    use(pipeline, [(1, SONNET, "code_execution", 2)], only="unpriced")
    pipeline.amend("update usage set meters = [] where row_id = 'bare'")
    pipeline.amend(f"update usage set provider = 'anthropic', model = '{SONNET}'")
    pipeline.run()

    half = 10 * Decimal(1000 * 3) / (1000 * 3 + 200 * 15)
    assert cost_by_meter(pipeline, "quantity", "cost") == [
        ("(none)", None, 60), ("code_execution", 2, None), ("input", 1000, half), ("output", 200, 10 - half),
    ]  # fmt: skip


def test_a_currency_without_tokens_is_parted_too_and_counts_none(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "3", "EUR"), charge("net", "6"))])
    use(pipeline, of_sonnet(input=1000, output=100))
    pipeline.run()

    assert pipeline.query("select currency, meter, quantity, cost from cost_by_meter order by all") == [
        ("EUR", "input", None, 2), ("EUR", "output", None, 1), ("USD", "input", 1000, 4), ("USD", "output", 100, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("quantity", [10**12 - 1, 10**15])
def test_thousands_of_rows_of_any_size_can_be_derived(pipeline: Pipeline, quantity: int) -> None:
    pipeline.land([row(f"r{number}", charge("net", "999999999999999")) for number in range(1000)])
    pipeline.land([row(f"t{number}", day=NEXT_DAY) for number in range(1000)], day=NEXT_DAY)
    use(
        pipeline,
        [(part, SONNET, meter, quantity) for part in (1, 2) for meter in ("input", "output", "web_search")],
        context="factor=999999",
    )
    pipeline.run()

    assert pipeline.one("select sum(billed_cost) from cost") == 1000 * money("999999999999999")
    bases = "select distinct cost_basis from cost where billed_cost is null"
    assert pipeline.query(bases) == [("estimated" if quantity < 10**12 else "unpriced",)]


QUANTITIES = st.dictionaries(
    st.sampled_from([*SONNET_PRICES, "code_execution"]), st.integers(-(10**6), 10**12 - 1).filter(bool), max_size=5
)
AMOUNTS = st.decimals("-999999999999999", "999999999999999", places=12)


@dataclass(frozen=True)
class Case:
    """A row: its parts as model and quantities by meter, its charges and its price context."""

    parts: list[tuple[str, dict[str, int]]]
    charges: list[tuple[str, Decimal, str]]
    context: str

    @property
    def meters(self) -> Meters:
        return [
            (number, model, meter, quantity)
            for number, (model, quantities) in enumerate(self.parts, start=1)
            for meter, quantity in quantities.items()
        ]


CASES = st.builds(
    Case,
    parts=st.lists(st.tuples(st.sampled_from([SONNET, OPUS, HOUSE]), QUANTITIES), max_size=3),
    charges=st.lists(
        st.tuples(st.sampled_from(["net", "discount", "on_demand"]), AMOUNTS, st.sampled_from(["USD", "JPY"])),
        max_size=4,
    ),
    context=st.sampled_from(["(none)", "speed=fast", "factor=1.1", "processing=batch"]),
)


@settings(deadline=None, database=None, max_examples=4)
@given(st.lists(CASES, min_size=20, max_size=20))
def test_parts_and_meters_sum_to_the_row_to_the_last_digit(
    tmp_path_factory: pytest.TempPathFactory, cases: list[Case]
) -> None:
    pipeline = Pipeline(tmp_path_factory.mktemp("parts"))
    rows = {f"r{number:02}": case for number, case in enumerate(cases)}
    pipeline.land([row(name, *(charge(k, f"{a:f}", c) for k, a, c in case.charges)) for name, case in rows.items()])
    pipeline.load()
    pipeline.amend("; ".join(given_meters(case.meters, case.context, name) for name, case in rows.items()))
    pipeline.run()  # asserts that the sums of `cost_by_meter` equal those of `cost`

    billed = pipeline.query("select row_id, currency, sum(billed_cost) from cost group by all")
    expected = {
        (name, code): _billed([(kind, amount) for kind, amount, currency in case.charges if currency == code])
        for name, case in rows.items()
        for code in {code for _, _, code in case.charges} or {"USD"}
    }
    assert {(name, code): cost for name, code, cost in billed} == expected
    quantities = sum(quantity for case in cases for *_, quantity in case.meters)
    assert (pipeline.one("select sum(quantity) from cost_by_meter") or 0) == quantities


def _billed(charges: list[tuple[str, Decimal]]) -> Decimal | None:
    """Return the cost of charges in one currency, in plain decimals."""
    if not charges:
        return None
    sums = {kind: sum((amount for one, amount in charges if one == kind), Decimal()) for kind, _ in charges}
    if "net" in sums:
        return sums["net"]
    parts, discount = sums.get("on_demand", Decimal()), sums.get("discount", Decimal())
    if not parts:
        return -discount
    return parts - abs(discount) if parts > 0 else parts + abs(discount)
