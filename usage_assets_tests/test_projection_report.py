"""What `usage-assets projection` shows: the projections of the last day, in the shown currency."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from usage_assets.integrations.windows import days_between
from usage_assets.pricing.rates import ExchangeRates, RateOverride
from usage_assets.projection_report import last_projections, projection_json, projection_table
from usage_assets_tests.warehouse.pipeline import Pipeline
from usage_assets_tests.warehouse.test_spend_projection import FIRST, LAST, NOW, land

# A euro is worth 1.25 USD, and 2 USD on the last day of cost; the projection is as of two days later.
RATES = ExchangeRates([RateOverride(FIRST, "EUR", Decimal("1.25")), RateOverride(LAST, "EUR", Decimal(2))])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pipeline = Pipeline(tmp_path_factory.mktemp("projected"), now=NOW, rates=RATES, shown=["EUR"])
    land(pipeline, days_between(FIRST, LAST))
    pipeline.run_with_insights()
    pipeline.publish()
    return pipeline.published


@pytest.mark.parametrize(("currency", "usd_per_unit"), [("USD", 1), ("EUR", 2)])
def test_amounts_are_shown_at_the_rate_of_the_last_day_of_cost(
    published: Path, currency: str, usd_per_unit: int
) -> None:
    total, *_ = last_projections(published, currency)

    # 1 to 10 June: 8 workdays at 100 USD and 2 days of a weekend at 10 USD; the month has 22 and 8 of them
    assert (total.scope, total.usage_date, total.currency) == ("all", LAST + timedelta(days=2), currency)
    assert (total.month_to_date, total.projected) == (Decimal(820) / usd_per_unit, Decimal(2280) / usd_per_unit)


def test_table_and_json_name_the_currency(published: Path) -> None:
    shown, out = last_projections(published, "EUR"), io.StringIO()

    Console(file=out, width=200).print(projection_table(shown, {}))

    assert out.getvalue().startswith("June 2026 in EUR, as of 2026-06-12")
    first, *_ = json.loads(projection_json(shown, {}))
    assert (first["currency"], Decimal(first["month_to_date"])) == ("EUR", Decimal(410))


def test_without_a_published_rate_amounts_are_in_dollars(published: Path) -> None:
    assert {projection.currency for projection in last_projections(published, "GBP")} == {"USD"}
