"""Printed equations are exact: the left side of each is computed with decimals and compared with the right side."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest

from usage_assets.pricing.rates import EUR, ExchangeRates, RateOverride
from usage_assets_tests.explanation.conftest import agreeing
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row, tokens

JUNE = date(2026, 6, 1)
DAYS = [date(2026, 6, day) for day in (1, 2, 29, 30)]
AFTER_JUNE = datetime(2026, 7, 20, 6, tzinfo=UTC)
MONTH: dict[str, Any] = {"start_date": "2026-06-01", "end_date": "2026-07-01"}
SONNET = {"id": "claude-sonnet-4-5", "provider": "anthropic"}
STEP = Decimal("1e-12")
MODES = {"truncated": ROUND_DOWN, "rounded": ROUND_HALF_UP}
NOTE = re.compile(r", (truncated|rounded) to 12 decimals$")
RESULT = re.compile(r"-?[\d.]+(?:, rounded to 12 decimals)?")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def evaluated(written: str) -> Decimal:
    """Compute the left side of an equation without its words."""
    note = NOTE.search(written)
    bare = re.sub(r"[a-z ]+", " ", NOTE.sub("", written))
    code = re.sub(r"\|([^|]*)\|", r"abs(\1)", bare.replace("×", "*"))
    with localcontext(prec=100):
        number: Decimal = eval(
            NUMBER.sub(lambda found: f"Decimal('{found[0]}')", code), {"Decimal": Decimal, "abs": abs}
        )
        return number.quantize(STEP, MODES[note[1]]) if note else number


def equations(line: str) -> Iterator[tuple[str, Decimal]]:
    """Return every `left = right` of a line; a right side that is rounded further is the next left side."""
    if line.startswith("{") or " = " not in line:
        return
    first, *others = line.split(" = ")
    left = re.split(": |, worth ", first)[-1]
    for other in others:
        result = RESULT.match(other)
        if result is None:
            return
        yield left, Decimal(NOTE.sub("", result[0]))
        left = result[0]


@pytest.fixture(scope="module")
def crooked(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline of amounts whose quotients, conversions and sums have many digits."""
    pipeline = Pipeline(tmp_path_factory.mktemp("crooked"))
    pipeline.rates = ExchangeRates([RateOverride(JUNE, EUR, Decimal("1.083517"))])
    pipeline.land(
        [
            row("net", charge("net", "100.01"), charge("net", "-0.000000000007"), charge("tax", "19"), **MONTH),
            row("parts", charge("on_demand", "1.1", EUR), charge("committed", "22222222222.22", EUR),
                charge("discount", "-0.333333333333", EUR), charge("credit", "0.05", EUR), **MONTH),
            row("estimate", model=SONNET, usage=tokens(uncached=7, cached=11, written=13, output=17), **MONTH),
            row("in euros", charge("tax", "7", EUR), model=SONNET, usage=tokens(uncached=1, output=1), **MONTH),
            row("minus", charge("total", "-1000.1"), charge("total", "0.0999999999999999"), **MONTH),
            row("worth", charge("included", "3.3"), charge("included", "4.4"), **MONTH),
        ],
        day=JUNE, integration="datadog", fetched_at=AFTER_JUNE,
    )  # fmt: skip
    pipeline.run()
    return pipeline


@pytest.mark.parametrize("day", DAYS)
def test_every_equation_holds(crooked: Pipeline, day: date) -> None:
    found = [equation for line in agreeing(crooked)(day) for equation in equations(line)]

    assert len(found) > 15
    assert [(left, right) for left, right in found if evaluated(left) != right] == []


@pytest.mark.parametrize("day", DAYS)
def test_the_last_result_of_a_row_is_its_cost(crooked: Pipeline, day: date) -> None:
    of_table = dict(crooked.query(f"select row_id, cost from cost where usage_date = '{day}' and currency = 'USD'"))
    shares = [line for line in agreeing(crooked)(day) if line.startswith("day ")]
    computed = {Decimal(line.rpartition(" = ")[2].split()[0]) for line in shares if " = " in line}

    assert {cost for cost in of_table.values() if cost} <= computed


def test_the_evaluation_finds_a_wrong_equation() -> None:
    [(left, right)] = equations("components: 1 + 2 - |-0.5| = 2.6")
    assert (evaluated(left), right) == (Decimal("2.5"), Decimal("2.6"))
