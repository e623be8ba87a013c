"""Amounts in minor units and amounts or counts too large to add up: each row by itself, and no derive fails."""

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from usage_assets.integrations.profiles import Profiles
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, money, row, tokens

UNKNOWN_UNIT = "a charge is in a currency without a minor unit"
TOO_MANY = 11_000
"""As many rows of the largest amount or count overflow DECIMAL(38,12) and BIGINT."""
TOO_LARGE = "its numbers are so large that those of its window do not add up"


def with_settings(pipeline: Pipeline, **settings: Any) -> Pipeline:
    """Change the profile `confluent` of a pipeline."""
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())
    shipped["confluent"] |= settings
    pipeline.profiles = Profiles(shipped)
    return pipeline


def amounts(pipeline: Pipeline) -> dict[str, Decimal]:
    return dict(pipeline.query("select row_id, charges[1].amount from usage"))


# Units


@pytest.mark.parametrize("settings", [{"amount_unit": "minor"}, {"amount_divisor": 100}])
def test_a_minor_unit_is_what_it_is_in_its_currency(pipeline: Pipeline, settings: dict[str, Any]) -> None:
    with_settings(pipeline, **settings)
    pipeline.land(row(code, charge("net", "41280", code)) for code in ("USD", "JPY", "KWD", "kwd", "CLF"))

    pipeline.load()

    assert amounts(pipeline) == {
        "USD": money("412.80"),
        "JPY": money("41280"),
        "KWD": money("41.280"),
        "kwd": money("41.280"),
        "CLF": money("4.1280"),
    }


@pytest.mark.parametrize("code", ["XXX", "XAU", "ZZZ", "U$D", "", " ", "a'b"])
def test_a_minor_unit_of_no_known_currency_is_rejected(pipeline: Pipeline, code: str) -> None:
    with_settings(pipeline, amount_unit="minor", currency="EUR")
    pipeline.land([row("odd", charge("net", "5", code)), row("good", charge("net", "5"))])

    pipeline.load()

    blank = not code.strip()
    assert amounts(pipeline) == {"good": money("0.05"), **({"odd": money("0.05")} if blank else {})}
    assert pipeline.query("select reason from rejected_rows") == ([] if blank else [(UNKNOWN_UNIT,)])


@pytest.mark.parametrize(("divisor", "amount"), [(1, "1234.5"), (10, "123.45"), (1000, "1.2345")])
def test_a_divisor_divides_every_currency(pipeline: Pipeline, divisor: int, amount: str) -> None:
    with_settings(pipeline, amount_divisor=divisor)
    pipeline.land([row("USD", charge("net", "1234.5")), row("JPY", charge("net", "1234.5", "JPY"))])

    pipeline.load()

    assert amounts(pipeline) == {"USD": money(amount), "JPY": money(amount)}


def test_an_amount_in_minor_units_keeps_every_digit(pipeline: Pipeline) -> None:
    with_settings(pipeline, amount_unit="minor")
    pipeline.land([row("USD", charge("net", '"1234567890123456789.0123456789"'))])

    pipeline.load()

    assert amounts(pipeline) == {"USD": money("12345678901234567.890123456789")}


# Large numbers


def test_amounts_that_no_sum_holds_are_rejected_and_the_others_are_derived(pipeline: Pipeline) -> None:
    pipeline.land([row(f"r{n}", charge("net", "9.9e21")) for n in range(TOO_MANY)] + [row("good", charge("net", "2"))])

    report = pipeline.run()

    assert (report.rows, report.rejected) == (1, TOO_MANY)
    assert pipeline.query("select distinct reason from rejected_rows") == [(TOO_LARGE,)]
    assert pipeline.query("select cost from cost_by_account") == [(2,)]


@pytest.mark.parametrize(
    "large",
    [
        {"usage": tokens(uncached=10**15 - 1)},
        {"usage": tokens(output=-(10**15) + 1)},
        {"usage": {"requests": {"total": 10**15 - 1}}},
        {"remote_data": {"server_tool_use": {"web_search_requests": 10**15 - 1}}},
    ],
    ids=["tokens", "negative tokens", "requests", "searches"],
)
def test_counts_that_no_sum_holds_are_rejected_and_the_others_are_derived(
    pipeline: Pipeline, large: dict[str, Any]
) -> None:
    pipeline.land([row(f"r{n}", **large) for n in range(TOO_MANY)] + [row("good", usage=tokens(uncached=3))])

    report = pipeline.run()

    assert (report.rows, report.rejected) == (1, TOO_MANY)
    assert pipeline.query("select input_tokens from cost_by_account") == [(3,)]


@pytest.mark.parametrize("amount", ["9.9e21", "-9.9e21", "1e15"])
def test_large_amounts_of_many_windows_are_no_failure(pipeline: Pipeline, amount: str) -> None:
    for number in range(40):
        rows = [row(f"r{n}", charge("net", amount), charge("tax", amount, "EUR")) for n in range(30)]
        pipeline.land(rows, account=f"a{number}")
    pipeline.land([row("good", charge("net", "2"))], account="good")

    pipeline.run()

    assert pipeline.query("select cost from cost_by_account where account_id = 'good'") == [(2,)]


def test_large_counts_of_many_windows_are_no_failure(pipeline: Pipeline) -> None:
    large = {"id": "claude-opus-4-8", "provider": "anthropic"}
    for number in range(40):
        rows = [row(f"r{n}", model=large, usage=tokens(uncached=10**15 - 1, cached=10**15 - 1)) for n in range(60)]
        pipeline.land(rows, account=f"a{number}")
    pipeline.land([row("good", charge("net", "2"))], account="good")

    pipeline.run()

    assert pipeline.query("select cost from cost_by_account where account_id = 'good'") == [(2,)]


def test_many_amounts_in_one_row_that_add_up_to_too_much_cost_that_row(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", *[charge("on_demand", "9.9e21")] * 200), row("good", charge("net", "2"))])

    pipeline.run()

    assert pipeline.query("select reason from rejected_rows") == [("its amounts add up to 1e24 or more",)]
    assert pipeline.query("select cost from cost_by_account") == [(2,)]


def test_a_few_large_amounts_add_up(pipeline: Pipeline) -> None:
    pipeline.land([row(f"r{n}", charge("net", "1e15")) for n in range(3)])

    pipeline.run()

    assert pipeline.query("select cost from cost_by_account") == [(3 * 10**15,)]
