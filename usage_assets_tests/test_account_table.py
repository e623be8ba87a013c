"""The table of `usage-assets accounts`: each account with its figures, and the total in the shown currency."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from usage_assets.account_table import account_table
from usage_assets.pricing.rates import ExchangeRates, RateOverride
from usage_assets_tests.warehouse.pipeline import DAY, Pipeline, account, charge, row


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """10 USD, 4 EUR at 1.25 USD, and 7 in a currency without a rate."""
    pipeline = Pipeline(tmp_path, rates=ExchangeRates([RateOverride(DAY, "EUR", Decimal("1.25"))]), shown=["EUR"])
    charges = [charge("net", "10"), charge("net", "4", "EUR"), charge("net", "7", "XTS")]
    pipeline.land([row(f"r{number}", given) for number, given in enumerate(charges)])
    pipeline.run()
    pipeline.publish()
    return pipeline.published


def lines(published: Path, currency: str) -> list[list[str]]:
    """Return the heading and the rows of the table."""
    out = io.StringIO()
    Console(file=out, width=300).print(account_table(published, [account("acme"), account("idle")], currency))
    cells = [line.strip("┃│\n").replace("┃", "│").split("│") for line in out.getvalue().splitlines()]
    return [[cell.strip() for cell in line] for line in cells if len(line) > 1]


@pytest.mark.parametrize(("currency", "total"), [("USD", "15.00"), ("EUR", "12.00")])
def test_the_last_column_is_the_total_in_the_shown_currency(published: Path, currency: str, total: str) -> None:
    heading, acme, idle = lines(published, currency)

    assert heading[-1] == f"total in {currency}"
    assert acme[-2:] == ["4.00 EUR, 10.00 USD, 7.00 XTS", f"{total} without 7.00 XTS"]
    assert idle[-2:] == ["", ""]


def test_without_published_tables_the_figures_are_blank(tmp_path: Path) -> None:
    assert lines(tmp_path, "USD")[1][3:] == [""] * 5
