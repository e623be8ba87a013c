"""Amounts keep every digit."""

from decimal import Decimal

from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

EXACT = [
    "1234567890.123456789012",
    "12345678901234567890.123456789012",
    "0.000000000001",
    "-1234567890.123456789012",
    "0.1",
]


def test_an_amount_arrives_unchanged(pipeline: Pipeline) -> None:
    pipeline.land(row(amount, charge("net", amount)) for amount in EXACT)

    pipeline.derive_cost()

    lines = pipeline.query("select row_id, cost, billed_cost, cost_usd from cost")
    assert sorted(lines) == sorted((amount, *[Decimal(amount)] * 3) for amount in EXACT)


def test_an_amount_may_be_a_text(pipeline: Pipeline) -> None:
    pipeline.land(row(amount, charge("net", f'"{amount}"')) for amount in EXACT)

    pipeline.derive_cost()

    assert dict(pipeline.query("select row_id, cost from cost")) == {amount: Decimal(amount) for amount in EXACT}


def test_an_amount_may_have_an_exponent(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "1.25e-7"))])

    pipeline.derive_cost()

    assert pipeline.one("select cost from cost") == Decimal("0.000000125")


def test_a_quantity_arrives_unchanged(pipeline: Pipeline) -> None:
    pipeline.land(['{"id": "r1", "start_date": "2026-06-10", "usage": {"quantity": 1234567890.123456789012}}'])

    pipeline.derive_cost()

    assert pipeline.one("select quantity from usage") == Decimal("1234567890.123456789012")


def test_large_and_small_amounts_add_up_to_the_last_digit(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "12345678901234567890")), row("r2", charge("net", "0.000000000001"))])

    pipeline.run()

    assert pipeline.one("select cost from cost_by_account") == Decimal("12345678901234567890.000000000001")
