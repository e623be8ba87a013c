"""The charge rules: which charges are the cost, and the lines about them."""

from decimal import Decimal
from typing import Any, TypeAlias

import pytest

from usage_assets.explanation.exact import Formula
from usage_assets.explanation.facts import Charge
from usage_assets.explanation.recomputation import bill_of, tax_of
from usage_assets.integrations.profiles import load_profiles
from usage_assets_tests.explanation.conftest import Lines
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

Charges: TypeAlias = tuple[dict[str, Any], ...]


def charges(**amounts: str) -> list[Charge]:
    return [Charge(Decimal(amount), "USD", kind) for kind, amount in amounts.items()]


def test_charges_of_one_type_are_added() -> None:
    assert str(bill_of([*charges(net="3.00"), *charges(net="1.25")], "net")) == "3 + 1.25 = 4.25"


def test_a_single_charge_needs_no_arithmetic() -> None:
    assert str(bill_of(charges(total="4.25"), "total")) == "4.25"


def test_discount_and_credit_are_deducted_from_the_parts_with_either_sign() -> None:
    bill = bill_of(charges(on_demand="1.10", committed="2.20", discount="-0.25", credit="0.05"), "components")
    assert bill == Formula("1.1 + 2.2 - |-0.25| - |0.05|", Decimal("3.30") - Decimal("0.25") - Decimal("0.05"))


def test_a_credit_alone_is_deducted_from_nothing() -> None:
    assert str(bill_of(charges(credit="3"), "components")) == "0 - 3 = -3"


def test_a_credit_alone_of_the_other_sign_takes_back() -> None:
    assert str(bill_of(charges(credit="-3"), "components")) == "0 - -3 = 3"
    assert str(bill_of(charges(credit="-3"), "components", "negative")) == "0 + -3 = -3"


def test_a_discount_lessens_a_refund() -> None:
    assert str(bill_of(charges(usage_based="-10", discount="2"), "components")) == "-10 + |2| = -8"


def test_discounts_of_opposite_signs_are_added_before_their_sign_is_dropped() -> None:
    bill = bill_of([*charges(usage_based="9"), *charges(discount="-2"), *charges(discount="1")], "components")
    assert bill == Formula("9 - |-2 + 1|", Decimal(9) - abs(Decimal(-2) + 1))


def test_included_charges_cost_nothing() -> None:
    assert bill_of(charges(included="12.34"), "included") == Formula("0", Decimal(0))


def test_tax_is_no_part_of_the_bill() -> None:
    given = [*charges(net="10"), *charges(tax="1.90"), *charges(tax="0.10")]
    assert (str(bill_of(given, "net")), str(tax_of(given))) == ("10", "1.9 + 0.1 = 2")


def test_without_a_charge_that_costs_there_is_no_bill() -> None:
    assert bill_of(charges(tax="1.90"), "none") is None


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ((charge("included", "12.34"), charge("included", "0.66")), "included: 0, worth 12.34 + 0.66 = 13"),
        ((charge("net", "1"), charge("tax", "1.9"), charge("tax", "0.1")), "tax, not in cost: 1.9 + 0.1 = 2"),
        (
            (charge("total", "9"), charge("usage_based", "9"), charge("discount", "1")),
            "not added: usage_based 9, discount 1",
        ),
        ((charge("net", "7"), charge("total", "9")), 'not added: total 9 (leading_charge = "net" in the profile)'),
        (
            (charge("net", "1"), charge("surcharge", "5"), {"amount": 2, "currency": "USD"}),
            "unknown charge type, not added: surcharge 5, (none) 2",
        ),
    ],
)
def test_charges_beside_the_cost_are_named(pipeline: Pipeline, explained: Lines, given: Charges, line: str) -> None:
    pipeline.land([row("r1", *given)])
    pipeline.run()

    assert line in explained()


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("net", (charge("net", "3.00"), charge("net", "1.25"), charge("total", "9"))),
        ("total", (charge("total", "9"), charge("on_demand", "8"))),
        ("components", (charge("on_demand", "1.10"), charge("committed", "2.20"), charge("credit", "-0.25"))),
        ("included", (charge("included", "12.34"),)),
        ("none", (charge("tax", "1.9"), charge("surcharge", "5"))),
    ],
)
def test_every_rule_gives_what_the_table_holds(pipeline: Pipeline, explained: Lines, rule: str, given: Charges) -> None:
    pipeline.land([row("r1", *given)])
    pipeline.run()

    assert [line.split(", ")[2] for line in explained() if line.startswith("1. ")] == [f"rule {rule}"]


def test_each_currency_of_a_row_is_explained_by_its_own_charges(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "3"), charge("net", "4", "EUR"), charge("tax", "1", "EUR"))])
    pipeline.run()

    lines = explained()

    assert [line for line in lines if line.startswith(("1. ", "2. ", "net:", "tax, not in cost:"))][-5:] == [
        "1. 2026-06-10: cost 4 EUR, basis billed, rule net, final",
        "net: 4",
        "tax, not in cost: 1",
        "2. 2026-06-10: cost 3 USD, basis billed, rule net, final",
        "net: 3",
    ]


def test_an_amount_in_minor_units_is_shown_divided(pipeline: Pipeline, explained: Lines) -> None:
    (pipeline.folder / "profiles.toml").write_text('[confluent]\namount_divisor = 100\nleading_charge = "total"\n')
    pipeline.profiles = load_profiles(pipeline.folder / "profiles.toml")
    pipeline.land([row("r1", charge("net", "1000"), charge("total", "1234"))])
    pipeline.run()

    lines = explained()

    assert "amount as sent, divided by 100 (by the profile): 1234 / 100 = 12.34" in lines
    assert "total: 12.34" in lines
    assert 'not added: net 10 (leading_charge = "total" in the profile)' in lines


def test_an_amount_of_more_decimals_than_money_has_is_shown_rounded(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "0.1234567890125"))])
    pipeline.run()

    lines = explained()

    assert "amount as sent: 0.1234567890125, rounded to 12 decimals = 0.123456789013" in lines
    assert "net: 0.123456789013" in lines


def test_twenty_digits_are_kept(pipeline: Pipeline, explained: Lines) -> None:
    pipeline.land([row("r1", charge("net", "12345678901.123456789012"), charge("net", "0.000000000001"))])
    pipeline.run()

    lines = explained()

    assert "net: 12345678901.123456789012 + 0.000000000001 = 12345678901.123456789013" in lines
    assert "USD: cost 12345678901.123456789013 in 1 row" in lines
