"""The cost tables and the total of the demo."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
from rich.console import Console

from demo.tables import View, cost_table, total_text
from usage_assets.shown_currency import ShownCurrency

BY_MODEL = View("model", "cost_by_model", ("provider", "model"))
MONEY = pa.decimal128(38, 12)
DAY = date(2026, 6, 10)
DOLLARS, EUROS = ShownCurrency(), ShownCurrency("EUR", {DAY: Decimal("0.8")})


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return rows with the types of a published table."""
    columns = {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}
    arrays = {name: pa.array(values, MONEY if "cost" in name else None) for name, values in columns.items()}
    table: pd.DataFrame = pa.table(arrays).to_pandas(types_mapper=pd.ArrowDtype)
    return table


def costs(amount: str | None, usd: str | None = None, currency: str = "USD", **names: str | None) -> dict[str, Any]:
    money = {name: value and Decimal(value) for name, value in (("cost", amount), ("cost_usd", usd or amount))}
    return {**names, "usage_date": DAY, "currency": currency, **money, "provisional_cost": None}


def cells(view: View, rows: pd.DataFrame, shown: ShownCurrency = DOLLARS) -> list[list[str]]:
    out = io.StringIO()
    Console(file=out, width=120).print(cost_table(view, rows, shown))
    return [
        [cell.strip() for cell in line.strip("│\n").split("│")] for line in out.getvalue().splitlines() if "│" in line
    ]


def test_rows_are_ordered_by_usd_whatever_their_currency() -> None:
    rows = frame(costs("10", provider="a", model="x"), costs("9.5", "10.45", "EUR", provider="b", model="y"))

    assert [row[:5] for row in cells(BY_MODEL, rows)] == [
        ["b", "y", "9.50", "EUR", "10.45"],
        ["a", "x", "10.00", "USD", "10.00"],
    ]


def test_the_days_of_a_row_are_summed() -> None:
    rows = frame(*[costs("1.25", provider="a", model="x")] * 3)

    assert cells(BY_MODEL, rows) == [["a", "x", "3.75", "USD", "3.75", "0.00"]]


def test_rows_without_the_dimension_are_at_the_end() -> None:
    rows = frame(costs("99", provider="confluent", model="(none)"), costs("1", provider="a", model="x"))

    assert [row[1] for row in cells(BY_MODEL, rows)] == ["x", "(none)"]


def test_the_eight_largest_of_nine_are_shown() -> None:
    rows = frame(*[costs(str(number), provider="a", model=f"m{number}") for number in range(1, 10)])

    assert [row[1] for row in cells(BY_MODEL, rows)] == [f"m{number}" for number in range(9, 1, -1)]


def test_an_account_is_named_by_integration_and_tenant() -> None:
    view = View("account", "cost_by_account", ("account",))
    rows = frame(
        costs("2", account_id="1", integration="claude", tenant_id="acme"),
        costs("1", account_id="2", integration="cursor", tenant_id=None),
    )

    assert [row[0] for row in cells(view, rows)] == ["claude · acme", "cursor · 2"]


def test_a_person_is_named_by_name_and_email() -> None:
    view = View("person", "cost_by_user", ("person", "e-mail"))
    rows = frame(
        costs("3", user_key="ada@x", user_name=None, user_email="ada@x"),
        costs("1", user_key="ada@x", user_name="Ada Abe", user_email="ada@x"),
        costs("2", user_key="7:u1", user_name="Chen Ito", user_email=None),
        costs("9", user_key="(none)", user_name=None, user_email=None),
    )

    assert [row[:3] for row in cells(view, rows)] == [
        ["Ada Abe", "ada@x", "4.00"],
        ["Chen Ito", "", "2.00"],
        ["(none)", "", "9.00"],
    ]


def test_the_total_is_in_usd_with_its_provisional_part() -> None:
    by_account = frame({**costs("1200.5"), "unpriced_rows": 0, "unconverted_rows": 0})
    cost = frame({**costs("1000"), "is_provisional": False}, {**costs("200.5"), "is_provisional": True})

    text = total_text(by_account, cost, DOLLARS)

    assert text.startswith("Total: 1,200.50 USD, of which 200.50 USD are provisional")
    assert text.endswith("Every row has a price and an exchange rate.")


def test_the_total_says_what_it_lacks() -> None:
    by_account = frame(
        {**costs("1"), "unpriced_rows": 1, "unconverted_rows": 2},
        {**costs("7", currency="XTS"), "cost_usd": None, "unpriced_rows": 0, "unconverted_rows": 1},
    )

    text = total_text(by_account, frame({**costs("1"), "is_provisional": False}), DOLLARS)

    assert text.endswith("It lacks 1 usage row without a price and 3 usage rows without an exchange rate, 7.00 XTS.")


def test_tables_and_total_are_in_the_shown_currency() -> None:
    rows = frame(costs("10", provider="a", model="x"), costs("9", "10", "EUR", provider="b", model="y"))
    by_account = frame({**costs("20"), "unpriced_rows": 0, "unconverted_rows": 0})
    cost = frame({**costs("20"), "is_provisional": True})

    assert [row[4] for row in cells(BY_MODEL, rows, EUROS)] == ["8.00", "8.00"]
    assert total_text(by_account, cost, EUROS).startswith("Total: 16.00 EUR, of which 16.00 EUR are provisional")
