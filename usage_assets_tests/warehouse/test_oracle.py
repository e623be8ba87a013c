"""The oracle itself equals cases computed by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings

from usage_assets_tests.warehouse.companies import Company, companies
from usage_assets_tests.warehouse.oracle import (
    Answer,
    Duplicates,
    Reading,
    expected_cost,
    expected_dropped,
    expected_duplicates,
    expected_rejections,
    expected_usage_rows,
    summed,
)
from usage_assets_tests.warehouse.oracle_rows import ContextReading

DAY = date(2026, 6, 10)
READING = Reading(
    vendor="confluent",
    meters={
        "input": (("usage.in",),),
        "cache_read": (("usage.cached",),),
        "cache_write": (("usage.write_5m", "usage.write_1h"),),
        "cache_write_1h": (("usage.write_1h",),),
        "output": (("usage.out",), ("usage.output",), ("usage.models[].out",)),
    },
    includes={"cache_write": ("cache_write_1h",)},
    list_models=("usage.models[].name",),
)
RATES = {"EUR": (Decimal("1.25"), Decimal("0.8")), "JPY": (Decimal("0.007"), Decimal("143"))}
PRICES = {
    "input": Decimal("0.000003"),
    "cache_read": Decimal("0.0000003"),
    "cache_write": Decimal("0.00000375"),
    "cache_write_1h": Decimal("0.000006"),
    "output": Decimal("0.000015"),
}
INCLUDING = {"input": ("cache_read",)}
NEVER = datetime(2026, 9, 1, tzinfo=UTC)


def answer(*rows: Any, **given: Any) -> Answer:
    members: dict[str, Any] = {
        "account_id": "acme",
        "integration": "any",
        "report": "default",
        "window_start": DAY,
        "window_end": date(2026, 6, 11),
        "fetched_at": NEVER,
        "is_final": True,
    }
    return Answer(**{**members, **given}, rows=list(rows))


def row(*charges: tuple[str, Any, str | None], **given: Any) -> dict[str, Any]:
    listed = [{"type": kind, "amount": amount, "currency": currency} for kind, amount, currency in charges]
    span = {"start_date": "2026-06-10T00:00:00Z", "end_date": "2026-06-11T00:00:00Z"}
    return {"id": "r1", "charges": listed, **span, **given}


def sonnet(**usage: int) -> dict[str, Any]:
    return {"model": {"id": "sonnet", "provider": " Anthropic "}, "usage": usage}


def costs(*answers: Answer, reading: Reading = READING) -> list[Any]:
    """Return lines of `cost`, untyped: mypy would not let a decimal equal a whole number."""
    return expected_cost(
        answers,
        {"any": reading},
        price=lambda provider, model, context, meter, day: (
            PRICES[meter] if (provider, model) == ("anthropic", "claude-sonnet") else None
        ),
        rate=lambda currency, day: RATES.get(currency),
        canonical=lambda model: f"claude-{model}",
    )


def cost(*charges: tuple[str, Any, str | None], reading: Reading = READING, **given: Any) -> Any:
    [line] = costs(answer(row(*charges, **given)), reading=reading)
    return line


def test_net_leads_and_tax_is_separate() -> None:
    line = cost(("net", "80.5", "usd"), (" NET ", 1, "USD "), ("total", 100, "USD"), ("tax", 16, "USD"))
    assert (line.cost, line.cost_rule, line.cost_basis) == (Decimal("80.5") + 1, "net", "billed")
    assert (line.list_cost, line.tax, line.currency) == (100, 16, "USD")


def test_total_leads_where_the_profile_says_so() -> None:
    line = cost(("net", 80, "USD"), ("total", 100, "USD"), reading=replace(READING, leading=("total", "net")))
    assert (line.cost, line.cost_rule) == (100, "total")


def test_discounts_and_credits_of_either_sign_reduce_the_components() -> None:
    line = cost(
        ("on_demand", 70, "USD"),
        ("platform_fee", 5, "USD"),
        ("discount", 3, "USD"),
        ("discount", -10, "USD"),
        ("credit", -1, "USD"),
        ("mystery", 1000, "USD"),
    )
    assert (line.cost, line.list_cost) == (70 + 5 - (10 - 3) - 1, 70 + 5)


def test_the_list_cost_of_a_net_adds_its_reductions() -> None:
    line = cost(("net", 90, "USD"), ("discount", -7, "USD"), ("credit", 3, "USD"), ("included", 20, "USD"))
    assert (line.cost, line.list_cost) == (90, 90 + 7 + 3 + 20)


def test_included_alone_is_billed_nothing() -> None:
    line = cost(("included", 20, "USD"), **sonnet(out=1000))
    assert (line.cost, line.list_cost, line.cost_basis, line.cost_rule) == (0, 20, "included", "included")
    assert line.estimated_cost_usd == 1000 * Decimal("0.000015")


def test_minor_units_and_a_default_currency() -> None:
    line = cost(("total", 12345, None), reading=replace(READING, amount_divisor=1000, currency="EUR"))
    assert (line.cost, line.currency, line.cost_usd) == (Decimal("12.345"), "EUR", Decimal("12.345") * Decimal("1.25"))


def test_half_a_pico_is_rounded_away_from_zero() -> None:
    assert cost(("total", "0.0000000000005", "USD")).cost == Decimal("0.000000000001")
    assert cost(("total", "-0.0000000000005", "USD")).cost == Decimal("-0.000000000001")


def test_an_estimate_is_the_cost_of_a_row_without_bill() -> None:
    usage = sonnet(**{"in": 1000, "cached": 400, "out": 500})
    line = cost(**usage, reading=replace(READING, includes=INCLUDING))
    expected = 600 * Decimal("0.000003") + 400 * Decimal("0.0000003") + 500 * Decimal("0.000015")
    assert (line.cost, line.cost_usd, line.estimated_cost) == (expected, expected, expected)
    assert (line.billed_cost, line.cost_basis, line.cost_rule) == (None, "estimated", "price_book")
    assert (line.input_tokens, line.cached_input_tokens, line.cache_write_tokens) == (600, 400, None)
    assert (line.provider, line.model) == ("anthropic", "claude-sonnet")


def test_input_smaller_than_its_cached_part_excludes_it() -> None:
    line = cost(**sonnet(**{"in": 100, "cached": 400}), reading=replace(READING, includes=INCLUDING))
    assert (line.input_tokens, line.cached_input_tokens) == (100, 400)


def test_an_estimate_in_another_currency_keeps_the_dollars_of_the_book() -> None:
    line = cost(("tax", 1, "JPY"), **sonnet(out=1000))
    assert (line.cost, line.cost_usd) == (Decimal("0.015") * 143, Decimal("0.015"))


def test_an_estimate_without_rate_has_no_cost() -> None:
    line = cost(("tax", 1, "XXX"), **sonnet(out=1000))
    assert (line.cost, line.cost_usd, line.cost_basis) == (None, None, "estimated")
    assert line.estimated_cost_usd == Decimal("0.015")


def test_a_part_of_a_count_is_priced_once() -> None:
    line = cost(**sonnet(write_5m=70, write_1h=30))
    assert line.cost == 70 * PRICES["cache_write"] + 30 * PRICES["cache_write_1h"]
    assert [(meter.meter, meter.quantity) for meter in line.meters] == [("cache_write", 70), ("cache_write_1h", 30)]


def test_a_bill_is_parted_over_the_models_of_a_list_and_over_their_meters() -> None:
    models = [{"name": "sonnet", "out": 10}, {"name": "none"}, {"name": "house", "out": 20}]
    listed = {"model": {"provider": "anthropic"}, "usage": {"models": models}}
    first, second = costs(answer(row(("total", 1, "USD"), **listed)))
    third = Decimal("0.333333333333")
    assert [(line.part, line.model, line.cost) for line in (first, second)] == [
        (1, "claude-sonnet", third), (2, "claude-house", 1 - third),
    ]  # fmt: skip
    assert [(meter.meter, meter.quantity, meter.cost) for meter in first.meters] == [("output", 10, 333333333333)]
    assert [(meter.meter, meter.quantity, meter.cost) for meter in second.meters] == [
        ("output", 20, None), ("(none)", None, 666666666667),
    ]  # fmt: skip


def test_a_discount_lessens_a_refund_and_alone_reduces_by_its_sign() -> None:
    assert cost(("on_demand", -10, "USD"), ("discount", 2, "USD")).cost == -8
    assert cost(("discount", 2, "USD"), ("credit", -5, "USD")).cost == -2 + 5
    negative = replace(READING, reduction_sign="negative")
    assert cost(("credit", -5, "USD"), reading=negative).cost == -5


def test_a_context_is_read_with_its_factor() -> None:
    context = ContextReading(
        values={"tier": (("usage.tier",), {"flex": "flex", "bulk": "processing=batch"})},
        factors=((("usage.geo",), {"us": "1.1"}, {}, None, ()),),
        covered=(("usage.plan",), ("team",)),
    )
    reading = replace(READING, context=context)
    assert cost(usage={"tier": "bulk", "geo": "us"}, reading=reading).price_context == "factor=1.1;processing=batch"
    assert cost(usage={"tier": "other"}, reading=reading).price_context == "(none)"
    assert cost(usage={"plan": "team"}, reading=reading).cost_basis == "covered"


def test_tokens_without_price_and_rows_without_tokens() -> None:
    assert cost(usage={"in": 5}).cost_basis == "unpriced"
    assert cost(**sonnet(**{"in": 0, "out": 0})).cost_basis == "none"
    assert cost(("tax", 3, "USD")).cost_basis == "none"


def test_tokens_beside_rows_that_carry_the_bill_are_covered() -> None:
    line = cost(**sonnet(out=1000), reading=replace(READING, bills_by="charges"))
    assert (line.cost, line.cost_basis, line.cost_rule) == (None, "covered", "none")
    assert line.estimated_cost == Decimal("0.015")
    assert cost(reading=replace(READING, bills_by="charges")).cost_basis == "none"


def test_each_currency_has_its_line_and_one_line_has_the_counts() -> None:
    euro, dollar = costs(answer(row(("total", 8, "EUR"), ("tax", 1, "USD"), **sonnet(out=1000))))
    assert (euro.currency, euro.cost, euro.cost_usd, euro.output_tokens) == ("EUR", 8, 10, None)
    assert (dollar.currency, dollar.cost, dollar.cost_basis, dollar.output_tokens) == ("USD", None, "covered", 1000)


def test_a_long_row_is_split_to_the_last_digit() -> None:
    month = answer(
        row(("total", "-100", "USD"), ("total", -1, "USD"), end_date="2026-06-12T23:59:59.999Z", usage={"out": 8}),
    )
    lines = costs(month)
    part = Decimal("-33.666666666666")
    assert [line.cost for line in lines] == [part, part, -101 - 2 * part]
    assert [line.output_tokens for line in lines] == [2, 2, 4]
    assert {line.allocation for line in lines} == {"prorated"}
    assert [summed([line], ()).popitem()[1].usage_rows for line in lines] == [1, 0, 0]


def test_a_row_that_has_not_ended_is_split_up_to_the_fetch() -> None:
    running = answer(row(("total", 9, "USD"), end_date="2026-07-01"), fetched_at=datetime(2026, 6, 12, 6, tzinfo=UTC))
    assert [(line.usage_date.day, line.cost) for line in costs(running)] == [(10, 3), (11, 3), (12, 3)]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-06-10T12:00:00Z", "2026-06-11T11:59:59Z", 1),
        ("2026-06-10T12:00:00Z", "2026-06-11T12:00:00.001Z", 2),
        ("2026-06-10", "2026-06-10", 1),
        ("2026-06-10T00:00:00Z", "2026-06-11T23:59:59.999999Z", 2),
        ("2026-06-10T00:00:00", "2026-06-12", 2),
        ("2026-06-10T01:00:00+02:00", "2026-06-11T02:00:00+02:00", 2),
        ("2026-06-10T00:00:00+02:00", "2026-06-11T00:00:00+02:00", 1),
        ("2026-06-10T00:00:00+02:00", "2026-06-11T00:00:00+01:00", 1),
        ("2026-06-10T22:00:00Z", None, 1),
    ],
)
def test_days_of_a_row(start: str, end: str | None, days: int) -> None:
    lines = costs(answer(row(("total", 1, "USD"), start_date=start, end_date=end)))
    assert [line.usage_date.day for line in lines] == list(range(10, 10 + days))


def test_an_inclusive_end_date_includes_its_day() -> None:
    given = answer(row(("total", 1, "USD"), start_date="2026-06-10", end_date="2026-06-11"))
    assert len(costs(given, reading=replace(READING, row_end_inclusive=True))) == 2


def test_unreadable_rows_are_rejected_and_rows_of_other_windows_dropped() -> None:
    given = answer(
        row(("total", 1, "USD")),
        row(("total", "abc", "USD")),
        row(("total", True, "USD")),
        row(("total", Decimal("1e22"), "USD")),
        row(("total", "Infinity", "USD")),
        row(("total", 1, None)),
        row(id=" "),
        row(start_date=None),
        row(start_date="soon"),
        row(end_date="2026-06-09T00:00:00Z"),
        "a text",
        row(("total", "abc", "USD"), start_date="2026-06-11T00:00:00Z"),
    )
    readings = {"any": READING}
    assert expected_rejections([given], readings) == {("acme", DAY, line) for line in range(2, 12)}
    assert expected_dropped([given], readings) == {("acme", "default", DAY): 1}
    assert expected_usage_rows([given], readings) == {("acme", "default", DAY): 1}


def test_of_differing_duplicates_the_newest_then_the_last_is_kept() -> None:
    new, old = {"updated_at": "2026-06-12T00:00:00Z"}, {"updated_at": "2026-06-11T23:00:00Z"}
    given = answer(
        row(("total", 1, "USD"), **old),
        row(("total", 2, "USD"), **new),
        row(("total", 3, "USD"), **new),
        row(("total", 3, "USD"), **new),
        row(("total", 4, "USD"), **old),
        row(("total", 5, "USD"), surface="api"),
    )
    assert [line.cost for line in costs(given)] == [3, 5]
    assert expected_duplicates([given], {"any": READING}) == {("acme", "default", DAY): Duplicates(1, 3)}


def test_a_user_id_has_the_email_last_observed() -> None:
    later = {"start_date": "2026-06-11", "end_date": "2026-06-12"}
    first = answer(
        row(id="a", user={"id": "u1", "email": " Ann@Acme.com"}),
        row(id="b", user={"id": "u1"}),
        row(id="c", user={"id": "u2", "email": " "}),
        row(id="d"),
    )
    second = answer(
        row(id="e", user={"id": "u1", "email": "bea@acme.com"}, **later),
        row(id="f", user={"id": "u1", "email": "ann@acme.com"}, **later),
        window_start=date(2026, 6, 11),
        window_end=date(2026, 6, 12),
    )
    assert [line.user_key for line in costs(first, second)] == [
        "ann@acme.com",
        "bea@acme.com",
        "acme:u2",
        "(none)",
        "bea@acme.com",
        "ann@acme.com",
    ]


def test_a_later_answer_replaces_the_window() -> None:
    earlier, later = answer(row(("total", 1, "USD"))), answer(row(("total", 2, "USD")))
    assert [line.cost for line in costs(earlier, later)] == [2]


def test_sums_are_exact_and_null_where_every_part_is_null() -> None:
    given = answer(
        row(("total", "90000000000000000000.000000000001", "EUR"), id="a"),
        row(("total", "10000000000000000000.000000000001", "EUR"), id="b"),
        row(("total", 7, "XXX"), id="c"),
        row(id="d", usage={"out": 5}),
        is_final=False,
    )
    sums = summed(costs(given), ("usage_date", "currency"))
    euros, dollars = sums[DAY, "EUR"], sums[DAY, "USD"]
    assert euros.cost == euros.provisional_cost == Decimal("100000000000000000000.000000000002")
    assert (euros.tax, euros.usage_rows, euros.unconverted_rows) == (None, 2, 0)
    assert (sums[DAY, "XXX"].cost_usd, sums[DAY, "XXX"].unconverted_rows) == (None, 1)
    assert (dollars.cost, dollars.output_tokens, dollars.unpriced_rows) == (None, 5, 1)


@settings(max_examples=50, deadline=None, database=None)
@drawn(companies())
def test_every_row_of_a_company_has_one_outcome(company: Company) -> None:
    answers, readings = company.answers, company.readings
    kept, dropped = expected_usage_rows(answers, readings), expected_dropped(answers, readings)
    duplicates = expected_duplicates(answers, readings)
    outcomes = sum(kept.values()) + sum(dropped.values()) + sum(count.total for count in duplicates.values())
    assert outcomes + len(expected_rejections(answers, readings)) == sum(len(answer.rows) for answer in answers)
