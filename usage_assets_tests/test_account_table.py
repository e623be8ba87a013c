"""The table of `usage-assets accounts`: each account with its figures, and the total in the shown currency."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from usage_assets.account_table import account_table
from usage_assets.completeness import CoverageSpan
from usage_assets.integrations.windows import Window
from usage_assets.pricing.rates import ExchangeRates, RateOverride
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, account, charge, row


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """10 USD, 4 EUR at 1.25 USD, and 7 in a currency without a rate."""
    pipeline = Pipeline(tmp_path, rates=ExchangeRates([RateOverride(DAY, "EUR", Decimal("1.25"))]), shown=["EUR"])
    charges = [charge("net", "10"), charge("net", "4", "EUR"), charge("net", "7", "XTS")]
    pipeline.land([row(f"r{number}", given) for number, given in enumerate(charges)])
    pipeline.run()
    pipeline.publish()
    return pipeline.published


def lines(
    published: Path, currency: str = "USD", coverage: dict[str, list[CoverageSpan]] | None = None
) -> list[list[str]]:
    """Return the heading and the rows of the table, of the accounts `acme` and `idle`."""
    out = io.StringIO()
    table = account_table(published, [account("acme"), account("idle")], coverage or {}, currency)
    Console(file=out, width=300).print(table)
    cells = [line.strip("┃│\n").replace("┃", "│").split("│") for line in out.getvalue().splitlines()]
    return [[cell.strip() for cell in line] for line in cells if len(line) > 1]


@pytest.mark.parametrize(("currency", "total"), [("USD", "15.00"), ("EUR", "12.00")])
def test_the_last_column_is_the_total_in_the_shown_currency(published: Path, currency: str, total: str) -> None:
    heading, acme, idle = lines(published, currency)

    assert heading[-1] == f"total in {currency}"
    assert acme[-2:] == ["4.00 EUR, 10.00 USD, 7.00 XTS", f"{total} without 7.00 XTS"]
    assert idle[-2:] == ["", ""]


def test_an_account_is_shown_with_the_day_up_to_which_it_is_complete(published: Path) -> None:
    spans = [
        CoverageSpan(Window(DAY, date(2026, 6, 18)), "provisional"),
        CoverageSpan(Window(date(2026, 6, 18), date(2026, 6, 20)), "not_ready"),
    ]

    _, acme, _ = lines(published, coverage={"acme": spans})

    assert acme[3:7] == [str(DAY), str(DAY), "2026-06-17", "3"]


def test_an_account_without_a_complete_day_has_a_blank(tmp_path: Path) -> None:
    spans = [CoverageSpan(Window(DAY, NEXT_DAY), "missing")]

    _, acme, _ = lines(tmp_path, coverage={"acme": spans})

    assert acme[3:] == [""] * 6


def test_without_published_tables_the_figures_are_blank(tmp_path: Path) -> None:
    _, acme, _ = lines(tmp_path)

    assert acme[3:] == [""] * 6
