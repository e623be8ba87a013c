"""Which charges cost, and how that is written down."""

from decimal import Decimal
from typing import Any, TypeAlias

import pytest

from usage_assets.explain.bill import bill_of
from usage_assets.explain.facts import Charge
from usage_assets.integrations.profiles import load_profiles
from usage_assets_tests.explain.conftest import Explain
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

Charges: TypeAlias = tuple[dict[str, Any], ...]


def charges(**amounts: str) -> list[Charge]:
    return [Charge(Decimal(amount), "USD", kind) for kind, amount in amounts.items()]


def test_charges_of_one_type_are_added() -> None:
    two = [*charges(net="3.00"), *charges(net="1.25")]
    assert bill_of(two, "net").lines == ["net: 3 + 1.25 = 4.25"]


def test_a_single_charge_needs_no_arithmetic() -> None:
    assert bill_of(charges(total="4.25"), "total").lines == ["total: 4.25"]


def test_discount_and_credit_are_taken_off_the_parts_whatever_their_sign() -> None:
    bill = bill_of(charges(on_demand="1.10", committed="2.20", discount="-0.25", credit="0.05"), "components")
    assert bill.lines == ["components: 1.1 + 2.2 - |-0.25| - |0.05| = 3"]
    assert bill.cost == Decimal("1.10") + Decimal("2.20") - Decimal("0.25") - Decimal("0.05")


def test_a_credit_alone_is_taken_off_nothing() -> None:
    assert bill_of(charges(credit="3"), "components").lines == ["components: 0 - |3| = -3"]


def test_discounts_of_opposite_signs_are_added_before_their_sign_is_dropped() -> None:
    bill = bill_of([*charges(usage_based="9"), *charges(discount="-2"), *charges(discount="1")], "components")
    assert (bill.lines, bill.cost) == (["components: 9 - |-2 + 1| = 8"], Decimal(9) - abs(Decimal(-2) + 1))


def test_what_is_included_costs_nothing_and_is_worth_something() -> None:
    bill = bill_of([*charges(included="12.34"), *charges(included="0.66")], "included")
    assert (bill.lines, bill.cost) == (["included: 0, worth 12.34 + 0.66 = 13"], Decimal(0))


def test_tax_stands_apart() -> None:
    bill = bill_of([*charges(net="10"), *charges(tax="1.90"), *charges(tax="0.10")], "net")
    assert bill.lines == ["net: 10", "tax, apart: 1.9 + 0.1 = 2"]
    assert (bill.cost, bill.tax) == (Decimal(10), Decimal("1.90") + Decimal("0.10"))


def test_what_stands_beside_the_rule_is_named() -> None:
    bill = bill_of(charges(total="9", usage_based="8", discount="1"), "total")
    assert bill.lines == ["total: 9", "stand beside it, not added: usage_based 8, discount 1"]


@pytest.mark.parametrize(("rule", "other"), [("net", "total 9"), ("total", "net 7")])
def test_the_profile_is_named_where_it_decided_between_net_and_total(rule: str, other: str) -> None:
    _, beside = bill_of(charges(net="7", total="9"), rule).lines
    assert beside == f'stand beside it, not added: {other} (leading_charge = "{rule}" in the profile)'


def test_unknown_types_are_named_and_not_summed() -> None:
    bill = bill_of([*charges(net="1", surcharge="5"), Charge(Decimal(2), "USD", None)], "net")
    assert bill.lines == ["net: 1", "of unknown type, not summed: surcharge 5, (none) 2"]


def test_without_a_charge_that_costs_there_is_no_cost() -> None:
    bill = bill_of(charges(tax="1.90"), "none")
    assert (bill.cost, bill.lines) == (None, ["tax, apart: 1.9"])


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
def test_every_rule_gives_what_the_table_holds(pipeline: Pipeline, explain: Explain, rule: str, given: Charges) -> None:
    pipeline.land([row("r1", *given)])
    pipeline.run()

    assert [line.split(", ")[2] for line in explain() if line.startswith("1. ")] == [f"rule {rule}"]


def test_each_currency_of_a_row_is_explained_by_its_own_charges(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.land([row("r1", charge("net", "3"), charge("net", "4", "EUR"), charge("tax", "1", "EUR"))])
    pipeline.run()

    lines = explain()

    assert [line for line in lines if line.startswith(("1. cost", "2. cost", "net:", "tax, apart:"))][-5:] == [
        "1. cost 4 EUR, basis billed, rule net, final",
        "net: 4",
        "tax, apart: 1",
        "2. cost 3 USD, basis billed, rule net, final",
        "net: 3",
    ]


def test_an_amount_in_minor_units_is_shown_divided(pipeline: Pipeline, explain: Explain) -> None:
    (pipeline.folder / "profiles.toml").write_text('[confluent]\namount_divisor = 100\nleading_charge = "total"\n')
    pipeline.profiles = load_profiles(pipeline.folder / "profiles.toml")
    pipeline.land([row("r1", charge("net", "1000"), charge("total", "1234"))])
    pipeline.run()

    lines = explain()

    assert "amount as sent, divided by 100 (amount_divisor in the profile): 1234 / 100 = 12.34" in lines
    assert "total: 12.34" in lines
    assert 'stand beside it, not added: net 10 (leading_charge = "total" in the profile)' in lines


def test_an_amount_of_more_decimals_than_money_has_is_shown_rounded(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.land([row("r1", charge("net", "0.1234567890125"))])
    pipeline.run()

    lines = explain()

    assert "amount as sent: 0.1234567890125, rounded to 12 decimals = 0.123456789013" in lines
    assert "net: 0.123456789013" in lines


def test_twenty_digits_come_back_to_the_last_one(pipeline: Pipeline, explain: Explain) -> None:
    pipeline.land([row("r1", charge("net", "12345678901.123456789012"), charge("net", "0.000000000001"))])
    pipeline.run()

    lines = explain()

    assert "net: 12345678901.123456789012 + 0.000000000001 = 12345678901.123456789013" in lines
    assert "cost_by_account holds the same figure: cost 12345678901.123456789013, " in " ".join(lines)
