"""The billed cost of a row, by its charges."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.integrations.profiles import load_profiles
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, money, row, tokens

Charges = tuple[dict[str, Any], ...]

PARTS: Charges = (
    charge("on_demand", "1.10"),
    charge("committed", "2.20"),
    charge("usage_based", "3.30"),
    charge("platform_fee", "4.40"),
)
SUM_OF_PARTS = money("1.10") + money("2.20") + money("3.30") + money("4.40")


@dataclass(frozen=True)
class Bill:
    """The charges of a row, and its expected cost line."""

    says: str
    charges: Charges
    cost: Decimal | None
    basis: str
    rule: str
    listed: Decimal | None = None
    tax: Decimal | None = None


BILLS = [
    Bill(
        "net leads over total and parts",
        (charge("net", "7.50"), charge("total", "9"), *PARTS),
        money("7.50"), "billed", "net", listed=money("9"),
    ),
    Bill(
        "total leads over parts",
        (charge("total", "9"), *PARTS),
        money("9"), "billed", "total", listed=money("9"),
    ),
    Bill("parts add up", PARTS, SUM_OF_PARTS, "billed", "components", listed=SUM_OF_PARTS),
    Bill(
        "a discount and a credit given as positive amounts are taken off",
        (*PARTS, charge("discount", "0.25"), charge("credit", "0.05")),
        SUM_OF_PARTS - money("0.25") - money("0.05"), "billed", "components", listed=SUM_OF_PARTS,
    ),
    Bill(
        "a discount and a credit given as negative amounts are taken off just the same",
        (*PARTS, charge("discount", "-0.25"), charge("credit", "-0.05")),
        SUM_OF_PARTS - money("0.25") - money("0.05"), "billed", "components", listed=SUM_OF_PARTS,
    ),
    *(
        Bill(
            f"a refund of -10 with a {kind} of {amount} is -8",
            (charge("usage_based", "-10"), charge(kind, amount)),
            -money("8"), "billed", "components", listed=-money("10"),
        )
        for kind in ("discount", "credit")
        for amount in ("2", "-2")
    ),
    Bill(
        "a refund of a net is listed with what was given back of the discount",
        (charge("net", "-8"), charge("discount", "2")),
        -money("8"), "billed", "net", listed=-money("10"),
    ),
    Bill("a credit alone is money back", (charge("credit", "3"),), -money("3"), "billed", "components"),
    Bill("a credit alone of the other sign takes back", (charge("credit", "-3"),), money("3"), "billed", "components"),
    Bill(
        "a discount and a credit alone add up with their signs",
        (charge("discount", "5"), charge("credit", "-2")),
        -money("5") + money("2"), "billed", "components",
    ),
    Bill(
        "a discount beside parts that cancel out stands alone",
        (charge("usage_based", "4"), charge("usage_based", "-4"), charge("discount", "1")),
        -money("1"), "billed", "components", listed=money("0"),
    ),
    Bill(
        "a discount is not taken off a total again",
        (charge("total", "9"), charge("discount", "1")),
        money("9"), "billed", "total", listed=money("9"),
    ),
    Bill(
        "what is included in the plan costs nothing",
        (charge("included", "12.34"),),
        Decimal(0), "included", "included", listed=money("12.34"),
    ),
    Bill(
        "what is included is listed on top of the parts",
        (*PARTS, charge("included", "12.34")),
        SUM_OF_PARTS, "billed", "components", listed=SUM_OF_PARTS + money("12.34"),
    ),
    Bill(
        "a net alone is listed with what was taken off it",
        (charge("net", "7.50"), charge("discount", "-2"), charge("credit", "0.5")),
        money("7.50"), "billed", "net", listed=money("7.50") + money("2") + money("0.5"),
    ),
    Bill("tax alone is no cost", (charge("tax", "1.90"),), None, "none", "none", tax=money("1.90")),
    Bill(
        "tax is not part of cost",
        (charge("total", "10"), charge("tax", "1.90")),
        money("10"), "billed", "total", listed=money("10"), tax=money("1.90"),
    ),
    Bill("an unknown type is no cost", (charge("surcharge", "99"),), None, "none", "none"),
    Bill(
        "an unknown type is never added",
        (charge("usage_based", "1"), charge("surcharge", "99")),
        money("1"), "billed", "components", listed=money("1"),
    ),
    Bill(
        "charges of one type add up",
        (charge("net", "1.25"), charge("net", "2.50"), charge("tax", "0.1"), charge("tax", "0.2")),
        money("1.25") + money("2.50"), "billed", "net",
        listed=money("1.25") + money("2.50"), tax=money("0.1") + money("0.2"),
    ),
    Bill(
        "a discount in two steps is taken off twice",
        (charge("usage_based", "10"), charge("discount", "-1"), charge("discount", "-2")),
        money("10") - money("1") - money("2"), "billed", "components", listed=money("10"),
    ),
    Bill(
        "a discount corrected by its opposite is the remainder",
        (charge("usage_based", "10"), charge("discount", "-3"), charge("discount", "1")),
        money("10") - money("2"), "billed", "components", listed=money("10"),
    ),
    Bill("a bill of zero is billed", (charge("net", "0"),), Decimal(0), "billed", "net", listed=Decimal(0)),
    Bill("a negative net is a refund", (charge("net", "-4"),), -money("4"), "billed", "net", listed=-money("4")),
    Bill("a type in capitals is that type", (charge(" NET ", "5"),), money("5"), "billed", "net", listed=money("5")),
    Bill("no charge is no cost", (), None, "none", "none"),
]  # fmt: skip


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, ...]]:
    """The cost line of every bill, each a row of one window."""
    pipeline = Pipeline(Path(tmp_path_factory.mktemp("bills")))
    pipeline.land(row(bill.says, *bill.charges) for bill in BILLS)
    pipeline.derive_cost()
    found = pipeline.query(
        "select row_id, cost, cost_basis, cost_rule, list_cost, tax, billed_cost, currency from cost"
    )
    return {row_id: tuple(line) for row_id, *line in found}


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.says)
def test_charges_give_one_cost(lines: dict[str, tuple[Any, ...]], bill: Bill) -> None:
    assert lines[bill.says] == (bill.cost, bill.basis, bill.rule, bill.listed, bill.tax, bill.cost, "USD")


def test_a_row_in_two_currencies_has_its_tokens_on_the_usd_line(pipeline: Pipeline) -> None:
    counted = tokens(uncached=1000, output=10)
    pipeline.land([row("r1", charge("net", "2", "EUR"), charge("net", "3", "USD"), usage=counted)])

    pipeline.derive_cost()

    lines = pipeline.query("select currency, cost, input_tokens, output_tokens from cost order by currency")
    assert lines == [("EUR", money("2"), None, None), ("USD", money("3"), 1000, 10)]


def test_without_usd_the_tokens_are_on_the_first_currency_in_code_order(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "2", "GBP"), charge("net", "3", "EUR"), usage=tokens(uncached=1000))])

    pipeline.derive_cost()

    lines = pipeline.query("select currency, cost, input_tokens from cost order by currency")
    assert lines == [("EUR", money("3"), 1000), ("GBP", money("2"), None)]


def test_a_currency_in_small_letters_is_the_same_currency(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "2", "usd"), charge("net", "3", " USD "))])

    pipeline.derive_cost()

    assert pipeline.query("select currency, cost from cost") == [("USD", money("2") + money("3"))]


def test_currencies_are_never_summed(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "2", "EUR")), row("r2", charge("net", "3", "USD"))])

    pipeline.run()

    lines = pipeline.query("select currency, cost from cost_by_account order by currency")
    assert lines == [("EUR", money("2")), ("USD", money("3"))]


@pytest.mark.parametrize(("amount", "cost"), [("-50", -50), ("50", 50)])
def test_the_profile_names_the_sign_by_which_a_credit_alone_reduces(pipeline: Pipeline, amount: str, cost: int) -> None:
    own = pipeline.folder / "profiles.toml"
    own.write_text('[confluent]\nreduction_sign = "negative"\n')
    pipeline.profiles = load_profiles(own)
    pipeline.land([row("r1", charge("credit", amount))])
    pipeline.derive_cost()

    assert pipeline.one("select cost from cost") == cost


def test_reductions_alone_of_the_other_sign_are_found_with_what_they_add(pipeline: Pipeline) -> None:
    pipeline.land(
        [
            row("r1", charge("credit", "-3"), charge("discount", "1")),
            row("r2", charge("credit", "-4")),
            row("r3", charge("credit", "-4"), charge("usage_based", "10")),
            row("r4", charge("discount", "2")),
        ]
    )
    pipeline.derive_cost()

    columns = "subject, currency, affected_rows, amount"
    found = f"select {columns} from bookkeeping.cost_findings where check_name = 'reductions_of_the_other_sign'"
    assert pipeline.query(found) == [("credit", "USD", 2, money("3") + money("4"))]


def test_a_reduction_of_a_row_that_is_not_loaded_counts_by_the_same_rule(pipeline: Pipeline) -> None:
    pipeline.land([row("late", charge("usage_based", "-10"), charge("discount", "2"), start_date="soon")])
    pipeline.derive_cost()

    assert pipeline.one("select amount from bookkeeping.load_findings") == money("10") - money("2")
