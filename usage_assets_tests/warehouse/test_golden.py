"""Golden cases: every money rule and every vendor's own row, as arithmetic that a person can check.

No expected figure is copied from output. Token prices are the makers' list prices per million. Exchange rates are the
European Central Bank's, from the file that `currency_converter` contains.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Any

from usage_assets.integrations.profiles import Profiles
from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.price_overrides import read_price_overrides
from usage_assets.pricing.rates import ExchangeRates, read_rate_overrides
from usage_assets_tests.warehouse.companies import SHIPPED
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, charge, row, tokens
from usage_assets_tests.warehouse.vendor_rows import CLAUDE_ACTIVITY, CLAUDE_COST, CODEX, CONFLUENT, CURSOR, DATADOG

D = Decimal
MILLION = 1_000_000
SONNET = {"id": "claude-sonnet-4-6", "provider": "anthropic"}
SONNET_INPUT, SONNET_CACHED, SONNET_WRITTEN, SONNET_OUTPUT = (D(p) / MILLION for p in ("3", "0.30", "3.75", "15"))
GPT_5_INPUT, GPT_5_CACHED, GPT_5_OUTPUT = (D(price) / MILLION for price in ("1.25", "0.125", "10"))

SATURDAY, FRIDAY = date(2026, 6, 13), date(2026, 6, 12)
OCTOBER, OCTOBER_DAYS = date(2026, 10, 1), 31


def test_claude_activity_has_no_cost(pipeline: Pipeline) -> None:
    _book(pipeline, CLAUDE_ACTIVITY, integration="claude", day=date(2026, 11, 20))

    columns = "cost, billed_cost, estimated_cost, cost_basis, provider, user_key, sessions, allocation"
    expected = (None, None, None, "none", "anthropic", "dev@acme.com", 4, "exact")
    assert pipeline.query(f"select {columns} from cost") == [expected]


def test_claude_cost_is_its_net_charge_and_its_list_cost_is_the_total(pipeline: Pipeline) -> None:
    _book(pipeline, CLAUDE_COST, integration="claude", day=date(2026, 11, 20))

    line = (D("1234.56") / 100, D("1370.00") / 100, "net", "claude-sonnet-4-6", "claude_code")
    assert pipeline.query("select cost, list_cost, cost_rule, model, surface from cost") == [line]


def test_codex_tokens_are_priced_with_cached_tokens_taken_out_of_the_input(pipeline: Pipeline) -> None:
    _book(pipeline, CODEX, integration="openai_codex", day=date(2026, 11, 22))

    worth = (1000 - 800) * GPT_5_INPUT + 800 * GPT_5_CACHED + 500 * GPT_5_OUTPUT
    assert pipeline.query("select cost, cost_basis, input_tokens, requests from cost") == [(worth, "estimated", 200, 5)]


def test_a_cursor_row_is_on_one_day_and_has_no_cost(pipeline: Pipeline) -> None:
    _book(pipeline, CURSOR, integration="cursor", day=date(2026, 11, 20))

    columns = "usage_date, cost, cost_basis, provider, model, allocation"
    line = (date(2026, 11, 20), None, "none", "cursor", "gpt-5", "exact")
    assert pipeline.query(f"select {columns} from cost") == [line]


def test_claude_in_cursor_is_priced_by_its_maker(pipeline: Pipeline) -> None:
    model = {"id": "claude-4.5-sonnet-thinking", "provider": "cursor"}
    _book(pipeline, row(model=model, usage=tokens(uncached=7_000, output=100)), integration="cursor")

    assert pipeline.one("select cost from cost") == 7_000 * D("3") / MILLION + 100 * D("15") / MILLION


def test_confluent_cost_is_its_total_which_is_after_discount(pipeline: Pipeline) -> None:
    _book(pipeline, CONFLUENT, day=date(2026, 11, 18))

    assert pipeline.query("select cost, list_cost, cost_rule from cost") == [(D(36), D(36), "total")]
    assert pipeline.query("select quantity, unit from usage") == [(D(24), "CKU-hour")]


def test_a_datadog_month_is_split_into_days_truncated_after_twelve_decimals(pipeline: Pipeline) -> None:
    _book(pipeline, DATADOG, integration="datadog", day=OCTOBER, fetched_at=datetime(2026, 11, 17, 6, tzinfo=UTC))

    part = D("3.225806451612")
    assert 31 * part < 100 < 31 * (part + D("1e-12"))
    costs = [part] * 30 + [100 - 30 * part]
    days = [OCTOBER + timedelta(days=n) for n in range(OCTOBER_DAYS)]
    lines = pipeline.query("select usage_date, cost, is_provisional from cost order by usage_date")
    assert lines == [(day, cost, False) for day, cost in zip(days, costs, strict=True)]


def test_an_open_month_is_provisional_and_split_over_its_elapsed_days(pipeline: Pipeline) -> None:
    _book(pipeline, DATADOG, integration="datadog", day=OCTOBER, fetched_at=datetime(2026, 10, 20, 6, tzinfo=UTC))
    pipeline.run()

    lines = pipeline.query("select cost, provisional_cost from cost_by_account")
    assert lines == [(D(100) / 20, D(100) / 20)] * 20


def test_a_restated_month_is_recorded_with_both_costs(pipeline: Pipeline) -> None:
    _book(pipeline, DATADOG, integration="datadog", day=OCTOBER)
    _book(pipeline, DATADOG.replace('"amount":100', '"amount":110.5'), integration="datadog", day=OCTOBER)
    pipeline.run()

    columns = "window_start, currency, rows_before, rows_after, cost_before, cost_after"
    assert pipeline.query(f"select {columns} from restatements") == [(OCTOBER, "USD", 1, 1, D(60 + 40), D("110.5"))]
    assert pipeline.one("select sum(cost) from cost_by_account") == D("110.5")


PARTS = [charge("on_demand", "70.10"), charge("committed", "20.20"), charge("platform_fee", "5")]
CHARGES: list[tuple[str, list[dict[str, Any]], Decimal | None, Decimal | None, str]] = [
    ("charges of a type add up", [charge("net", "0.15")] * 3, 3 * D("0.15"), 3 * D("0.15"), "net"),
    ("net leads", [charge("net", "80.5"), charge("total", "100"), *PARTS], D("80.5"), D(100), "net"),
    ("then total", [charge("total", "100"), *PARTS], D(100), D(100), "total"),
    ("then parts", PARTS, D("70.10") + D("20.20") + 5, D("70.10") + D("20.20") + 5, "components"),
    (
        "less discount and credit, of either sign",
        [charge("usage_based", "50"), charge("discount", "-7.5"), charge("credit", "2.25")],
        50 - D("7.5") - D("2.25"), D(50), "components",
    ),
    ("a credit alone is money back", [charge("credit", "3")], -D(3), None, "components"),
    (
        "list cost is net before reductions, with what is included",
        [charge("net", "90"), charge("discount", "-7"), charge("credit", "3"), charge("included", "20")],
        D(90), D(90 + 7 + 3 + 20), "net",
    ),
    ("what is included costs nothing", [charge("included", "20")], D(0), D(20), "included"),
    ("an unknown type is no cost", [charge("mystery", "9"), charge("net", "1")], D(1), D(1), "net"),
    ("tax is no cost", [charge("tax", "16")], None, None, "none"),
    ("twelve decimals and twenty digits", [charge("net", "12345678901234567890.000000000001")],
     D("12345678901234567890.000000000001"), D("12345678901234567890.000000000001"), "net"),
]  # fmt: skip


def test_overlapping_charges_make_one_cost(pipeline: Pipeline) -> None:
    _book(pipeline, *(row(says, *charges) for says, charges, *_ in CHARGES))

    expected = {says: (cost, listed, rule) for says, _, cost, listed, rule in CHARGES}
    found = pipeline.query("select row_id, cost, list_cost, cost_rule from cost")
    assert {says: tuple(line) for says, *line in found} == expected


def test_total_leads_if_the_profile_says_so(pipeline: Pipeline) -> None:
    pipeline.profiles = _shipped_but(leading_charge="total")
    _book(pipeline, row("r1", charge("net", "80"), charge("total", "100")))

    assert pipeline.query("select cost, cost_rule from cost") == [(D(100), "total")]


def test_minor_units_are_divided_and_get_the_currency_of_the_profile(pipeline: Pipeline) -> None:
    pipeline.profiles = _shipped_but(amount_divisor=100, currency="EUR")
    _book(pipeline, row("r1", charge("net", "1234.56", currency=None)))

    assert pipeline.query("select cost, currency from cost") == [(D("1234.56") / 100, "EUR")]


def test_each_kind_of_token_has_its_price_and_reasoning_is_output(pipeline: Pipeline) -> None:
    usage = tokens(uncached=2_000, cached=30_000, written=400, output=500)
    usage["tokens"]["reasoning"] = 450
    _book(pipeline, row("r1", model=SONNET, usage=usage), integration="claude")

    worth = 2_000 * SONNET_INPUT + 30_000 * SONNET_CACHED + 400 * SONNET_WRITTEN + 500 * SONNET_OUTPUT
    assert pipeline.query("select cost, estimated_cost, billed_cost from cost") == [(worth, worth, None)]


def test_the_variance_is_the_difference_of_billed_and_estimated_cost(pipeline: Pipeline) -> None:
    usage = tokens(uncached=1_000, output=500)
    billed = [row(f"r{n}", charge("net", "0.02"), model=SONNET, usage=usage) for n in (1, 2)]
    _book(pipeline, *billed, row("r3", model=SONNET, usage=usage), integration="claude")
    pipeline.run()

    worth = 1_000 * SONNET_INPUT + 500 * SONNET_OUTPUT
    assert pipeline.one("select cost from cost_by_account") == 2 * D("0.02") + worth
    columns = "cost_rows, billed_cost, estimated_cost, variance"
    variance = (2, 2 * D("0.02"), 2 * worth, 2 * (D("0.02") - worth))
    assert pipeline.query(f"select {columns} from price_variance") == [variance]


def test_tokens_without_charges_are_covered_by_the_rows_with_charges(pipeline: Pipeline) -> None:
    pipeline.profiles = _shipped_but("claude", bills_by="charges")
    used = row("tokens", model=SONNET, usage=tokens(output=500))
    _book(pipeline, row("bill", charge("net", "3")), used, integration="claude")
    pipeline.run()

    columns = "row_id, cost, estimated_cost, cost_basis"
    expected = [("bill", D(3), None, "billed"), ("tokens", None, 500 * SONNET_OUTPUT, "covered")]
    assert pipeline.query(f"select {columns} from cost order by row_id") == expected
    assert pipeline.one("select cost from cost_by_account") == 3


def test_a_model_without_price_has_no_cost_until_an_override_prices_it(pipeline: Pipeline) -> None:
    used = row("r1", model={"id": "house-model-9", "provider": "acme"}, usage=tokens(uncached=1_000, output=10))
    _book(pipeline, used, integration="claude", account="before")
    path = pipeline.folder / "prices.csv"
    path.write_text(
        "provider,model,start_date,end_date,input_per_million,cached_input_per_million,cache_write_per_million,"
        "output_per_million\nacme,house-model-9,2026-06-01,,2,,,8\n"
    )
    pipeline.book = PriceBook(read_price_overrides(path))
    # A recorded price stays, so the other account uses the model on another day.
    day = DAY + timedelta(days=1)
    _book(pipeline, {**used, **row("r1", day=day)}, integration="claude", account="since", day=day)

    costs = [("before", None, "unpriced"), ("since", 1_000 * D(2) / MILLION + 10 * D(8) / MILLION, "estimated")]
    assert pipeline.query("select account_id, cost, cost_basis from cost order by account_id") == costs


def test_euros_are_converted_at_the_rate_of_their_day_and_a_saturday_at_its_fridays(pipeline: Pipeline) -> None:
    for day in (DAY, SATURDAY):
        _book(pipeline, row("r1", charge("net", "80.50", "EUR"), day=day), day=day)

    lines = pipeline.query("select cost, cost_usd, fx_rate, fx_date, fx_stale from cost order by usage_date")
    assert lines == [
        (D("80.50"), D("80.50") * dollars, dollars, quoted, False)
        for quoted, dollars in ((DAY, _per_euro(DAY)["USD"]), (FRIDAY, _per_euro(FRIDAY)["USD"]))
    ]
    assert SATURDAY not in _quotes()


def test_yen_are_converted_by_way_of_the_euro(pipeline: Pipeline) -> None:
    _book(pipeline, row("r1", charge("net", "15000", "JPY")))

    rate = (_per_euro(DAY)["USD"] / _per_euro(DAY)["JPY"]).quantize(D("1e-18"), ROUND_HALF_EVEN)
    assert pipeline.one("select cost_usd from cost") == (15000 * rate).quantize(D("1e-12"), ROUND_HALF_UP)


def test_days_after_the_last_rate_use_it_and_are_marked_stale(pipeline: Pipeline) -> None:
    last = max(_quotes())
    day = last + timedelta(days=20)
    _book(pipeline, row("r1", charge("net", "10", "EUR"), day=day), day=day)

    line = (10 * _per_euro(last)["USD"], last, True)
    assert pipeline.query("select cost_usd, fx_date, fx_stale from cost") == [line]


def test_a_currency_without_rate_keeps_its_cost_and_counts_as_unconverted(pipeline: Pipeline) -> None:
    _book(pipeline, row("r1", charge("net", "10", "XXX")), row("r2", charge("net", "5")))
    pipeline.run()

    columns = "currency, cost, cost_usd, unconverted_rows"
    lines = [("USD", D(5), D(5), 0), ("XXX", D(10), None, 1)]
    assert pipeline.query(f"select {columns} from cost_by_account order by currency") == lines


def test_a_rate_override_takes_precedence_over_the_banks_rate(pipeline: Pipeline) -> None:
    path = pipeline.folder / "rates.csv"
    path.write_text("date,currency,usd_per_unit\n2026-06-01,EUR,1.25\n2026-06-01,XXX,0.5\n")
    pipeline.rates = ExchangeRates(read_rate_overrides(path))
    _book(pipeline, row("r1", charge("net", "10", "EUR")), row("r2", charge("net", "7", "XXX")))

    expected = [("EUR", 10 * D("1.25")), ("XXX", 7 * D("0.5"))]
    assert pipeline.query("select currency, cost_usd from cost order by currency") == expected


def test_two_currencies_make_two_lines_and_the_usd_line_has_the_tokens(pipeline: Pipeline) -> None:
    charges = charge("net", "8", "EUR"), charge("net", "3", "USD")
    _book(pipeline, row("r1", *charges, usage=tokens(output=500)))
    pipeline.run()

    expected = [("EUR", D(8), None), ("USD", D(3), 500)]
    assert pipeline.query("select currency, cost, output_tokens from cost_by_account order by currency") == expected


def test_a_repeated_row_is_billed_once_and_a_changed_row_by_its_last_update(pipeline: Pipeline) -> None:
    early, late = ({"updated_at": f"2026-06-1{n}T00:00:00Z"} for n in (1, 2))
    repeated = [row("same", charge("net", "1"))] * 2
    _book(pipeline, *repeated, row("changed", charge("net", "9"), **late), row("changed", charge("net", "4"), **early))
    pipeline.run()

    assert pipeline.one("select cost from cost_by_account") == 1 + 9
    assert pipeline.query("select usage_rows, duplicate_rows from loads") == [(2, 2)]


def _book(pipeline: Pipeline, *rows: dict[str, Any] | str, **given: Any) -> None:
    """Land `rows` as one response and derive their cost."""
    pipeline.land(rows, **given)
    pipeline.derive_cost()


def _shipped_but(integration: str = "confluent", **settings: Any) -> Profiles:
    return Profiles({**SHIPPED, integration: {**SHIPPED[integration], **settings}})


@cache
def _quotes() -> dict[date, Mapping[str, str]]:
    """Return units per euro by currency and day, from the bank's file."""
    packed = resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    return {date.fromisoformat(line["Date"]): line for line in csv.DictReader(io.StringIO(text))}


def _per_euro(day: date) -> dict[str, Decimal]:
    return {currency: D(units) for currency, units in _quotes()[day].items() if currency in {"USD", "JPY"}}
